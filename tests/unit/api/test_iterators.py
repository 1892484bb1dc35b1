"""Page after page, in both modes: nothing twice, nothing missing, and no loop without end."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.api.wire import Json, Mode, Wire, body_of, both, listed
from wxkf.api.statistic import windows
from wxkf.errors import ApiError, TransportError
from wxkf.protocol.call import Request

SHANGHAI = timezone(timedelta(hours=8))
DAY = 86_400


def pages(*answers: Json) -> Wire:
    """Answer with these, one after the other; one more question is one too many."""
    left = list(answers)
    return Wire(lambda _request: left.pop(0))


def shop(total: int) -> Wire:
    """Hold so many accounts, listed as the platform does."""

    def answer(request: Request) -> Json:
        asked = body_of(request)
        start, limit = asked["offset"], asked["limit"]
        return {"account_list": [{"open_kfid": f"wk{n}"} for n in range(start, min(start + limit, total))]}

    return Wire(answer)


@both
@pytest.mark.parametrize(("total", "calls"), [(0, 1), (1, 1), (99, 1), (100, 2), (101, 2), (250, 3)])
async def test_accounts_come_each_once(mode: Mode, total: int, calls: int) -> None:
    wire = shop(total)
    found = await listed(wire.client(mode).account.iter())
    assert [account.open_kfid for account in found] == [f"wk{n}" for n in range(total)]
    assert len(wire.requests) == calls
    assert all(body["limit"] == 100 for body in wire.bodies)


@both
async def test_an_iterator_asks_for_a_page_only_when_it_is_needed(mode: Mode) -> None:
    wire = shop(250)
    accounts = wire.client(mode).account.iter()
    assert wire.requests == []
    for _ in range(100):
        assert next(accounts) if mode == "sync" else await anext(accounts)
    assert len(wire.requests) == 1


LISTS: dict[str, tuple[Callable[[Any], Any], str, str]] = {
    "groups": (lambda client: client.knowledge.iter_group(), "group_list", "group_id"),
    "intents": (lambda client: client.knowledge.iter_intent(group_id="g1"), "intent_list", "intent_id"),
}
lists = pytest.mark.parametrize(("walk", "name", "key"), LISTS.values(), ids=LISTS)


@both
@lists
@pytest.mark.parametrize("more", [1, True, "1"])
async def test_knowledge_is_walked_over_empty_pages(
    mode: Mode, walk: Callable[[Any], Any], name: str, key: str, more: object
) -> None:
    wire = pages(
        {"has_more": more, "next_cursor": "a", name: [{key: "1"}, {key: "2"}]},
        {"has_more": more, "next_cursor": "b", name: []},
        {"has_more": 0, "next_cursor": "c", name: [{key: "3"}]},
    )
    found = await listed(walk(wire.client(mode)))
    assert [getattr(item, key) for item in found] == ["1", "2", "3"]
    assert [body.get("cursor") for body in wire.bodies] == [None, "a", "b"]
    assert all(body["limit"] == 1000 for body in wire.bodies)


@both
@lists
@pytest.mark.parametrize("more", [0, False, "0", None])
async def test_knowledge_ends_where_there_is_no_more(
    mode: Mode, walk: Callable[[Any], Any], name: str, key: str, more: object
) -> None:
    wire = pages({"has_more": more, "next_cursor": "a", name: [{key: "1"}]})
    assert len(await listed(walk(wire.client(mode)))) == 1


@both
@lists
@pytest.mark.parametrize("stuck", ["", "a"])
async def test_knowledge_that_stands_still_is_not_taken_for_all(
    mode: Mode, walk: Callable[[Any], Any], name: str, key: str, stuck: str
) -> None:
    wire = pages(
        {"has_more": 1, "next_cursor": "a", name: [{key: "1"}]},
        {"has_more": 1, "next_cursor": stuck, name: [{key: "2"}]},
    )
    with pytest.raises(TransportError, match="cursor does not move"):
        await listed(walk(wire.client(mode)))


def text(msgid: str) -> Json:
    return {"msgid": msgid, "open_kfid": "wk1", "msgtype": "text", "text": {"content": "hi"}}


@both
async def test_messages_come_over_empty_pages_with_the_cursor_of_each(mode: Mode) -> None:
    wire = pages(
        {"has_more": 1, "next_cursor": "b", "msg_list": []},
        {"has_more": True, "next_cursor": "c", "msg_list": [text("1"), text("2")]},
        {"has_more": 1, "next_cursor": "d", "msg_list": []},
        {"has_more": 0, "next_cursor": "e", "msg_list": [text("3")]},
    )
    found = await listed(wire.client(mode).iter_sync_msg(open_kfid="wk1", cursor="a", token="ENC", voice_format=1))
    assert [page.next_cursor for page in found] == ["b", "c", "d", "e"]
    assert [message.msgid for page in found for message in page.msg_list] == ["1", "2", "3"]
    assert [body["cursor"] for body in wire.bodies] == ["a", "b", "c", "d"]
    assert all((body["token"], body["voice_format"]) == ("ENC", 1) for body in wire.bodies)


@both
@pytest.mark.parametrize("stuck", ["", "a"])
async def test_messages_up_to_a_cursor_that_does_not_move_are_handed_out(mode: Mode, stuck: str) -> None:
    wire = pages({"has_more": 1, "next_cursor": stuck, "msg_list": [text("1")]})
    walking = wire.client(mode).iter_sync_msg(open_kfid="wk1", cursor="a")
    page = next(walking) if mode == "sync" else await anext(walking)
    assert page.msg_list[0].msgid == "1"
    with pytest.raises(TransportError, match="cursor does not move"):
        await listed(walking)
    assert len(wire.requests) == 1


@both
async def test_a_refusal_in_the_middle_reaches_the_caller(mode: Mode) -> None:
    wire = pages({"has_more": 1, "next_cursor": "b", "msg_list": []}, {"errcode": 95007, "errmsg": "no"})
    with pytest.raises(ApiError, match="95007"):
        await listed(wire.client(mode).iter_sync_msg(open_kfid="wk1"))


def desk(request: Request) -> Json:
    """Know every customer but those whose number ends in 7."""
    asked = body_of(request)["external_userid_list"]
    here = [{"external_userid": one} for one in asked if not one.endswith("7")]
    return {"customer_list": here, "invalid_external_userid": [one for one in asked if one.endswith("7")]}


@both
@pytest.mark.parametrize(("total", "slices"), [(0, []), (1, [1]), (100, [100]), (101, [100, 1]), (250, [100, 100, 50])])
async def test_customers_are_read_a_hundred_a_call(mode: Mode, total: int, slices: list[int]) -> None:
    wire, ids = Wire(desk), [f"wm{n}" for n in range(total)]
    found = await listed(wire.client(mode).customer.iter(external_userid_list=ids, need_enter_session_context=1))
    assert [one.external_userid for one in found] == [one for one in ids if not one.endswith("7")]
    assert [len(body["external_userid_list"]) for body in wire.bodies] == slices
    assert all(body["need_enter_session_context"] == 1 for body in wire.bodies)


def midnight(seconds: int) -> int:
    """Round down as the platform does."""
    at = datetime.fromtimestamp(seconds, SHANGHAI)
    return int(at.replace(hour=0, minute=0, second=0).timestamp())


def counted(request: Request) -> Json:
    """Give one entry for each day of a closed interval; more than 31 is a refusal."""
    asked = body_of(request)
    first, last = midnight(asked["start_time"]), midnight(asked["end_time"])
    days = range(first, last + 1, DAY)
    return {"statistic_list": [{"stat_time": day} for day in days]} if len(days) <= 31 else {"errcode": 40058}


def test_midnight_is_what_the_documentation_says() -> None:
    assert midnight(1554296400) == 1554220800


STATISTICS: dict[str, Callable[[Any, int, int], Any]] = {
    "corp": lambda client, start, end: client.iter_corp_statistic(open_kfid="wk1", start_time=start, end_time=end),
    "servicer": lambda client, start, end: client.iter_servicer_statistic(
        open_kfid="wk1", start_time=start, end_time=end, servicer_userid="lisi"
    ),
    "component": lambda client, start, end: client.iter_statistic(start_time=start, end_time=end),
}
START = int(datetime(2026, 1, 1, tzinfo=SHANGHAI).timestamp())


@both
@pytest.mark.parametrize("walk", STATISTICS.values(), ids=STATISTICS)
@pytest.mark.parametrize(("days", "calls"), [(1, 1), (30, 1), (31, 1), (32, 2), (62, 2), (63, 3), (180, 6)])
@pytest.mark.parametrize(("early", "late"), [(0, 0), (36_000, 0), (0, 36_000), (36_000, 32_400), (86_399, 86_399)])
async def test_days_come_each_once_thirty_one_a_call(
    mode: Mode, walk: Callable[[Any, int, int], Any], days: int, calls: int, early: int, late: int
) -> None:
    wire = Wire(counted)
    end = START + (days - 1) * DAY + (late if days > 1 else max(late, early))
    found = await listed(walk(wire.client(mode), START + early, end))
    assert [day.stat_time for day in found] == [START + n * DAY for n in range(days)]
    assert len(wire.requests) == calls


@given(st.integers(0, 2**32 - 1), st.integers(0, 400 * DAY))
def test_windows_cover_every_day_once(start: int, length: int) -> None:
    cut = windows(start, start + length)
    days = [day for first, last in cut for day in range(midnight(first), midnight(last) + 1, DAY)]
    assert days == list(range(midnight(start), midnight(start + length) + 1, DAY))
    assert all(midnight(last) - midnight(first) <= 30 * DAY for first, last in cut)
    assert all(last < first for (_, last), (first, _) in pairwise(cut))


def test_an_interval_that_ends_before_it_begins_is_left_to_the_limit_of_the_call() -> None:
    assert windows(START, START - DAY) == [(START, START - DAY)]
    assert datetime.fromtimestamp(START, UTC).hour == 16
