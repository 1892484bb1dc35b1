"""What a callback can say, as values: the two of customer service, the one of media jobs, the provider's five.

`Notice.content` gives one of these; `None` for an event that is not known here, whose elements stand in
`Notice.fields`. Tickets and codes stay out of repr.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class KfMsgOrEvent:
    """There is something to pull (page 97712). `token` goes into `sync_msg` within 10 minutes."""

    open_kfid: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class KfAccountAuthChange:
    """Accounts were given to this app, or taken from it (page 97712)."""

    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UploadMediaJobFinish:
    """A job of `media.upload_by_url` is over; ask with `media.get_upload_by_url_result` (page 96219)."""

    job_id: str


@dataclass(frozen=True, slots=True)
class SuiteTicket:
    """The provider's ticket: comes every 10 minutes, is good for 30; always use the latest."""

    suite_id: str
    suite_ticket: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CreateAuth:
    """A corp authorised: exchange `auth_code` within 10 minutes. `open_kfids` for component apps only."""

    auth_code: str = field(repr=False)
    state: str
    open_kfids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeAuth:
    """A corp changed what it authorised. `open_kfids` for component apps only."""

    auth_corp_id: str
    state: str
    open_kfids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CancelAuth:
    """A corp took its authorisation back: stop, and delete its data."""

    auth_corp_id: str


@dataclass(frozen=True, slots=True)
class ResetPermanentCode:
    """The secret of an agency-developed app (代开发) was reset: exchange `auth_code` for the new one (page 94758)."""

    auth_code: str = field(repr=False)


Content = (
    KfMsgOrEvent | KfAccountAuthChange | UploadMediaJobFinish | SuiteTicket | CreateAuth | ChangeAuth | CancelAuth
    | ResetPermanentCode
)  # fmt: skip

_KFIDS = "ExtraInfo.AuthOpenKfIdList.OpenKfId"
_READERS: dict[str, Callable[[Fields], Content]] = {
    "kf_msg_or_event": lambda all_: KfMsgOrEvent(_one(all_, "OpenKfId"), _one(all_, "Token")),
    "kf_account_auth_change": lambda all_: KfAccountAuthChange(
        _many(all_, "AuthAddOpenKfId"), _many(all_, "AuthDelOpenKfId")
    ),
    "upload_media_job_finish": lambda all_: UploadMediaJobFinish(_one(all_, "JobId")),
    "suite_ticket": lambda all_: SuiteTicket(_one(all_, "SuiteId"), _one(all_, "SuiteTicket")),
    "create_auth": lambda all_: CreateAuth(_one(all_, "AuthCode"), _one(all_, "State"), _many(all_, _KFIDS)),
    "change_auth": lambda all_: ChangeAuth(_one(all_, "AuthCorpId"), _one(all_, "State"), _many(all_, _KFIDS)),
    "cancel_auth": lambda all_: CancelAuth(_one(all_, "AuthCorpId")),
    "reset_permanent_code": lambda all_: ResetPermanentCode(_one(all_, "AuthCode")),
}


def content_of(event: str, fields: Fields) -> Content | None:
    """Read the elements of a notice as the value its event stands for, None for an event nobody knows."""
    reader = _READERS.get(event)
    return reader(fields) if reader else None


def _many(fields: Fields, wanted: str) -> tuple[str, ...]:
    return tuple(value for name, value in fields if name == wanted)


def _one(fields: Fields, wanted: str) -> str:
    return next((value for name, value in fields if name == wanted), "")
