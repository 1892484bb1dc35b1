"""What arrives, against the documented tables: each message, event and notice is known and each field readable."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

import pytest

from kit import tables
from kit.tables import Field, Json
from wxkf import Receiver, Unknown
from wxkf.messages.decode import decode_message
from wxkf.protocol.callback import Notice
from wxkf.protocol.crypto import Crypto, signature

INBOUND = tables.table("inbound")
COMMON = tables.fields_of(INBOUND["common"])
MESSAGES: list[Json] = [entry for entry in INBOUND["message"] if entry["msgtype"] != "event"]
EVENTS: list[Json] = INBOUND["event"]
NOTICES: list[Json] = [*INBOUND["notice"], *INBOUND["provider"]]
ALIASES = [(entry, one, alias) for entry in MESSAGES for one in tables.fields_of(entry) for alias in one.aliases]
SPELLINGS = [
    (entry, one, other) for entry in MESSAGES for one in tables.fields_of(entry) for other in one.other_samples
]

TOKEN, AES_KEY, RECEIVER = "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "ww12345678910"


def _name(value: object) -> str | None:
    if isinstance(value, Field):
        return value.path
    if isinstance(value, dict):
        return next((str(value[key]) for key in ("msgtype", "event_type", "event", "info_type") if key in value), None)
    return None


def _event_common() -> tuple[Field, ...]:
    return tuple(one for one in COMMON if one.row.get("in_event", True))


def _message(entry: Json, **options: Any) -> Json:
    return {**tables.build(COMMON), "msgtype": entry["msgtype"], **tables.build(tables.fields_of(entry), **options)}


def _event(entry: Json) -> Json:
    inside = {"event_type": entry["event_type"], **tables.build(tables.fields_of(entry))}
    return {**tables.build(_event_common()), "origin": 4, "msgtype": "event", "event": inside}


def _misread(entry: Json, raw: Json) -> dict[str, str]:
    decoded = decode_message(tables.dumps(raw))
    assert not isinstance(decoded, Unknown)
    return tables.misread(decoded, _message(entry), [*COMMON, *tables.fields_of(entry)])


@pytest.mark.parametrize("entry", MESSAGES, ids=_name)
def test_a_message_is_known_and_every_field_readable(entry: Json) -> None:
    assert _misread(entry, _message(entry)) == {}


@pytest.mark.parametrize(("entry", "aliased", "alias"), ALIASES, ids=_name)
def test_another_documented_name_is_read_as_the_same(entry: Json, aliased: Field, alias: str) -> None:
    assert _misread(entry, _message(entry, moved={aliased.path: alias})) == {}


@pytest.mark.parametrize(("entry", "spelled", "other"), SPELLINGS, ids=_name)
def test_another_documented_type_is_read_as_the_same(entry: Json, spelled: Field, other: object) -> None:
    assert _misread(entry, _message(entry, changed={spelled.path: other})) == {}


@pytest.mark.parametrize("entry", EVENTS, ids=_name)
def test_an_event_is_known_and_flat(entry: Json) -> None:
    raw = _event(entry)
    decoded = decode_message(tables.dumps(raw))
    assert not isinstance(decoded, Unknown)
    flat = {**raw, **raw["event"]}
    assert tables.misread(decoded, flat, [*_event_common(), *tables.fields_of(entry)]) == {}


def test_each_has_a_class_of_its_own() -> None:
    raws = [*map(_message, MESSAGES), *map(_event, EVENTS)]
    classes = {type(decode_message(tables.dumps(raw))) for raw in raws}
    assert len(classes) == len(raws)


@pytest.mark.parametrize("entry", MESSAGES, ids=_name)
def test_a_message_without_its_optional_parts_is_still_known(entry: Json) -> None:
    raw = {"msgid": "m1", "msgtype": entry["msgtype"], entry["msgtype"]: {}}
    decoded = decode_message(tables.dumps(raw))
    assert decoded.msgid == "m1"


# Notices


@pytest.mark.parametrize("entry", NOTICES, ids=_name)
def test_a_notice_is_read_with_every_field(entry: Json) -> None:
    notice = _delivered(_xml(entry))
    assert notice.event == (entry.get("event") or entry["info_type"])
    unread = [one.path for one in tables.fields_of(entry) if one.is_leaf and _read(notice, one) != _values(one)]
    assert unread == []


@pytest.mark.parametrize("entry", NOTICES, ids=_name)
def test_a_notice_is_read_without_what_may_be_missing(entry: Json) -> None:
    notice = _delivered(_xml(entry, optional=False))
    assert notice.event == (entry.get("event") or entry["info_type"])


def _values(one: Field) -> list[str]:
    return one.sample if isinstance(one.sample, list) else [one.sample] if one.sample is not None else []


def _read(notice: Notice, one: Field) -> list[str]:
    """Read a field, under its path or, where it is nested, under its last name."""
    if one.sample is None:
        return []
    return [value for name, value in notice.fields if name in (one.path, one.path.rpartition(".")[2])]


def _xml(entry: Json, *, optional: bool = True) -> bytes:
    fields = [one for one in tables.fields_of(entry) if optional or not one.row.get("optional")]
    info = f"<InfoType><![CDATA[{entry['info_type']}]]></InfoType>" if "info_type" in entry else ""
    return f"<xml>{info}{_elements([(one.path, one) for one in fields])}</xml>".encode()


def _elements(rows: Iterable[tuple[str, Field]]) -> str:
    below: dict[str, list[tuple[str, Field]]] = {}
    values: dict[str, list[str]] = {}
    for path, one in rows:
        head, _, rest = path.partition(".")
        below.setdefault(head, [])
        if rest:
            below[head].append((rest, one))
        else:
            values[head] = [f"<![CDATA[{value}]]>" for value in _values(one)]
    return "".join(
        f"<{head}>{content}</{head}>"
        for head, inner in below.items()
        for content in ([_elements(inner)] if inner else values[head] or [""])
    )


def _delivered(xml: bytes) -> Notice:
    encrypted = Crypto(AES_KEY, RECEIVER).encrypt(xml, b"0123456789abcdef")
    signed = signature(TOKEN, "1700000000", "nonce123", encrypted)
    query = urlencode({"msg_signature": signed, "timestamp": "1700000000", "nonce": "nonce123"})
    body = f"<xml><ToUserName><![CDATA[{RECEIVER}]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    return Receiver(TOKEN, AES_KEY, RECEIVER).read(query, body.encode())
