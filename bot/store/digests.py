"""What is the digest of a row's payload? Short: it has to find damage, not an adversary."""

from __future__ import annotations

import hashlib

BYTES = 8


def digest(*payload: str | bytes | None) -> int:
    """A digest of a row's payload, as SQLite keeps integers: 64 bits, signed."""
    said = b"\0".join(part.encode() if isinstance(part, str) else part or b"" for part in payload)
    return int.from_bytes(hashlib.blake2b(said, digest_size=BYTES).digest(), "big", signed=True)
