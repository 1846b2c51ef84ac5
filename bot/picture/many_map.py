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
from bot.picture.basemap import SCALE, draw_basemap
from bot.picture.incident_map import CREDIT, FRAME_HEIGHT, draw_frame, pixel_of, surrounding_labels
from bot.picture.labels import LabelRequest
from bot.picture.projection import GeoPoint, Local, Projection, World, circle, fit
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


class Marker(msgspec.Struct, frozen=True):
    """One incident on the map; ``place`` has coordinates."""

    place: Place
    severity: Severity


class Cluster(msgspec.Struct):
    """Incidents drawn as one circle at a point of the picture; ``is_area``: no town is known of any of them."""

    x: float
    y: float
    markers: list[Marker]
    is_area: bool

    @property
    def severity(self) -> Severity:
        """The highest severity of its incidents."""
        return max((marker.severity for marker in self.markers), key=lambda severity: severity.rank)

    @property
    def radius(self) -> float:
        """The radius in pixels; the area grows with the number of incidents."""
        return 9.0 if len(self.markers) == 1 else min(60.0, 11 + 4.2 * math.sqrt(len(self.markers)))

    @property
    def name(self) -> str:
        """The most common place name, and how many other places there are."""
        names = Counter(marker.place.name for marker in self.markers).most_common()
        return names[0][0] if len(names) == 1 else t("{place} and {n} more", place=names[0][0], n=len(names) - 1)


def many_map(markers: Sequence[Marker], atlas: Atlas, *, title: str, subtitle: str) -> bytes:
    """The map of all these incidents, at least one, as a PNG, 1200 x 800 pixels."""
    return style.png(picture(markers, atlas, title=title, subtitle=subtitle))


def picture(markers: Sequence[Marker], atlas: Atlas, *, title: str, subtitle: str) -> Image.Image:
    """The map as an image."""
    gravest = max((marker.severity for marker in markers), key=lambda severity: severity.rank)
    image = style.blank_sheet(title, subtitle, note=t(NOTE), credit=CREDIT, accent=style.SEVERITIES[gravest])
    image.paste(_map(markers, atlas, view_of(markers)), (0, style.HEADER))
    return image


def view_of(markers: Sequence[Marker]) -> Local | World:
    """The projection that shows all of them: a part of the world, or the world."""
    spots = [GeoPoint(marker.place.lat or 0.0, marker.place.lon or 0.0) for marker in markers]
    # a circle around each, so that a single place has an extent too
    view = fit(
        np.concatenate([circle(spot, 20, 8) for spot in spots]), style.WIDTH, FRAME_HEIGHT, least=LEAST_KM, margin=1.3
    )
    if view.km_per_px * FRAME_HEIGHT <= WIDEST_KM:
        return view
    return World(WORLD_LON, style.WIDTH, FRAME_HEIGHT)


def clusters(markers: Sequence[Marker], view: Projection) -> list[Cluster]:
    """Clusters of the markers that would overlap, largest first; areas are joined with areas only."""
    found: list[Cluster] = []
    for marker in sorted(markers, key=lambda marker: -marker.severity.rank):
        x, y = pixel_of(view, GeoPoint(marker.place.lat or 0.0, marker.place.lon or 0.0))
        _add_to_cluster(found, Cluster(x, y, [marker], marker.place.precision.is_area))
    # a circle that has grown can overlap others by now
    grown: list[Cluster] = []
    for cluster in sorted(found, key=lambda one: -len(one.markers)):
        _add_to_cluster(grown, cluster)
    ranked = sorted(grown, key=lambda one: -len(one.markers))
    for number, cluster in enumerate(ranked):
        for larger in ranked[:number]:
            _push_aside(cluster, larger)
    return ranked


def _push_aside(cluster: Cluster, larger: Cluster) -> None:
    """Move a circle that would hide a larger one's number to its edge."""
    gap, wanted = _distance_px(cluster, larger), cluster.radius + larger.radius - OVERLAP_PX
    if gap < wanted:
        dx, dy = ((cluster.x - larger.x) / gap, (cluster.y - larger.y) / gap) if gap > 1 else (0.0, -1.0)
        cluster.x, cluster.y = larger.x + dx * wanted, larger.y + dy * wanted


def _add_to_cluster(found: list[Cluster], more: Cluster) -> None:
    near = [one for one in found if one.is_area == more.is_area and _distance_px(one, more) < max(JOIN_PX, one.radius)]
    if near:
        min(near, key=lambda one: _distance_px(one, more)).markers.extend(more.markers)
    else:
        found.append(more)


def _distance_px(one: Cluster, other: Cluster) -> float:
    return math.hypot(one.x - other.x, one.y - other.y)


def _map(markers: Sequence[Marker], atlas: Atlas, view: Local | World) -> Image.Image:
    finer = msgspec.structs.replace(view, width=view.width * SCALE, height=view.height * SCALE)
    if isinstance(finer, Local):
        finer = msgspec.structs.replace(finer, km_per_px=finer.km_per_px / SCALE)
    image = draw_basemap(finer, view.width, view.height, lambda _country, _province: style.FOCUS_LAND)
    found = clusters(markers, view)
    if isinstance(finer, Local):
        _discs(image, finer, found, atlas)
    for cluster in found:
        _circle(image, cluster)
    image = image.reduce(SCALE)
    draw = ImageDraw.Draw(image)
    occupied = [*(draw_frame(image, view) if isinstance(view, Local) else _edges(draw, view)), _legend(draw, markers)]
    occupied += [_square(cluster) for cluster in found]
    names = [
        LabelRequest(
            one.name, one.x, one.y, 18 if len(one.markers) > 1 else 16, bold=True, dot=one.radius, gap=3, is_drawn=True
        )
        for one in found
    ]
    shown = {request.text for request in names} | {marker.place.name for marker in markers}
    around = [request for request in surrounding_labels(atlas, view, towns=30) if request.text not in shown]
    labels.draw_labels(
        draw, labels.place_labels([*names, *around], Rect(4, 4, view.width - 4, view.height - 4), occupied, most=55)
    )
    return image


def _discs(image: Image.Image, finer: Local, found: Sequence[Cluster], atlas: Atlas) -> None:
    """Draw the disc around each incident within which its place is known, where it is larger than its circle."""
    mask = Image.new("L", image.size, 0)
    draw = ImageDraw.Draw(mask)
    for cluster in found:
        for marker in cluster.markers:
            km = 0.0 if marker.place.precision.is_area else atlas.radius(marker.place)
            if km / finer.km_per_px > cluster.radius * SCALE:
                corners = finer.project(circle(GeoPoint(marker.place.lat or 0.0, marker.place.lon or 0.0), km, 90))
                draw.polygon([tuple(corner) for corner in corners.tolist()], fill=60)
    image.paste(style.SEVERITIES[Severity.SEVERE], mask=mask)


def _circle(image: Image.Image, cluster: Cluster) -> None:
    colour, radius = style.SEVERITIES[cluster.severity], cluster.radius * SCALE
    x, y = cluster.x * SCALE, cluster.y * SCALE
    corners = (x - radius, y - radius, x + radius, y + radius)
    draw = ImageDraw.Draw(image)
    if cluster.is_area:
        draw.ellipse(corners, fill=style.BACKGROUND, outline=colour, width=3 * SCALE)
    else:
        draw.ellipse(corners, fill=colour, outline=style.BACKGROUND, width=int(1.5 * SCALE))
    if len(cluster.markers) > 1:
        face = style.font((20 if cluster.radius > 18 else 16) * SCALE, bold=True)
        draw.text(
            (x, y),
            str(len(cluster.markers)),
            font=face,
            fill=colour if cluster.is_area else style.BACKGROUND,
            anchor="mm",
        )


def _edges(draw: ImageDraw.ImageDraw, view: World) -> list[Rect]:
    """Draw the lines between the map and head and foot; no scale bar, since the scale of a world map varies."""
    draw.line((0, 0, view.width, 0), fill=style.LINE, width=2)
    draw.line((0, view.height - 1, view.width, view.height - 1), fill=style.LINE, width=2)
    return []


def _legend(draw: ImageDraw.ImageDraw, markers: Sequence[Marker]) -> Rect:
    """Draw the legend: the number of incidents of each severity, in words beside the colour; returns its rectangle."""
    counts = Counter(marker.severity for marker in markers)
    rows = [(one, f"{tp('severity', one.value)}: {counts[one]}") for one in style.SEVERITIES if counts[one]]
    face = style.font(17)
    box = Rect(14, 14, 14 + 44 + max(style.text_width(text, face) for _, text in rows), 14 + 14 + 25 * len(rows))
    draw.rounded_rectangle((box.left, box.top, box.right, box.bottom), 6, fill=style.BACKGROUND, outline=style.LINE)
    for number, (severity, text) in enumerate(rows):
        y = box.top + 20 + 25 * number
        draw.ellipse((box.left + 12, y - 6, box.left + 24, y + 6), fill=style.SEVERITIES[severity])
        draw.text((box.left + 34, y), text, font=face, fill=style.TEXT, anchor="lm")
    return box


def _square(cluster: Cluster) -> Rect:
    half = cluster.radius
    return Rect(cluster.x - half, cluster.y - half, cluster.x + half, cluster.y + half)
