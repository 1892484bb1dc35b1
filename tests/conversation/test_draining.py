"""A bot as a function that freezes between two calls: each call deals with what is there, then nothing is held."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

import pytest

from kit.worlds import World
from wxkf import Bot, ConfigError, Context, SqliteStore, Text
from wxkf.bot.draining import Drained
from wxkf.cli.doctor.knock import question
from wxkf.client.asgi import AsgiTransport
from wxkf.client.stores.memory import MemoryTokenStore
from wxkf.engine.settings import InboxSettings
from wxkf.engine.sqlite.lock import EngineLock
from wxkf.errors import InUse
from wxkf.testing.clock import MovableClock


class Function:
    """A function behind an HTTP trigger, with a bot in it. It is rung by the world's platform once `serves` it."""

    def __init__(self, world: World, bot: Bot, inbox: Path, **options: Any) -> None:
        self.world, self.bot, self.inbox = world, bot, inbox
        self.answers: list[Drained] = []
        self.deadline = 50.0
        self.options: dict[str, Any] = {
            "transport": AsgiTransport(world.sim.app), "clock": world.clock, "token_store": MemoryTokenStore(),
        } | options  # fmt: skip

    async def call(self, verb: str = "", query: str | Mapping[str, str] = "", body: str | bytes = b"") -> Drained:
        """Be called once."""
        store = SqliteStore(self.inbox)
        return await self.bot.drain(self.world.app, store, verb, query, body, deadline=self.deadline, **self.options)

    async def ring(self, query: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """Be called by the platform."""
        done = await self.call("POST", urlencode(query), body)
        self.answers.append(done)
        return done.status, done.body

    async def hears(self, customer: str, *texts: str) -> list[str]:
        """Let a customer write, and give all that they were answered since the beginning."""
        self.world.sim.deliver_to(self.ring)
        self.world.say(customer, *texts)
        await self.world.sim.quiet()
        return self.world.heard(customer)

    @property
    def is_held(self) -> bool:
        """Whether somebody has the inbox."""
        return EngineLock(self.inbox).is_held


@pytest.fixture
def function(world: World, parrot: Bot, tmp_path: Path) -> Function:
    """The parrot as a function."""
    return Function(world, parrot, tmp_path / "inbox.db")


async def test_what_a_callback_announces_is_answered_within_the_call(world: World, function: Function) -> None:
    customer = world.customer()
    assert await function.hears(customer, "一") == ["您说：一"]
    assert not function.is_held
    assert await function.hears(customer, "二", "三") == ["您说：一", "您说：二", "您说：三"]
    assert {(done.status, done.text, done.waiting, done.due) for done in function.answers} == {
        (200, "success", 0, None)
    }


async def test_calls_share_the_token_and_a_ring_asks_for_its_own_account_only(world: World, function: Function) -> None:
    del function.options["token_store"]
    other = world.sim.console.add_account("二号店")
    customer = world.customer()
    for text in ("一", "二", "三"):
        await function.hears(customer, text)
    assert len(world.calls("gettoken")) == 1
    assert not world.calls("kf/account/list")
    assert {call.request["body"]["open_kfid"] for call in world.calls("kf/sync_msg")} == {world.kf}
    assert all(call.request["body"].get("token") for call in world.calls("kf/sync_msg"))
    assert other != world.kf


async def test_the_url_check_and_strangers_cost_no_inbox(world: World, function: Function) -> None:
    check = question(world.app, world.clock.now(), os.urandom)
    assert (await function.call("GET", check.query)).body == check.expected
    pieces = dict(pair.split("=") for pair in check.query.split("&"))
    assert (await function.call("get", pieces)).body == check.expected
    spoilt = {name: unquote(value).replace("+", " ") for name, value in pieces.items()}
    assert " " in spoilt["echostr"]
    assert (await function.call("GET", spoilt)).body == check.expected
    assert (await function.call("POST", "msg_signature=x", "<xml></xml>")).status == 400
    assert (await function.call("PUT")).status == 405
    assert not function.inbox.exists()


async def test_a_handler_that_is_not_through_by_the_deadline_goes_on_in_the_next_call(
    world: World, tmp_path: Path
) -> None:
    bot, attempts, begun, answers = Bot(), list[int](), asyncio.Event(), asyncio.Event()

    @bot.on(Text)
    async def slow(ctx: Context[Text]) -> str:
        attempts.append(ctx.attempt)
        begun.set()
        await answers.wait()
        return f"好：{ctx.text}"

    function = Function(world, bot, tmp_path / "inbox.db")
    customer = world.customer()
    world.say(customer, "一", "二")
    function.deadline = 20
    call = asyncio.create_task(function.call())
    await begun.wait()
    world.clock.forward(seconds=16.9)
    await world.clock.caught_up()
    assert not call.done()
    world.clock.forward(seconds=0.2)
    async with asyncio.timeout(10):
        left = await call
    assert (left.waiting, world.heard(customer), function.is_held) == (2, [], False)

    answers.set()
    assert (await function.call()).waiting == 0
    assert (world.heard(customer), attempts) == (["好：一", "好：二"], [1, 1, 1])


async def test_what_is_due_before_the_deadline_is_waited_for_and_nothing_else(world: World, tmp_path: Path) -> None:
    bot, fails = Bot(), iter([True, False, True, True, True])

    @bot.on(Text, gather=2.0)
    async def gathered(ctx: Context[Text]) -> str:
        if next(fails):
            raise OSError("the model is away")
        return f"{len(ctx.events)} 条"

    function = Function(world, bot, tmp_path / "inbox.db")
    customer, begun = world.customer(), world.clock.now()
    assert await function.hears(customer, "一", "二") == ["2 条"]
    assert 2 <= world.clock.now() - begun < 10

    world.sim.deliver_to(None)
    world.say(customer, "三")
    function.deadline = 6
    left = await function.call()
    assert left.waiting == 1
    assert left.due is not None
    assert left.due > world.clock.now()


async def test_a_timer_trigger_makes_up_for_callbacks_that_were_lost_of_all_accounts(
    world: World, function: Function
) -> None:
    world.sim.deliver_to(None)
    customer, accounts = world.customer(), [world.kf, *(world.sim.console.add_account(name) for name in "乙丙丁")]
    for account in accounts:
        world.sim.customers.say(account, customer, "在吗")
    assert (await function.call()).waiting == 0
    assert [world.heard(customer, kf=account) for account in accounts] == [["您说：在吗"]] * 4


async def test_what_was_put_off_is_said_by_a_later_call(world: World, tmp_path: Path) -> None:
    bot = Bot()

    @bot.on(Text)
    async def remind(ctx: Context[Text]) -> str:
        await ctx.later("还在吗？", minutes=10)
        return "好"

    function = Function(world, bot, tmp_path / "inbox.db")
    customer = world.customer()
    assert await function.hears(customer, "一") == ["好"]
    world.clock.forward(minutes=9)
    await function.call()
    assert world.heard(customer) == ["好"]
    world.clock.forward(minutes=2)
    await function.call()
    assert world.heard(customer) == ["好", "还在吗？"]


class Closing(MovableClock):
    """A clock by which another closes an inbox after some seconds, if it has any."""

    def __init__(self, world: World, other: SqliteStore) -> None:
        super().__init__(world.sim.clock)
        self._other, self._at = other, world.clock.now() + 1

    async def sleep(self, seconds: float) -> None:
        """Let the time of a back-off pass at once."""
        await super().sleep(seconds)
        if self.now() > self._at:
            await self._other.aclose()


async def test_a_call_waits_for_the_one_before_it(world: World, function: Function) -> None:
    other = SqliteStore(function.inbox)
    await other.open()
    function.options["clock"] = Closing(world, other)
    assert await function.hears(world.customer(), "一") == ["您说：一"]


async def test_a_call_that_waits_in_vain_lets_the_platform_ring_again(world: World, function: Function) -> None:
    other = SqliteStore(function.inbox)
    await other.open()
    function.deadline = 4
    assert await function.hears(world.customer(), "一") == []
    assert (function.answers[-1].status, function.answers[-1].text) == (503, "this callback could not be taken now\n")
    with pytest.raises(InUse):
        await function.call()
    await other.aclose()


async def test_a_deadline_leaves_time_to_stop(function: Function) -> None:
    function.deadline = 3
    with pytest.raises(ConfigError, match="more than 3 seconds"):
        await function.call()


async def test_other_settings_are_kept(world: World, parrot: Bot, tmp_path: Path) -> None:
    function = Function(world, parrot, tmp_path / "inbox.db", settings=InboxSettings(start="latest"))
    customer = world.customer()
    world.say(customer, "一")
    world.clock.forward(seconds=1)
    await function.call()
    assert world.heard(customer) == []
