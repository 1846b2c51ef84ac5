"""Spanish: word lists alone; items are read by the encoder for many languages."""

from __future__ import annotations

from extract.lang.surface import by_surface

SPANISH = by_surface("es")
