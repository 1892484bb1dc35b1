"""The world as the page sees it, ready to become JSON; no secrets."""

from wxkf.sim.faults import Fault
from wxkf.sim.platform import Platform
from wxkf.sim.values import Entry, Json
from wxkf.sim.world import Change, Reload

_JOURNAL_SHOWN = 200
_BUBBLES_SHOWN = 500


def state_of(platform: Platform) -> Json:
    """Show everything the page needs to draw itself anew."""
    world = platform.world
    return {
        "now": world.now(),
        "ticking": world.clock.ticks,
        "corp_id": next(iter(world.corps)),
        "accounts": [{"open_kfid": a.open_kfid, "name": a.name} for a in world.accounts.values()],
        "customers": list(world.customers.values()),
        "chats": [
            chat_of(platform, account.open_kfid, external_userid)
            for account in world.accounts.values()
            for external_userid in account.conversations
        ],
        "faults": faults_of(platform),
        "journal": platform.journal[-_JOURNAL_SHOWN:],
    }


def faults_of(platform: Platform) -> list[Fault]:
    """Show what goes wrong, oldest first."""
    return list(platform.world.faults.given)


def chat_of(platform: Platform, open_kfid: str, external_userid: str) -> Json:
    """Show one chat: its session and its newest bubbles."""
    return {
        "open_kfid": open_kfid,
        "external_userid": external_userid,
        "session": platform.session(open_kfid, external_userid),
        "bubbles": platform.phone(open_kfid, external_userid)[-_BUBBLES_SHOWN:],
    }


def change_of(platform: Platform, change: Change) -> tuple[str, Json]:
    """Show one change as an event's name and data; a bubble comes with its session as it is now."""
    if isinstance(change, Reload):
        return "reload", {}
    if isinstance(change, Entry):
        return "entry", {"now": platform.world.now(), "entry": change}
    session = platform.session(change.open_kfid, change.external_userid)
    return "bubble", {"now": platform.world.now(), "bubble": change, "session": session}
