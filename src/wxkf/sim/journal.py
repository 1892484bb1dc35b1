"""What happened, newest last: calls in, callbacks out, actions of people. Nothing secret is ever stored here.

Values are masked twice: under the keys that always carry secrets, whatever is in them (a client's wrong token may be
a right one elsewhere), and wherever one of this world's own secrets occurs in a text. Long lists are shortened.
"""

from collections import deque
from collections.abc import Callable
from typing import Any

from wxkf.sim.values import Entry, Json, Kind

_SECRET_KEYS = frozenset({"access_token", "corpsecret", "token", "secret"})
_ROWS_KEPT = 20
_TEXT_KEPT = 4_096


def mask(secret: str) -> str:
    """Show a secret's first four characters at most, enough to tell two apart."""
    return f"{secret[:4]}…" if len(secret) > 12 else "…" if secret else ""


class Journal:
    """The last `limit` entries. `tell` hears of each new or revised one."""

    def __init__(self, limit: int, tell: Callable[[Entry], None]) -> None:
        self._entries: deque[Entry] = deque(maxlen=limit)
        self._tell = tell
        self._secrets: dict[str, str] = {}
        self._count = 0

    def hide(self, *secrets: str) -> None:
        """Mask these values wherever they occur from now on."""
        self._secrets |= {secret: mask(secret) for secret in secrets}

    def unhide(self, secret: str) -> None:
        """Forget a secret that is worth nothing any more."""
        self._secrets.pop(secret, None)

    def entries(self) -> list[Entry]:
        """List what is kept, newest last."""
        return list(self._entries)

    def add(
        self, at: float, kind: Kind, title: str, request: Json, response: Json | None = None, errcode: int = 0
    ) -> Entry:
        """Note something that happened."""
        self._count += 1
        entry = Entry(
            number=self._count,
            at=at,
            kind=kind,
            title=title,
            request=self.clean(request),
            response=None if response is None else self.clean(response),
            errcode=errcode,
        )
        self._entries.append(entry)
        self._tell(entry)
        return entry

    def conclude(self, entry: Entry, response: Json, errcode: int) -> None:
        """Put an outcome to an entry that had none, unless it has been dropped meanwhile."""
        index = entry.number - self._entries[0].number
        done = Entry(
            number=entry.number,
            at=entry.at,
            kind=entry.kind,
            title=entry.title,
            request=entry.request,
            response=self.clean(response),
            errcode=errcode,
        )
        if index >= 0:
            self._entries[index] = done
        self._tell(done)

    def clean(self, value: Any) -> Any:
        """Copy a value without its secrets, its overlong lists and texts."""
        if isinstance(value, str):
            return self._clean_text(value)
        if isinstance(value, dict):
            return {
                self._clean_text(key): mask(str(item)) if key in _SECRET_KEYS else self.clean(item)
                for key, item in value.items()
            }
        if isinstance(value, (list, tuple)):
            kept = [self.clean(item) for item in value[:_ROWS_KEPT]]
            return kept if len(value) <= _ROWS_KEPT else [*kept, f"… {len(value) - _ROWS_KEPT} more"]
        return value

    def _clean_text(self, text: str) -> str:
        if len(text) > _TEXT_KEPT:
            text = f"{text[:_TEXT_KEPT]}… {len(text) - _TEXT_KEPT} more characters"
        for secret, shown in self._secrets.items():
            text = text.replace(secret, shown)
        return text
