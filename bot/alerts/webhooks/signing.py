"""How does a receiver know that a message is ours, and new? By a signature over its id, its time and its body.

The headers are those of the Standard Webhooks specification, symmetric (``v1``): HMAC-SHA256 with a secret that is
written as "whsec_" and Base64. The id stays the same when a message is sent again, the time is that of the try: a
receiver drops ids that it knows, and messages whose time is more than some minutes off.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"
# bytes of a key
SHORTEST, LONGEST = 24, 64


def key_of(secret: str) -> bytes:
    """The key that a secret stands for.

    Raises:
        ValueError: it is none; the secret is not shown.
    """
    written = secret.removeprefix(PREFIX)
    try:
        key = base64.b64decode(written + "=" * (-len(written) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or not SHORTEST <= len(key) <= LONGEST:
        raise ValueError(f'a secret is "{PREFIX}" and {SHORTEST} to {LONGEST} random bytes in Base64')
    return key


def headers(message_id: str, body: bytes, at: datetime, keys: Sequence[bytes]) -> dict[str, str]:
    """The headers of one try; while a secret is replaced there are two keys, and a signature by each."""
    seconds = str(int(at.timestamp()))
    signed = b".".join((message_id.encode(), seconds.encode(), body))
    made = (base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in keys)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{one}" for one in made),
    }
