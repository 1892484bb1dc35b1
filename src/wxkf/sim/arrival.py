"""What becomes of a send that was accepted: it reaches the phone, or msg_send_fail tells later why not (6.4, 7)."""

from collections.abc import Callable

from wxkf.sim.faults import FAIL_TYPES
from wxkf.sim.sessions import Conversation
from wxkf.sim.stream import land_event
from wxkf.sim.values import Json
from wxkf.sim.world import Account, World

Fails = Callable[[World, Account, Conversation], bool]


def _is_blocked(_world: World, _account: Account, chat: Conversation) -> bool:
    return chat.blocked


def _nobody_logged_in(world: World, account: Account, _chat: Conversation) -> bool:
    members = world.corps[account.corp_id].members.values()
    return bool(members) and not any(one.active for one in members)


CAUSES: tuple[tuple[Fails, int], ...] = ((_is_blocked, 10), (_nobody_logged_in, 11))
"""What keeps a message from the phone though the call succeeded; the other fail types come by a fault only."""


def deliver(
    world: World, account: Account, chat: Conversation, msgtype: str, body: Json, msgid: str, fault: int | None = None
) -> bool:
    """Put an accepted message on the phone, or let the account know that it failed. Tells whether it arrived.

    `fault` is the fail type of a fault that keeps it away; what really keeps it away comes first.
    """
    fail_type = next((number for fails, number in CAUSES if fails(world, account, chat)), fault)
    if fail_type is None:
        world.show(chat, "account", msgtype, body, msgid)
    else:
        fail_send(world, account, chat.external_userid, msgid, fail_type)
    return fail_type is None


def fail_send(world: World, account: Account, external_userid: str, msgid: str, fail_type: int) -> None:
    """Tell an account that a message under this msgid did not arrive. Raises `ValueError` for no such fail type."""
    if fail_type not in FAIL_TYPES:
        raise ValueError(f"a fail type is one of {', '.join(map(str, FAIL_TYPES))}")
    facts: Json = {"external_userid": external_userid, "fail_msgid": msgid, "fail_type": fail_type}
    land_event(world, account, "msg_send_fail", facts)
