"""What is checked before the wire, beyond the tables' own walk (tests/contract/test_limits.py).

What an error tells, what `truncate` cuts and what it never cuts, what `validate=False` lets through.
"""

import logging
import pickle
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from unit.api.wire import Json, Mode, Wire, both, done
from wxkf import out
from wxkf.api.message import MESSAGE_LIMITS, ON_EVENT_LIMITS, SEND_LIMITS
from wxkf.errors import LimitError, WxkfError
from wxkf.protocol.limits import Bytes

LINK = {"url": "https://a.example/", "thumb_media_id": "M"}
CARD = {"appid": "wx1", "thumb_media_id": "M"}


async def send(wire: Wire, mode: Mode, message: str | out.Outbound, **options: Any) -> Json:
    client = wire.client(mode, **options)
    await done(client.send_msg(touser="wmA", open_kfid="wk1", message=message))
    return wire.bodies[-1]


# What an error tells


BEYOND: list[tuple[Any, str, str, object]] = [
    ("", "text.content", "must be at least 1 bytes, this one has 0", ""),
    ("a" * 2049, "text.content", "must be at most 2048 bytes, this one has 2049", "a" * 2049),
    (out.Link(title="字" * 43, **LINK), "link.title", "must be at most 128 bytes, this one has 129", "字" * 43),
    (
        out.Location(latitude=90.5, longitude=0),
        "location.latitude",
        "must be -90 to 90, this one is 90.5",
        90.5,
    ),
    (
        out.Menu("hi", out.Click("a", "b"), out.View("https://a.example/", "")),
        "msgmenu.list[1].view.content",
        "must be at least 1 bytes, this one has 0",
        "",
    ),
    (
        out.Link(title="t", url="ftp://a.example", thumb_media_id="M"),
        "link.url",
        "must be a URL that begins with http:// or https://",
        "ftp://a.example",
    ),
]


@both
@pytest.mark.parametrize(("message", "field", "limit", "actual"), BEYOND, ids=[one[1] for one in BEYOND])
async def test_an_error_names_field_limit_and_actual_and_nothing_leaves(
    mode: Mode, message: Any, field: str, limit: str, actual: object
) -> None:
    wire = Wire()
    with pytest.raises(LimitError) as caught:
        await send(wire, mode, message)
    error = caught.value
    assert (error.path, error.field, error.limit, error.actual) == ("kf/send_msg", field, limit, actual)
    assert str(error) == f"kf/send_msg was not sent: {field} {limit}"
    assert isinstance(error, WxkfError)
    assert isinstance(error, ValueError)
    assert (wire.requests, wire.tokens) == ([], 0)


def test_an_error_survives_a_process_pool() -> None:
    error = LimitError("kf/send_msg", "text.content", "must be shorter", "a")
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.field, copy.actual) == (str(error), "text.content", "a")


@both
async def test_a_malformed_number_is_beyond_its_limits_too(mode: Mode) -> None:
    for wrong in (float("nan"), float("inf"), "30.5"):
        with pytest.raises(LimitError, match=r"location\.latitude"):
            await send(Wire(), mode, out.Location(latitude=wrong, longitude=0))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # what callers without a checker do


# validate=False


@both
@pytest.mark.parametrize("message", [one[0] for one in BEYOND], ids=[one[1] for one in BEYOND])
async def test_without_validation_it_is_sent_as_it_is(mode: Mode, message: Any) -> None:
    sent = await send(Wire(), mode, message, validate=False)
    whole = out.Text(message) if isinstance(message, str) else message
    assert {"touser": "wmA", "open_kfid": "wk1", **whole.wire()} == sent


@both
async def test_without_validation_nothing_is_cut_either(mode: Mode) -> None:
    sent = await send(Wire(), mode, "a" * 3000, validate=False, truncate=True)
    assert sent["text"]["content"] == "a" * 3000


# truncate=True


CUT: dict[str, tuple[Any, int]] = {
    "text.content": (out.Text, 2048),
    "link.title": (lambda words: out.Link(title=words, **LINK), 128),
    "link.desc": (lambda words: out.Link(title="t", desc=words, **LINK), 512),
    "miniprogram.title": (lambda words: out.MiniProgram(title=words, pagepath="a.html", **CARD), 64),
}


def test_these_are_all_that_the_platform_cuts() -> None:
    assert {path for path, limit in MESSAGE_LIMITS.items() if getattr(limit, "cuts", False)} == set(CUT)


@both
@pytest.mark.parametrize("path", CUT)
@pytest.mark.parametrize("letter", ["a", "é", "字", "😀"])
async def test_what_the_platform_cuts_silently_is_cut_at_a_character(mode: Mode, path: str, letter: str) -> None:
    make, most = CUT[path]
    words = "a" + letter * most
    with pytest.raises(LimitError, match=path):
        await send(Wire(), mode, make(words))
    sent = await send(Wire(), mode, make(words), truncate=True)
    kind, field = path.split(".")
    kept = sent[kind][field]
    assert words.startswith(kept)
    assert most - len(letter.encode()) < len(kept.encode()) <= most


@both
async def test_what_fits_is_not_cut(mode: Mode) -> None:
    words = "字" * 682 + "aa"
    assert (await send(Wire(), mode, words, truncate=True))["text"]["content"] == words


@both
async def test_cutting_leaves_the_callers_value_alone(mode: Mode) -> None:
    message = out.Text("a" * 3000)
    await send(Wire(), mode, message, truncate=True)
    assert len(message.content) == 3000


NEVER_CUT: list[Any] = [
    out.Menu("a" * 1025, out.Click("a", "b")),
    out.Menu("h", out.Click("a" * 129, "b")),
    out.Menu("h", out.Click("a", "b" * 129)),
    out.Menu("h", out.Line("b" * 257)),
    out.Link(title="t", url="https://" + "a" * 2041, thumb_media_id="M"),
    out.MiniProgram(pagepath="a", **CARD),
    "",
]


@both
@pytest.mark.parametrize("message", NEVER_CUT, ids=lambda one: str(one)[:30])
async def test_what_the_platform_refuses_is_never_cut(mode: Mode, message: Any) -> None:
    with pytest.raises(LimitError):
        await send(Wire(), mode, message, truncate=True)


@both
async def test_ids_are_never_cut(mode: Mode) -> None:
    client = Wire().client(mode, truncate=True)
    with pytest.raises(LimitError, match="msgid"):
        await done(client.send_msg(touser="wmA", open_kfid="wk1", message="hi", msgid="a" * 33))
    with pytest.raises(LimitError, match="open_kfid"):
        await done(client.send_msg(touser="wmA", open_kfid="w" * 65, message="hi"))


@given(st.text(max_size=60) | st.text("字é😀a\u0301", max_size=60), st.integers(0, 40))
@example("\ud800", 1)
@example("😀", 3)
def test_a_cut_never_exceeds_and_never_splits_a_character(words: str, most: int) -> None:
    whole = words.encode("utf-8", "replace").decode()  # a lone surrogate cannot be sent, whatever its place
    limit = Bytes(most, cuts=True)
    kept = limit.cut(words)
    assert len(kept.encode()) <= most
    assert whole.startswith(kept)
    assert kept == whole or len((kept + whole[len(kept)]).encode()) > most
    assert limit.fault(kept) is None
    assert limit.cut(kept) == kept


# Pages of mini programs


PAGES = {"a.html": True, "p/i.html?x=1": True, "a.html?b.htm": True, "a": False, "a?b.html": False, "a.htm": False}


@both
@pytest.mark.parametrize(("page", "found"), PAGES.items())
async def test_a_cards_page_ends_with_html(mode: Mode, page: str, found: bool) -> None:
    message = out.MiniProgram(pagepath=page, **CARD)
    if found:
        assert (await send(Wire(), mode, message))["miniprogram"]["pagepath"] == page
        return
    with pytest.raises(LimitError, match=r"miniprogram\.pagepath must be a page path that ends with \.html"):
        await send(Wire(), mode, message)


@both
@pytest.mark.parametrize(("page", "found"), PAGES.items())
async def test_a_menus_page_is_only_warned_about(
    mode: Mode, page: str, found: bool, caplog: pytest.LogCaptureFixture
) -> None:
    menu = out.Menu("hi", out.OpenMiniProgram("wx1", page, "go"))
    with caplog.at_level(logging.WARNING, logger="wxkf"):
        sent = await send(Wire(), mode, menu)
        client = Wire().client(mode)
        await done(client.send_msg_on_event(code="CODE", message=menu))
    assert sent["msgmenu"]["list"][0]["miniprogram"]["pagepath"] == page
    assert len(caplog.records) == (0 if found else 2)
    assert all(page.partition("?")[0] in record.getMessage() for record in caplog.records)


# On an event


@both
@pytest.mark.parametrize("message", [out.Image("M"), out.Link(title="t", **LINK), out.CaLink("https://a.example/")])
async def test_on_an_event_only_text_and_menus_are_said(mode: Mode, message: out.Outbound) -> None:
    client = Wire().client(mode)
    with pytest.raises(LimitError, match="msgtype must be one of text, msgmenu"):
        await done(client.send_msg_on_event(code="CODE", message=message))


def test_on_an_event_the_same_limits_hold() -> None:
    shared = {path: limit for path, limit in ON_EVENT_LIMITS.items() if "." in path}
    assert shared
    assert all(SEND_LIMITS[path] == limit for path, limit in shared.items())
