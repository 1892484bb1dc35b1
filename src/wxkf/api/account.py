"""Accounts (客服账号)."""

from wxkf.api.fields import MEDIA_ID, NAME, OPEN_KFID
from wxkf.api.resource import Emit, M, Pages, Resource, endpoint, paged
from wxkf.messages.answer import Answer, Part
from wxkf.protocol.call import Call, post
from wxkf.protocol.limits import Between

_PAGE = 100


class KfAccount(Part, frozen=True, kw_only=True):
    """A customer-service account. `manage_privilege` tells whether this app may act for it."""

    open_kfid: str
    name: str = ""
    avatar: str = ""
    manage_privilege: bool = False


class AccountAdded(Answer, frozen=True, kw_only=True):
    """The new account's id."""

    open_kfid: str = ""


class AccountList(Answer, frozen=True, kw_only=True):
    """One page of accounts; the last page is the one shorter than `limit`."""

    account_list: tuple[KfAccount, ...] = ()


class AccountResource(Resource[M]):
    """`kf/account/...`."""

    @endpoint
    def add(self, *, name: str, media_id: str) -> Call[AccountAdded]:
        """Create an account (添加客服账号).

        `name` up to 16 characters, `media_id` of an uploaded image. A self-built app needs one assigned account
        before it may create another. Errors 95005, 95006, 95026, 95027. Never repeated. Page 94662.
        """
        fields = {"name": name, "media_id": media_id}
        return post("kf/account/add", AccountAdded, repeat="never", fields=fields, limits={**NAME, **MEDIA_ID})

    @endpoint
    def del_(self, *, open_kfid: str) -> Call[Answer]:
        """Delete an account (删除客服账号); one must remain (95005). Never repeated. Page 94663."""
        return post("kf/account/del", Answer, repeat="never", fields={"open_kfid": open_kfid}, limits=OPEN_KFID)

    @endpoint
    def update(self, *, open_kfid: str, name: str | None = None, media_id: str | None = None) -> Call[Answer]:
        """Change name (up to 16 characters) or picture of an account; what is left out stays (修改客服账号).

        Errors 95004, 95006, 40007. Page 94664.
        """
        fields = {"open_kfid": open_kfid, "name": name, "media_id": media_id}
        limits = {**OPEN_KFID, **NAME, **MEDIA_ID}
        return post("kf/account/update", Answer, repeat="safe", fields=fields, limits=limits)

    @endpoint
    def list(self, *, offset: int | None = None, limit: int | None = None) -> Call[AccountList]:
        """List the corp's accounts, those this app may not manage included (获取客服账号列表).

        `offset` counts from 0; `limit` is 1 to 100, 100 by default. Page 94661.
        """
        limits = {"limit": Between(1, _PAGE), "offset": Between(0, 2**32 - 1)}
        fields = {"offset": offset, "limit": limit}
        return post("kf/account/list", AccountList, repeat="safe", fields=fields, limits=limits)

    @paged
    def iter(self) -> Pages[KfAccount]:
        """Go through all accounts, page by page."""
        offset = 0
        while True:
            fields = {"offset": offset, "limit": _PAGE}
            page = yield post("kf/account/list", AccountList, repeat="safe", fields=fields)
            yield Emit(page.account_list)
            offset += len(page.account_list)
            if len(page.account_list) < _PAGE:
                return
