"""`wxkf explain`: what it recognises, what it says, how it exits."""

import io
import json
import socket

import pytest
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

from wxkf.cli.app import app
from wxkf.cli.explain import Unknown, everything, explain, find
from wxkf.cli.wrap import wrap
from wxkf.errors import codes

ERRMSG = (
    "send msg session status invalid, hint: [1645025097593810238423219], from ip: 1.2.3.4, "
    "more info at https://open.work.weixin.qq.com/devtool/query?e=95018"
)


def say(*words: str, width: int = 100) -> tuple[int, str]:
    out = Console(file=io.StringIO(), width=width)
    code = explain(words, as_json=False, out=out)
    assert isinstance(out.file, io.StringIO)
    return code, out.file.getvalue()


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WXKF_LANG", "en")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["95018"], [95018]),
        (["95018", "60020", "95018"], [95018, 60020]),
        (["95018,60020 -1"], [95018, 60020, -1]),
        (["-1"], [-1]),
        (["-40001"], [-40001]),
        ([ERRMSG], [95018]),
        (ERRMSG.split(), [95018]),
        (['{"errcode":40058,"errmsg":"took 300 ms"}'], [40058]),
        (["errcode = 45009, later errcode: -1"], [45009, -1]),
        (["kf/send_msg was refused with 95001 (out): five messages"], [95001]),
        (["in 2026 nothing of note"], []),
        (["hint: [95018]"], []),
        (["９５０１８"], [95018]),  # typed with a Chinese input method
    ],
)
def test_codes_are_found_in_what_is_pasted(words: list[str], found: list[int]) -> None:
    assert [finding.number for finding in find(words)] == found


@pytest.mark.parametrize(
    "words", [["fail_type", "6"], ["fail_type=6"], ["fail_type 6"], ['{"event":{"fail_type": 6}}'], ["FAIL_TYPE:6"]]
)
def test_fail_types_are_found(words: list[str]) -> None:
    assert list(find(words)) == [codes.fail_types()[6]]


def test_a_number_beside_a_fail_type_is_a_code() -> None:
    assert [finding.number for finding in find(["95001", "fail_type", "6", "-1"])] == [95001, 6, -1]


@pytest.mark.parametrize("width", [40, 80, 200])
def test_everything_is_shown_whole_in_both_languages(width: int) -> None:
    for entry in everything():
        word = f"fail_type {entry.number}" if isinstance(entry, codes.FailType) else f"{entry.number}"
        code, shown = say(word, width=width)
        bare = "".join(shown.replace("│", "").split())

        assert code == 0
        for said in (entry.meaning.en, entry.meaning.zh, entry.remedy.en, entry.remedy.zh):
            assert "".join(said.split()) in bare
        assert {cell_len(line) for line in shown.splitlines()} == {width}


def test_the_users_language_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    english = say("95018")[1]
    monkeypatch.setenv("WXKF_LANG", "zh")
    chinese = say("95018")[1]

    assert english.index("What to do") < english.index("处理")
    assert chinese.index("处理") < chinese.index("What to do")


def test_a_code_shows_family_retry_source_and_the_platforms_page() -> None:
    _, shown = say("45009")

    for said in ("RateLimited", "after the window", "限制解除", "official documentation", "官方文档", "query?e=45009"):
        assert said in shown


def test_an_unknown_code_says_so_with_near_ones_and_exits_1() -> None:
    code, shown = say("95034", "95018")

    assert code == 1
    assert "errcode 95034: not in wxkf's tables." in shown
    assert "95024, 95030, 95031, 95032, 95033" in shown
    assert "https://open.work.weixin.qq.com/devtool/query?e=95034\n" in shown
    assert "SessionStateError" in shown


def test_an_unknown_fail_type_names_those_there_are() -> None:
    code, shown = say("fail_type", "3")

    assert code == 1
    assert "0, 1, 2, 4, 5, 6" in shown
    assert "query" not in shown


def test_words_without_a_code_say_what_would_do() -> None:
    assert say("hello") == (1, "There is no code in these words. Give a number, or paste text with errcode or ?e=…\n")


def test_without_words_every_entry_is_listed() -> None:
    code, shown = say(width=120)
    listed = [line.split()[0] for line in shown.splitlines() if line.startswith("  ")]

    assert code == 0
    assert sorted(listed) == sorted(str(entry.number) for entry in everything())
    assert all(family in shown for family in codes.legend()["family"])


def test_markup_in_what_is_pasted_is_harmless() -> None:
    assert say("[/] [bold] errcode=95018 [red")[0] == 0


@pytest.mark.parametrize(
    ("words", "exit_code"), [(["95018"], 0), (["-1"], 0), (["-40001"], 0), ([], 0), (["99999"], 1), (["--bogus"], 1)]
)
def test_the_command_exits_as_it_should(words: list[str], exit_code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", None)  # offline

    assert CliRunner().invoke(app, ["explain", *words]).exit_code == exit_code


def test_json_is_for_programs() -> None:
    done = CliRunner().invoke(app, ["explain", "--json", "95018", "95034", "fail_type", "6", "-40001"])
    known, unknown, fail, sample = json.loads(done.stdout)

    assert done.exit_code == 1
    assert (known["known"], known["kind"], known["number"], known["retry"]) == (True, "errcode", 95018, "never")
    assert known["meaning"] == codes.find(95018).meaning._asdict()
    assert (unknown["known"], unknown["near"][-1], unknown["query"][-5:]) == (False, 95033, "95034")
    assert (fail["kind"], fail["remedy"]["zh"]) == ("fail_type", codes.fail_types()[6].remedy.zh)
    assert sample["kind"] == "sample_library"


def test_json_without_words_is_the_whole_table() -> None:
    assert len(json.loads(CliRunner().invoke(app, ["explain", "--json"]).stdout)) == len(list(everything()))


def test_near_codes_are_of_the_table() -> None:
    [unknown] = find(["95099"])

    assert isinstance(unknown, Unknown)
    assert set(unknown.near) <= set(codes.table())


@pytest.mark.parametrize(
    ("said", "width", "lines"),
    [
        ("", 10, [""]),
        ("one two three", 7, ["one two", "three"]),
        ("状态 0 和 1 可以发", 12, ["状态 0 和 1 ".rstrip(), "可以发"]),
        ("会话结束，再说", 8, ["会话结", "束，再说"]),
        ("转人工（3）在排队", 8, ["转人工", "（3）在", "排队"]),
        ("a-very-long-word 后", 5, ["a-very-long-word", "后"]),
    ],
)
def test_lines_break_where_a_reader_expects(said: str, width: int, lines: list[str]) -> None:
    assert wrap(said, width).split("\n") == lines
