"""A success that warns of wrong JSON is told in the log, once a path."""

import logging

import pytest

from wxkf.messages.answer import Answer
from wxkf.protocol.call import Response, post, read_answer

WARNED = Response(200, b'{"errcode":0,"errmsg":"ok. Warning: wrong json format. "}')
FINE = Response(200, b'{"errcode":0,"errmsg":"ok"}')


def test_the_warning_of_a_success_is_logged_once_a_path(caplog: pytest.LogCaptureFixture) -> None:
    first, other = (post(f"kf/made_up_{name}", Answer, repeat="safe", fields={}) for name in ("first", "other"))
    for call in (first, first, other):
        assert read_answer(call, FINE).errmsg == "ok"
        assert "wrong json" in read_answer(call, WARNED).errmsg

    said = [(record.name, record.levelno, record.getMessage().split()[0]) for record in caplog.records]
    assert said == [("wxkf.client", logging.WARNING, call.path) for call in (first, other)]
