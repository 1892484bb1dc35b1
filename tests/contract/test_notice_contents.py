"""Every documented callback has a value of its own that holds what the tables say it carries."""

import pytest

from kit import callbacks, tables
from wxkf.protocol.callback import Notice
from wxkf.protocol.notices import (
    CancelAuth,
    ChangeAuth,
    Content,
    CreateAuth,
    KfAccountAuthChange,
    KfMsgOrEvent,
    ResetPermanentCode,
    SuiteTicket,
    UploadMediaJobFinish,
)

EXPECTED: dict[str, Content] = {
    "kf_msg_or_event": KfMsgOrEvent("wkxxxxxxx", "ENCApHxnGDNAVNY4AaSJKj4Tb5mwsEMzxhFmHVGcra996NR"),
    "kf_account_auth_change": KfAccountAuthChange(("wkA1", "wkA2"), ("wkD1", "wkD2", "wkD3")),
    "upload_media_job_finish": UploadMediaJobFinish("jobid_S0MrnndvRG5fadSlLwiBqiDDbM143UqTmKP3152FZk4"),
    "suite_ticket": SuiteTicket("ww4asffe99e54c0f4c", "asdfasfdasdfasdf"),
    "create_auth": CreateAuth("AUTHCODE", "123", ("wkA", "wkB")),
    "change_auth": ChangeAuth("wxf8b4f85f3a794e77", "abc", ("wkA", "wkB")),
    "cancel_auth": CancelAuth("wxf8b4f85f3a794e77"),
    "reset_permanent_code": ResetPermanentCode("AUTHCODE"),
}
ENTRIES = [*tables.table("inbound")["notice"], *tables.table("inbound")["provider"]]


def elements(entry: tables.Json) -> list[tuple[str, str]]:
    """Give the elements of a documented notice as `Notice.fields` has them."""
    found = []
    for one in tables.fields_of(entry):
        values = one.sample if isinstance(one.sample, list) else [one.sample]
        found += [(one.path, value) for value in values if value is not None]
    return found


def name_of(entry: tables.Json) -> str:
    """Name a notice."""
    return str(entry.get("event") or entry["info_type"])


@pytest.mark.parametrize("entry", ENTRIES, ids=name_of)
def test_a_documented_callback_is_a_value(entry: tables.Json) -> None:
    notice = Notice(name_of(entry), "", "", 0, tuple(elements(entry)), b"")
    assert notice.content == EXPECTED[name_of(entry)]


def test_all_of_them_are_documented() -> None:
    assert {name_of(entry) for entry in ENTRIES} == set(EXPECTED)


def test_an_event_nobody_knows_is_no_value_and_keeps_its_elements() -> None:
    notice = Notice("customer_danced", "", "", 0, (("Steps", "3"),), b"")
    assert notice.content is None
    assert notice.fields == (("Steps", "3"),)


def test_no_ticket_or_code_is_printed() -> None:
    for secret in ("ENCApHx", "asdfasfd", "AUTHCODE"):
        assert all(secret not in repr(content) for content in EXPECTED.values())


def test_what_came_over_the_wire_is_read_the_same() -> None:
    xml = b"<xml><Event>kf_account_auth_change</Event><AuthDelOpenKfId>wk1</AuthDelOpenKfId></xml>"
    query, body = callbacks.callback(xml)
    notice = callbacks.receiver().read(query, body)
    assert notice.content == KfAccountAuthChange((), ("wk1",))
