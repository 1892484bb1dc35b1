"""What both clients are put through, and what must hold whatever happened."""

import asyncio
import gzip
import json
import time
import traceback
from collections.abc import Callable
from typing import Any, Literal

import pytest

from kit.lines import breathe
from unit.client.callers import ONCE, in_async, in_sync
from wxkf.api.provider import ServiceResource
from wxkf.api.resource import Async
from wxkf.client.over_aiohttp import AiohttpTransport
from wxkf.client.over_urllib3 import Urllib3Transport
from wxkf.errors import TransportError
from wxkf.protocol.call import Call, Request, Response

SECRET = "CANARY-of-the-suite"
CALL: Call[Any] = ServiceResource[Async].get_suite_token(
    None, suite_id="ww2", suite_secret=SECRET, suite_ticket=SECRET
)  # a POST that needs no token first
POST = Request("POST", "kf/send_msg", {"access_token": SECRET}, b"{}")
WITHIN = 0.6  # seconds: the time-out of calls that never get their answer
SLACK = 3.0  # seconds more that a busy machine may take; every server here would hold a client far longer

Mode = Literal["sync", "async"]
both = pytest.mark.parametrize("mode", ["sync", "async"])


def answer(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    """Write an answer with the right length."""
    head = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


SAID = json.dumps({"errcode": 0, "errmsg": "ok", "suite_access_token": "T", "expires_in": 7200}).encode()
FINE = answer(SAID)
PACKED = answer(gzip.compress(SAID), b"Content-Encoding: gzip")


def ask(mode: Mode, url: str, *calls: Call[Any], timeout: float = 10.0, **options: Any) -> list[Any]:
    """Make the calls, one after the other; `proxy` and `context` are the transport's."""
    make: Any = Urllib3Transport if mode == "sync" else AiohttpTransport
    run: Callable[..., list[Any]] = in_sync if mode == "sync" else in_async
    return run(url, *(calls or [CALL]), transport=make(url, timeout=timeout, **options), retry=ONCE)


def send(
    mode: Mode,
    url: str,
    *requests: Request,
    between: Callable[[], object] = int,
    failed: Callable[[TransportError], object] | None = None,
    **options: Any,
) -> list[Response]:
    """Send requests as they are through one transport, and do something after each; `failed` takes the errors."""

    async def main() -> list[Response]:
        sync, transport = Urllib3Transport(url, **options), AiohttpTransport(url, **options)
        answers = list[Response]()
        try:
            for request in requests:
                try:
                    answers.append(sync.send(request) if mode == "sync" else await transport.send(request))
                except TransportError as error:
                    if failed is None:
                        raise
                    failed(error)
                await asyncio.to_thread(between)
                await breathe()
        finally:
            sync.close()
            await transport.aclose()
        return answers

    return asyncio.run(main())


def fails(mode: Mode, url: str, *calls: Call[Any], timeout: float = 10.0, **options: Any) -> TransportError:
    """Make a call that must fail: in time, with a remedy, without a secret. Gives the error."""
    started = time.perf_counter()
    with pytest.raises(TransportError) as caught:
        ask(mode, url, *calls, timeout=timeout, **options)
    assert time.perf_counter() - started < timeout + SLACK
    error = caught.value
    check(error)
    return error


def check(error: TransportError) -> None:
    """Hold what holds of every error of a transport."""
    assert error.kind != "other"
    assert error.cause in str(error)
    assert str(error).endswith(error.remedy)
    assert (error.__cause__, error.__context__) == (None, None)
    shown = "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))
    assert "CANARY" not in shown
    assert "http://127" not in shown
