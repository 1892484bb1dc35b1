"""What an `ApiError` carries, how it reads, and which family is caught."""

import copy
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from wxkf import errors
from wxkf.errors import ApiError, RateLimited, TransportError

FULL = (
    "send msg session status invalid, hint: [1645025097593810238423219], from ip: 1.2.3.4, "
    "more info at https://open.work.weixin.qq.com/devtool/query?e=95018"
)


def of(errcode: int, errmsg: str = "no", path: str = "kf/send_msg") -> ApiError:
    return ApiError.of(errcode, errmsg, path)


@pytest.mark.parametrize(
    ("family", "codes"),
    [
        ("TokenError", [40001, 40013, 40014, 40085, 41001, 42001, 42009, 95007, 95011, 95012]),
        ("PermissionDenied", [48002, 48007, 50003, 60020, 60030, 95017, 95023, 701008]),
        ("InvalidArgument", [40008, 40058, 44004, 45002, 50100, 95000, 95008, 95022]),
        ("MediaError", [40004, 40007, 40009, 40145, 45001, 45007, 830002]),
        ("ContentBlocked", [40201, 40204, 82004, 85002]),
        ("NotFound", [40096, 60111, 95004, 95028]),
        ("QuotaExceeded", [95001, 95002, 95024, 95025, 95031]),
        ("CapacityExceeded", [95003, 95005, 95020, 95026, 95027]),
        ("SessionStateError", [41050, 95013, 95016, 95018]),
        ("ServicerUnavailable", [95014, 95019]),
        ("RateLimited", [45009, 45033]),
        ("Duplicate", [95033]),
        ("PlatformBusy", [-1, 6000, 45035, 45036]),
    ],
)
def test_a_code_raises_the_family_people_catch(family: str, codes: list[int]) -> None:
    assert {type(of(code)) for code in codes} == {getattr(errors, family)}


def test_an_error_carries_all_there_is_to_know() -> None:
    error = of(95018, FULL)

    assert (error.errcode, error.errmsg, error.path) == (95018, FULL, "kf/send_msg")
    assert (error.hint, error.ip) == ("1645025097593810238423219", "1.2.3.4")
    assert (error.retry, error.retryable, error.wrong_json) == ("never", False, False)
    assert error.cause.startswith("The API may send in states 0 and 1 only.")
    assert error.code.meaning.zh == "会话由人工接待、在待接入池排队或已结束，接口不能发消息"


def test_an_error_reads_as_what_why_and_what_to_do() -> None:
    assert str(of(95001, "out of limit, hint: [17], from ip: 1.2.3.4, more info")) == (
        "kf/send_msg was refused with 95001 (out of limit): five messages were sent since the customer last wrote. "
        "Wait for the customer's next message; gather questions and send fewer, longer parts. [hint 17]"
    )
    assert str(of(44004, "")).startswith("kf/send_msg was refused with 44004: the text is empty. ")


def test_an_untrusted_address_is_named() -> None:
    assert "The platform saw 1.2.3.4." in str(of(60020, "not allow, hint: [17], from ip: 1.2.3.4, more"))


def test_a_request_that_was_not_read_in_full_is_told() -> None:
    error = of(40058, "invalid. Warning: wrong json format. , hint: [17], from ip: 1.2.3.4, more")

    assert error.wrong_json
    assert "(invalid.)" in str(error)
    assert "could not read all of the request's JSON" in str(error)


def test_an_unknown_code_says_so_and_where_to_look() -> None:
    error = of(95034)

    assert type(error) is ApiError
    assert error.retry == "never"
    assert "https://open.work.weixin.qq.com/devtool/query?e=95034" in str(error)


@pytest.mark.parametrize(
    ("path", "retry"),
    [("kf/send_msg", "token"), ("gettoken", "never"), ("service/get_corp_token", "never")],
)
def test_a_wrong_secret_is_not_helped_by_a_new_token(path: str, retry: str) -> None:
    assert of(40001, path=path).retry == retry


@pytest.mark.parametrize(("errcode", "retryable"), [(-1, True), (45009, True), (45033, True), (40014, False)])
def test_retryable_is_what_a_pause_helps(errcode: int, retryable: bool) -> None:
    assert of(errcode).retryable is retryable


@pytest.mark.parametrize(
    ("errcode", "errmsg", "window"),
    [
        (45009, "api minute-quota reach limit", 60),
        (45009, "reach max api HOUR quota limit", 3600),
        (45009, "reach max api day quota limit", 86_400),
        (45009, "reach max api month quota", 2_592_000),
        (45009, "api freq out of limit", None),
        (45033, "concurrent, one minute", None),
    ],
)
def test_the_window_is_read_where_it_is_named(errcode: int, errmsg: str, window: int | None) -> None:
    error = of(errcode, errmsg)

    assert isinstance(error, RateLimited)
    assert error.window == window


@pytest.mark.parametrize("errcode", [95018, 45009, 12345])
@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
def test_a_refusal_survives_pickle_and_copy(errcode: int, again: Callable[[Any], Any]) -> None:
    error = of(errcode, FULL)
    error.add_note("seen by the worker")
    twin = again(error)

    assert (type(twin), str(twin), vars(twin)) == (type(error), str(error), vars(error))


@pytest.mark.parametrize("again", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])
def test_no_answer_survives_pickle_and_copy(again: Callable[[Any], Any]) -> None:
    twin = again(TransportError("kf/send_msg: no connection", sent=False))

    assert (str(twin), twin.sent) == ("kf/send_msg: no connection", False)


def test_the_texts_are_not_read_before_the_first_refusal() -> None:
    look = "import sys, wxkf.errors; print('tomllib' in sys.modules, wxkf.errors.codes.table.cache_info().currsize)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, timeout=60, check=True)

    assert done.stdout.split() == ["False", "0"]
