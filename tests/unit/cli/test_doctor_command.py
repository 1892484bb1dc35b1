"""`wxkf doctor` as a person runs it, and what it says in either language."""

import asyncio
import json
import string
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from kit.commands import wxkf
from unit.cli.clinic import clinic
from wxkf.cli.doctor.line import Line, fault, fine
from wxkf.cli.doctor.show import show
from wxkf.cli.doctor.words import WORDS, say


async def run(*words: str, **options: Any) -> Any:
    """Run the command to its end while the platform is served."""
    return await asyncio.to_thread(wxkf, "doctor", *words, **options)


async def test_green_is_exit_0_and_settings_may_stand_in_env(tmp_path: Path) -> None:
    async with clinic() as it:
        (tmp_path / ".env").write_text("".join(f"export {name}='{value}'\n" for name, value in it.env.items()))
        done = await run("--url", it.url, cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("✓") == 13
    assert "All fine." in done.stdout


async def test_red_is_exit_1_with_a_remedy_in_the_users_language(tmp_path: Path) -> None:
    async with clinic() as it:
        it.platform.console.switches.trusted_ips = set()
        done = await run(cwd=tmp_path, **it.env, WXKF_LANG="zh", COLUMNS="80")

    assert done.returncode == 1
    assert "✗  企业可信IP    请求来自 127.0.0.1  60020" in done.stdout
    assert "处理  需加入的 IP：127.0.0.1" in done.stdout
    assert "有 1 项需要处理。" in done.stdout


async def test_json_holds_every_line_in_both_languages(tmp_path: Path) -> None:
    async with clinic() as it:
        it.platform.console.switches.api_on = False
        done = await run("--json", "--no-probe", cwd=tmp_path, **it.env)

    lines = json.loads(done.stdout)
    assert done.returncode == 1
    assert {tuple(line) for line in lines} == {("check", "ok", "code", "found", "cause", "remedy")}
    (red,) = [line for line in lines if line["ok"] is False]
    assert (red["check"], red["code"]) == ("api", 95017)
    assert set(red["remedy"]) == {"en", "zh"}


def test_without_settings_it_is_exit_2_and_says_where_they_are(tmp_path: Path) -> None:
    done = wxkf("doctor", cwd=tmp_path)

    assert done.returncode == 2
    assert "WXKF_CORP_ID is not set; WXKF_SECRET is not set" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "env", "sentence"),
    [
        (("--url", "bot.example.com"), "", "wxkf: the callback URL must begin with https://"),
        ((), "hunter2", "line 1: neither NAME=value nor a comment"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_2(tmp_path: Path, words: tuple[str, ...], env: str, sentence: str) -> None:
    (tmp_path / ".env").write_text(env)

    done = wxkf("doctor", *words, cwd=tmp_path)

    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.stderr


@pytest.mark.parametrize("key", WORDS)
def test_both_languages_say_everything_and_fill_in_the_same_values(key: str) -> None:
    english, chinese = ({name for _, name, *_ in string.Formatter().parse(said) if name} for said in WORDS[key])

    assert all(WORDS[key])
    assert english == chinese


def test_what_has_a_cause_has_a_remedy() -> None:
    causes = {key.removesuffix(".cause") for key in WORDS if key.endswith(".cause") and not key.startswith("show")}
    remedies = {key.removesuffix(".remedy") for key in WORDS if key.endswith(".remedy") and not key.startswith("show")}

    assert causes == remedies - {"ip.bad"}  # whose cause is the code table's


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_report_keeps_to_eighty_columns(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WXKF_LANG", lang)
    out = Console(file=StringIO(), width=80)
    kinds = [key.removesuffix(".cause") for key in WORDS if key.endswith(".cause") and key.startswith("callback")]
    values = {"status": 400, "detail": "self-signed certificate", "ms": 5, "seconds": 10.0}

    show([fine("settings", "settings.fine"), *(fault("callback", kind, **values) for kind in kinds)], out)

    assert isinstance(out.file, StringIO)
    assert max(map(cell_len, out.file.getvalue().splitlines())) <= 80
    assert not any("[" in line for line in out.file.getvalue().splitlines())


def test_brackets_in_what_was_found_are_no_markup() -> None:
    out = Console(file=StringIO(), width=80)

    show([Line("accounts", True, say("accounts.fine", count=1, total=1, names="[bold]店[/]"))], out)

    assert isinstance(out.file, StringIO)
    assert "[bold]店[/]" in out.file.getvalue()
