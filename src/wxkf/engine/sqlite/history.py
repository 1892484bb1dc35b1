"""What was said in a conversation, from the log and the journal, in the order in which it came to us.

A message that is handled once more (`msgid~number`) was said once, and is not part of what was said before it; a timer
was not said at all. What was answered to them counts.
"""

import sqlite3

from wxkf.engine.values import Said

_IN = """
    SELECT m.id, m.origin, m.at, m.send_time, m.raw, instr(m.msgid, '~') OR m.origin = 0 OR m.msgid =
           coalesce((SELECT substr(msgid, 1, instr(msgid, '~') - 1) FROM message WHERE id = ?4), '')
      FROM message m JOIN conversation c ON c.id = m.conversation JOIN account a ON a.id = c.account
     WHERE a.app = ?1 AND a.open_kfid = ?2 AND c.external_userid = ?3 AND m.id < ?4
       AND (m.origin <> 0 OR EXISTS (SELECT 1 FROM step WHERE message = m.id)) ORDER BY m.id DESC LIMIT ?5
"""
_OUT = """
    SELECT s.at, s.body FROM step s
     WHERE s.message = ? AND s.path IN ('kf/send_msg', 'kf/send_msg_on_event') AND s.state IN ('accepted', 'unknown')
     ORDER BY s.position
"""
_FOREVER = 2**62


def history(
    db: sqlite3.Connection, app: str, open_kfid: str, external_userid: str, limit: int, before: int | None
) -> list[Said]:
    """List the last things said before a message, oldest first."""
    key = (app, open_kfid, external_userid, before or _FOREVER, limit)
    found: list[tuple[float, int, Said]] = []
    for message, origin, at, sent, raw, unsaid in db.execute(_IN, key).fetchall():
        if not unsaid:
            found.append((at, message, Said(origin, float(sent), raw)))
        found += [(then, message, Said(0, then, body)) for then, body in db.execute(_OUT, (message,)).fetchall()]
    found.sort(key=lambda one: one[:2])
    return [said for _, _, said in found][-limit:]
