"""One callback, whoever serves it: every framework's example does the same over a real socket."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters.places import ALONE, BEFORE_AN_ENGINE, EXAMPLES, Place, place
from kit.callbacks import V2, seal, signed
from kit.commands import PATIENCE
from kit.worlds import callbacks
from wxkf.errors import CallbackError
from wxkf.protocol.callback import MAX_BODY
from wxkf.sim import Bubble, Entry

pytestmark = [pytest.mark.processes, pytest.mark.asyncio(loop_scope="module")]

SENTENCE = f"{CallbackError()}\n".encode()


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=[*ALONE, *BEFORE_AN_ENGINE])
async def at(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    async with place(request.param, tmp_path_factory.mktemp("place")) as found:
        yield found


async def test_every_example_is_tried() -> None:
    files = {path.stem for path in EXAMPLES.glob("*.py")} - {"hello"}
    assert files == {*ALONE, *BEFORE_AN_ENGINE} - {"wxkf run --role web"}


async def test_echostr_is_answered_to_the_byte_and_its_plus_survives(at: Place) -> None:
    plain = next(text for n in range(99) if "+" in seal(text := f" \"16161+4%2B' {n} ".encode(), at.sim.corp_id))
    encrypted = seal(plain, at.sim.corp_id)
    for echostr in (encrypted, encrypted.replace("+", "%2B").replace("=", "%3d")):
        assert await at.ask("GET", f"{signed(encrypted)}&echostr={echostr}") == (200, plain)


async def test_whatever_is_wrong_gets_one_sentence(at: Place) -> None:
    query, body = at.sealed(b"<xml></xml>")
    for verb, asked, sent in (("POST", V2.query, body), ("POST", query, b"?"), ("GET", f"{query}&echostr=?", b"")):
        assert await at.ask(verb, asked, sent) == (400, SENTENCE)


async def test_other_verbs_are_not_taken(at: Place) -> None:
    query, body = at.sealed(b"<xml></xml>")
    assert [(await at.ask(verb, query, body))[0] for verb in ("PUT", "DELETE", "PATCH")] == [405] * 3


async def test_a_body_longer_than_any_notice_is_not_taken(at: Place) -> None:
    assert (await at.ask("POST", V2.query, b"x" * (MAX_BODY + 1)))[0] == 413


async def test_a_notice_is_acknowledged_while_the_bot_is_still_at_work(at: Place) -> None:
    customer = at.sim.customers.add("小王")
    pulled, answered = (
        at.sees(_is_pull_for_a_callback),
        at.sees(lambda it: isinstance(it, Bubble) and it.who == "account"),
    )
    async with asyncio.timeout(PATIENCE):
        at.sim.customers.say(at.sim.open_kfid, customer, "在吗")
        await at.gate.arrived.wait()
        await at.sim.quiet()  # no callback waits for its answer any more
        assert [entry.response for entry in callbacks(at.sim)] == [{"status": 200, "body": "success"}]
        assert not answered.is_set()
        at.gate.open.set()
        await answered.wait()
        await pulled.wait()  # and not because it looks for messages once a minute anyway


def _is_answer(it: object) -> bool:
    return isinstance(it, Bubble) and it.who == "account"


def _is_pull_for_a_callback(it: object) -> bool:
    return isinstance(it, Entry) and it.title == "kf/sync_msg" and bool(it.request["body"].get("token"))


async def test_a_notice_that_cannot_be_taken_is_to_be_rung_again(at: Place) -> None:
    at.inbox.sabotage("INSERT ON account")
    status, said = await at.ring("wk-of-another-time")
    assert (status, b"disk" in said) == (503, False)
    at.inbox.repair()
    assert await at.ring("wk-of-another-time") == (200, b"success")
