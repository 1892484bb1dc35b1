"""What a bot does around its handlers, in order of registration: changes what is said, hears what went wrong."""

from collections.abc import Awaitable, Callable
from typing import Any

from wxkf.bot.failures import Failure
from wxkf.bot.sessions import Sessions
from wxkf.bot.staff import Staff
from wxkf.bot.transcripts import Function
from wxkf.messages.outbound import Outbound


class Hooks:
    """The hooks and rules of one bot; contexts read them. The first argument of a hook is a `Context`."""

    def __init__(
        self, sessions: Sessions | None = None, staff: Staff | None = None, transcribe: Function | None = None
    ) -> None:
        self.sessions, self.staff, self.transcribe = sessions or Sessions("auto"), staff, transcribe
        self.before_send: list[Callable[[Any, Outbound], Awaitable[Outbound | None]]] = []
        self.on_overflow: list[Callable[[Any, str], Awaitable[None]]] = []
        self.on_failed: list[Callable[[Failure], Awaitable[None]]] = []
        self.on_error: Callable[[Any, BaseException], Awaitable[str | Outbound | None]] | None = None
