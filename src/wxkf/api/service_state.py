"""Session state (会话状态)."""

from collections.abc import Mapping
from typing import Any

from wxkf.api.fields import OPEN_KFID
from wxkf.api.resource import M, Resource, endpoint
from wxkf.messages.answer import Answer
from wxkf.messages.veil import Veiled
from wxkf.protocol.call import Call, post
from wxkf.protocol.limits import Needs, OneOf


class ServiceState(Answer, frozen=True, kw_only=True):
    """0 new, 1 with the API, 2 in the queue, 3 with a servicer (`servicer_userid`), 4 ended or not begun."""

    service_state: int = 0
    servicer_userid: str = ""

    @property
    def is_queued(self) -> bool:
        """Whether the customer waits for a servicer (待接入池)."""
        return self.service_state == 2

    @property
    def is_with_people(self) -> bool:
        """Whether a servicer has the session or is to get it: then the platform takes nothing from a bot."""
        return self.service_state in (2, 3)

    @property
    def is_over(self) -> bool:
        """Whether it has ended: the customer's next message begins another."""
        return self.service_state == 4

    def __str__(self) -> str:
        said = {0: "new", 1: "with the bot", 2: "in the queue for a servicer", 3: "with the servicer", 4: "over"}
        return f"{said.get(self.service_state, self.service_state)} {self.servicer_userid}".rstrip()


class StateChanged(Veiled, Answer, frozen=True, kw_only=True):
    """`msg_code` is the one-time code for `send_msg_on_event`, where the change gives one."""

    veiled = ("msg_code",)

    msg_code: str = ""


def moving(body: Mapping[str, Any]) -> Call[StateChanged]:
    """Make the call of `service_state/trans` from a whole body, a new one or one that was kept."""
    servicer = Needs("servicer_userid", when="service_state", equals=3)
    limits = {**OPEN_KFID, "service_state": OneOf((0, 1, 2, 3, 4)), "": servicer}
    return post("kf/service_state/trans", StateChanged, repeat="never", fields=body, limits=limits)


class ServiceStateResource(Resource[M]):
    """`kf/service_state/...`. Not in standalone mode."""

    @endpoint
    def get(self, *, open_kfid: str, external_userid: str) -> Call[ServiceState]:
        """Tell who has the session of a customer (获取会话状态). Page 94669."""
        fields = {"open_kfid": open_kfid, "external_userid": external_userid}
        return post("kf/service_state/get", ServiceState, repeat="safe", fields=fields, limits=OPEN_KFID)

    @endpoint
    def trans(
        self, *, open_kfid: str, external_userid: str, service_state: int, servicer_userid: str | None = None
    ) -> Call[StateChanged]:
        """Hand a session on: 1 to the API, 2 to the queue, 3 to `servicer_userid`, 4 to end it (变更会话状态).

        State 4 cannot be left by the API: the customer's next message makes it 0. Errors 95013, 95014, 95016, 95019,
        701008. Never repeated: read the state first. Page 94669.
        """
        fields = {
            "open_kfid": open_kfid,
            "external_userid": external_userid,
            "service_state": service_state,
            "servicer_userid": servicer_userid,
        }
        return moving(fields)
