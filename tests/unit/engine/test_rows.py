"""From a page to rows: nothing is left out, whatever it looks like."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from kit.inboxes import APP, KF, NOW, enter, item
from wxkf.engine.rows import rows_of
from wxkf.engine.values import Account, Row
from wxkf.messages.decode import decode_page

ACCOUNT = Account(APP, KF, "cursor-0", NOW)


def rows(*items: dict[str, Any], account: Account = ACCOUNT) -> list[Row]:
    """Make the rows of a page."""
    return rows_of(decode_page(json.dumps({"msg_list": items, "next_cursor": "c"}).encode()), account)


def test_a_message_becomes_a_row_with_its_json_as_it_came() -> None:
    (made,) = rows(item("m1", "wmA", "在吗"))
    assert (made.msgid, made.external_userid, made.send_time, made.origin) == ("m1", "wmA", int(NOW), 3)
    assert json.loads(made.raw) == item("m1", "wmA", "在吗")


def test_the_order_of_the_page_is_kept() -> None:
    assert [made.msgid for made in rows(item("m2"), item("m1"), item("m3"))] == ["m2", "m1", "m3"]


def test_the_ids_of_an_event_are_found_inside_it() -> None:
    (made,) = rows(enter("e1", "wmA"))
    assert (made.msgid, made.external_userid, made.origin) == ("e1", "wmA", 4)


@pytest.mark.parametrize(
    "odd",
    [
        {"msgid": "m1", "external_userid": "wmA", "msgtype": "hologram", "origin": 3, "send_time": int(NOW)},
        {"msgid": "m1", "external_userid": "wmA", "msgtype": "text", "origin": 3, "send_time": int(NOW)},
        {"msgid": "m1", "msgtype": "event", "event": {"event_type": "new", "external_userid": "wmA"}},
        item("m1") | {"vip": {"level": 3}},
    ],
)
def test_what_we_do_not_know_is_a_row_too(odd: dict[str, Any]) -> None:
    (made,) = rows(odd)
    assert (made.msgid, made.external_userid) == ("m1", "wmA")


@pytest.mark.parametrize(("send_time", "history"), [(NOW - 1, True), (NOW, False), (NOW + 1, False)])
def test_what_was_sent_before_the_account_was_first_seen_is_history(send_time: float, history: bool) -> None:
    assert [made.history for made in rows(item("m1", send_time=int(send_time)))] == [history]


@pytest.mark.parametrize(
    "absurd",
    [
        item("m1", send_time=10**30),
        item("m1", send_time=-(10**30)),
        item("m1", origin=10**30),
        item("m1", msgtype="hologram", send_time=10**30),
    ],
)
def test_absurd_numbers_fit_the_database(absurd: dict[str, Any]) -> None:
    (made,) = rows(absurd)
    assert made.msgid == "m1"
    assert max(abs(made.send_time), abs(made.origin)) < 2**63


class TestAMessageWithoutMsgid:
    """It gets an id that is the same whenever the page is read again."""

    def msgid(self, *, place: int = 0, text: str = "hi", account: Account = ACCOUNT) -> str:
        """Derive the id of the message at a place of a page."""
        page = [item("other") for _ in range(place)] + [item("", text=text)]
        return rows(*page, account=account)[place].msgid

    def test_gets_one_that_the_platform_could_have_given(self) -> None:
        assert re.fullmatch("x-[0-9a-f]{1,30}", self.msgid())

    def test_gets_the_same_when_the_page_is_read_again(self, caplog: pytest.LogCaptureFixture) -> None:
        assert self.msgid() == self.msgid()
        assert "without msgid" in caplog.text

    def test_gets_another_than_every_other_message(self) -> None:
        all_of_them = {
            self.msgid(),
            self.msgid(place=1),
            self.msgid(text="ho"),
            self.msgid(account=replace(ACCOUNT, cursor="cursor-1")),
            self.msgid(account=replace(ACCOUNT, open_kfid="wk2")),
        }
        assert len(all_of_them) == 5
