"""Id conversions: between apps of a corp and its providers, and through the migration of ids.

Encrypted ids are case-sensitive and never to be changed. Where our notes of the platform name a call without its
fields, they are those that public code in use sends and reads; what comes back besides stands in `raw`.
"""

from collections.abc import Callable, Sequence
from typing import Any

from wxkf.api.resource import M, Mode, Resource, endpoint
from wxkf.messages.answer import Answer, Part
from wxkf.protocol.call import Call, post
from wxkf.protocol.limits import Items, OneOf

_THOUSAND, _HUNDRED = Items(1000, least=1), Items(100, least=1)


class NewOpenKfid(Part, frozen=True, kw_only=True):
    """An account id before and after; one that was converted already maps to itself."""

    open_kfid: str = ""
    new_open_kfid: str = ""


class NewOpenKfids(Answer, frozen=True, kw_only=True):
    """The converted ids, and those that could not be."""

    items: tuple[NewOpenKfid, ...] = ()
    invalid_open_kfid_list: tuple[str, ...] = ()


class ExternalUserid(Answer, frozen=True, kw_only=True):
    """The customer's id; `pending_id` is a placeholder that lives 90 days."""

    external_userid: str = ""
    pending_id: str = ""


class PendingId(Part, frozen=True, kw_only=True):
    """A customer's id and its placeholder."""

    external_userid: str = ""
    pending_id: str = ""


class PendingIds(Answer, frozen=True, kw_only=True):
    """A placeholder for each customer."""

    result: tuple[PendingId, ...] = ()


class TmpExternalUserid(Part, frozen=True, kw_only=True):
    """A temporary id and what it stands for."""

    tmp_external_userid: str = ""
    external_userid: str = ""
    corpid: str = ""
    userid: str = ""


class TmpExternalUserids(Answer, frozen=True, kw_only=True):
    """The converted ids, and those that could not be."""

    results: tuple[TmpExternalUserid, ...] = ()
    invalid_tmp_external_userid_list: tuple[str, ...] = ()


class NewExternalUserid(Part, frozen=True, kw_only=True):
    """A customer's id before and after."""

    external_userid: str = ""
    new_external_userid: str = ""


class NewExternalUserids(Answer, frozen=True, kw_only=True):
    """The converted ids."""

    items: tuple[NewExternalUserid, ...] = ()


class Userid(Part, frozen=True, kw_only=True):
    """A member's id, plain and encrypted."""

    userid: str = ""
    open_userid: str = ""


class Userids(Answer, frozen=True, kw_only=True):
    """The plain ids, and those that could not be converted."""

    userid_list: tuple[Userid, ...] = ()
    invalid_open_userid_list: tuple[str, ...] = ()


class OpenUserids(Answer, frozen=True, kw_only=True):
    """The encrypted ids, and those that could not be converted."""

    open_userid_list: tuple[Userid, ...] = ()
    invalid_userid_list: tuple[str, ...] = ()


class IdconvertBatchResource(Resource[M]):
    """`idconvert/batch/...`."""

    @endpoint
    def external_userid_to_pending_id(
        self, *, external_userid: Sequence[str], chat_id: str | None = None
    ) -> Call[PendingIds]:
        """Give up to 100 customers a placeholder that lives 90 days."""
        fields = {"external_userid": external_userid, "chat_id": chat_id}
        path, limits = "idconvert/batch/external_userid_to_pending_id", {"external_userid": _HUNDRED}
        return post(path, PendingIds, repeat="safe", fields=fields, limits=limits)


class IdconvertResource(Resource[M]):
    """`idconvert/...`."""

    def __init__(self, run: Callable[[Call[Any]], Any], mode: Mode) -> None:
        super().__init__(run, mode)
        self.batch: IdconvertBatchResource[M] = IdconvertBatchResource(run, mode)

    @endpoint
    def open_kfid(self, *, open_kfid_list: Sequence[str]) -> Call[NewOpenKfids]:
        """Convert up to 1000 account ids; for third-party and 代开发 apps. Page 97064."""
        fields, limits = {"open_kfid_list": open_kfid_list}, {"open_kfid_list": _THOUSAND}
        return post("idconvert/open_kfid", NewOpenKfids, repeat="safe", fields=fields, limits=limits)

    @endpoint
    def unionid_to_external_userid(
        self, *, unionid: str, openid: str, subject_type: int | None = None
    ) -> Call[ExternalUserid]:
        """Find a customer by unionid and openid.

        `subject_type` is 0 for the corp's own (default), 1 for the provider's. The corp must be verified (43009);
        100,000 an hour, 480,000 a day, 7.5 million a month.
        """
        fields = {"unionid": unionid, "openid": openid, "subject_type": subject_type}
        limits = {"subject_type": OneOf((0, 1))}
        return post("idconvert/unionid_to_external_userid", ExternalUserid, repeat="safe", fields=fields, limits=limits)

    @endpoint
    def convert_tmp_external_userid(
        self, *, tmp_external_userid_list: Sequence[str], business_type: int | None = None, user_type: int | None = None
    ) -> Call[TmpExternalUserids]:
        """Convert up to 100 temporary customer ids."""
        fields = {
            "business_type": business_type,
            "user_type": user_type,
            "tmp_external_userid_list": tmp_external_userid_list,
        }
        path, limits = "idconvert/convert_tmp_external_userid", {"tmp_external_userid_list": _HUNDRED}
        return post(path, TmpExternalUserids, repeat="safe", fields=fields, limits=limits)


class ExternalcontactResource(Resource[M]):
    """`externalcontact/...`, as far as customers of an account are concerned."""

    @endpoint
    def get_new_external_userid(self, *, external_userid_list: Sequence[str]) -> Call[NewExternalUserids]:
        """Convert up to 1000 customer ids; for customer service only those with a session in the last 48 hours."""
        fields, limits = {"external_userid_list": external_userid_list}, {"external_userid_list": _THOUSAND}
        path = "externalcontact/get_new_external_userid"
        return post(path, NewExternalUserids, repeat="safe", fields=fields, limits=limits)

    @endpoint
    def from_service_external_userid(
        self, *, external_userid: str, source_agentid: int | None = None
    ) -> Call[ExternalUserid]:
        """Convert a provider's customer id into the corp's own."""
        fields = {"external_userid": external_userid, "source_agentid": source_agentid}
        return post("externalcontact/from_service_external_userid", ExternalUserid, repeat="safe", fields=fields)


class BatchResource(Resource[M]):
    """`batch/...`."""

    @endpoint
    def openuserid_to_userid(
        self, *, open_userid_list: Sequence[str], source_agentid: int | None = None
    ) -> Call[Userids]:
        """Convert up to 1000 encrypted member ids of a provider into the corp's own."""
        fields = {"open_userid_list": open_userid_list, "source_agentid": source_agentid}
        limits = {"open_userid_list": _THOUSAND}
        return post("batch/openuserid_to_userid", Userids, repeat="safe", fields=fields, limits=limits)

    @endpoint
    def userid_to_openuserid(self, *, userid_list: Sequence[str]) -> Call[OpenUserids]:
        """Convert up to 1000 member ids into encrypted ones."""
        fields, limits = {"userid_list": userid_list}, {"userid_list": _THOUSAND}
        return post("batch/userid_to_openuserid", OpenUserids, repeat="safe", fields=fields, limits=limits)
