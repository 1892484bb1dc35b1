"""The loop that bots in use today are made of, kept to show that each test here can fail.

It is no caricature: every line of it stands in a project that people run. A callback pulls one page, the newest message
is answered, what was answered is remembered in memory.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from wxkf.client.aio import AsyncClient
from wxkf.engine.store import Store
from wxkf.errors import WxkfError
from wxkf.messages.events import EnterSession
from wxkf.messages.inbound import Text
from wxkf.messages.outbound import Text as Say
from wxkf.protocol.callback import Notice
from wxkf.protocol.notices import KfMsgOrEvent

Answer = Callable[[str], Awaitable[str]]


class Naive:
    """Pull, answer, forget."""

    def __init__(self, client: AsyncClient, _store: Store, answer: Answer, **_: Any) -> None:
        self._client, self._answer = client, answer
        self._cursor = ""  # in memory
        self._last: dict[str, str] = {}  # dedupe by text

    async def __aenter__(self) -> "Naive":
        return self

    async def __aexit__(self, *_: object) -> None:
        return

    async def note(self, notice: Notice) -> None:
        """Pull and answer while the platform waits for its callback to be taken."""
        content = notice.content
        if isinstance(content, KfMsgOrEvent):
            await self._pull(content.open_kfid, content.token)
        elif added := dict(notice.fields).get("AuthAddOpenKfId"):  # of several, the last
            await self._pull(added, None)

    async def _pull(self, open_kfid: str, token: str | None) -> None:
        try:
            page = await self._client.sync_msg(
                open_kfid=open_kfid, cursor=self._cursor or None, token=token, limit=1000
            )
        except WxkfError:
            return  # the next callback will do
        self._cursor = page.next_cursor  # before anything is handled
        if not page.msg_list:
            return
        message = page.msg_list[-1]  # the newest of the page
        try:
            if isinstance(message, EnterSession):
                await self._client.send_msg_on_event(code=message.welcome_code, message=Say(content="欢迎"))
            elif isinstance(message, Text):
                await self._reply(message)
        except WxkfError:
            return  # logged and gone

    async def _reply(self, message: Text) -> None:
        words = message.text.content
        if self._last.get(message.external_userid) == words:
            return
        self._last[message.external_userid] = words
        to = {"touser": message.external_userid, "open_kfid": message.open_kfid}
        try:
            parts = (await self._answer(words)).split("|")
        except ValueError as error:
            parts = [f"出错了：{error}"]
        for part in parts:
            with suppress(WxkfError):
                await self._client.send_msg(**to, msgid=message.msgid, message=Say(content=part))

    async def quiet(self) -> None:
        """Have nothing under way."""
