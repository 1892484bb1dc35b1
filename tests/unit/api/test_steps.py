"""What drives a declaration of several steps: calls and other work are done and told, and what fails is thrown in."""

import asyncio
import inspect
import threading
from typing import Any

import pytest

from unit.api.wire import Mode, Wire, both, done
from wxkf import AsyncClient, Client
from wxkf.api.resource import Emit, M, Pages, Resource, Steps, paged, steps
from wxkf.errors import ApiError
from wxkf.messages.answer import Answer
from wxkf.protocol.ask import Ask
from wxkf.protocol.call import Call, post

CALL: Call[Answer] = post("kf/x", Answer, repeat="safe", fields={})


class Steady(Resource[M]):
    """Declarations to be driven."""

    notes: list[Any]

    @steps
    def several(self, *, do: Any) -> Steps[str]:
        """Do this, then call."""
        try:
            found = yield Ask(do)
            self.notes.append(found)
            answer = yield CALL
            return f"{found} {answer.errmsg}"
        except BaseException as error:
            self.notes.append(type(error).__name__)
            raise
        finally:
            self.notes.append("closed")

    @steps
    def mended(self) -> Steps[str]:
        """Call, and do without where it is refused."""
        try:
            yield CALL
        except ApiError as error:
            return f"refused with {error.errcode}"
        return "done"

    @paged
    def counted(self) -> Pages[int]:
        """Hand out what was worked out."""
        try:
            while True:
                yield Emit((yield Ask(lambda: (1, 2))))
        finally:
            self.notes.append("closed")


def steady(mode: Mode, wire: Wire | None = None) -> Any:
    client = (wire or Wire()).client(mode)
    made: Any = Steady(client.run, client.media.mode)
    made.notes = []
    return made


@both
async def test_work_and_calls_are_done_and_told(mode: Mode) -> None:
    wire = Wire()
    one = steady(mode, wire)
    assert await done(one.several(do=lambda: "here")) == "here ok"
    assert one.notes == ["here", "closed"]
    assert [request.path for request in wire.requests] == ["kf/x"]


@both
async def test_what_fails_is_thrown_in(mode: Mode) -> None:
    one = steady(mode, Wire(lambda _: {"errcode": 95001, "errmsg": "no"}))
    with pytest.raises(ZeroDivisionError):
        await done(one.several(do=lambda: 1 / 0))
    with pytest.raises(ApiError):
        await done(one.several(do=lambda: "here"))
    assert one.notes == ["ZeroDivisionError", "closed", "here", "QuotaExceeded", "closed"]
    assert await done(one.mended()) == "refused with 95001"


@both
async def test_an_iterator_that_is_left_is_closed(mode: Mode) -> None:
    one = steady(mode)
    numbers = one.counted()
    if mode == "sync":
        assert [next(numbers), next(numbers), next(numbers)] == [1, 2, 1]
        numbers.close()
    else:
        assert [await anext(numbers), await anext(numbers), await anext(numbers)] == [1, 2, 1]
        await numbers.aclose()
    assert one.notes == ["closed"]


async def test_what_returns_an_awaitable_is_awaited_and_blocks_no_loop() -> None:
    one, threads = steady("async"), list[int]()

    async def later() -> str:
        await asyncio.sleep(0)
        return "later"

    def work() -> Any:
        threads.append(threading.get_ident())
        return later()

    assert await one.several(do=work) == "later ok"
    assert threads != [threading.get_ident()]


async def test_a_task_cancelled_while_work_is_done_waits_for_its_end() -> None:
    one, begun, go_on, ended = steady("async"), threading.Event(), threading.Event(), list[str]()

    def work() -> None:
        begun.set()
        go_on.wait()
        ended.append("work")

    task = asyncio.ensure_future(one.several(do=work))
    await asyncio.to_thread(begun.wait)
    for _ in range(2):
        task.cancel()
        await asyncio.sleep(0)
    assert not task.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (ended, one.notes) == (["work"], ["CancelledError", "closed"])


@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_people_see_what_it_gives(client: Any) -> None:
    download = client("ww1", "secret").media.download
    signature = inspect.signature(download)
    assert list(signature.parameters) == ["media_id", "to", "progress", "resume", "overwrite", "most"]
    assert signature.return_annotation.__name__ == "Saved"
    assert download.__doc__.startswith("Download a file")
