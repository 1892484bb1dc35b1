"""Reading a request's fields the way the platform does: lenient about types, strict about limits.

A value of the wrong type that can still be read (a number in quotes, a bool for 0/1) is taken, and the answer's
errmsg then carries the documented warning. Sizes are bytes of UTF-8, as everywhere on the platform.
"""

import re
from collections.abc import Iterable
from typing import Any

from wxkf.sim.refusal import Refusal
from wxkf.sim.values import Json

_BAD = 40058


def cut(text: str, limit: int) -> str:
    """Cut a text to so many bytes; a character that is cut in half shows as the replacement sign."""
    raw = text.encode()
    return text if len(raw) <= limit else raw[:limit].decode(errors="replace")


class Fields:
    """One JSON object of a request. `warnings` is shared with the objects nested in it."""

    __slots__ = ("_path", "values", "warnings")

    def __init__(self, values: Json, warnings: list[str] | None = None, path: str = "") -> None:
        self.values = values
        self.warnings: list[str] = [] if warnings is None else warnings
        self._path = path

    def name(self, key: str) -> str:
        """Tell where a key stands, for an errmsg."""
        return f"{self._path}{key}"

    def text(
        self, key: str, *, required: bool = False, limit: int | None = None, missing: int = _BAD, long: int = _BAD
    ) -> str:
        """Read a string; "" where it is absent and optional."""
        value = self.values.get(key)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            self.warnings.append(key)
            value = str(value)
        if value is None or value == "":
            if required:
                raise Refusal(missing, f"{self.name(key)} missing")
            return ""
        if not isinstance(value, str):
            raise Refusal(_BAD, f"{self.name(key)} must be a string")
        if limit is not None and len(value.encode()) > limit:
            raise Refusal(long, f"{self.name(key)} exceeds {limit} bytes")
        return value

    def number(self, key: str, default: int, low: int, high: int) -> int:
        """Read a whole number within its bounds; null or absent is the default."""
        value = self.values.get(key, default)
        if isinstance(value, (str, bool)):
            self.warnings.append(key)
            value = int(value) if isinstance(value, bool) or re.fullmatch("[0-9]{1,10}", value) else None
        elif value is None:
            value = default
        if not isinstance(value, int) or not low <= value <= high:
            raise Refusal(_BAD, f"{self.name(key)} must be a number from {low} to {high}")
        return value

    def real(self, key: str, low: float, high: float, *, bad: int = _BAD) -> float:
        """Read a required number that may have a fraction, within its bounds."""
        value = self.values.get(key)
        if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]{1,10}(\.[0-9]{1,20})?", value):
            self.warnings.append(key)
            value = float(value)
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not low <= value <= high:
            raise Refusal(bad, f"{self.name(key)} must be a number from {low} to {high}")
        return value

    def table(self, key: str) -> "Fields":
        """Read a nested object that must be there."""
        value = self.values.get(key)
        if not isinstance(value, dict):
            raise Refusal(_BAD, f"{self.name(key)} missing")
        return Fields(value, self.warnings, f"{self.name(key)}.")

    def tables(self, key: str) -> Iterable["Fields"]:
        """Read a list of objects; an absent one is empty."""
        value: Any = self.values.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise Refusal(_BAD, f"{self.name(key)} must be a list")
        return [self._item(key, index, item) for index, item in enumerate(value)]

    def items(self, key: str, limit: int, *, long: int = _BAD) -> list[Any]:
        """Read a list of plain values with at most so many; an absent one is empty."""
        value = self.values.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise Refusal(_BAD, f"{self.name(key)} must be a list")
        if len(value) > limit:
            raise Refusal(long, f"{self.name(key)} holds more than {limit}")
        return value

    def _item(self, key: str, index: int, value: Any) -> "Fields":
        if not isinstance(value, dict):
            raise Refusal(_BAD, f"{self.name(key)}[{index}] must be an object")
        return Fields(value, self.warnings, f"{self.name(key)}[{index}].")
