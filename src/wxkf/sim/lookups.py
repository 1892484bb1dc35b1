"""Finding what a call names: the account and the customer, or the platform's refusal."""

from wxkf.sim.fields import Fields
from wxkf.sim.refusal import Refusal
from wxkf.sim.world import Account, Customer, World

_ID_MAX = 64


def account_of(world: World, fields: Fields) -> Account:
    """Find the account under `open_kfid`: 95000 for a wrong shape, 95004 for one that does not exist."""
    missing = world.settings.missing_open_kfid
    open_kfid = fields.text("open_kfid", required=True, limit=_ID_MAX, missing=missing, long=95000)
    return named_account(world, open_kfid, missing=missing, illegal=95000)


def managed_account_of(world: World, fields: Fields) -> Account:
    """Find the account under `open_kfid` that the app may act for: 48007 for one that was not assigned to it."""
    account = account_of(world, fields)
    if not account.managed:
        raise Refusal(48007)
    return account


def named_account(world: World, open_kfid: str, *, missing: int, illegal: int) -> Account:
    """Find an account by its id, or refuse with these codes; 95004 is for one that does not exist."""
    if not open_kfid:
        raise Refusal(missing)
    if not open_kfid.startswith(("wk", "kf")) or len(open_kfid) > _ID_MAX:
        raise Refusal(illegal)
    if open_kfid not in world.accounts:
        raise Refusal(95004)
    return world.accounts[open_kfid]


def customer_of(world: World, fields: Fields, key: str) -> Customer:
    """Find the customer under a key, 40096 for a bad or unknown one."""
    external_userid = fields.text(key, required=True, limit=_ID_MAX, long=40096)
    if external_userid not in world.customers:
        raise Refusal(40096)
    return world.customers[external_userid]
