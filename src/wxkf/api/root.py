"""The tree of resources as both clients show it."""

from collections.abc import Callable
from typing import Any

from wxkf.api.account import AccountResource
from wxkf.api.message import AnyResource, MessageResource
from wxkf.api.resource import M
from wxkf.protocol.call import Call


class Api(MessageResource[M], AnyResource[M]):
    """Every call of the platform. A method's name is its path: `kf/account/list` is `account.list`."""

    def __init__(self, run: Callable[[Call[Any]], Any]) -> None:
        super().__init__(run)
        self.account: AccountResource[M] = AccountResource(run)
