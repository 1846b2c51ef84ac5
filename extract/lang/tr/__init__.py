"""Turkish: word lists alone; items are read by the encoder for many languages."""

from __future__ import annotations

from extract.lang.surface import by_surface

TURKISH = by_surface("tr")
