"""To say something without being asked: stored in the customer's conversation, and sent when its turn comes.

What would be refused is refused at once, with the reason, by what the inbox knows; the platform is asked only where a
colleague may have the session.
"""

import hashlib
import uuid
from collections.abc import Callable

import msgspec

from wxkf.api.message import sending
from wxkf.bot.quota import quota_of
from wxkf.bot.sessions import Sessions
from wxkf.bot.text import BadReply
from wxkf.engine.engine import Engine
from wxkf.engine.timer import Kept, TimerDue
from wxkf.engine.values import Room, Row
from wxkf.errors import CannotSend, ConfigError
from wxkf.messages.outbound import Here, Outbound
from wxkf.protocol.limits import check

SAY = "wxkf:say"


class Outside:
    """The engines that a bot works for, and the way in from outside."""

    def __init__(self, sessions: Sessions, began: Callable[[float], None]) -> None:
        self._sessions, self._began = sessions, began
        self.engines: list[Engine] = []

    def join(self, engine: Engine) -> None:
        """Hear of an engine that the bot works for."""
        self.engines.append(engine)
        self._began(engine.now())

    def leave(self, engine: Engine) -> None:
        """Hear that it has ended."""
        if engine in self.engines:
            self.engines.remove(engine)

    async def send(self, open_kfid: str, external_userid: str, message: str | Outbound, key: str) -> bool:
        """Store something to be said. Tells whether it was new. Raises `CannotSend`, `ConfigError`."""
        if isinstance(message, Here):
            raise BadReply(
                "a file of this machine is uploaded first: client.media.upload_once(...), then out.Image(...)"
            )
        if message == "":
            raise BadReply("there is nothing to say")
        engine, room = await self._engine_of(open_kfid, external_userid)
        msgid = await _free(engine, open_kfid, external_userid, key or uuid.uuid4().hex)
        if msgid is None:
            return False
        await self._check(engine, room, open_kfid, external_userid)
        said = message if isinstance(message, str) else message.wire()
        if isinstance(message, Outbound):
            check(sending({"touser": external_userid, "open_kfid": open_kfid, "msgid": msgid[:32], **message.wire()}))
        now = engine.now()
        timer = TimerDue(
            msgid=msgid, open_kfid=open_kfid, external_userid=external_userid, send_time=int(now), name=SAY, data=said
        )
        known_from = 0 if key else int(now)  # without a time: its key is not forgotten
        row = Row(msgid, external_userid, known_from, 0, msgspec.json.encode(timer))
        return await engine.put(open_kfid, row)

    async def _engine_of(self, open_kfid: str, external_userid: str) -> tuple[Engine, Room]:
        """Find who serves an account; one that has just begun may not have read yet which these are."""
        if not self.engines:
            raise ConfigError("this bot is not at work in this process: run it with Service, Fleet or `wxkf run` first")
        serving = [engine for engine in self.engines if open_kfid in engine.accounts] or self.engines
        rooms = [(one, await one.store.room(one.app, open_kfid, external_userid)) for one in serving]
        return next((found for found in rooms if found[1].wrote_at is not None), rooms[0])

    async def _check(self, engine: Engine, room: Room, open_kfid: str, external_userid: str) -> None:
        whom = f"nothing can be sent to {external_userid} by {open_kfid}"
        quota = quota_of(room, engine.now())
        if not quota.is_open:
            raise CannotSend(f"{whom}: {quota.closed}")
        if room.waiting >= quota.left:
            raise CannotSend(
                f"{whom}: {room.waiting} wait already, and until the customer writes no more may be sent (95001)"
            )
        if await engine.store.has_people(engine.app, open_kfid, external_userid):
            session = await self._sessions.read(engine.client, open_kfid, external_userid)
            if session.is_with_people:
                raise CannotSend(f"{whom}: the session is {session} (95018)")


def read_said(event: TimerDue) -> str | Outbound:
    """Give what was to be said."""
    return event.data if isinstance(event.data, str) else Kept(event.data)


async def _free(engine: Engine, open_kfid: str, external_userid: str, key: str) -> str | None:
    """Give the msgid for what is said under a key; None where it was said, or may have been.

    What the platform has refused for certain may be tried again: under another msgid, since the log knows the first.
    """
    turn, msgid = 0, _msgid(open_kfid, external_userid, key)
    while (trace := await engine.trace(msgid)) and trace.refused:
        turn += 1
        msgid = _msgid(open_kfid, external_userid, f"{key}\n{turn}")
    return None if trace else msgid


def _msgid(open_kfid: str, external_userid: str, key: str) -> str:
    return f"s-{hashlib.sha256(chr(10).join((open_kfid, external_userid, key)).encode()).hexdigest()[:30]}"
