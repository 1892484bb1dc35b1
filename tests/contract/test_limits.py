"""The documented limits, walked from the tables: what is at the limit is sent, what is beyond it is not.

Each row of tests/contract/*.toml with a limit makes one request just inside and one just outside; the refusal names
the field. Truncation, files and rules over several fields have tests of their own.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from kit import tables
from kit.tables import Field, Json, Operation
from wxkf import Client, out
from wxkf.api.message import MESSAGE_LIMITS
from wxkf.errors import LimitError
from wxkf.protocol.body import whole
from wxkf.protocol.call import Request, Response

NOT_HERE = frozenset({"media/upload", "media/uploadimg", "media/get"})
FIXED = ("pattern", "enum")
"""Limits at which nothing longer or larger can be tried."""

LIMITED = [
    (operation, one)
    for operation in tables.operations()
    if operation.path not in NOT_HERE
    for one in operation.request
    if one.limits and one.place in ("body", "query") and one.path != "msgtype"  # a message's class decides it
]


class Wire:
    """Takes everything; remembers the paths."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def send(self, request: Request) -> Response:
        """Say yes."""
        self.paths.append(request.path)
        token = '"access_token":"T","expires_in":7200'
        return Response(200, f'{{"errcode":0,{token}}}'.encode())

    def close(self) -> None:
        """Hold nothing."""


def sized(sample: str, size: int) -> str:
    """Stretch or cut a sample of ASCII to a size, keeping its beginning."""
    return (sample + "a" * size)[:size]


def within(one: Field) -> list[Any]:
    """Give values just inside a field's limits."""
    limits, sample = one.limits, one.sample
    if "enum" in limits:
        return list(limits["enum"])
    if "max_bytes" in limits and "pattern" not in limits:
        return [sized("a", limits["max_bytes"])]
    if "max_chars" in limits:
        return ["字" * limits["max_chars"]]
    if "max_items" in limits and one.is_leaf:
        return [one.sample[:1] * limits["max_items"]]
    return [limits[name] for name in ("min", "max") if name in limits] or [sample]


def beyond(one: Field) -> list[Any]:
    """Give values just outside a field's limits."""
    limits, found = one.limits, list[Any]()
    if "max_bytes" in limits:
        most = limits["max_bytes"]
        found += [sized("a", most + 1), "字" * (most // 3) + "a" * (most % 3 + 1)]
    if limits.get("min_bytes"):
        found.append(sized("a", limits["min_bytes"] - 1))
    if "max_chars" in limits:
        found.append("字" * (limits["max_chars"] + 1))
    if "max_items" in limits and one.is_leaf:
        found.append(one.sample[:1] * (limits["max_items"] + 1))
    if limits.get("min_items") and one.is_leaf:
        found.append([])
    found += [limits[name] + step for name, step in (("min", -1), ("max", 1)) if name in limits]
    if "pattern" in limits:
        found.append("§ §")
    if "enum" in limits:
        found.append(99 if isinstance(limits["enum"][0], int) else "§")
    return found


def send(operation: Operation, one: Field, value: Any) -> list[str]:
    """Call an operation with one field changed; give the paths that reached the wire."""
    wire = Wire()
    client = Client("ww1", "secret", transport=wire)
    changed = replace(one, sample=value, sample_by={})
    fields = tuple(changed if other is one else other for other in operation.request)
    method: Any = client
    for name in operation.path.removeprefix("kf/").split("/"):
        method = getattr(method, f"{name}_" if name == "del" else name)
    for kwargs in tables.request_samples(replace(operation, request=fields)):
        method(**_adapted(operation.path, kwargs))
    return wire.paths


def _adapted(path: str, kwargs: Json) -> Json:
    if path in ("kf/send_msg", "kf/send_msg_on_event"):
        kwargs = {name: value for name, value in kwargs.items() if name in ("touser", "open_kfid", "msgid", "code")}
        return {**kwargs, "message": "hi"}
    tokens = {"service/get_pre_auth_code", "service/get_permanent_code", "service/v2/get_permanent_code"}
    return {**kwargs, "suite_access_token": "S"} if path in tokens else kwargs


def _ids(value: object) -> str:
    if isinstance(value, Operation):
        return value.path
    return value.path if isinstance(value, Field) else ""


@pytest.mark.parametrize(("operation", "one"), LIMITED, ids=_ids)
def test_what_is_at_the_limit_is_sent(operation: Operation, one: Field) -> None:
    for value in within(one):
        if one.path == "service_state" or (one.path == "type" and one.sample_by):
            continue  # its values need other fields: tested beside
        assert operation.path in send(operation, one, value)


@pytest.mark.parametrize(("operation", "one"), LIMITED, ids=_ids)
def test_what_is_beyond_the_limit_is_not_sent_and_the_field_is_named(operation: Operation, one: Field) -> None:
    for value in beyond(one):
        with pytest.raises(LimitError) as refused:
            send(operation, one, value)
        assert refused.value.field.partition("[")[0] == one.path.partition("[")[0]
        assert str(refused.value).startswith(f"{operation.path} was not sent: ")
        assert refused.value.limit in str(refused.value)


OUTBOUND: dict[str, Callable[[Json], out.Outbound]] = {
    "text": lambda one: out.Text(**one),
    "image": lambda one: out.Image(**one),
    "voice": lambda one: out.Voice(**one),
    "video": lambda one: out.Video(**one),
    "file": lambda one: out.File(**one),
    "link": lambda one: out.Link(**one),
    "miniprogram": lambda one: out.MiniProgram(**one),
    "location": lambda one: out.Location(**one),
    "business_card": lambda one: out.BusinessCard(**one),
    "ca_link": lambda one: out.CaLink(**one),
    "msgmenu": lambda one: out.Menu(one.get("head_content"), tail=one.get("tail_content")),
}
ITEMS: dict[str, Callable[[Json], out.MenuItem]] = {
    "click": lambda one: out.Click(**one),
    "view": lambda one: out.View(**one),
    "miniprogram": lambda one: out.OpenMiniProgram(**one),
    "text": lambda one: out.Line(**one),
}
MESSAGES = [(entry["msgtype"], tables.fields_of(entry)) for entry in tables.table("outbound")["message"]]
MENU_ITEMS = [(entry["type"], tables.fields_of(entry)) for entry in tables.table("outbound")["menu_item"]]
SAID = [(kind, fields, one) for kind, fields in MESSAGES for one in fields if one.limits and one.is_leaf]
LINES = [
    (kind, fields, one) for kind, fields in MENU_ITEMS for one in fields if one.limits and "enum" not in one.limits
]


def say(message: out.Outbound, **options: Any) -> Json:
    """Send a message and give the body that left."""
    bodies: list[bytes] = []

    class Reader(Wire):
        def send(self, request: Request) -> Response:
            bodies.append(whole(request.body))
            return super().send(request)

    client = Client("ww1", "secret", transport=Reader()).with_options(**options)
    client.send_msg(touser="wmA", open_kfid="wkA", message=message)
    body: Json = json.loads(bodies[-1])
    return body


def made(kind: str, fields: tuple[Field, ...], one: Field | None = None, value: Any = None) -> out.Outbound:
    """Make a message of a kind from its samples, one of them changed."""
    rows = [replace(row, sample=value) if row is one else row for row in fields if row.is_leaf]
    return OUTBOUND[kind](tables.build(rows)[kind])


def line(kind: str, fields: tuple[Field, ...], one: Field | None = None, value: Any = None) -> out.Menu:
    """Make a menu of one line from its samples, one of them changed."""
    rows = [replace(row, sample=value) if row is one else row for row in fields]
    return out.Menu("head", ITEMS[kind](tables.build(rows)[kind]))


@pytest.mark.parametrize(("kind", "fields"), MESSAGES, ids=_ids)
def test_a_message_has_every_documented_field_on_the_wire(kind: str, fields: tuple[Field, ...]) -> None:
    body = say(made(kind, fields))
    assert body["msgtype"] == kind
    assert body[kind] == tables.build([row for row in fields if row.is_leaf])[kind]


@pytest.mark.parametrize(("kind", "fields"), MENU_ITEMS, ids=_ids)
def test_a_menu_item_has_every_documented_field_on_the_wire(kind: str, fields: tuple[Field, ...]) -> None:
    assert say(line(kind, fields))["msgmenu"]["list"] == [{"type": kind, **tables.build(fields)}]


@pytest.mark.parametrize(("kind", "fields", "one"), SAID, ids=_ids)
def test_a_message_within_its_limits_is_sent_and_beyond_them_is_not(
    kind: str, fields: tuple[Field, ...], one: Field
) -> None:
    for value in within(one):
        assert say(made(kind, fields, one, value))["msgtype"] == kind
    for value in beyond(one):
        with pytest.raises(LimitError) as refused:
            say(made(kind, fields, one, value))
        assert refused.value.field == one.path
        assert say(made(kind, fields, one, value), validate=False)["msgtype"] == kind


@pytest.mark.parametrize(("kind", "fields", "one"), LINES, ids=_ids)
def test_a_menu_item_within_its_limits_is_sent_and_beyond_them_is_not(
    kind: str, fields: tuple[Field, ...], one: Field
) -> None:
    for value in within(one):
        assert say(line(kind, fields, one, value))["msgtype"] == "msgmenu"
    for value in beyond(one):
        with pytest.raises(LimitError) as refused:
            say(line(kind, fields, one, value))
        assert refused.value.field == f"msgmenu.list[0].{one.path}"


def test_only_what_the_platform_cuts_is_cut_on_request() -> None:
    documented = {one.path for _, fields in MESSAGES for one in fields if one.row.get("truncated")}
    cut = {path for path, limit in MESSAGE_LIMITS.items() if getattr(limit, "cuts", False)}
    assert cut == documented


def test_a_menu_has_50_lines_10_of_them_to_tap() -> None:
    taps, words = [out.Click("a", "b")] * 10, [out.Line("x")] * 40
    assert len(say(out.Menu("head", *taps, *words))["msgmenu"]["list"]) == 50
    for too_many in ([*taps, out.View("https://e.com", "e")], [*taps, *words, out.Line("x")]):
        with pytest.raises(LimitError, match=r"msgmenu\.list must be at most (10 items to tap|50 items), this one has"):
            say(out.Menu("head", *too_many))


DAY = 86_400
WHOLE: dict[str, tuple[Callable[[Client], object], str]] = {
    "nobody to add": (lambda c: c.servicer.add(open_kfid="wk"), "must hold at least one of userid_list, department"),
    "nobody in the list": (lambda c: c.servicer.del_(open_kfid="wk", userid_list=[]), "must hold at least one of"),
    "a servicer without a name": (
        lambda c: c.service_state.trans(open_kfid="wk", external_userid="wm", service_state=3),
        "must hold servicer_userid, since service_state is 3",
    ),
    "a member nobody named": (
        lambda c: c.customer.upgrade_service(open_kfid="wk", external_userid="wm", type=1),
        "must hold member, since type is 1",
    ),
    "32 days": (
        lambda c: c.get_corp_statistic(open_kfid="wk", start_time=0, end_time=31 * DAY),
        "must be at most 31 days from start_time to end_time, this one has 32",
    ),
    "time running backwards": (
        lambda c: c.get_servicer_statistic(open_kfid="wk", start_time=DAY, end_time=0),
        "must have start_time before end_time",
    ),
}


@pytest.mark.parametrize(("attempt", "sentence"), WHOLE.values(), ids=WHOLE)
def test_rules_over_several_fields(attempt: Callable[[Client], object], sentence: str) -> None:
    wire = Wire()
    with pytest.raises(LimitError, match=sentence):
        attempt(Client("ww1", "secret", transport=wire))
    assert wire.paths == []


def test_31_days_are_not_too_many() -> None:
    wire = Wire()
    Client("ww1", "secret", transport=wire).get_statistic(start_time=0, end_time=30 * DAY)
    assert wire.paths[-1] == "kf/get_statistic"
