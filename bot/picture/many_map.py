"""Where did many incidents happen? A map with clusters where they are close together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import msgspec
import numpy as np
from PIL import Image, ImageDraw

from bot.i18n import translate
from bot.i18n.translate import t, tp
from bot.picture import labels, style
from bot.picture.atlas import Atlas
from bot.picture.basemap import FINER, ground
from bot.picture.incident_map import AREAS, CREDIT, FRAME_HEIGHT, furniture, place_px, wishes_around
from bot.picture.labels import Wish
from bot.picture.projection import Local, Projection, Spot, World, circle, fit
from bot.picture.style import Rect
from extract.types import Place, Severity

LEAST_KM = 200.0
# a height above this, in kilometres, is shown as a map of the whole world
WIDEST_KM = 7500.0
# the central longitude of the world map: its edge goes through the Bering Strait
WORLD_LON = 11.0
JOIN_PX = 30.0
OVERLAP_PX = 3.0
NOTE = translate.mark("Filled: town known · hollow: only province or country · colour: the gravest there")


class Mark(msgspec.Struct, frozen=True):
    """One incident on the map; ``place`` has coordinates."""

    place: Place
    severity: Severity


class Cluster(msgspec.Struct):
    """Incidents drawn as one circle at a point of the picture; ``is_area``: no town is known of any of them."""

    x: float
    y: float
    marks: list[Mark]
    is_area: bool

    @property
    def severity(self) -> Severity:
        """The highest severity of its incidents."""
        return max((mark.severity for mark in self.marks), key=lambda severity: severity.rank)

    @property
    def radius(self) -> float:
        """The radius in pixels; the area grows with the number of incidents."""
        return 9.0 if len(self.marks) == 1 else min(60.0, 11 + 4.2 * math.sqrt(len(self.marks)))

    @property
    def name(self) -> str:
        """The most common place name, and how many other places there are."""
        names = Counter(mark.place.name for mark in self.marks).most_common()
        return names[0][0] if len(names) == 1 else t("{place} and {n} more", place=names[0][0], n=len(names) - 1)


def many_map(marks: Sequence[Mark], atlas: Atlas, *, title: str, subtitle: str) -> bytes:
    """The map of all these incidents, at least one, as a PNG, 1200 x 800 pixels."""
    return style.png(picture(marks, atlas, title=title, subtitle=subtitle))


def picture(marks: Sequence[Mark], atlas: Atlas, *, title: str, subtitle: str) -> Image.Image:
    """The map as an image."""
    gravest = max((mark.severity for mark in marks), key=lambda severity: severity.rank)
    image = style.sheet(title, subtitle, note=t(NOTE), credit=CREDIT, accent=style.SEVERITIES[gravest])
    image.paste(_map(marks, atlas, view_of(marks)), (0, style.HEAD))
    return image


def view_of(marks: Sequence[Mark]) -> Local | World:
    """The projection that shows all of them: a part of the world, or the world."""
    spots = [Spot(mark.place.lat or 0.0, mark.place.lon or 0.0) for mark in marks]
    # a circle around each, so that a single place has an extent too
    view = fit(
        np.concatenate([circle(spot, 20, 8) for spot in spots]), style.WIDTH, FRAME_HEIGHT, least=LEAST_KM, margin=1.3
    )
    if view.km_per_px * FRAME_HEIGHT <= WIDEST_KM:
        return view
    return World(WORLD_LON, style.WIDTH, FRAME_HEIGHT)


def clusters(marks: Sequence[Mark], view: Projection) -> list[Cluster]:
    """Clusters of the marks that would overlap, largest first; areas are joined with areas only."""
    found: list[Cluster] = []
    for mark in sorted(marks, key=lambda mark: -mark.severity.rank):
        x, y = place_px(view, Spot(mark.place.lat or 0.0, mark.place.lon or 0.0))
        _join(found, Cluster(x, y, [mark], mark.place.precision in AREAS))
    # a circle that has grown can overlap others by now
    grown: list[Cluster] = []
    for cluster in sorted(found, key=lambda one: -len(one.marks)):
        _join(grown, cluster)
    ranked = sorted(grown, key=lambda one: -len(one.marks))
    for number, cluster in enumerate(ranked):
        for larger in ranked[:number]:
            _step_aside(cluster, larger)
    return ranked


def _step_aside(cluster: Cluster, larger: Cluster) -> None:
    """Move a circle that would hide a larger one's number to its edge."""
    gap, wanted = _apart(cluster, larger), cluster.radius + larger.radius - OVERLAP_PX
    if gap < wanted:
        dx, dy = ((cluster.x - larger.x) / gap, (cluster.y - larger.y) / gap) if gap > 1 else (0.0, -1.0)
        cluster.x, cluster.y = larger.x + dx * wanted, larger.y + dy * wanted


def _join(found: list[Cluster], more: Cluster) -> None:
    near = [one for one in found if one.is_area == more.is_area and _apart(one, more) < max(JOIN_PX, one.radius)]
    if near:
        min(near, key=lambda one: _apart(one, more)).marks.extend(more.marks)
    else:
        found.append(more)


def _apart(one: Cluster, other: Cluster) -> float:
    return math.hypot(one.x - other.x, one.y - other.y)


def _map(marks: Sequence[Mark], atlas: Atlas, view: Local | World) -> Image.Image:
    finer = msgspec.structs.replace(view, width=view.width * FINER, height=view.height * FINER)
    if isinstance(finer, Local):
        finer = msgspec.structs.replace(finer, km_per_px=finer.km_per_px / FINER)
    image = ground(finer, view.width, view.height, lambda _country, _province: style.HOME)
    found = clusters(marks, view)
    if isinstance(finer, Local):
        _discs(image, finer, found, atlas)
    for cluster in found:
        _circle(image, cluster)
    image = image.reduce(FINER)
    draw = ImageDraw.Draw(image)
    taken = [*(furniture(image, view) if isinstance(view, Local) else _edges(draw, view)), _legend(draw, marks)]
    taken += [_square(cluster) for cluster in found]
    names = [
        Wish(one.name, one.x, one.y, 18 if len(one.marks) > 1 else 16, bold=True, dot=one.radius, gap=3, is_marked=True)
        for one in found
    ]
    shown = {wish.text for wish in names}
    around = [wish for wish in wishes_around(atlas, view, towns=30) if wish.text not in shown]
    labels.write(draw, labels.laid_out([*names, *around], Rect(4, 4, view.width - 4, view.height - 4), taken, most=55))
    return image


def _discs(image: Image.Image, finer: Local, found: Sequence[Cluster], atlas: Atlas) -> None:
    """Draw the disc around each incident within which its place is known, where it is larger than its circle."""
    mask = Image.new("L", image.size, 0)
    draw = ImageDraw.Draw(mask)
    for cluster in found:
        for mark in cluster.marks:
            km = 0.0 if mark.place.precision in AREAS else atlas.radius(mark.place)
            if km / finer.km_per_px > cluster.radius * FINER:
                corners = finer.project(circle(Spot(mark.place.lat or 0.0, mark.place.lon or 0.0), km, 90))
                draw.polygon([tuple(corner) for corner in corners.tolist()], fill=60)
    image.paste(style.SEVERITIES[Severity.SEVERE], mask=mask)


def _circle(image: Image.Image, cluster: Cluster) -> None:
    colour, radius = style.SEVERITIES[cluster.severity], cluster.radius * FINER
    x, y = cluster.x * FINER, cluster.y * FINER
    corners = (x - radius, y - radius, x + radius, y + radius)
    draw = ImageDraw.Draw(image)
    if cluster.is_area:
        draw.ellipse(corners, fill=style.PAPER, outline=colour, width=3 * FINER)
    else:
        draw.ellipse(corners, fill=colour, outline=style.PAPER, width=int(1.5 * FINER))
    if len(cluster.marks) > 1:
        face = style.font((20 if cluster.radius > 18 else 16) * FINER, bold=True)
        draw.text(
            (x, y), str(len(cluster.marks)), font=face, fill=colour if cluster.is_area else style.PAPER, anchor="mm"
        )


def _edges(draw: ImageDraw.ImageDraw, view: World) -> list[Rect]:
    """Draw the lines between the map and head and foot; no scale bar, since the scale of a world map varies."""
    draw.line((0, 0, view.width, 0), fill=style.EDGE, width=2)
    draw.line((0, view.height - 1, view.width, view.height - 1), fill=style.EDGE, width=2)
    return []


def _legend(draw: ImageDraw.ImageDraw, marks: Sequence[Mark]) -> Rect:
    """Draw the legend: the number of incidents of each severity, in words beside the colour; returns its rectangle."""
    counts = Counter(mark.severity for mark in marks)
    rows = [(one, f"{tp('severity', one.value)}: {counts[one]}") for one in style.SEVERITIES if counts[one]]
    face = style.font(17)
    box = Rect(14, 14, 14 + 44 + max(style.length(text, face) for _, text in rows), 14 + 14 + 25 * len(rows))
    draw.rounded_rectangle((box.left, box.top, box.right, box.bottom), 6, fill=style.PAPER, outline=style.EDGE)
    for number, (severity, text) in enumerate(rows):
        y = box.top + 20 + 25 * number
        draw.ellipse((box.left + 12, y - 6, box.left + 24, y + 6), fill=style.SEVERITIES[severity])
        draw.text((box.left + 34, y), text, font=face, fill=style.INK, anchor="lm")
    return box


def _square(cluster: Cluster) -> Rect:
    half = cluster.radius
    return Rect(cluster.x - half, cluster.y - half, cluster.x + half, cluster.y + half)
