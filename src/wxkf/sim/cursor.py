"""Opaque cursors: a position and a keyed checksum, which tells one that a client built or brought from elsewhere."""

import base64
import hashlib
import hmac


def seal(salt: str, position: int) -> str:
    """Make the cursor of a position; the salt says which list it belongs to."""
    raw = position.to_bytes(8, "big")
    return base64.urlsafe_b64encode(raw + _sum(salt, raw)).decode()


def unseal(salt: str, cursor: str) -> int | None:
    """Read a cursor's position, None for one that this list never gave out."""
    try:
        raw = base64.urlsafe_b64decode(cursor.encode())
    except ValueError:
        return None
    if len(raw) != 18 or not hmac.compare_digest(raw[8:], _sum(salt, raw[:8])):
        return None
    return int.from_bytes(raw[:8], "big")


def _sum(salt: str, raw: bytes) -> bytes:
    return hmac.digest(salt.encode(), raw, hashlib.sha256)[:10]
