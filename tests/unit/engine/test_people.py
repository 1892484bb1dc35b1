"""Who may be speaking with a customer, and what is left to say, as the store knows it."""

import json
import sqlite3
from pathlib import Path

import pytest

from kit.inboxes import APP, KF, NOW, Inbox, item, row
from wxkf.engine.rows import rows_of
from wxkf.engine.sqlite import SqliteStore, schema
from wxkf.engine.values import Account, Again, Claim, Room, Row, Step, StepState
from wxkf.errors import LostClaim, StoreError
from wxkf.messages.decode import decode_page

ACCOUNT = Account(APP, KF, "", 0.0)


def session(msgid: str, change: int) -> dict[str, object]:
    about = {"event_type": "session_status_change", "open_kfid": KF, "external_userid": "wmA", "change_type": change}
    return {"msgid": msgid, "send_time": int(NOW), "origin": 4, "msgtype": "event", "event": about}


def rows(*items: dict[str, object]) -> list[Row]:
    return rows_of(decode_page(json.dumps({"msg_list": items, "next_cursor": "c"}).encode()), ACCOUNT)


@pytest.mark.parametrize(
    ("told", "people"),
    [
        ([], False),
        ([session("s1", 1)], True),
        ([session("s1", 2)], True),
        ([session("s1", 4)], True),
        ([session("s1", 1), session("s2", 3)], False),
        ([session("s1", 3), session("s2", 4)], True),
        ([item("t1", origin=5, servicer_userid="zhangsan")], True),
    ],
)
async def test_a_claim_knows_whether_colleagues_may_have_the_session(
    inbox: Inbox, told: list[dict[str, object]], people: bool
) -> None:
    await inbox.receive(*rows(item("a1"), *told))
    assert (await inbox.claim_one()).people is people
    assert await inbox.store.has_people(APP, KF, "wmA") is people
    assert not await inbox.store.has_people(APP, KF, "wmB")


async def test_it_is_written_down_by_who_has_the_claim(inbox: Inbox, claim: Claim) -> None:
    await inbox.store.note_people(claim, True)
    assert await inbox.store.has_people(APP, KF, "wmA")
    await inbox.store.settle([(claim, Again(NOW, spent=False))])
    with pytest.raises(LostClaim):
        await inbox.store.note_people(claim, False)


async def test_what_was_sent_since_the_customer_wrote_is_counted(inbox: Inbox, claim: Claim) -> None:
    assert await inbox.store.room(APP, KF, "wmB") == Room(None, 0)
    assert await inbox.store.room(APP, KF, "wmA") == Room(NOW, 0)
    for position, state in enumerate(StepState):
        await inbox.store.begin(claim, Step(position, "kf/send_msg", b"{}", state))
    await inbox.store.begin(claim, Step(99, "kf/send_msg_on_event", b"{}", StepState.ACCEPTED))
    sent = len(StepState) - 2  # all but what is planned and what was refused
    assert await inbox.store.room(APP, KF, "wmA") == Room(NOW, sent)


async def test_a_batch_that_begins_anew_takes_who_has_come_meanwhile(inbox: Inbox) -> None:
    await inbox.receive(row("a1"))
    (first,) = await inbox.store.claim(APP, 1, NOW, depth=5)
    await inbox.store.freeze(first)
    await inbox.receive(row("a2"))
    await inbox.store.settle([(first, Again(NOW, spent=False))])
    (same,) = await inbox.store.claim(APP, 1, NOW, depth=5)
    assert (same.frozen, len(same.more)) == (True, 0)
    await inbox.store.settle([(same, Again(NOW, spent=False, anew=True))])
    (both,) = await inbox.store.claim(APP, 1, NOW, depth=5)
    assert (both.frozen, [one.msgid for one in both.more]) == (False, ["a2"])


async def test_a_message_of_our_own_is_put_once_and_only_into_an_account_that_is_known(inbox: Inbox) -> None:
    await inbox.account()
    assert await inbox.store.put(APP, KF, [row("s-1")], NOW) == 1
    assert await inbox.store.put(APP, KF, [row("s-1")], NOW) == 0
    with pytest.raises(StoreError, match="knows no account wk9"):
        await inbox.store.put(APP, "wk9", [row("s-2")], NOW)


async def test_last_words_and_the_reason_are_written_at_once(inbox: Inbox, claim: Claim) -> None:
    await inbox.store.finish(claim, [Step(0, "kf/send_msg", b"{}", StepState.SENDING)], dead="ValueError: no")
    trace = await inbox.store.trace("a1")
    assert trace
    assert (trace.dead, [step.state for step in trace.steps]) == ("ValueError: no", [StepState.SENDING])


async def test_a_file_of_the_version_before_is_upgraded(tmp_path: Path) -> None:
    path = tmp_path / "inbox.db"
    db = sqlite3.connect(path, isolation_level=None)
    for number, script in enumerate(schema._UPGRADES[:2]):
        db.executescript(f"BEGIN; {script} PRAGMA user_version = {number + 1}; COMMIT;")
    db.execute("INSERT INTO pause (app, open_kfid, external_userid, at) VALUES (?, '', '', 0)", (APP,))
    db.close()
    store = SqliteStore(path)
    await store.open()
    overview = await store.overview(APP)
    await store.aclose()
    assert [one.note for one in overview.paused] == [None]
    assert path.with_name("inbox.db.schema-2").exists()
