"""`wxkf inbox`: what a person sees and does, beside an engine at work."""

import json
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kit.inboxes import APP, KF, Inbox
from kit.terminal import Run, runner
from unit.cli.shop import CODE, fill
from wxkf.engine.sqlite import looks


@pytest.fixture
async def inbox(tmp_path: Path) -> AsyncIterator[Inbox]:
    inbox = await fill(tmp_path / "wxkf.db")
    yield inbox
    await inbox.store.aclose()


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    monkeypatch.delenv("WXKF_DATABASE", raising=False)
    for name, value in {"WXKF_LANG": "en", "COLUMNS": "80"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return runner(monkeypatch, capsys)


def audits(inbox: Inbox) -> list[tuple[str, str]]:
    with sqlite3.connect(inbox.path) as db:
        found = [(one.did, one.about) for one in looks.audit(db)]
    db.close()
    return found


async def test_the_overview_says_what_needs_a_person_and_exits_1(inbox: Inbox, cli: Run) -> None:
    done = cli("inbox")
    assert (done.code, done.err) == (1, "")
    lines = done.out.splitlines()
    assert lines[0] == "wxkf.db  ● engine at work"
    assert [line.split()[:2] for line in lines[2:8]] == [
        ["2", "waiting"], ["0", "in"], ["1", "dead"], ["1", "unknown"], ["1", "failed"], ["0", "timers"],
    ]  # fmt: skip
    assert "the oldest since" in lines[2]
    assert max(map(len, lines)) <= 80


async def test_the_overview_keeps_its_lines_a_minute_after_midnight(
    inbox: Inbox, cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came before midnight is told with its date, which is longer."""
    behind = round(time.time() - 60) % 86_400  # seconds west of Greenwich to where the day is a minute old
    monkeypatch.setenv("TZ", f"TST{behind // 3_600}:{behind // 60 % 60:02}:{behind % 60:02}")
    time.tzset()
    try:
        lines = cli("inbox").out.splitlines()
    finally:
        monkeypatch.undo()
        time.tzset()
    assert [line.split()[0] for line in lines[2:8]] == ["2", "0", "1", "1", "1", "0"]
    assert max(map(len, lines)) <= 80


async def test_the_overview_without_trouble_exits_0_and_says_whether_an_engine_is_there(
    tmp_path: Path, cli: Run
) -> None:
    inbox = Inbox(tmp_path / "other.db")
    await inbox.store.open()
    assert cli("inbox", "--database", "other.db").out.splitlines()[-1] == "✓ Nothing needs you."
    await inbox.store.aclose()
    done = cli("inbox", WXKF_DATABASE="other.db")
    assert (done.code, done.out.splitlines()[0]) == (0, "other.db  ○ no engine at work: nothing is pulled or answered")
    assert "没有引擎在运行" in cli("inbox", WXKF_DATABASE="other.db", WXKF_LANG="zh").out


async def test_the_overview_for_programs(inbox: Inbox, cli: Run) -> None:
    await inbox.store.account("ww2", KF, 0.0)
    cli("inbox", "pause", APP, KF, "--customer", "wmF")
    done = cli("inbox", "--json")
    data = json.loads(done.out)
    assert (done.code, data["engine"], data["waiting"], data["dead"]) == (1, True, 2, 1)
    assert data["lag"] > 50
    assert [(one["app"], one["waiting"]) for one in data["apps"]] == [(APP, 2), ("ww2", 0)]
    assert [(one["app"], one["external_userid"]) for one in data["paused"]] == [(APP, "wmF")]


async def test_lists_show_who_said_what_and_where_it_stands(inbox: Inbox, cli: Run) -> None:
    waiting, dead, unknown = (cli("inbox", "list", kind).out for kind in ("waiting", "dead", "unknown"))
    assert "在吗" in waiting
    assert "attempt 1 failed, the next at" in waiting
    assert "waits behind an earlier message" in waiting
    assert "given up: ValueError: no such order" in dead
    assert ("换货" in unknown, "发票" in unknown, "转人工" in unknown) == (True, True, False)
    rows = json.loads(cli("inbox", "list", "all", "--json", "--limit", "3").out)
    assert [one["msgid"] for one in rows] == ["wait2", "wait1", "dead"]
    assert cli("inbox", "list", "--app", "nope").code == 2


async def test_a_customer_cannot_command_the_terminal(inbox: Inbox, cli: Run) -> None:
    for words in (("list", "dead"), ("show", "dead"), ("show", "dead", "--json"), ("list", "dead", "--json")):
        said = cli("inbox", *words).out
        assert "\x1b" not in said
        assert "订单" in said


@pytest.mark.parametrize(
    ("msgid", "words"),
    [
        ("hi", ["[enter_session]", "the platform", "您好", "taken by the platform"]),
        ("human", ["转人工", "稍等", "session to a colleague zhang"]),
        ("doubt", ["may have arrived, nobody knows: cut short by a crash", "wxkf inbox retry doubt"]),
        ("lost", ["taken, then not delivered: fail_type 6, more than five", "wxkf inbox skip lost"]),
        ("no", ["refused: 95001", "wxkf explain 95001"]),
        ("dead", ["given up: ValueError", "Nothing was done about it yet.", "wxkf inbox retry dead"]),
        ("wait2", ["waits behind an earlier message", "wxkf inbox list waiting"]),
    ],
)
async def test_a_message_is_shown_with_all_that_was_done_about_it(
    inbox: Inbox, cli: Run, msgid: str, words: list[str]
) -> None:
    done, data = cli("inbox", "show", msgid), cli("inbox", "show", msgid, "--json")
    assert done.code == 0
    assert [word for word in words if word not in done.out] == []
    assert json.loads(data.out)["msgid"] == msgid
    assert CODE not in done.out + data.out
    assert cli("inbox", "show", msgid, WXKF_LANG="zh").code == 0


async def test_a_paused_message_says_how_to_let_it_go_on(inbox: Inbox, cli: Run) -> None:
    assert cli("inbox", "pause", APP, "--customer", "wmF").code == 0
    said = cli("inbox", "show", "wait2").out
    assert f"wxkf inbox resume {APP} --customer wmF" in said
    assert cli("inbox", "resume", APP, "--customer", "wmF").code == 0
    assert cli("inbox", "resume", APP, "--customer", "wmF").code == 2
    assert cli("inbox", "pause", "mistyped").err == (
        f"wxkf: there is no app 'mistyped' in this inbox; there are: {APP}\n"
    )
    assert [did for did, _ in audits(inbox)] == ["resume", "pause"]


async def test_retry_tells_the_new_msgid(inbox: Inbox, cli: Run) -> None:
    assert "dead~" in cli("inbox", "retry", "dead").out
    assert json.loads(cli("inbox", "retry", "doubt", "--json").out)["retried"].startswith("doubt~")
    assert cli("inbox", "retry", "human").code == 2
    assert audits(inbox) == [("retry", "doubt"), ("retry", "dead")]


async def test_skip_asks_before(inbox: Inbox, cli: Run) -> None:
    assert "say --yes" in cli("inbox", "skip", "dead").err
    refused = cli("inbox", "skip", "dead", stdin=b"n\n", person=True)
    assert (refused.code, "ValueError: no such order" in refused.err) == (2, True)
    assert audits(inbox) == []
    assert cli("inbox", "skip", "dead", stdin=b"y\n", person=True).code == 0
    for msgid in ("doubt", "lost"):
        assert cli("inbox", "skip", msgid, "--yes").code == 0
    assert cli("inbox").code == 0


async def test_forget_asks_before_and_says_how_much(inbox: Inbox, cli: Run) -> None:
    assert cli("inbox", "forget", "wmF").code == 2
    (inbox.path.parent / f"{inbox.path.name}.schema-1").touch()
    forgot = cli("inbox", "forget", "wmF", "--yes")
    assert forgot.out == "Deleted: 2 messages.\n"
    assert "from before an upgrade, still has what it had then: delete it" in forgot.err
    assert not inbox.path.with_name(f"{inbox.path.name}-wal").stat().st_size
    assert "nothing is stored of wmF" in cli("inbox", "forget", "wmF", "--yes").err
    assert cli("inbox", "show", "wait1").code == 2
    shown = cli("inbox", "audit")
    assert ("forget" in shown.out, "wmF" in shown.out) == (True, False)
    (line,) = json.loads(cli("inbox", "audit", "--json").out)
    assert line["did"] == "forget"
    assert line["who"]


def test_what_is_no_inbox_is_one_sentence(cli: Run, tmp_path: Path) -> None:
    assert cli("inbox").err == (
        "wxkf: there is no inbox at wxkf.db: `wxkf run` makes one there, or name another by --database\n"
    )
    (tmp_path / "wxkf.db").write_text("dear diary " * 100)
    done = cli("inbox", "list")
    assert (done.code, done.err) == (2, "wxkf: the inbox wxkf.db failed: file is not a database\n")


async def test_what_an_operator_did_stays_to_be_seen(inbox: Inbox, cli: Run) -> None:
    again = json.loads(cli("inbox", "retry", "dead", "--json").out)["retried"]
    assert f"given up (ValueError: no such order), then retried as {again}" in cli("inbox", "show", "dead").out
    assert json.loads(cli("inbox", "list", "all", "--json").out)[0]["msgid"] == again
    assert cli("inbox", "skip", "doubt", "--yes").code == 0
    assert "an operator has settled it" in cli("inbox", "show", "doubt").out
    for msgid in ("human", "doubt"):
        assert "dealt with already" in cli("inbox", "skip", msgid, "--yes").err


async def test_a_beginning_finds_the_newest_try_and_several_are_named(inbox: Inbox, cli: Run) -> None:
    again = json.loads(cli("inbox", "retry", "dead", "--json").out)["retried"]
    assert json.loads(cli("inbox", "show", "dea", "--json").out)["msgid"] == again
    several = cli("inbox", "show", "wait").err
    assert "more than one message begins with 'wait': wait" in several
    assert "no message begins with ''" in cli("inbox", "show", "").err


async def test_waiting_with_nobody_at_work_is_trouble(inbox: Inbox, cli: Run) -> None:
    for msgid in ("dead", "doubt", "lost"):
        cli("inbox", "skip", msgid, "--yes")
    assert cli("inbox").code == 0
    await inbox.store.aclose()
    assert cli("inbox").code == 1


async def test_who_is_paused_may_go_to_people_instead_of_waiting(inbox: Inbox, cli: Run) -> None:
    assert "who writes is handed over to people" in cli("inbox", "pause", APP, "--to-people", "--note", "稍等").out
    seen = cli("inbox").out
    assert "who writes is handed over to people, since" in seen
    assert "paused since" not in seen
    assert json.loads(cli("inbox", "--json").out)["paused"][0]["to_people"] is True
    assert [did for did, _ in audits(inbox)] == ["pause, to people"]


async def test_who_is_not_known_may_be_paused_and_that_is_said(inbox: Inbox, cli: Run) -> None:
    paused = cli("inbox", "pause", APP, "--customer", "wmTypo")
    assert (paused.code, "wmTypo is not known here yet" in paused.err) == (0, True)
    assert cli("inbox", "pause", APP, "--customer", "wmF").err == ""
