"""`wxkf provider`: tables for people, JSON for programs, and a purge that asks first."""

import json
from pathlib import Path

import pytest

from kit.commands import wxkf
from kit.inboxes import NOW, row
from kit.suites import CODE, CORP, PERMANENT, SUITE, cancel_auth, create_auth, read
from wxkf.engine.sqlite import SqliteStore
from wxkf.provider.events import EventState
from wxkf.provider.store import ProviderStore


@pytest.fixture
def store(tmp_path: Path) -> ProviderStore:
    """A file with one corp and one lost authorisation."""
    store = ProviderStore(tmp_path / "wxkf-provider.db")
    for code in (CODE, CODE + "lost"):
        store.journal(SUITE, read(create_auth(code=code)))
        event = store.events()[0]
        store.move(event, EventState.EXCHANGING, tried=True)
        event = store.events()[0]
        if code == CODE:
            store.authorise(event, CORP, "小店", PERMANENT)
        else:
            store.move(event, EventState.UNKNOWN, why="ask the corp to authorise again")
    return store


def test_tables_and_json_show_everything_but_secrets(store: ProviderStore, tmp_path: Path) -> None:
    corps, events = wxkf("provider", "list", cwd=tmp_path), wxkf("provider", "events", cwd=tmp_path)
    assert all(word in corps.stdout for word in (SUITE, CORP, "小店", "authorised"))
    assert all(word in events.stdout for word in ("create_auth", "unknown", "ask the corp to authorise again"))
    (corp,) = json.loads(wxkf("provider", "list", "--json", cwd=tmp_path).stdout)
    assert (corp["corp"], corp["active"]) == (CORP, True)
    rows = json.loads(wxkf("provider", "events", "--json", cwd=tmp_path).stdout)
    assert [row["state"] for row in rows] == ["unknown", "done"]
    assert not any(secret in corps.stdout + events.stdout + repr([corp, rows]) for secret in (CODE, PERMANENT))
    assert "已授权" in wxkf("provider", "list", cwd=tmp_path, WXKF_LANG="zh").stdout


def test_an_empty_file_is_no_mistake_and_is_not_made(tmp_path: Path) -> None:
    assert wxkf("provider", "list", cwd=tmp_path).stdout == "Nothing there yet.\n"
    assert json.loads(wxkf("provider", "events", "--json", cwd=tmp_path).stdout) == []
    assert list(tmp_path.iterdir()) == []


def test_who_still_authorises_is_not_purged(store: ProviderStore, tmp_path: Path) -> None:
    done = wxkf("provider", "purge", SUITE, CORP, "--yes", cwd=tmp_path)
    assert (done.returncode, done.stderr.strip()) == (
        2,
        f"wxkf: {CORP} still authorises {SUITE}; only what was withdrawn (cancel_auth) is purged",
    )
    assert store.permanent_code(SUITE, CORP) == PERMANENT
    assert wxkf("provider", "purge", SUITE, "wwother", "--yes", cwd=tmp_path).returncode == 2


async def test_who_withdrew_is_purged_with_its_messages(store: ProviderStore, tmp_path: Path) -> None:
    store.journal(SUITE, read(cancel_auth()))
    inbox = SqliteStore(tmp_path / "wxkf.db")
    await inbox.open()  # and it stays open: the engine of the other corps is at work
    account = await inbox.account(f"{SUITE}/{CORP}", "wk1", 0.0)
    await inbox.commit_page(account, "c1", [row("m1"), row("m2")], NOW)
    refused = wxkf("provider", "purge", SUITE, CORP, cwd=tmp_path)
    assert refused.returncode == 1
    assert len(store.authorisations()) == 1
    done = wxkf("provider", "purge", SUITE, CORP, "--yes", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "Deleted: 3 rows, 2 messages.\n")
    assert store.authorisations() == []
    assert await inbox.trace("m1") is None
    await inbox.aclose()
