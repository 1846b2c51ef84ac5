"""How is a place stored in the gazetteer's files: the fields of a row, and the bits of names and references?"""

from __future__ import annotations

import numpy as np

KINDS = ("country", "province", "district", "city", "region")
COUNTRY, PROVINCE, DISTRICT, CITY, REGION = range(5)

ROW = np.dtype(
    [
        ("geonameid", "<u4"),
        ("lat", "<f4"),
        ("lon", "<f4"),
        ("population", "<u4"),
        ("admin1", "<i4"),
        ("admin2", "<i4"),
        ("name_at", "<u4"),
        ("zone", "<u2"),
        ("country", "S2"),
        ("name_bytes", "u1"),
        ("kind", "u1"),
    ]
)
"""The low three bits of ``kind`` are an index into ``KINDS``; bit 3 marks a country's capital."""

ALTERNATE = 1 << 31
"""This bit is set in ``refs.npy`` where the key is an alternate name of the row."""

WORD, GIVEN, SURNAME = 1, 2, 4
"""Bits of ``flags.npy``: the key is also a common English word, a given name, a surname."""
