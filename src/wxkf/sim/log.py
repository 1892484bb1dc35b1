"""An account's stream: an append-only log with three days of life, read by an opaque cursor (platform.md 6).

A cursor is a position and a keyed checksum: a client that builds its own, or brings another account's, is refused,
while one that is older than the log goes on at the earliest row that is left.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from wxkf.sim.refusal import Refusal
from wxkf.sim.settings import LOG_LIFE
from wxkf.sim.values import Json


@dataclass(frozen=True, slots=True)
class Row:
    """One message or event of an account's stream."""

    at: float
    item: Json


class Log:
    """The stream of one account. `end` counts every row ever appended, `pulled` those handed out."""

    def __init__(self, salt: str) -> None:
        self._salt = salt.encode()
        self._rows: list[Row] = []
        self._first = 0
        self._places: dict[str, int] = {}
        self.pulled = 0

    @property
    def end(self) -> int:
        """The position after the newest row."""
        return self._first + len(self._rows)

    def append(self, at: float, item: Json) -> None:
        """Add a row at the end and forget those past their life."""
        self._forget(at)
        self._places[item["msgid"]] = self.end
        self._rows.append(Row(at, item))

    def place(self, msgid: str) -> int | None:
        """Tell a message's position, None once it is forgotten or was never here."""
        return self._places.get(msgid)

    def page(self, cursor: str, limit: int, now: float, bad_cursor: int) -> tuple[list[Json], str, bool]:
        """Read rows behind a cursor: the rows, the next cursor, whether more wait."""
        start = self._open(cursor, bad_cursor)
        self._forget(now)
        begin = max(start, self._first)
        found = self._rows[begin - self._first : begin - self._first + limit]
        after = begin + len(found)
        self.pulled = max(self.pulled, after)
        return [row.item for row in found], self._seal(after), after < self.end

    def _forget(self, now: float) -> None:
        old = 0
        while old < len(self._rows) and now - self._rows[old].at > LOG_LIFE:
            self._places.pop(self._rows[old].item["msgid"], None)
            old += 1
        del self._rows[:old]
        self._first += old

    def _seal(self, position: int) -> str:
        raw = position.to_bytes(8, "big")
        return base64.urlsafe_b64encode(raw + self._sum(raw)).decode()

    def _open(self, cursor: str, bad_cursor: int) -> int:
        if not cursor:
            return 0
        try:
            raw = base64.urlsafe_b64decode(cursor.encode())
        except ValueError:
            raise Refusal(bad_cursor) from None
        if len(raw) != 18 or not hmac.compare_digest(raw[8:], self._sum(raw[:8])):
            raise Refusal(bad_cursor)
        return int.from_bytes(raw[:8], "big")

    def _sum(self, raw: bytes) -> bytes:
        return hmac.digest(self._salt, raw, hashlib.sha256)[:10]
