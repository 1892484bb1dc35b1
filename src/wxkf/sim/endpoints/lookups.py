"""Finding what a call names: the account and the customer, or the platform's refusal."""

from wxkf.sim.endpoints.table import Call
from wxkf.sim.refusal import Refusal
from wxkf.sim.settings import MEDIA_LIFE
from wxkf.sim.world import Account, Customer, Media, Member

_ID_MAX = 64


def account_of(call: Call, *, missing: int | None = None, illegal: int = 95000) -> Account:
    """Find the corp's account under `open_kfid`: `illegal` for a wrong shape, 95004 for one that does not exist."""
    missing = call.world.settings.missing_open_kfid if missing is None else missing
    open_kfid = call.fields.text("open_kfid", required=True, limit=_ID_MAX, missing=missing, long=illegal)
    if not open_kfid.startswith(("wk", "kf")):
        raise Refusal(illegal)
    account = call.world.accounts.get(open_kfid)
    if account is None or account.corp_id != call.app.corp_id:
        raise Refusal(95004)
    return account


def managed_account_of(call: Call) -> Account:
    """Find the account under `open_kfid` that the app may act for: 48007 for one that was not assigned to it."""
    account = account_of(call)
    if call.app.agent_id not in account.managers:
        raise Refusal(48007)
    return account


def lacks_licence(call: Call, member: Member) -> bool:
    """Tell whether a member needs an account licence (互通账号) that is not there: for a provider's apps only (1.3)."""
    return bool(call.app.suite_id) and not member.licensed


def customer_of(call: Call, key: str) -> Customer:
    """Find the corp's customer under a key, 40096 for a bad or unknown one."""
    external_userid = call.fields.text(key, required=True, limit=_ID_MAX, long=40096)
    customer = call.world.customers.get(external_userid)
    if customer is None or customer.corp_id != call.app.corp_id:
        raise Refusal(40096)
    return customer


def image_of(call: Call, *, required: bool = False) -> str:
    """Read `media_id` and see that it is a living image of the corp, 40007 otherwise; "" where it is left out."""
    media_id = call.fields.text("media_id", required=required, limit=128, missing=40007, long=40007)
    media = call.world.media.get(media_id)
    if media_id and (media is None or media.corp_id != call.app.corp_id or call.now - media.at > MEDIA_LIFE):
        raise Refusal(40007)
    if media is not None and kind_of(media) != "image":
        raise Refusal(40007, "media_id is no image")
    return media_id


def kind_of(media: Media) -> str:
    """Tell as what a file can be sent."""
    start = media.content_type.partition("/")[0]
    return media.kind or {"image": "image", "audio": "voice", "video": "video"}.get(start, "file")
