"""The world as the page sees it, ready to become JSON; no secrets."""

from wxkf.sim.faults import Fault
from wxkf.sim.platform import Platform
from wxkf.sim.values import Entry, Json
from wxkf.sim.world import Account, Change, Reload

_JOURNAL_SHOWN = 200
BUBBLES_SHOWN = 500


def state_of(platform: Platform, bubbles: int = BUBBLES_SHOWN) -> Json:
    """Show everything the page needs to draw itself anew, of each chat so many of its newest bubbles."""
    world = platform.world
    return {
        "now": world.now(),
        "ticking": world.clock.ticks,
        **people_of(platform),
        "chats": [
            chat_of(platform, account.open_kfid, external_userid, bubbles)
            for account in world.accounts.values()
            for external_userid in account.conversations
        ],
        "faults": faults_of(platform),
        "journal": platform.journal[-_JOURNAL_SHOWN:],
    }


def people_of(platform: Platform) -> Json:
    """Show who there is: corps, apps, accounts with those who serve, customers."""
    world = platform.world
    return {
        "corps": [{"corp_id": one.corp_id, "name": one.name} for one in world.corps.values()],
        "apps": [
            {key: getattr(one, key) for key in ("agent_id", "corp_id", "name", "callback_url")}
            for one in world.apps.values()
        ],
        "accounts": [_account(one) for one in world.accounts.values()],
        "customers": list(world.customers.values()),
    }


def _account(account: Account) -> Json:
    servicers = [
        {"userid": userid, "status": one.status, "stop_type": one.stop_type}
        for userid, one in account.servicers.items()
    ]
    kept = {key: getattr(account, key) for key in ("open_kfid", "name", "corp_id")}
    return {**kept, "managers": sorted(account.managers), "servicers": servicers}


def file_of(platform: Platform, media_id: str) -> Json:
    """Show what is known of a file; raise `ValueError` for none."""
    media = platform.world.media.get(media_id)
    if media is None:
        raise ValueError("there is no such file")
    return {"filename": media.filename, "content_type": media.content_type, "size": len(media.data)}


def faults_of(platform: Platform) -> list[Fault]:
    """Show what goes wrong, oldest first."""
    return list(platform.world.faults.given)


def chat_of(platform: Platform, open_kfid: str, external_userid: str, bubbles: int = BUBBLES_SHOWN) -> Json:
    """Show one chat: its session and its newest bubbles."""
    shown = platform.phone(open_kfid, external_userid)
    return {
        "open_kfid": open_kfid,
        "external_userid": external_userid,
        "session": platform.session(open_kfid, external_userid),
        "bubbles": shown[max(0, len(shown) - bubbles) :],
    }


def change_of(platform: Platform, change: Change) -> tuple[str, Json]:
    """Show one change as an event's name and data; a bubble comes with its session as it is now."""
    if isinstance(change, Reload):
        return "reload", {}
    if isinstance(change, Entry):
        return "entry", {"now": platform.world.now(), "entry": change}
    session = platform.session(change.open_kfid, change.external_userid)
    return "bubble", {"now": platform.world.now(), "bubble": change, "session": session}
