"""What happened, newest last: calls in, callbacks out, actions of people. Nothing secret is ever shown.

Values are masked twice: under the keys that always carry secrets, whatever is in them (a client's wrong token may be
a right one elsewhere), and wherever one of this world's own secrets occurs in a text. Long lists are shortened.
Masking costs more than the call itself, so it is done when somebody looks, once an entry.
"""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from msgspec.structs import replace

from wxkf.sim.values import Entry, Json, Kind

_SECRET_KEYS = frozenset({
    "access_token", "corpsecret", "token", "secret",
    "suite_access_token", "suite_secret", "suite_ticket", "provider_access_token", "provider_secret",
    "auth_code", "permanent_code", "pre_auth_code", "ticket",
})  # fmt: skip
_ROWS_KEPT = 20
_TEXT_KEPT = 4_096


def mask(secret: str) -> str:
    """Show a secret's first four characters at most, enough to tell two apart."""
    return f"{secret[:4]}…" if len(secret) > 12 else "…" if secret else ""


class Journal:
    """The last `limit` entries. Watchers hear of each new or revised one; `secrets` lists what must not be shown."""

    def __init__(
        self, limit: int, watchers: Sequence[Callable[[Entry], None]], secrets: Callable[[], list[str]]
    ) -> None:
        self._entries: deque[Entry] = deque(maxlen=limit)
        self._watchers, self._secrets = watchers, secrets
        self._clean_upto = 0  # the number of the last entry that has been masked
        self._count = 0

    @property
    def count(self) -> int:
        """How many entries there have ever been; it changes whenever something happens."""
        return self._count

    def clear(self) -> None:
        """Forget all entries; numbers go on."""
        self._entries.clear()

    def entries(self) -> list[Entry]:
        """List what is kept, newest last."""
        self._clean_all()
        return list(self._entries)

    def add(
        self, at: float, kind: Kind, title: str, request: Json, response: Json | None = None, errcode: int = 0
    ) -> Entry:
        """Note something that happened. What is handed in must not change afterwards."""
        self._count = number = self._count + 1
        if response is not None:
            for value in response.values():
                if type(value) is list and len(value) > _ROWS_KEPT:
                    response = {key: _first_rows(value) for key, value in response.items()}
                    break
        entry = Entry(number, at, kind, title, request, response, errcode)
        self._entries.append(entry)
        if self._watchers:
            self._tell(self._cleaned(entry))
        return entry

    def conclude(self, entry: Entry, response: Json, errcode: int) -> None:
        """Put an outcome to an entry that had none, unless it has been dropped meanwhile."""
        index = entry.number - self._entries[0].number if self._entries else -1
        done = self._cleaned(replace(entry, response=response, errcode=errcode))
        if index >= 0:
            self._entries[index] = done
        self._tell(done)

    def _tell(self, entry: Entry) -> None:
        for watcher in tuple(self._watchers):
            watcher(entry)

    def _clean_all(self) -> None:
        first = self._entries[0].number if self._entries else 0
        for index in range(max(0, self._clean_upto + 1 - first), len(self._entries)):
            self._entries[index] = self._cleaned(self._entries[index])
        self._clean_upto = self._count

    def _cleaned(self, entry: Entry) -> Entry:
        shown = {secret: mask(secret) for secret in self._secrets() if secret}
        response = None if entry.response is None else clean(entry.response, shown)
        return replace(entry, request=clean(entry.request, shown), response=response)


def _first_rows(value: Any) -> Any:
    """Let go of all but the first rows of a page, so that an entry does not keep a whole log alive."""
    more = len(value) - _ROWS_KEPT if isinstance(value, (list, tuple)) else 0
    return [*value[:_ROWS_KEPT], f"… {more} more"] if more > 1 else value  # twice is as once


def clean(value: Any, secrets: dict[str, str]) -> Any:
    """Copy a value without secrets, overlong lists and texts."""
    if isinstance(value, str):
        return _clean_text(value, secrets)
    if isinstance(value, dict):
        return {
            _clean_text(key, secrets): mask(str(item)) if key in _SECRET_KEYS else clean(item, secrets)
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [clean(item, secrets) for item in _first_rows(value)]
    return value


def _clean_text(text: str, secrets: dict[str, str]) -> str:
    if len(text) > _TEXT_KEPT:
        text = f"{text[:_TEXT_KEPT]}… {len(text) - _TEXT_KEPT} more characters"
    for secret, shown in secrets.items():
        text = text.replace(secret, shown)
    return text
