"""The parts of the set-up: keys, the settings file, git, the QR code."""

import base64
import shutil
import subprocess
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
import segno

from wxkf.cli import dotenv
from wxkf.cli.doctor.line import Line, fine
from wxkf.cli.doctor.words import say
from wxkf.cli.setup.choose import CHECKED, Person, choose
from wxkf.cli.setup.git import would_commit
from wxkf.cli.setup.keys import Pick, make_aes_key, make_token
from wxkf.cli.setup.qr import qr_lines
from wxkf.cli.setup.steps import ticked
from wxkf.errors import ConfigError
from wxkf.protocol.callback import Receiver

CREDENTIALS = {"WXKF_CORP_ID": "ww1", "WXKF_SECRET": "sec-ret-1"}


@pytest.fixture
def pick() -> Pick:
    """A choice that is no surprise."""
    numbers: Iterator[int] = cycle(range(97))
    return lambda letters: letters[next(numbers) % len(letters)]


def answering(**answers: str) -> Person:
    return Person(lambda name: answers[name], lambda names: False)


AGREEING = Person(lambda name: "", lambda names: True)


def test_keys_are_what_the_platform_takes(pick: Pick) -> None:
    token, aes_key = make_token(pick), make_aes_key(pick)

    Receiver(token, aes_key, "ww1")  # raises for others
    assert len(token) == 32
    assert base64.b64encode(base64.b64decode(f"{aes_key}=", validate=True)).decode() == f"{aes_key}="  # for strict ones
    assert (make_token(), make_aes_key()) != (make_token(), make_aes_key())


def test_what_is_missing_is_made_and_kept_at_once(tmp_path: Path, pick: Pick) -> None:
    path = tmp_path / ".env"
    values = choose(path, CREDENTIALS, "https://bot.example.com/callback", None, pick)

    kept = dotenv.read(path)
    assert kept["WXKF_TOKEN"] == values["WXKF_TOKEN"]
    assert kept["WXKF_AES_KEY"] == values["WXKF_AES_KEY"]
    assert kept["WXKF_CALLBACK_URL"] == "https://bot.example.com/callback"
    assert not kept.keys() & CREDENTIALS.keys()  # until the platform has taken them
    assert {name: values[name] for name in CREDENTIALS} == CREDENTIALS


def test_what_is_there_stays(tmp_path: Path, pick: Pick) -> None:
    path = tmp_path / ".env"
    path.write_text(f"WXKF_TOKEN=mine\nWXKF_AES_KEY={'a' * 43}\n{CHECKED}=yes\nPATH=/bin\n")
    before = path.read_text()

    values = choose(path, CREDENTIALS, "", None, pick)

    assert (values["WXKF_TOKEN"], values[CHECKED]) == ("mine", "yes")
    assert path.read_text() == before


def test_a_key_that_changes_makes_the_console_check_again(tmp_path: Path, pick: Pick) -> None:
    path = tmp_path / ".env"
    path.write_text(f"WXKF_TOKEN=mine\n{CHECKED}=yes\n")

    assert choose(path, CREDENTIALS, "", None, pick)[CHECKED] == ""
    assert dotenv.read(path)[CHECKED] == "no"


def test_another_value_is_replaced_only_if_that_is_agreed_to(tmp_path: Path, pick: Pick) -> None:
    path = tmp_path / ".env"
    path.write_text("WXKF_SECRET=old-secret\nWXKF_TOKEN=old\n")
    before = path.read_text()
    env = {**CREDENTIALS, "WXKF_TOKEN": "new"}

    for person in (None, answering()):
        with pytest.raises(ConfigError, match=r"holds another WXKF_SECRET, WXKF_TOKEN; nothing was changed") as caught:
            choose(path, env, "", person, pick)
        assert path.read_text() == before
        assert "old-secret" not in str(caught.value)

    assert choose(path, env, "", AGREEING, pick)["WXKF_TOKEN"] == "new"
    assert dotenv.read(path)["WXKF_TOKEN"] == "new"


def test_who_is_there_is_asked_for_what_is_missing(tmp_path: Path, pick: Pick) -> None:
    person = answering(WXKF_SECRET=" typed-secret ")

    values = choose(tmp_path / ".env", {"WXKF_CORP_ID": "ww1"}, "", person, pick)

    assert (values["WXKF_CORP_ID"], values["WXKF_SECRET"]) == ("ww1", "typed-secret")


def test_where_nobody_is_there_what_is_missing_is_one_sentence(tmp_path: Path, pick: Pick) -> None:
    with pytest.raises(ConfigError, match="WXKF_CORP_ID and WXKF_SECRET are missing and there is no terminal"):
        choose(tmp_path / ".env", {}, "", None, pick)


def test_a_step_is_ticked_by_all_of_its_lines() -> None:
    def line(check: str, ok: bool | None) -> Line:
        return Line(check, ok, say("secret.fine"))

    assert ticked([]) == set()
    assert ticked([line("ip", True), line("console", None), line("api", None)]) == {"ip"}
    assert ticked([line("ip", True), line("console", True), line("api", True)]) == {"ip", "callable"}
    open_account = fine("accounts", "secret.fine")
    assert ticked([open_account, line("servicers", True), line("servicers", False)]) == {"managed"}
    assert ticked([open_account, line("servicers", None)]) == {"managed", "range"}
    assert ticked([line("accounts", False), line("servicers", None)]) == set()


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_a_file_that_git_would_take_is_told(tmp_path: Path) -> None:
    path = tmp_path / ".env"

    assert not would_commit(path)  # no repository

    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    assert would_commit(path)

    (tmp_path / ".gitignore").write_text(".env\n")
    assert not would_commit(path)


def test_without_git_there_is_nothing_to_tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert not would_commit(tmp_path / ".env")


@pytest.mark.parametrize("content", ["https://work.weixin.qq.com/kf/kfc0123456789abcdef", "x" * 200])
def test_the_drawn_code_is_the_links(content: str) -> None:
    lines = qr_lines(content)
    halves = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}
    drawn = [[halves[sign][half] for sign in line] for line in lines for half in (0, 1)]

    matrix = [list(row) for row in segno.make(content, micro=False, error="l").matrix]
    size = len(matrix)
    assert [row[2 : 2 + size] for row in drawn[2 : 2 + size]] == matrix
    assert len({len(line) for line in lines}) == 1
    edge = [*drawn[:2], *drawn[2 + size :], *([row[0], row[1], row[-2], row[-1]] for row in drawn)]
    assert not any(any(row) for row in edge)
