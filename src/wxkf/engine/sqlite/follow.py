"""What happens in an inbox as it happens, for somebody who only reads.

Nothing in the file says "this is new", and an index for it would cost the engine. But only conversations with something
to do can change: they are few and have an index. So each look compares which of these there are, how far each is
(`done`, `epoch`), and reads the steps of those that moved. When nobody has committed, not even that is done.
"""

import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Literal

What = Literal["in", "out", "dead"]

_PAGE = 2_000  # messages in one look
_LAST = 1_000_000_000  # behind every step
_OPEN = """
    SELECT id, done, epoch, 0 FROM conversation WHERE owner IS NULL AND done < last
    UNION ALL SELECT id, done, epoch, 1 FROM conversation WHERE owner IS NOT NULL
"""
_OF = """
    message m JOIN conversation c ON c.id = m.conversation JOIN account a ON a.id = c.account
"""
_WHERE = "a.app, a.open_kfid, c.external_userid, m.msgid"
_NEW = f"""
    SELECT m.id, m.conversation, m.at, {_WHERE}, m.origin, m.raw
      FROM {_OF} WHERE m.id > ? ORDER BY m.id LIMIT {_PAGE}
"""  # noqa: S608 - our own, as all below
_STEPS = f"""
    SELECT m.id, s.position, s.at, {_WHERE}, s.path, s.body, s.state, s.result
      FROM {_OF} JOIN step s ON s.message = m.id
     WHERE m.conversation = ? AND m.id > ? AND m.id <= ? AND s.state NOT IN ('planned', 'sending')
       AND s.path <> 'choice'
"""  # noqa: S608
_DEAD = f"""
    SELECT m.id, d.at, {_WHERE}, d.reason FROM {_OF} JOIN dead d ON d.message = m.id
     WHERE m.conversation = ? AND m.id > ? AND m.id <= ? AND d.reason <> ''
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Happened:
    """A message came ("in"), a step has an outcome ("out"), or a message was given up ("dead", why is in `result`)."""

    what: What
    at: float
    app: str
    open_kfid: str
    external_userid: str
    msgid: str
    origin: int = 0
    raw: bytes = field(default=b"", repr=False)
    path: str = ""
    state: str = ""
    result: str = ""


Place = tuple[float, int, int]
"""Where something stands in the order of things: when, of which message, and which step."""


class Follower:
    """Looks again and again, through a connection that only reads."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._version: int | None = None
        self._newest = 0
        self._open: dict[int, tuple[int, ...]] = {}
        self._seen: defaultdict[int, dict[tuple[int, int], str]] = defaultdict(dict)

    def begin(self, since: float) -> None:
        """Take what was before a time, in seconds since the epoch, as seen."""
        last = "SELECT id FROM message WHERE at < ? ORDER BY id DESC LIMIT 1"  # ids grow with time: this ends soon
        self._newest = (self._db.execute(last, (since,)).fetchone() or (0,))[0]
        self._open = self._read_open()
        for conversation, (done, *_) in self._open.items():
            self._moved(conversation, done)

    def look(self) -> list[Happened]:
        """Tell what has happened since the last look, in its order."""
        version = self._db.execute("PRAGMA data_version").fetchone()[0]
        if version == self._version:
            return []
        self._db.execute("BEGIN")  # all of it at one moment
        try:
            found, more = self._look()
        finally:
            self._db.execute("ROLLBACK")
        self._version = None if more else version
        return [happened for _, happened in sorted(found, key=lambda one: one[0])]

    def _look(self) -> tuple[list[tuple[Place, Happened]], bool]:
        rows = self._db.execute(_NEW, (self._newest,)).fetchall()
        found = [((at, number, -1), Happened("in", at, *rest)) for number, _, at, *rest in rows]
        before, self._open = self._open, self._read_open()
        floors = {
            conversation: state[0]
            for conversation, state in before.items()
            if state[-1] or state != self._open.get(conversation)
        }
        for number, conversation, *_ in rows:
            floors.setdefault(conversation, number - 1)
            self._newest = number
        for conversation, floor in floors.items():
            found += self._moved(conversation, floor)
            self._tidy(conversation)
        return found, len(rows) == _PAGE

    def _moved(self, conversation: int, floor: int) -> list[tuple[Place, Happened]]:
        """Read the outcomes in one conversation that were not there before, of messages after the floor."""
        found: list[tuple[Place, Happened]] = []
        seen, key = self._seen[conversation], (conversation, floor, self._newest)
        for message, position, at, app, kf, customer, msgid, path, body, state, result in self._db.execute(_STEPS, key):
            if seen.get((message, position)) != state:
                seen[message, position] = state
                did = Happened("out", at, app, kf, customer, msgid, 0, body, path, state, result)
                found.append(((at, message, position), did))
        for message, at, app, kf, customer, msgid, reason in self._db.execute(_DEAD, key):
            if (message, -1) not in seen:
                seen[message, -1] = "dead"
                gone = Happened("dead", at, app, kf, customer, msgid, result=reason)
                found.append(((at, message, _LAST), gone))
        return found

    def _tidy(self, conversation: int) -> None:
        """Forget what will not be asked for again."""
        if state := self._open.get(conversation):
            seen = self._seen[conversation].items()
            self._seen[conversation] = {place: was for place, was in seen if place[0] > state[0]}
        else:
            self._seen.pop(conversation, None)

    def _read_open(self) -> dict[int, tuple[int, ...]]:
        return {conversation: tuple(state) for conversation, *state in self._db.execute(_OPEN)}
