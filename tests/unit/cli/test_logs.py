"""The log as JSON: one object a line, whatever is said, secrets masked."""

import json
import logging

import pytest

from kit.inboxes import claim_of, item
from wxkf.cli.logs import JsonLines
from wxkf.engine import about


def record(words: str, *args: object, error: BaseException | None = None, **extra: str) -> logging.LogRecord:
    info = (type(error), error, None) if error else None
    made = logging.LogRecord("wxkf.test", logging.ERROR, "file", 1, words, args, info)
    made.__dict__.update(extra)
    return made


def line(made: logging.LogRecord) -> dict[str, str]:
    written = JsonLines().format(made)
    assert "\n" not in written
    found: dict[str, str] = json.loads(written)
    return found


def test_a_line_says_when_how_grave_who_and_what() -> None:
    said = line(record("%s went wrong\nbadly", "it"))
    assert (said["level"], said["logger"], said["message"]) == ("error", "wxkf.test", "it went wrong\nbadly")
    assert set(said) == {"time", "level", "logger", "message"}


def test_what_a_record_brings_along_is_said() -> None:
    assert line(record("x", msgid="m1", open_kfid="wk1"))["msgid"] == "m1"


@pytest.mark.parametrize("words", ["GET /x?access_token=SECRET&a=1", '{"corpsecret": "SECRET"}'])
def test_secrets_are_masked_in_words_and_errors(words: str) -> None:
    said = line(record("%s", words, error=ValueError(words)))
    assert "SECRET" not in str(said)
    assert "ValueError" in said["error"]


async def test_whoever_logs_while_a_message_is_handled_need_not_say_which() -> None:
    about.begin(claim_of(item("a1")))
    assert line(record("x"))["external_userid"] == "wmA"
    assert line(record("x", msgid="other"))["msgid"] == "other"


def test_outside_of_a_handler_nothing_is_made_up() -> None:
    assert "msgid" not in line(record("x"))
