"""The one-time codes for send_msg_on_event: where each comes from, how long it lives, what it is good for (8)."""

from dataclasses import dataclass

from wxkf.sim.sessions import Conversation
from wxkf.sim.settings import CODE_LIFE, WINDOW
from wxkf.sim.world import Code, Scene, World

_SWEEP = 1_024  # codes, after which the expired ones are dropped
_TEXT = frozenset({"text"})
_TEXT_OR_MENU = frozenset({"text", "msgmenu"})


@dataclass(frozen=True, slots=True)
class Right:
    """What a code of one scene allows; `state` is the one the session must still be in, None where it is free."""

    life: int
    msgtypes: frozenset[str]
    state: int | None = None


RIGHTS: dict[Scene, Right] = {
    "welcome": Right(CODE_LIFE, _TEXT_OR_MENU),
    "queued": Right(WINDOW, _TEXT, 2),
    "accepted": Right(WINDOW, _TEXT, 3),
    "ended": Right(CODE_LIFE, _TEXT_OR_MENU, 4),
}
SCENES: dict[int, Scene] = {right.state: scene for scene, right in RIGHTS.items() if right.state is not None}
"""The scene that the way into a state is."""


def give_code(world: World, conversation: Conversation, scene: Scene) -> str:
    """Make a code for one scene."""
    code, now = world.ids.word(43), world.now()
    if len(world.codes) % _SWEEP == _SWEEP - 1:
        world.codes = {one: kept for one, kept in world.codes.items() if now <= kept.expires_at}
    expires_at = now + RIGHTS[scene].life
    ids = conversation.open_kfid, conversation.external_userid
    world.codes[code] = Code(*ids, scene, expires_at, conversation.steps)
    return code


def code_for_state(world: World, conversation: Conversation, state: int) -> str:
    """Make the code that the way into a state brings: on 4 always, into 2 and 3 the first time; "" for none."""
    if state not in SCENES:
        return ""
    if state != 4 and not conversation.first_time(only_one=world.settings.one_reply_code):
        return ""
    return give_code(world, conversation, SCENES[state])


def may_still_speak(world: World, conversation: Conversation, code: Code) -> bool:
    """Tell whether the session is still in the state that the code was given for, and has not left it meanwhile."""
    needed = RIGHTS[code.scene].state
    return needed is None or (conversation.state(world.now()), conversation.steps) == (needed, code.step)
