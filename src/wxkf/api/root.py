"""The tree of resources as both clients show it."""

from collections.abc import Callable
from typing import Any

from wxkf.api.account import AccountResource
from wxkf.api.contact_way import ContactWayResource
from wxkf.api.corp import CorpResource, CorpRootResource
from wxkf.api.customer import CustomerResource
from wxkf.api.idconvert import BatchResource, ExternalcontactResource, IdconvertResource
from wxkf.api.knowledge import KnowledgeResource
from wxkf.api.media import MediaResource
from wxkf.api.message import AnyResource, MessageResource
from wxkf.api.provider import ServiceResource
from wxkf.api.resource import M, Mode
from wxkf.api.service_state import ServiceStateResource
from wxkf.api.servicer import ServicerResource
from wxkf.api.statistic import StatisticResource
from wxkf.api.uploads import Uploads
from wxkf.protocol.call import Call


class Api(MessageResource[M], ContactWayResource[M], StatisticResource[M], CorpRootResource[M], AnyResource[M]):
    """Every call of the platform. A method's name is its path: `kf/account/list` is `account.list`.

    A path that ends in a word of Python has an underscore behind it: `kf/account/del` is `account.del_`.
    """

    def __init__(self, run: Callable[[Call[Any]], Any], mode: Mode, uploads: Uploads | None = None) -> None:
        super().__init__(run, mode)
        self.account: AccountResource[M] = AccountResource(run, mode)
        self.servicer: ServicerResource[M] = ServicerResource(run, mode)
        self.service_state: ServiceStateResource[M] = ServiceStateResource(run, mode)
        self.customer: CustomerResource[M] = CustomerResource(run, mode)
        self.knowledge: KnowledgeResource[M] = KnowledgeResource(run, mode)
        self.media: MediaResource[M] = MediaResource(run, mode, uploads)
        self.idconvert: IdconvertResource[M] = IdconvertResource(run, mode)
        self.externalcontact: ExternalcontactResource[M] = ExternalcontactResource(run, mode)
        self.batch: BatchResource[M] = BatchResource(run, mode)
        self.corp: CorpResource[M] = CorpResource(run, mode)
        self.service: ServiceResource[M] = ServiceResource(run, mode)
