"""The kinds of a `TransportError`: complete, in both languages, and what the error makes of them."""

import copy
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from wxkf.errors import TransportError
from wxkf.errors.codes import read_table
from wxkf.errors.network import KINDS, Kind, faults


def test_every_kind_has_its_words_and_no_other_has() -> None:
    assert set(read_table("network")) == set(KINDS)
    assert tuple(faults()) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_speaks_both_languages(kind: Kind) -> None:
    fault = faults()[kind]
    for words in (fault.meaning, fault.cause, fault.remedy):
        assert re.search(r"[\u4e00-\u9fff]", words.zh)
        assert not re.search(r"[\u4e00-\u9fff][,;:?!]|  ", words.zh)
    assert not fault.meaning.en.endswith(".")
    assert not fault.meaning.zh.endswith("。")
    for said in (fault.cause, fault.remedy):
        assert said.en.endswith(".")
        assert said.zh.endswith("。")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "other"])
def test_an_error_reads_as_what_why_and_what_to_do(kind: Kind) -> None:
    error = TransportError.of(kind, "kf/send_msg", sent=True, detail="asking example.com")
    assert str(error) == f"kf/send_msg: {error.meaning} (asking example.com). {error.cause} {error.remedy}"
    assert error.fault.remedy.zh != error.remedy


def test_a_message_of_somebody_elses_stands_as_it_is_and_still_has_a_remedy() -> None:
    error = TransportError("kf/send_msg: no luck", sent=False)
    assert (str(error), error.kind) == ("kf/send_msg: no luck", "other")
    assert error.remedy


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
def test_an_error_survives_pickle_and_copy(again: Callable[[Any], Any]) -> None:
    error = TransportError.of("dns", "gettoken", sent=False, detail="asking example.com")
    error.add_note("seen by the worker")
    twin = again(error)
    assert (type(twin), str(twin), vars(twin)) == (type(error), str(error), vars(error))


def test_what_holds_of_a_try_need_not_hold_of_the_call() -> None:
    error = TransportError.of("timeout", "gettoken", sent=True)
    twin = error.as_sent(False)
    assert (twin.sent, twin.kind, str(twin)) == (False, "timeout", str(error))
    assert error.sent


def test_the_words_are_not_read_before_the_first_error() -> None:
    look = "import sys, wxkf.errors.network as n; print('tomllib' in sys.modules, n.faults.cache_info().currsize)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["False", "0"]
