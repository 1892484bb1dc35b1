"""Read what is almost of the documented shape: a number where text is due, text for a number, null for nothing.

msgspec says where a value is of the wrong type; it is mended there and the whole is read again, a bounded number of
times. The fast path never comes here.
"""

import json
import re
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_COMPLAINT = re.compile(r"Expected `([^`]+)`, got `([^`]+)`(?: - at `\$(.*)`)?")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")
_MENDS = 24


def decode_forgiving(decode: Callable[[bytes], T], raw: bytes) -> T:
    """Decode, mending wrong types where the meaning is plain. Raises `msgspec.DecodeError` where it is not."""
    try:
        return decode(raw)
    except msgspec.ValidationError as complaint:
        return _mend(decode, json.loads(raw), complaint)


def _mend(decode: Callable[[bytes], T], value: Any, complaint: msgspec.ValidationError) -> T:
    for _ in range(_MENDS):
        if not _patch(value, str(complaint)):
            break
        try:
            return decode(msgspec.json.encode(value))
        except msgspec.ValidationError as next_one:
            complaint = next_one
    raise complaint


def _patch(value: Any, complaint: str) -> bool:
    """Mend the place a complaint names; tell whether anything was changed."""
    said = _COMPLAINT.fullmatch(complaint)
    if not said or not said[3]:
        return False
    steps = [name or int(index) for name, index in _STEP.findall(said[3])]
    for step in steps[:-1]:
        value = value[step]
    key = steps[-1]
    if value[key] is None:
        if isinstance(value, list):
            return False
        del value[key]  # null is how some write "not there"
        return True
    mended = _converted(value[key], said[1])
    if mended is None:
        return False
    value[key] = mended
    return True


def _converted(value: Any, wanted: str) -> Any:
    if "str" in wanted and isinstance(value, bool | int | float):
        return str(int(value)) if isinstance(value, bool) else str(value)
    if "int" in wanted and isinstance(value, bool | float) and float(value).is_integer():
        return int(value)
    if "bool" in wanted and value in (0, 1, "0", "1", "true", "false"):
        return value in (1, "1", "true")
    return None
