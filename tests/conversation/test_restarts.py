"""Start, stop and start again: nothing lost, nothing twice, nothing dug up."""

from kit.inboxes import item
from kit.worlds import World
from wxkf.bot.app import Bot
from wxkf.bot.context import Context
from wxkf.messages.inbound import Text
from wxkf.protocol.callback import Notice


async def test_a_restart_answers_nothing_twice(world: World, parrot: Bot) -> None:
    customer = world.customer()
    async with world.runs(parrot):
        world.say(customer, "一")
    async with world.runs(parrot):
        world.say(customer, "二")
    async with world.runs(parrot):
        pass
    assert world.heard(customer) == ["您说：一", "您说：二"]


async def test_what_was_written_while_the_bot_was_down_is_answered_however_old(world: World) -> None:
    bot, ages = Bot(), list[float]()

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        ages.append(ctx.age)
        return ctx.text

    customer = world.customer()
    async with world.runs(bot):
        world.say(customer, "一")
    world.say(customer, "二", "三")
    await world.sim.quiet()
    world.clock.forward(hours=20)
    async with world.runs(bot):
        pass
    assert world.heard(customer) == ["一", "二", "三"]
    assert ages == [0, 20 * 3600, 20 * 3600]


async def test_the_first_start_answers_what_is_new_and_leaves_what_is_old(world: World, parrot: Bot) -> None:
    old, new = world.customer("旧"), world.customer("新")
    world.say(old, "三天前")
    world.clock.forward(hours=50)
    world.say(old, "昨天")
    world.clock.forward(minutes=11)
    world.say(new, "刚才")
    async with world.runs(parrot):
        assert world.heard(new) == ["您说：刚才"]
        assert world.heard(old) == []
        world.say(old, "现在")
    assert world.heard(old) == ["您说：现在"]
    assert world.heard(new) == ["您说：刚才"]


async def test_the_message_that_woke_a_new_bot_is_answered(world: World, parrot: Bot) -> None:
    async with world.runs(parrot):
        customer = world.customer()
        world.say(customer, "第一句")
    assert world.heard(customer) == ["您说：第一句"]


async def test_a_message_without_msgid_is_answered_once(world: World, parrot: Bot) -> None:
    customer, now = world.customer(), int(world.clock.now())
    async with world.runs(parrot):
        world.say(customer, "一")
        world.land(item("", customer, "二", open_kfid=world.kf, send_time=now))
    async with world.runs(parrot):
        world.say(customer, "三")
    assert world.heard(customer) == ["您说：一", "您说：二", "您说：三"]


async def test_a_lost_callback_is_made_up_for_within_a_minute(world: World, parrot: Bot) -> None:
    customer = world.customer()
    async with world.runs(parrot) as service:
        world.sim.deliver_to(_lost)
        world.say(customer, "在吗")
        await world.sim.quiet()
        assert world.heard(customer) == []
        await world.passes(service, 60)
    assert world.heard(customer) == ["您说：在吗"]


async def _lost(_query: dict[str, str], _body: bytes) -> tuple[int, bytes]:
    raise ConnectionResetError


async def test_an_account_granted_later_is_served(world: World, parrot: Bot) -> None:
    customer = world.customer()
    async with world.runs(parrot) as service:
        world.sim.deliver_to(_lost)
        other = world.sim.console.add_account("二号店")
        world.sim.customers.say(other, customer, "在吗")
        await world.sim.quiet()
        await service.engine.note(Notice("kf_account_auth_change", "", "", 0, (), b""))
        for _ in range(3):
            await world.passes(service, 10)  # each pull without token waits for its place in the budget
    assert world.heard(customer, kf=other) == ["您说：在吗"]
