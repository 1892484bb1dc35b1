"""What every answer of the platform has in common."""

from collections.abc import Iterable
from typing import Any, ClassVar

import msgspec


class Answer(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The base of all answers. `errcode` is 0 in any answer that a caller gets to see."""

    errcode: int = 0
    errmsg: str = ""

    @property
    def raw(self) -> bytes:
        """The answer as it came, fields included that wxkf does not know; empty for one that never was on a wire."""
        raw: bytes = vars(self).get("raw_body", b"")
        return raw


class SecretAnswer(Answer, frozen=True, kw_only=True):
    """The base of answers that hold a token or code: only the fields named in `shown` are ever printed."""

    shown: ClassVar[tuple[str, ...]] = ("expires_in",)

    def __repr__(self) -> str:
        parts = ", ".join(f"{name}={value!r}" for name, value in self.__rich_repr__())
        return f"{type(self).__name__}({parts})"

    def __rich_repr__(self) -> Any:
        """Give rich (and msgspec's own repr) what may be shown."""
        names: Iterable[str] = self.shown
        return [(name, getattr(self, name)) for name in names]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """The base of the objects inside an answer."""


def keep_raw(answer: Answer, body: bytes) -> None:
    """Keep the body an answer was read from, beside its fields: it takes no part in comparison or repr."""
    vars(answer)["raw_body"] = body
