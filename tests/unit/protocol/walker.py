"""A flow walked by hand: each step says what it must be and what is told, no loop and no clock."""

import json
import random
from typing import Any

from wxkf.errors import TransportError
from wxkf.messages.answer import Answer
from wxkf.protocol.call import Call, Repeat, Request, Response, post
from wxkf.protocol.flow import NeedToken, RetryPolicy, Send, Sleep, Step, Terms, Told, flow

NEVER_LEFT = TransportError("kf/test: no connection", sent=False)
BROKEN = TransportError("kf/test: connection broken", sent=True)
OK = Response(200, b'{"errcode":0,"errmsg":"ok","value":1}')
BAD_GATEWAY = Response(502, b"<html>Bad Gateway</html>")


class Value(Answer, frozen=True, kw_only=True):
    """What the calls of these tests answer."""

    value: int = 0


def refusal(errcode: int) -> Response:
    """Make a refusal."""
    return Response(200, json.dumps({"errcode": errcode, "errmsg": "no"}).encode())


def call(repeat: Repeat = "safe", *, assumed: Value | None = None, **fields: Any) -> Call[Value]:
    """Make a call."""
    return post("kf/test", Value, repeat=repeat, fields=fields, assumed=assumed)


class Walk:
    """One run of a flow."""

    def __init__(
        self, call: Call[Value], policy: RetryPolicy | None = None, luck: float = 1.0, terms: Terms | None = None
    ) -> None:
        self._flow = flow(call, terms or Terms(policy or RetryPolicy(), rng=_Luck(luck)))
        self.step: Step | None = next(self._flow)
        self.answer: Value | None = None

    def tell(self, told: Told) -> None:
        """Tell what came of the step."""
        try:
            self.step = self._flow.send(told)
        except StopIteration as over:
            self.step, self.answer = None, over.value

    def fail(self, error: Exception) -> None:
        """Throw the error in, as a driver does when the token cannot be had."""
        self._flow.throw(error)

    def give_token(self, token: str, *, stale: str | None = None) -> None:
        """Meet the need for a token, which must be this one."""
        assert isinstance(self.step, NeedToken)
        assert self.step.stale == stale
        self.tell(token)

    def sent(self, told: Told) -> Request:
        """Take the request that is to be sent, and tell what came of it."""
        assert isinstance(self.step, Send)
        request = self.step.request
        self.tell(told)
        return request

    def slept(self) -> float:
        """Let the wait pass, and give its length."""
        assert isinstance(self.step, Sleep)
        seconds = self.step.seconds
        self.tell(None)
        return seconds

    def slept_for(self, time: Any) -> float:
        """Let the wait pass on a clock moved by hand, and give its length."""
        assert isinstance(self.step, Sleep)
        time.now += self.step.seconds
        return self.slept()


class _Luck(random.Random):
    def __init__(self, luck: float) -> None:
        super().__init__()
        self._luck = luck

    def random(self) -> float:
        return self._luck
