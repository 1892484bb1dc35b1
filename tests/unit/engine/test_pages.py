"""A page and its cursor are stored together or not at all, and no message twice."""

from pathlib import Path

import pytest

from kit.inboxes import APP, KF, NOW, Inbox, msgids, row
from wxkf.errors import StoreError


async def test_a_new_account_starts_without_cursor_and_keeps_its_first_since(inbox: Inbox) -> None:
    first = await inbox.store.account(APP, KF, 5.0)
    again = await inbox.store.account(APP, KF, 99.0)
    assert (first.cursor, first.since) == ("", 5.0)
    assert again == first


async def test_a_page_moves_the_cursor_and_tells_how_many_are_new(inbox: Inbox) -> None:
    assert await inbox.receive(row("m1"), row("m2", "wmB")) == 2
    assert (await inbox.account()).cursor == "cursor-1"
    assert sorted(msgids(await inbox.claim())) == ["m1", "m2"]


async def test_an_empty_page_moves_the_cursor_too(inbox: Inbox) -> None:
    assert await inbox.receive() == 0
    assert (await inbox.account()).cursor == "cursor-1"


@pytest.mark.parametrize("do", ["ABORT, 'disk full'", "ROLLBACK, 'disk full'", "FAIL, 'disk full'"])
async def test_a_failure_in_the_middle_of_a_page_moves_nothing(inbox: Inbox, do: str) -> None:
    inbox.sabotage("INSERT ON message", when="NEW.msgid = 'm2'", do=do)
    with pytest.raises(StoreError, match="disk full"):
        await inbox.receive(row("m1"), row("m2"), row("m3"))
    assert (await inbox.account()).cursor == ""
    assert await inbox.claim() == []
    assert await inbox.store.trace("m1") is None

    inbox.repair()
    assert await inbox.receive(row("m1"), row("m2"), row("m3")) == 3


async def test_a_page_from_another_cursor_than_the_stored_one_is_refused(inbox: Inbox) -> None:
    stale = await inbox.account()
    await inbox.receive(row("m1"))
    with pytest.raises(StoreError, match="somebody else moved the cursor of wk1"):
        await inbox.store.commit_page(stale, "elsewhere", [row("m2")], NOW)
    assert (await inbox.account()).cursor == "cursor-1"
    assert await inbox.store.trace("m2") is None


async def test_a_message_is_stored_once_within_a_page(inbox: Inbox) -> None:
    assert await inbox.receive(row("m1"), row("m1"), row("m2", "wmB")) == 2


async def test_a_message_is_stored_once_across_pages(inbox: Inbox) -> None:
    await inbox.receive(row("m1"))
    assert await inbox.receive(row("m1"), row("m2", "wmB")) == 1


async def test_a_message_is_stored_once_across_restarts(tmp_path: Path) -> None:
    before, after = Inbox(tmp_path / "inbox.db"), Inbox(tmp_path / "inbox.db")
    await before.store.open()
    await before.receive(row("m1"))
    await before.store.aclose()
    await after.store.open()
    assert await after.receive(row("m1"), row("m2")) == 1
    await after.store.aclose()


async def test_the_same_msgid_of_two_accounts_is_two_messages(inbox: Inbox) -> None:
    other = await inbox.store.account(APP, "wk2", 0.0)
    await inbox.receive(row("m1"))
    assert await inbox.store.commit_page(other, "c", [row("m1")], NOW) == 1
    assert sorted(claim.open_kfid for claim in await inbox.claim()) == [KF, "wk2"]


async def test_the_same_words_twice_are_two_messages(inbox: Inbox) -> None:
    assert await inbox.receive(row("m1"), row("m2")) == 2


async def test_history_is_kept_and_never_claimed(inbox: Inbox) -> None:
    assert await inbox.receive(row("old", history=True), row("new"), row("older", history=True)) == 3
    claim = await inbox.claim_one()
    assert claim.msgid == "new"
    assert await inbox.store.trace("old") is not None


async def test_a_page_of_history_alone_wakes_nobody(inbox: Inbox) -> None:
    await inbox.receive(row("old", history=True))
    assert await inbox.claim() == []
    assert await inbox.store.next_due() is None


async def test_a_message_nobody_stored_leaves_no_trace(inbox: Inbox) -> None:
    assert await inbox.store.trace("nowhere") is None
