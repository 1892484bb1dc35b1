"""An account's stream: an append-only log with three days of life, read by an opaque cursor (platform.md 6).

A cursor that a client built itself, or brings from another account, is refused, while one that is older than the log
goes on at the earliest row that is left.
"""

from dataclasses import dataclass, field

from wxkf.sim.cursor import seal, unseal
from wxkf.sim.refusal import Refusal
from wxkf.sim.settings import LOG_LIFE
from wxkf.sim.values import Json


@dataclass(frozen=True, slots=True)
class Row:
    """One message or event of an account's stream."""

    at: float
    item: Json


@dataclass(slots=True)
class Log:
    """The stream of one account. `end` counts every row ever appended, `pulled` those handed out."""

    salt: str
    rows: list[Row] = field(default_factory=list)
    first: int = 0
    places: dict[str, int] = field(default_factory=dict)
    pulled: int = 0

    @property
    def end(self) -> int:
        """The position after the newest row."""
        return self.first + len(self.rows)

    def append(self, at: float, item: Json) -> None:
        """Add a row at the end and forget those past their life."""
        self._forget(at)
        self.places[item["msgid"]] = self.end
        self.rows.append(Row(at, item))

    def place(self, msgid: str) -> int | None:
        """Tell a message's position, None once it is forgotten or was never here."""
        return self.places.get(msgid)

    def page(self, cursor: str, limit: int, now: float, bad_cursor: int) -> tuple[list[Json], str, bool]:
        """Read rows behind a cursor: the rows, the next cursor, whether more wait."""
        start = unseal(self.salt, cursor) if cursor else 0
        if start is None:
            raise Refusal(bad_cursor)
        self._forget(now)
        begin = max(start, self.first)
        found = self.rows[begin - self.first : begin - self.first + limit]
        after = begin + len(found)
        self.pulled = max(self.pulled, after)
        return [row.item for row in found], seal(self.salt, after), after < self.end

    def _forget(self, now: float) -> None:
        old = 0
        while old < len(self.rows) and now - self.rows[old].at > LOG_LIFE:
            self.places.pop(self.rows[old].item["msgid"], None)
            old += 1
        del self.rows[:old]
        self.first += old
