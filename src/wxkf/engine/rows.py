"""From a page of `sync_msg` to the rows that are stored: pure, so that every odd page can be tried."""

import hashlib
import logging

from wxkf.engine.values import Account, Lane, Row
from wxkf.messages.decode import MessagePage
from wxkf.messages.events import EnterSession, SessionStatusChange
from wxkf.messages.inbound import Inbound, Origin

log = logging.getLogger("wxkf.puller")

_LARGEST = 2**63 - 1
_CUSTOMER = int(Origin.CUSTOMER)


def rows_of(page: MessagePage, account: Account) -> list[Row]:
    """Make one row a message. What was sent before `account.since` is history; no message is left out."""
    rows = []
    for index, (message, raw) in enumerate(zip(page.msg_list, page.raw_list, strict=True)):
        msgid = message.msgid or derived_msgid(account, index, raw)
        history = 0 < message.send_time < account.since  # no time is no reason to leave a customer unanswered
        sent, origin = _storable(message.send_time), _storable(message.origin)
        if origin == _CUSTOMER:  # nearly all
            rows.append(Row(msgid, message.external_userid, sent, origin, raw, history))
        else:
            lane, people = _lane(message), _people(message)
            rows.append(Row(msgid, message.external_userid, sent, origin, raw, history, lane, people))
    return rows


def _lane(message: Inbound) -> Lane:
    """Let a greeting wait for nobody: its code lives 20 seconds."""
    return Lane.GREETING if isinstance(message, EnterSession) and message.welcome_code else Lane.ORDERED


def _people(message: Inbound) -> bool | None:
    """Say what a message tells of who has the session: words of a colleague, or a session that moved or ended."""
    if isinstance(message, SessionStatusChange):
        return not message.ended
    return True if message.origin == Origin.SERVICER and message.external_userid else None


def _storable(number: int) -> int:
    """Bring an absurd number within the 64 bits a database has; it must not cost the page."""
    return max(-_LARGEST, min(number, _LARGEST))


def derived_msgid(account: Account, index: int, raw: bytes) -> str:
    """Give a message without msgid one that is the same whenever the page is read again."""
    key = b"\n".join((account.open_kfid.encode(), account.cursor.encode(), str(index).encode(), raw))
    msgid = f"x-{hashlib.sha256(key).hexdigest()[:30]}"
    extra = {"open_kfid": account.open_kfid, "msgid": msgid}
    log.warning("a message of %s came without msgid; it is filed as %s", account.open_kfid, msgid, extra=extra)
    return msgid
