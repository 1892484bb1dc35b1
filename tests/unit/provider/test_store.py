"""A provider's file: the latest ticket, who authorised, what came twice or in the wrong order, who may read it."""

import os
import sqlite3
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kit.suites import (
    CODE,
    CORP,
    NOW,
    PERMANENT,
    SECRETS,
    SUITE,
    TICKET,
    cancel_auth,
    change_auth,
    create_auth,
    read,
    reset_code,
    ticket,
)  # fmt: skip
from wxkf.errors import NotAuthorised, NoTicket, StoreError, TransportError
from wxkf.provider.events import NEXT, Event, EventState
from wxkf.provider.schema import VERSION
from wxkf.provider.store import ProviderStore
from wxkf.testing.clock import MovableClock


def authorised(store: ProviderStore, stamp: int = NOW, code: str = PERMANENT, auth_code: str = CODE) -> bool:
    """Let the corp authorise and exchange the code."""
    store.journal(SUITE, read(create_auth(stamp, auth_code)))
    (event,) = [event for event in store.open_events() if event.code == auth_code]
    assert store.move(event, EventState.EXCHANGING, wait=60, tried=True)
    return store.authorise(replace(event, state=EventState.EXCHANGING, tries=1), CORP, "小店", code)


def only(store: ProviderStore) -> Event:
    """Give the one row of the journal."""
    (event,) = store.events()
    return event


def test_the_latest_ticket_is_given(store: ProviderStore) -> None:
    assert store.journal(SUITE, read(ticket(NOW, "one")))
    assert store.journal(SUITE, read(ticket(NOW + 600, "two")))
    assert not store.journal(SUITE, read(ticket(NOW, "one")))
    assert store.ticket(SUITE) == "two"


def test_no_ticket_is_trouble_that_passes_and_says_how(store: ProviderStore) -> None:
    with pytest.raises(NoTicket, match="no suite_ticket yet: the platform pushes one every 10 minutes") as caught:
        store.ticket(SUITE)
    assert isinstance(caught.value, TransportError)
    assert not caught.value.sent


def test_a_ticket_is_dead_after_thirty_minutes(store: ProviderStore, clock: MovableClock) -> None:
    store.journal(SUITE, read(ticket()))
    clock.forward(minutes=30)
    assert store.ticket(SUITE) == TICKET
    clock.forward(seconds=61)
    with pytest.raises(NoTicket, match="31 minutes old"):
        store.ticket(SUITE)


def test_a_permanent_code_is_kept_for_suite_and_corp(store: ProviderStore) -> None:
    with pytest.raises(NotAuthorised, match="ask the corp to authorise again"):
        store.permanent_code(SUITE, CORP)
    assert authorised(store)
    assert store.permanent_code(SUITE, CORP) == PERMANENT
    with pytest.raises(NotAuthorised):
        store.permanent_code("dkother", CORP)


@pytest.mark.parametrize("message", [create_auth(), change_auth(), cancel_auth(), reset_code()])
def test_a_command_pushed_twice_is_one(store: ProviderStore, message: bytes) -> None:
    assert store.journal(SUITE, read(message))
    assert not store.journal(SUITE, read(message))
    assert len(store.events()) == 1


def test_a_corp_that_withdraws_has_no_code_at_once(store: ProviderStore) -> None:
    authorised(store)
    store.journal(SUITE, read(cancel_auth(NOW + 5)))
    with pytest.raises(NotAuthorised, match="withdrew"):
        store.permanent_code(SUITE, CORP)
    assert [corp.active for corp in store.authorisations()] == [False]


def test_a_withdrawal_that_comes_late_takes_nothing_back(store: ProviderStore) -> None:
    authorised(store, NOW + 10)
    store.journal(SUITE, read(cancel_auth(NOW + 5)))
    assert store.permanent_code(SUITE, CORP) == PERMANENT


def test_an_exchange_that_ends_after_the_withdrawal_gives_no_code(store: ProviderStore) -> None:
    store.journal(SUITE, read(cancel_auth(NOW + 5)))
    assert authorised(store, NOW)
    with pytest.raises(NotAuthorised, match="withdrew"):
        store.permanent_code(SUITE, CORP)


def test_a_corp_may_come_back(store: ProviderStore) -> None:
    authorised(store)
    store.journal(SUITE, read(cancel_auth(NOW + 5)))
    authorised(store, NOW + 9, "NEW", CODE + "x")
    assert store.permanent_code(SUITE, CORP) == "NEW"


def test_changed_rights_can_be_seen(store: ProviderStore, clock: MovableClock) -> None:
    authorised(store)
    (before,) = store.authorisations()
    clock.forward(seconds=3)
    store.journal(SUITE, read(change_auth(NOW + 3)))
    (after,) = store.authorisations()
    assert after.changed == before.changed + 3


def test_the_table_of_states_is_what_rows_obey(store: ProviderStore) -> None:
    store.journal(SUITE, read(create_auth()))
    for state, following in NEXT.items():
        event = Event(only(store).id, SUITE, "create_auth", "", NOW, NOW, state)
        for wrong in set(EventState) - following:
            with pytest.raises(ValueError, match="is not followed by"):
                store.move(event, wrong)
    assert only(store).state is EventState.RECEIVED


def test_of_two_who_take_the_same_row_one_gets_it(store: ProviderStore) -> None:
    store.journal(SUITE, read(create_auth()))
    event = only(store)
    assert store.move(event, EventState.EXCHANGING, wait=60, tried=True)
    assert not store.move(event, EventState.EXCHANGING, wait=60, tried=True)


def test_who_was_given_up_cannot_conclude_the_next_try(store: ProviderStore) -> None:
    store.journal(SUITE, read(create_auth()))
    store.move(only(store), EventState.EXCHANGING, tried=True)
    first = only(store)
    store.move(first, EventState.RECEIVED)
    store.move(only(store), EventState.EXCHANGING, tried=True)
    assert not store.move(first, EventState.FAILED)
    assert not store.authorise(first, CORP, "小店", PERMANENT)
    assert only(store).state is EventState.EXCHANGING


def test_an_answer_that_could_be_kept_only_late_still_counts(store: ProviderStore) -> None:
    store.journal(SUITE, read(create_auth()))
    store.move(only(store), EventState.EXCHANGING, wait=60, tried=True)
    mine = only(store)
    store.move(mine, EventState.UNKNOWN, why="too late")
    assert store.authorise(mine, CORP, "小店", PERMANENT)
    assert store.permanent_code(SUITE, CORP) == PERMANENT


def test_a_code_is_erased_as_soon_as_it_is_over(store: ProviderStore) -> None:
    authorised(store)
    assert only(store).code == ""


def test_only_what_was_withdrawn_is_purged_and_then_nothing_is_left(store: ProviderStore, tmp_path: Path) -> None:
    authorised(store)
    with pytest.raises(StoreError, match="still authorises"):
        store.purge(SUITE, CORP)
    store.journal(SUITE, read(cancel_auth(NOW + 5)))
    assert store.purge(SUITE, CORP) == 3
    assert (store.events(), store.authorisations()) == ([], [])
    with sqlite3.connect(tmp_path / "provider.db") as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not any(word.encode() in left for word in (CORP, CODE, PERMANENT, "小店"))
    with pytest.raises(NotAuthorised, match="nothing is kept"):
        store.purge(SUITE, CORP)


def test_no_secret_is_shown(store: ProviderStore) -> None:
    store.journal(SUITE, read(ticket()))
    authorised(store)
    store.journal(SUITE, read(reset_code()))
    shown = repr([store, store.events(), store.authorisations(), read(create_auth()), read(ticket())])
    assert not any(secret in shown for secret in SECRETS)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_only_its_owner_may_read_the_file(store: ProviderStore, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store.journal(SUITE, read(ticket()))
    finally:
        os.umask(before)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_a_newer_file_is_refused_and_left_alone(store: ProviderStore, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "provider.db") as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    db.close()
    with pytest.raises(StoreError, match=r"newer wxkf.*upgrade wxkf, or give the provider another file"):
        store.journal(SUITE, read(ticket()))


def test_a_file_that_is_something_else_is_refused_by_name(store: ProviderStore, tmp_path: Path) -> None:
    (tmp_path / "provider.db").write_text("dear diary, " * 500)
    with pytest.raises(StoreError, match=r"provider\.db"):
        store.ticket(SUITE)


def test_a_file_that_stays_locked_is_given_up(store: ProviderStore, tmp_path: Path) -> None:
    store.journal(SUITE, read(ticket()))
    other = sqlite3.connect(tmp_path / "provider.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked"):
        ProviderStore(tmp_path / "provider.db", patience=0.2).journal(SUITE, read(create_auth()))
    other.execute("ROLLBACK")
    other.close()
    assert store.journal(SUITE, read(create_auth()))


WRITER = """
import sys
from wxkf.provider.events import Command
from wxkf.provider.store import ProviderStore
store = ProviderStore(sys.argv[1], patience=30)
for number in range(50):
    assert store.journal("dk", Command("create_auth", number, code=f"{sys.argv[2]}-{number}"))
"""


def test_processes_write_a_new_file_at_the_same_time(tmp_path: Path) -> None:
    path = tmp_path / "provider.db"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), name]) for name in "abcd"]
    assert [writer.wait(60) for writer in writers] == [0] * 4
    assert len(ProviderStore(path).events(1000)) == 200
