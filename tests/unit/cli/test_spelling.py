"""Output in an encoding that lacks signs: what is readable stays readable, and nothing ends in a traceback."""

import io
import json
import subprocess

import pytest

from kit.commands import COMMAND, PATIENCE, environment
from wxkf.cli.spelling import forgive


def written(said: str, encoding: str, errors: str = "strict") -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, errors=errors, newline="")
    forgive(stream)
    stream.write(said)
    stream.flush()
    return raw.getvalue().decode(encoding, "surrogateescape")


@pytest.mark.parametrize(
    ("encoding", "said", "expected"),
    [
        ("gbk", "✓ 齐全 ✗ 缺少 – 未检查 ○", "√ 齐全 × 缺少 – 未检查 ○"),
        ("ascii", "✓ ok ✗ no – skipped ○ ‹ › …", "v ok x no - skipped o < > ~"),
        ("latin-1", "✗ café", "× café"),
        ("gbk", "好🎉", "好\\ud83c\\udf89"),
        ("utf-8", "✓ 好🎉", "✓ 好🎉"),
        ("utf-8", "name \udcff", "name \\udcff"),
    ],
)
def test_a_sign_that_is_lacking_is_spelled(encoding: str, said: str, expected: str) -> None:
    assert written(said, encoding) == expected


def test_the_c_locale_is_forgiven_too_and_a_choice_of_the_user_is_kept() -> None:
    assert written("✓", "ascii", "surrogateescape") == "v"
    assert written("✓", "ascii", "replace") == "?"


def run_in(encoding: str, *words: str) -> tuple[int, bytes, bytes]:
    env = environment(PYTHONIOENCODING=encoding, WXKF_LANG="zh")
    done = subprocess.run([*COMMAND, *words], env=env, capture_output=True, timeout=PATIENCE, check=False)
    return done.returncode, done.stdout, done.stderr


def test_the_commands_speak_gbk() -> None:
    code, said, errors = run_in("gbk", "demo", "--say", "你好")

    assert (code, errors) == (0, b"")
    assert "√ 1 句都已回答" in said.decode("gbk")


def test_json_in_another_encoding_loses_nothing() -> None:
    said = {encoding: run_in(encoding, "explain", "95018", "--json")[1] for encoding in ("gbk", "utf-8")}

    assert said["gbk"].isascii()
    assert json.loads(said["gbk"]) == json.loads(said["utf-8"])
