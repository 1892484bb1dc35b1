"""The tables themselves: complete by count, and no row contradicts itself."""

import re
from collections import Counter

import pytest

from kit import tables
from kit.tables import Field

KF = {
    "account": ("add", "del", "update", "list"),
    "servicer": ("add", "del", "list"),
    "service_state": ("get", "trans"),
    "customer": ("batchget", "get_upgrade_service_config", "upgrade_service", "cancel_upgrade_service"),
    "knowledge": tuple(f"{do}_{what}" for do in ("add", "del", "mod", "list") for what in ("group", "intent")),
}
KF_ROOT = {
    "add_contact_way", "sync_msg", "send_msg", "send_msg_on_event", "recall_msg", "get_corp_statistic",
    "get_servicer_statistic", "get_statistic", "get_corp_qualification",
}  # fmt: skip

ENTRIES = [
    (f"{name} {kind} {entry.get('msgtype') or entry.get('event_type') or entry.get('type')}", tables.fields_of(entry))
    for name, kind in [("inbound", "message"), ("inbound", "event"), ("outbound", "message"), ("outbound", "menu_item")]
    for entry in tables.table(name)[kind]
]
LISTS = [
    *((f"{one.path} {side}", fields) for one in tables.operations() for side, fields in
      (("request", one.request), ("response", one.response))),
    *ENTRIES,
    ("inbound common", tables.fields_of(tables.table("inbound")["common"])),
]  # fmt: skip


def test_all_thirty_calls_under_kf_are_there() -> None:
    paths = Counter(one.path for one in tables.operations())
    named = {f"{resource}/{name}" for resource, names in KF.items() for name in names} | KF_ROOT
    assert {path.removeprefix("kf/") for path in paths if path.startswith("kf/")} == named
    assert len(named) == 30
    assert set(paths.values()) == {1}


def test_verbs_are_as_section_0_says() -> None:
    gets = {one.path for one in tables.operations() if one.path.startswith("kf/") and one.verb == "GET"}
    assert gets == {"kf/servicer/list", "kf/customer/get_upgrade_service_config", "kf/get_corp_qualification"}
    assert {one.verb for one in tables.operations() if one.path.startswith("kf/")} == {"GET", "POST"}


@pytest.mark.parametrize(
    ("name", "kind", "count"),
    [
        ("inbound", "message", 18),
        ("inbound", "event", 7),
        ("inbound", "notice", 3),
        ("inbound", "provider", 5),
        ("outbound", "message", 11),
        ("outbound", "menu_item", 4),
    ],
)
def test_nothing_that_is_said_is_missing(name: str, kind: str, count: int) -> None:
    assert len(tables.table(name)[kind]) == count


@pytest.mark.parametrize(("_where", "fields"), LISTS, ids=[where for where, _ in LISTS])
def test_rows_are_sound(_where: str, fields: tuple[Field, ...]) -> None:
    assert {one.path: problem for one in fields if (problem := tables.unsound(one))} == {}
    assert max(Counter(one.path for one in fields).values(), default=1) == 1
    for one in fields:
        assert not one.limits.get("pattern") or re.search(one.limits["pattern"], str(one.sample))


@pytest.mark.parametrize("operation", tables.operations(), ids=lambda one: one.path)
def test_samples_hold_every_field_of_a_call(operation: tables.Operation) -> None:
    asked = {path for sample in tables.request_samples(operation) for path in tables.places(sample)}
    assert {one.path for one in operation.request} <= asked
    assert {one.path for one in operation.response} <= set(tables.places(tables.response_sample(operation)))


def test_what_is_sent_is_named_where_it_can_be_sent() -> None:
    (send,) = (one for one in tables.operations() if one.path == "kf/send_msg")
    (msgtype,) = (one for one in send.request if one.path == "msgtype")
    assert msgtype.limits["enum"] == [entry["msgtype"] for entry in tables.table("outbound")["message"]]
