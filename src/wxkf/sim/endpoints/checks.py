"""What a send must pass (platform.md 7, 19.5): one function a check; `Settings.send_checks` puts them in order."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from wxkf.sim.refusal import Refusal
from wxkf.sim.sessions import Conversation, lately
from wxkf.sim.settings import MEDIA_LIFE, SENDS_PER_MESSAGE, Check, Mode
from wxkf.sim.values import Json
from wxkf.sim.world import Account, Media, World

SENDABLE_STATES = frozenset({0, 1})
_CARD = "business_card"
_MEDIA_KEYS: Final = {"media_id": "", "thumb_media_id": "image"}  # "": of the message's own kind


@dataclass(frozen=True, slots=True)
class Draft:
    """One message on its way out. `msgid` "" lets the platform make one."""

    account: Account
    conversation: Conversation
    msgtype: str
    body: Json
    msgid: str
    mode: Mode = "wecom"


def msgid_is_new(world: World, draft: Draft) -> None:
    """Refuse a msgid that this account has seen."""
    if draft.msgid in draft.account.msgids:
        raise Refusal(95033)
    if draft.msgid and world.settings.refused_msgid_is_spent:
        draft.account.msgids[draft.msgid] = ""


def media_is_alive(world: World, draft: Draft) -> None:
    """Refuse a file that is unknown, too old, another corp's or of another kind."""
    for key, kind in _MEDIA_KEYS.items():
        if key not in draft.body:
            continue
        media = world.media.get(draft.body[key])
        if media is None or media.corp_id != draft.account.corp_id or world.now() - media.at > MEDIA_LIFE:
            raise Refusal(40007, key)
        if kind_of(media) != (kind or draft.msgtype):
            raise Refusal(40007, f"{key} is no {kind or draft.msgtype}")


def window_is_open(world: World, draft: Draft) -> None:
    """Refuse where the customer has not written for 48 hours, or never, or has tapped on menus only."""
    chat, now = draft.conversation, world.now()
    if chat.last_customer_at is None:
        raise Refusal(world.settings.never_consulted)
    if not chat.wrote_lately(now):
        raise Refusal(95002)
    if draft.mode in world.settings.own_words_needed and not lately(chat.last_own_words_at, now):
        raise Refusal(95024)


def quota_is_left(world: World, draft: Draft) -> None:
    """Refuse a sixth message, a second business card in 48 hours, more customers than an unverified corp may have."""
    chat = draft.conversation
    if chat.sent >= SENDS_PER_MESSAGE:
        raise Refusal(95001)
    if draft.msgtype == _CARD and lately(chat.carded_at, world.now()):
        raise Refusal(95025)
    capacity = world.settings.unverified_capacity
    corp = world.corps[draft.account.corp_id]
    if capacity is not None and not corp.verified and chat.external_userid not in _first(world, corp.corp_id, capacity):
        raise Refusal(95003)


def state_allows(world: World, draft: Draft) -> None:
    """Refuse while a person serves, or nobody does yet."""
    state = draft.conversation.state(world.now())
    if state not in SENDABLE_STATES:
        raise Refusal(world.settings.ended_session if state == 4 else 95018)


CHECKS: dict[Check, Callable[[World, Draft], None]] = {
    "msgid": msgid_is_new,
    "media": media_is_alive,
    "window": window_is_open,
    "quota": quota_is_left,
    "state": state_allows,
}


def kind_of(media: Media) -> str:
    """Tell as what a file can be sent."""
    start = media.content_type.partition("/")[0]
    return media.kind or {"image": "image", "audio": "voice", "video": "video"}.get(start, "file")


def _first(world: World, corp_id: str, count: int) -> set[str]:
    """Name the customers who consulted a corp first, so many."""
    chats = [
        chat
        for account in world.accounts.values()
        if account.corp_id == corp_id
        for chat in account.conversations.values()
        if chat.last_customer_at is not None
    ]
    return set(list(dict.fromkeys(chat.external_userid for chat in chats))[:count])
