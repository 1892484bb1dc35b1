"""From a page of `sync_msg` to the rows that are stored: pure, so that every odd page can be tried."""

import hashlib
import logging

from wxkf.engine.store import Account, Lane, Row
from wxkf.messages.decode import MessagePage
from wxkf.messages.events import EnterSession
from wxkf.messages.inbound import Inbound

log = logging.getLogger("wxkf.puller")

_LARGEST = 2**63 - 1


def rows_of(page: MessagePage, account: Account) -> list[Row]:
    """Make one row a message. What was sent before `account.since` is history; no message is left out."""
    rows = []
    for index, (message, raw) in enumerate(zip(page.msg_list, page.raw_list, strict=True)):
        msgid = message.msgid or derived_msgid(account, index, raw)
        history = 0 < message.send_time < account.since  # no time is no reason to leave a customer unanswered
        sent, origin = _storable(message.send_time), _storable(message.origin)
        rows.append(Row(msgid, message.external_userid, sent, origin, raw, history, _lane(message)))
    return rows


def _lane(message: Inbound) -> Lane:
    """Let a greeting wait for nobody: its code lives 20 seconds."""
    return Lane.GREETING if isinstance(message, EnterSession) and message.welcome_code else Lane.ORDERED


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
