"""Limits that several endpoints share."""

from wxkf.protocol.limits import Bytes, Chars, Items, Limit, Matches

OPEN_KFID: dict[str, Limit] = {"open_kfid": Bytes(64, least=1)}
NAME: dict[str, Limit] = {"name": Chars(16, least=1)}
MEDIA_ID: dict[str, Limit] = {"media_id": Bytes(128, least=1)}
SCENE = Matches(r"[0-9a-zA-Z_-]*", "letters, digits, _ and - only", 32)
CUSTOMERS = Items(100, least=1)
