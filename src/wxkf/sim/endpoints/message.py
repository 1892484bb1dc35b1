"""What an app reads: messages and events (platform.md 6)."""

from wxkf.sim.endpoints.lookups import managed_account_of
from wxkf.sim.endpoints.paging import page_of
from wxkf.sim.endpoints.table import Call, endpoint
from wxkf.sim.endpoints.tokens import check_callback_token
from wxkf.sim.settings import PAGE_MAX
from wxkf.sim.values import Json


@endpoint("POST", "kf/sync_msg")
def sync_msg(call: Call) -> Json:
    """Read one account's stream behind a cursor; without one from the earliest row within three days."""
    account = managed_account_of(call)
    cursor = call.fields.text("cursor", limit=64, long=call.world.settings.bad_cursor)
    token = call.fields.text("token", limit=128, long=95007)
    limit = call.fields.number("limit", PAGE_MAX, 0, PAGE_MAX) or PAGE_MAX
    call.fields.number("voice_format", 0, 0, 1)
    check_callback_token(call.world, account, token)
    return page_of(call, account, cursor, limit)
