"""Accounts (客服账号)."""

import msgspec

from wxkf.api.resource import M, Resource, endpoint
from wxkf.protocol.call import Answer, Call, post


class KfAccount(msgspec.Struct, frozen=True, kw_only=True):
    """A customer-service account. `manage_privilege` tells whether this app may act for it."""

    open_kfid: str
    name: str = ""
    avatar: str = ""
    manage_privilege: bool = False


class AccountList(Answer, frozen=True, kw_only=True):
    """One page of accounts; the last page is the one shorter than `limit`."""

    account_list: tuple[KfAccount, ...] = ()


class AccountResource(Resource[M]):
    """`kf/account/...`."""

    @endpoint
    def list(self, *, offset: int | None = None, limit: int | None = None) -> Call[AccountList]:
        """List the corp's accounts, those this app may not manage included (获取客服账号列表).

        `offset` counts from 0; `limit` is 1 to 100, 100 by default. Page 94661.
        """
        fields = {"offset": offset, "limit": limit}
        return post("kf/account/list", AccountList, repeat="safe", fields=fields)
