"""The world around the rules: seeds, customers' actions, the journal and its masks, hooks, the clock."""

import json

import msgspec
import pytest

from unit.sim.shop import Make, Shop
from wxkf.sim import Bubble, Entry, SimClock, Simulator
from wxkf.sim.world import Change, State


def test_a_seed_makes_the_same_world_and_another_seed_another() -> None:
    def made(seed: int) -> tuple[str, ...]:
        sim = Simulator(clock=SimClock.frozen(), seed=seed)
        msgid = sim.customers.say(sim.open_kfid, sim.customers.add("a"), "x")
        return sim.corp_id, sim.secret, sim.token, sim.aes_key, sim.open_kfid, msgid

    assert made(1) == made(1)
    assert not set(made(1)) & set(made(2))


def test_the_shapes_of_what_it_makes(shop: Shop) -> None:
    sim = shop.sim
    assert (sim.corp_id[:2], sim.open_kfid[:2], shop.customer[:2]) == ("ww", "wk", "wm")
    assert len(sim.aes_key) == 43
    assert sim.aes_key.isalnum()
    assert len(sim.token) <= 32
    assert sim.secret not in repr(sim)


def test_the_clock_ticks_or_stands_and_only_goes_forward() -> None:
    wall = [100.0]
    clock, moves = SimClock(lambda: wall[0]), list[float]()
    stop = clock.on_move(lambda: moves.append(clock.now()))
    wall[0] = 101
    clock.forward(10)
    stop()
    stop()
    clock.forward(1)
    assert moves == [111.0]
    assert clock.now() == 112.0
    with pytest.raises(ValueError, match="forward only"):
        clock.forward(-1)
    frozen = SimClock.frozen(at=5.0)
    assert frozen.now() == frozen.now() == 5.0


def test_a_picture_is_kept_and_handed_out_for_three_days(shop: Shop) -> None:
    shop.platform.customers.send_file(shop.kf, shop.customer, "image", b"\x89PNG-bytes", content_type="image/png")
    media_id = shop.sync()["msg_list"][-1]["image"]["media_id"]
    query = {"access_token": shop.gettoken()["access_token"], "media_id": media_id}
    answer = shop.request("GET", "media/get", query)
    assert (answer.content, answer.content_type) == (b"\x89PNG-bytes", "image/png")
    assert dict(answer.headers)["content-disposition"] == 'attachment; filename="image.png"'
    shop.clock.forward(3 * 86_400 + 1)
    query["access_token"] = shop.gettoken()["access_token"]
    assert shop.request("GET", "media/get", query).errcode == 40145
    assert shop.request("GET", "media/get", query | {"media_id": "x"}).errcode == 40007
    assert shop.request("GET", "media/get", query | {"media_id": ""}).errcode == 41006
    assert shop.request("GET", "media/get", {"media_id": media_id}).errcode == 41001


def test_a_picture_above_2_mb_arrives_as_a_text(shop: Shop) -> None:
    shop.platform.customers.send_file(shop.kf, shop.customer, "image", bytes(2 * 1024 * 1024))
    shop.platform.customers.send_file(shop.kf, shop.customer, "image", bytes(2 * 1024 * 1024 + 1))
    assert [row["msgtype"] for row in shop.sync()["msg_list"]] == ["image", "text"]


def test_a_tap_on_a_menu_item_is_a_text_with_its_id(shop: Shop) -> None:
    shop.platform.customers.say(shop.kf, shop.customer, "查订单", menu_id="order")
    assert shop.sync()["msg_list"][-1]["text"] == {"content": "查订单", "menu_id": "order"}


def test_impossible_actions_say_why_and_leave_no_trace(shop: Shop) -> None:
    before, svg = len(shop.platform.journal), ("image", b"<svg>")
    for action, reason in (
        (lambda: shop.say(""), "empty text"),
        (lambda: shop.platform.customers.say("wkx", shop.customer, "x"), "no such account"),
        (lambda: shop.platform.customers.enter(shop.kf, "wmx"), "no such customer"),
        (
            lambda: shop.platform.customers.send_file(shop.kf, shop.customer, *svg, content_type="image/svg+xml"),
            "content type that fits",
        ),
    ):
        with pytest.raises(ValueError, match=reason):
            action()
    assert len(shop.platform.journal) == before
    assert shop.sync()["msg_list"] == []


def test_a_lone_surrogate_cannot_break_the_stream(shop: Shop) -> None:
    shop.say("a\ud800b")
    assert shop.sync()["msg_list"][0]["text"]["content"] == "a?b"


async def test_no_secret_is_in_the_journal(shop: Shop) -> None:
    async def post(_query: dict[str, str], _body: bytes) -> tuple[int, bytes]:
        return 200, shop.sim.token.encode()

    shop.sim.deliver_to(post)
    shop.say(f"my secret is {shop.sim.secret}")
    await shop.sim.quiet()
    access_token = shop.gettoken()["access_token"]
    callback_token = next(iter(shop.platform.world.accounts[shop.kf].callback_tokens))
    shop.sync(token=callback_token)
    shop.gettoken(corpsecret="another-secret-of-mine")
    shop.post("kf/sync_msg", access_token="another-token-of-mine", open_kfid=shop.kf, secret=shop.sim.aes_key)
    written = json.dumps([[entry.request, entry.response] for entry in shop.platform.journal])
    sim = shop.sim
    for secret in (sim.secret, sim.token, sim.aes_key, access_token, callback_token, "secret-of-mine", "token-of-mine"):
        assert secret not in written


async def test_the_journal_shows_a_callback_sealed_and_opened(shop: Shop) -> None:
    async def post(_query: dict[str, str], _body: bytes) -> tuple[int, bytes]:
        return 200, b"success"

    shop.sim.deliver_to(post)
    shop.say()
    await shop.sim.quiet()
    entry = next(entry for entry in shop.platform.journal if entry.kind == "callback")
    assert "<Encrypt>" in entry.request["body"]
    assert "<Token><![CDATA[ENC" in entry.request["xml"]
    assert entry.response == {"status": 200, "body": "success"}


def test_the_journal_keeps_a_bounded_number_and_shortens_long_lists(make: Make) -> None:
    shop = make(journal_limit=10)
    for number in range(30):
        shop.say(str(number))
    shop.sync()
    assert len(shop.platform.journal) == 10
    response = shop.platform.journal[-1].response
    assert response is not None
    assert response["msg_list"][20:] == ["… 10 more"]


def test_watchers_hear_of_bubbles_and_entries_until_they_leave(shop: Shop) -> None:
    heard = list[Change]()
    stop = shop.platform.watch(heard.append)
    shop.say()
    stop()
    stop()
    shop.say()
    assert [type(change) for change in heard] == [Bubble, Entry]


def test_a_hook_runs_after_the_rules_and_before_the_answer(shop: Shop) -> None:
    shop.say()
    shop.gettoken()
    seen = list[tuple[str, str, int]]()

    def lose(path: str, request: dict[str, object], response: dict[str, object]) -> None:
        if path == "kf/send_msg":
            seen.append((path, str(request["msgid"]), int(str(response["errcode"]))))
            raise ConnectionResetError

    shop.platform.before_answer.append(lose)
    with pytest.raises(ConnectionResetError):
        shop.send("accepted", msgid="a")
    assert seen == [("kf/send_msg", "a", 0)]
    assert shop.heard() == ["accepted"]
    shop.platform.before_answer.clear()
    assert shop.send("accepted", msgid="a")["errcode"] == 95033


def test_a_world_with_everything_in_it_can_be_kept_and_taken_up(shop: Shop) -> None:
    shop.enter()
    shop.say()
    shop.platform.console.add_servicer(shop.kf, "li")
    code = shop.trans(2)["msg_code"]
    shop.platform.staff.accept(shop.kf, shop.customer, "li")
    msgid = shop.platform.staff.say(shop.kf, shop.customer, "li", "您好")
    shop.platform.staff.recall(shop.kf, shop.customer, msgid)
    world = shop.platform.world
    kept = msgspec.json.encode(world.state())
    world.take_up(msgspec.json.decode(kept, type=State))
    assert msgspec.json.encode(world.state()) == kept
    assert shop.platform.session(shop.kf, shop.customer).servicer_userid == "li"
    assert shop.welcome(code)["errcode"] == 95018
