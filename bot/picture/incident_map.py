"""Where did an incident happen, and how precisely is that known? A map of one incident."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import numpy as np
from PIL import Image, ImageDraw

from bot.i18n import translate
from bot.i18n.translate import t
from bot.picture import labels, style
from bot.picture.atlas import Atlas, NamedPlace
from bot.picture.basemap import SCALE, Paint, country_points, draw_basemap, province_points
from bot.picture.labels import LabelRequest
from bot.picture.projection import (
    Box,
    GeoPoint,
    Local,
    Points,
    Projection,
    World,
    centroid,
    circle,
    fit,
    wrap_longitude,
)
from bot.picture.style import Colour, Rect
from bot.picture.visible_areas import VisibleArea, visible_areas
from extract.types import Place, Precision, Severity

CREDIT = "Natural Earth · GeoNames (CC BY)"
FRAME_HEIGHT = style.HEIGHT - style.HEADER - style.FOOTER
# the minimum height of the shown part of the world, in kilometres
LEAST_KM = {Precision.SITE: 70.0, Precision.CITY: 140.0, Precision.DISTRICT: 120.0}
AREA_KM = 200.0
# only these have a dot at their point
POINTS = frozenset({Precision.SITE, Precision.CITY})
# the maximum height in kilometres, for countries of islands far apart
WIDEST_KM = 7000.0
INSET = (252, 176)
INSET_KM = 2600.0
SMALLEST_DISC = 11.0
BAR_STEPS = (1, 2, 5)
# a town's name with more letters is left out: such names are mostly of housing estates
LONGEST_NAME = 26
# up to this height in kilometres a map within one country doesn't name it, and maps name provinces
ONE_COUNTRY_KM, PROVINCES_KM = 500.0, 4500.0


class Ring(msgspec.Struct, frozen=True):
    """The circle of a chat's subscription or question."""

    lat: float
    lon: float
    km: float
    label: str


class MapData(msgspec.Struct, frozen=True, kw_only=True):
    """The data of a map: ``place`` has coordinates; the texts are final.

    ``note`` replaces the text below the map that says how precisely the place is known.
    """

    place: Place
    severity: Severity
    title: str
    subtitle: str
    ring: Ring | None = None
    note: str = ""


def incident_map(drawn: MapData, atlas: Atlas) -> bytes:
    """The map as a PNG, 1200 x 800 pixels: a disc around a site or city, a shaded area for a province or country."""
    return style.png(picture(drawn, atlas))


def picture(drawn: MapData, atlas: Atlas) -> Image.Image:
    """The map as an image."""
    place, colour = drawn.place, style.SEVERITIES[drawn.severity]
    area = area_points(place, atlas)
    km = atlas.radius(place) if area is None else 0.0
    view = view_of(place, km, area, drawn.ring)
    image = style.blank_sheet(
        drawn.title, drawn.subtitle, note=drawn.note or precision_note(place, km), credit=CREDIT, accent=colour
    )
    image.paste(_map(drawn, atlas, view, area, km), (0, style.HEADER))
    return image


def precision_note(place: Place, km: float) -> str:
    """A sentence that says how precisely the place is known."""
    if place.precision is Precision.COUNTRY:
        return t("Shaded: somewhere in {place}. More isn't known.", place=place.name)
    if place.precision is Precision.PROVINCE:
        return t("Shaded: somewhere in {place}. The town isn't known.", place=place.name)
    if place.precision is Precision.SITE:
        return t("Circle: within about {km} km of {place}.", km=round(km), place=place.name)
    return t("Circle: in {place}, within about {km} km; where in it isn't known.", place=place.name, km=round(km))


def area_points(place: Place, atlas: Atlas) -> Points | None:
    """The outline of a place that is a province or country; None for other places, or without an outline."""
    if place.precision is Precision.COUNTRY:
        return country_points(place.country or "")
    return province_points(atlas.province(place)) if place.precision is Precision.PROVINCE else None


def view_of(place: Place, km: float, area: Points | None, ring: Ring | None) -> Local:
    """The projection that shows the area or disc and the ring, with enough surroundings to recognise the region."""
    least = LEAST_KM.get(place.precision, AREA_KM)
    shown = [circle(spot_of(place), km * (1 if place.precision.is_area else 1.5), 36) if area is None else area]
    shown += [circle(GeoPoint(ring.lat, ring.lon), ring.km * 1.06, 36)] if ring else []
    view = fit(np.concatenate(shown), style.WIDTH, FRAME_HEIGHT, least=least)
    if view.km_per_px * FRAME_HEIGHT <= WIDEST_KM:
        return view
    return Local(view.centre, WIDEST_KM / FRAME_HEIGHT, style.WIDTH, FRAME_HEIGHT)


def spot_of(place: Place) -> GeoPoint:
    """A place's point; the caller makes sure that it has coordinates."""
    return GeoPoint(place.lat or 0.0, place.lon or 0.0)


def _map(drawn: MapData, atlas: Atlas, view: Local, area: Points | None, km: float) -> Image.Image:
    place, colour = drawn.place, style.SEVERITIES[drawn.severity]
    finer = Local(view.centre, view.km_per_px / SCALE, view.width * SCALE, view.height * SCALE)
    image = draw_basemap(
        finer, view.width, view.height, land_colours(place, atlas, colour if area is not None else None)
    )
    if area is None:
        _disc(image, finer, place, km, colour)
    if drawn.ring:
        _ring(image, finer, drawn.ring)
    image = image.reduce(SCALE)
    occupied = draw_frame(image, view)
    occupied.append(_inset(image, view, place, atlas, colour))
    _write_names(image, drawn, atlas, view, occupied=occupied, km=km)
    return image


def land_colours(place: Place, atlas: Atlas, shade: Colour | None) -> Paint:
    """The colours of a base map: the place's country lighter than others; with ``shade``, its area in that colour."""
    province = atlas.province(place) if place.precision is Precision.PROVINCE else 0
    tint = style.mix(style.FOCUS_LAND, shade, 0.42) if shade else style.FOCUS_LAND
    only_country = place.precision is Precision.COUNTRY

    def paint(country: str, division: int) -> Colour:
        if country != place.country:
            return style.LAND
        return tint if only_country or (province and division == province) else style.FOCUS_LAND

    return paint


def draw_frame(image: Image.Image, view: Projection) -> list[Rect]:
    """Draw the scale bar, and the lines between the map and head and foot; returns the rectangles they occupy."""
    draw = ImageDraw.Draw(image)
    wide, high = image.size
    draw.line((0, 0, wide, 0), fill=style.LINE, width=2)
    draw.line((0, high - 1, wide, high - 1), fill=style.LINE, width=2)
    km = scale_bar_km(view.km_per_px * wide * 0.2)
    px, face = km / view.km_per_px, style.font(18, bold=True)
    text = f"{km:,.0f} km" if km >= 1 else f"{km * 1000:.0f} m"
    left, bottom = style.MARGIN, high - 22
    box = Rect(left - 10, bottom - 40, left + max(px, style.text_width(text, face)) + 10, bottom + 12)
    draw.rounded_rectangle((box.left, box.top, box.right, box.bottom), 6, fill=style.BACKGROUND, outline=style.LINE)
    draw.text((left, bottom - 34), text, font=face, fill=style.TEXT)
    draw.line(
        (left, bottom - 6, left, bottom + 2, left + px, bottom + 2, left + px, bottom - 6), fill=style.TEXT, width=3
    )
    return [box]


def scale_bar_km(most: float) -> float:
    """The longest round length up to ``most``: 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(most))
    return max(step * power for step in BAR_STEPS if step * power <= most)


def _disc(image: Image.Image, finer: Local, place: Place, km: float, colour: Colour) -> None:
    """Draw a transparent circle of ``km`` with an edge, at least ``SMALLEST_DISC`` pixels in radius."""
    corners = finer.project(circle(spot_of(place), max(km, SMALLEST_DISC * SCALE * finer.km_per_px), 180))
    shade(image, [tuple(corner) for corner in corners.tolist()], colour)


def shade(image: Image.Image, corners: list[tuple[float, ...]], colour: Colour, *, strength: int = 92) -> None:
    """Draw a transparent shape with an edge; ``strength`` is its opacity, 0 to 255."""
    mask = Image.new("L", image.size, 0)
    draw = ImageDraw.Draw(mask)
    draw.polygon(corners, fill=strength)
    draw.line([*corners, corners[0]], fill=255, width=2 * SCALE + 1, joint="curve")
    image.paste(colour, mask=mask)


def _ring(image: Image.Image, finer: Local, ring: Ring) -> None:
    """Draw a dashed circle with a cross in its centre."""
    draw = ImageDraw.Draw(image)
    x, y = pixel_of(finer, GeoPoint(ring.lat, ring.lon))
    arm = 8 * SCALE
    draw.line((x - arm, y, x + arm, y), fill=style.RING, width=2 * SCALE)
    draw.line((x, y - arm, x, y + arm), fill=style.RING, width=2 * SCALE)
    points = circle(GeoPoint(ring.lat, ring.lon), ring.km, 360)
    pixels = [tuple(point) for point in finer.project(points).tolist()]
    for start in range(0, len(pixels) - 3, 6):
        draw.line(pixels[start : start + 4], fill=style.RING, width=3 * SCALE, joint="curve")


def _write_names(
    image: Image.Image, drawn: MapData, atlas: Atlas, view: Local, *, occupied: list[Rect], km: float
) -> None:
    """Write the names: the place's own first, then the ring's, countries, towns and provinces."""
    draw = ImageDraw.Draw(image)
    requests = [*_subject_labels(drawn, view, km), *surrounding_labels(atlas, view, drawn.place)]
    frame = Rect(4, 4, view.width - 4, view.height - 4)
    labels.draw_labels(draw, labels.place_labels(requests, frame, occupied))


def _subject_labels(drawn: MapData, view: Local, km: float) -> list[LabelRequest]:
    place = drawn.place
    at = centroid(points) if (points := _area_middle(drawn, view)) is not None else spot_of(place)
    x, y = pixel_of(view, at)
    dark = style.mix(style.SEVERITIES[drawn.severity], (0, 0, 0), 0.35)
    radius = max(SMALLEST_DISC, km / view.km_per_px)
    dot, gap = (0, 0) if place.precision not in POINTS else (4, radius if radius < 40 else labels.GAP)
    own = [
        LabelRequest(
            style.truncated(place.name, style.font(26, bold=True), 420),
            x,
            y,
            26,
            bold=True,
            dot=dot,
            gap=gap,
            colour=dark,
        )
    ]
    if drawn.ring is not None:
        edge = circle(GeoPoint(drawn.ring.lat, drawn.ring.lon), drawn.ring.km, 24)
        shown = view.project(edge)
        frame = Rect(90, 20, view.width - 90, view.height - 20)
        for corner in (0, 12, 6, 18, 3, 9, 15, 21):
            x, y = shown[corner].tolist()
            if Rect(x, y, x, y).lies_in(frame):
                own.append(LabelRequest(drawn.ring.label, x, y, 17, bold=True, dot=0, colour=style.RING))
                break
    return own


def _area_middle(drawn: MapData, view: Local) -> Points | None:
    """The middle of the view, for an area whose point in the gazetteer isn't visible; None for all other places."""
    if not drawn.place.precision.is_area:
        return None
    x, y = pixel_of(view, spot_of(drawn.place))
    inside = 60 < x < view.width - 60 and 30 < y < view.height - 30
    return None if inside else np.array([[view.centre.lon, view.centre.lat]])


def pixel_of(view: Projection, spot: GeoPoint) -> tuple[float, float]:
    """The pixel (x, y) of a point."""
    window = view.window
    lon = wrap_longitude(spot.lon, (window.west + window.east) / 2)
    x, y = view.project(np.array([[lon, spot.lat]]))[0].tolist()
    return x, y


def surrounding_labels(
    atlas: Atlas, view: Local | World, place: Place | None = None, *, towns: int = 60
) -> list[LabelRequest]:
    """The names around a place: countries, then towns, then provinces; each area where most of it is visible."""
    km, areas, shown = view.km_per_px * FRAME_HEIGHT, visible_areas(view), _own_area(atlas, place)
    requests: list[LabelRequest] = []
    if km > ONE_COUNTRY_KM or len(areas.countries) > 1:
        requests += _area_labels(atlas, [one for one in areas.countries if (one.country, 0) != shown], 19)
    name, own = (place.name, place.geonameid) if place else ("", None)
    found = [one for one in atlas.towns(view.window, towns) if one.name != name and len(one.name) <= LONGEST_NAME]
    found = [one for one in found if one.geonameid != own or not own]
    if km > 3000:
        found = [one for one in found if one.capital or one.people > 3_000_000]
    most = max((one.people for one in found), default=1)
    requests += [_town_label(view, one, most) for one in found]
    if km < PROVINCES_KM and len(areas.provinces) > 1:
        requests += _area_labels(atlas, [one for one in areas.provinces if (one.country, one.province) != shown], 15)
    return requests


def _own_area(atlas: Atlas, place: Place | None) -> tuple[str, int] | None:
    """The country and province (0: the whole country) of a place that is an area; None for others."""
    if place is None or not place.precision.is_area:
        return None
    return place.country or "", atlas.province(place) if place.precision is Precision.PROVINCE else 0


def _area_labels(atlas: Atlas, areas: Sequence[VisibleArea], size: int) -> list[LabelRequest]:
    """The names of areas that have room for them, in the language of the picture where it has one."""
    found = []
    for one in areas:
        name = _area_name(atlas, one)
        text = name.upper()
        # a name may be somewhat wider than its area is where it is widest
        if name and style.text_width(text, style.font(size)) < (7 if not one.province else 3.2) * one.room:
            found.append(LabelRequest(text, one.x, one.y, size, dot=0, colour=style.MUTED, room=one.room))
    return found


def _area_name(atlas: Atlas, area: VisibleArea) -> str:
    """The name as cards have it: of a country in the language of the picture, of a province in English."""
    is_translated = not area.province and not translate.current().language.is_source
    return (translate.country(area.country) if is_translated else None) or atlas.area_name(area.country, area.province)


def _town_label(view: Projection, town: NamedPlace, most: int) -> LabelRequest:
    x, y = pixel_of(view, GeoPoint(town.lat, town.lon))
    size = 20 if town.people > most / 8 else 17 if town.people > most / 60 else 15
    return LabelRequest(town.name, x, y, size, dot=3.5 if size > 15 else 2.5, capital=town.capital)


def _inset(image: Image.Image, view: Local, place: Place, atlas: Atlas, colour: Colour) -> Rect:
    """Draw a small overview map with the frame of the large one in the lower right corner; returns its rectangle."""
    wide, high = INSET
    km = max(INSET_KM, 5 * view.km_per_px * view.height)
    empty = Rect(0, 0, 0, 0)
    if km > 3 * INSET_KM:
        return empty
    around = Local(view.centre, km / high / SCALE, wide * SCALE, high * SCALE)
    small = draw_basemap(around, wide, high, land_colours(place, atlas, None))
    draw = ImageDraw.Draw(small)
    half_wide, half_high = (
        max(size * view.km_per_px / around.km_per_px / 2, 8 * SCALE) for size in (view.width, view.height)
    )
    x, y = around.width / 2, around.height / 2
    draw.rectangle((x - half_wide, y - half_high, x + half_wide, y + half_high), outline=colour, width=3 * SCALE)
    left, top = view.width - wide - 16, view.height - high - 16
    image.paste(small.reduce(SCALE), (left, top))
    ImageDraw.Draw(image).rectangle((left - 1, top - 1, left + wide, top + high), outline=style.MUTED, width=2)
    return Rect(left - 4, top - 4, left + wide + 4, top + high + 4)


__all__ = ["CREDIT", "FRAME_HEIGHT", "Box", "MapData", "Ring", "incident_map", "picture"]
