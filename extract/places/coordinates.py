"""Which point do typed coordinates mean? "24.86, 67.01", "24.86N 67.01E", "50°27'N 30°31'E", "lat 6.4 lon 3.4"."""

from __future__ import annotations

import re
from typing import NamedTuple

_NUMBER = r"""(?P<{0}sign>[-+−])?\s*(?P<{0}deg>\d{{1,3}}(?:\.\d+)?)\s*(?:°|º|deg\.?)?\s*
  (?:(?P<{0}min>\d{{1,2}}(?:\.\d+)?)\s*['′’]\s*)?(?:(?P<{0}sec>\d{{1,2}}(?:\.\d+)?)\s*(?:"|″|”|'')\s*)?"""
_LATITUDE = r"(?:lat(?:itude)?\.?\s*[:=]?\s*)?(?P<a1>[NS])?\s*" + _NUMBER.format("a") + r"(?P<a2>[NS])?"
_LONGITUDE = r"(?:lon(?:g|gitude)?\.?\s*[:=]?\s*)?(?P<o1>[EW])?\s*" + _NUMBER.format("o") + r"(?P<o2>[EW])?"
_PAIR = re.compile(rf"\s*\(?\s*(?:geo:)?{_LATITUDE}\s*[,;/ ]\s*{_LONGITUDE}\s*\)?\s*", re.VERBOSE | re.IGNORECASE)


class Point(NamedTuple):
    """Degrees north and east."""

    lat: float
    lon: float


def read(text: str) -> Point | None:
    """The point of typed coordinates, latitude first; None where the text is something else or off the globe."""
    found = _PAIR.fullmatch(text)
    if found is None or (found["adeg"].isdigit() and found["odeg"].isdigit() and not _is_marked(found)):
        return None
    lat, lon = _degrees(found, "a", "S"), _degrees(found, "o", "W")
    return Point(lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def _is_marked(found: re.Match[str]) -> bool:
    """Is it told by a letter, minutes or the degree sign that two whole numbers are coordinates?"""
    marks = ("a1", "a2", "o1", "o2", "amin", "omin")
    return any(found[mark] for mark in marks) or any(sign in found[0] for sign in ("°", "º", ","))


def _degrees(found: re.Match[str], axis: str, negative: str) -> float:
    size = float(found[axis + "deg"]) + float(found[axis + "min"] or 0) / 60 + float(found[axis + "sec"] or 0) / 3600
    letter = (found[axis + "1"] or found[axis + "2"] or "").upper()
    return -size if found[axis + "sign"] in ("-", "−") or letter == negative else size
