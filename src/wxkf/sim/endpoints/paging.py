"""One page of an account's stream, right or as the faults have it (platform.md 6.2).

A fault that could change nothing does not strike: there is nothing to replay before the first page, and no cursor to
refuse where none was given.
"""

from wxkf.sim.endpoints.table import Call
from wxkf.sim.refusal import Refusal
from wxkf.sim.values import Json
from wxkf.sim.world import Account

_SYNC = "kf/sync_msg"


def page_of(call: Call, account: Account, cursor: str, limit: int) -> Json:
    """Read the rows behind a cursor."""
    world, bad_cursor = call.world, call.world.settings.bad_cursor
    if cursor and world.strike(_SYNC, "bad_cursor"):
        raise Refusal(bad_cursor)
    rows, here, more = account.log.page(cursor, 0, call.now, bad_cursor)
    if world.strike(_SYNC, "empty_page"):
        return _page([], here, more=True)
    if account.last_page and world.strike(_SYNC, "replayed_page"):
        start, count = account.last_page
        rows, _, _ = account.log.page(start, count, call.now, bad_cursor)
        return _page(rows, here, more=True)
    if more and world.strike(_SYNC, "short_page"):
        limit = 1
    rows, after, more = account.log.page(cursor, limit, call.now, bad_cursor)
    if rows:
        account.last_page = (here, len(rows))
    return _page(rows, after, more=more)


def _page(rows: list[Json], after: str, *, more: bool) -> Json:
    return {"next_cursor": after, "has_more": int(more), "msg_list": rows}
