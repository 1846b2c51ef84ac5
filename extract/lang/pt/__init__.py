"""Portuguese: word lists in European and Brazilian spelling; items are read by the encoder for many languages."""

from __future__ import annotations

from extract.lang.surface import by_surface

PORTUGUESE = by_surface("pt")
