"""Where it happens: at a simulator that runs, over HTTP, or here, with a bot and a simulator of its own.

Both are spoken to through the simulator's control API; they differ in how to tell that the bot is done.
"""

import asyncio
import json
import logging
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import msgspec

from wxkf.bot.app import Bot
from wxkf.cli.texts import text
from wxkf.cli.trigger.plan import Json, View
from wxkf.client.asgi import ask
from wxkf.clock import Clock
from wxkf.errors import ConfigError
from wxkf.sim.values import Bubble, Entry
from wxkf.testing import Chat

if TYPE_CHECKING:
    from aiohttp import ClientSession

_OK: Final = 200
_LIMIT: Final = 30  # seconds for the simulator to answer a question
_GLANCE: Final = 0.1  # seconds between two looks at the phone
_PAUSE: Final = 0.6  # seconds without another bubble after which an answer is taken to be over


class Room(ABC):
    """A simulator. `is_fresh`: nothing has happened here yet, and nothing will afterwards."""

    is_fresh = False
    url = ""

    @abstractmethod
    async def settle(self, before: View) -> Exception | None:
        """Return once the phone, which showed that before, shows the answer, and all of it.

        Gives what the bot's handler raised, where that can be known.
        """

    @abstractmethod
    async def _ask(self, verb: str, target: str, body: bytes) -> tuple[int, bytes]: ...

    async def look(self, name: str, **query: object) -> Any:
        """Read something. Raises `ConfigError` where there is no simulator."""
        status, body = await self._ask("GET", f"/_sim/{name}?{urlencode(query)}", b"")
        try:
            if status == _OK:
                return json.loads(body)
        except ValueError:
            pass
        raise ConfigError(text("trigger.no_sim", url=self.url))

    async def act(self, name: str, arguments: Json) -> Json:
        """Do something. Raises `ConfigError` with the simulator's own words where it is impossible."""
        status, body = await self._ask("POST", f"/_sim/{name}", json.dumps(arguments).encode())
        if status != _OK:
            raise ConfigError(text("trigger.refused", why=body.decode("utf-8", "replace").strip()))
        done: Json = json.loads(body)
        return done

    async def view(self, account: str, customer: str, *, blank: bool) -> View:
        """Look at one chat; the account and the customer by id or name, else the first account, the newest customer.

        A customer who is not there appears; so does one where a `blank` phone is wanted and the newest has none, since
        whoever was greeted or has written is not greeted again.
        """
        people = await self.look("people")
        found = _named(people["accounts"], "open_kfid", "name", account)
        if found is None:
            there = " ".join(f"{one['open_kfid']} ({one['name']})" for one in people["accounts"])
            raise ConfigError(text("trigger.no_account", account=account, there=there))
        person = _named(people["customers"][::-1], "external_userid", "nickname", customer)
        view = await self.again(_of(found, person)) if person else None
        if view and (customer or not (blank and view.bubbles)):
            return view
        name = customer or text("trigger.customer")
        return await self.again(_of(found, {"nickname": name, **await self.act("customers/add", {"nickname": name})}))

    async def again(self, view: View) -> View:
        """Look at the same chat once more."""
        people, chat = await self.look("people"), await self.look("chat", **view.place)
        account = _named(people["accounts"], "open_kfid", "name", view.account["open_kfid"]) or view.account
        bubbles = msgspec.convert(chat["bubbles"], list[Bubble])
        return View(account, view.customer, view.nickname, chat["session"], bubbles)

    async def journal(self) -> Sequence[Entry]:
        """Read what has happened."""
        return msgspec.convert((await self.look("journal"))["entries"], list[Entry])


class _AtSimulator(Room):
    def __init__(self, url: str, session: "ClientSession", patience: float, clock: Clock) -> None:
        self.url, self._session, self._patience, self._clock = url, session, patience, clock

    async def settle(self, before: View) -> None:
        """Look until an answer is there and nothing has come after it for a moment, or patience is over."""
        end, count, last = self._clock.elapsed() + self._patience, 0, 0.0
        while (now := self._clock.elapsed()) < end:
            said = [one for one in (await self.again(before)).since(before) if one.who == "account"]
            if len(said) != count:
                count, last = len(said), now
            elif said and now - last >= _PAUSE:
                return
            await self._clock.wait(asyncio.Event(), _GLANCE)

    async def _ask(self, verb: str, target: str, body: bytes) -> tuple[int, bytes]:
        import aiohttp

        try:
            async with self._session.request(verb, f"{self.url}{target}", data=body or None) as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientError, TimeoutError, ValueError):
            raise ConfigError(text("trigger.nobody", url=self.url)) from None


class _Here(Room):
    is_fresh = True

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    async def settle(self, before: View) -> Exception | None:
        """Return when the bot has nothing more to do."""
        try:
            await self._chat.hears()
        except Exception as error:  # noqa: BLE001 - the handler's own, to be shown
            return error
        return None

    async def _ask(self, verb: str, target: str, body: bytes) -> tuple[int, bytes]:
        path, _, query = target.partition("?")
        answer = await ask(self._chat.sim.app, verb, path, query, body)
        return answer.status, answer.body


@asynccontextmanager
async def at_simulator(url: str, patience: float, clock: Clock) -> AsyncIterator[Room]:
    """Open the way to a simulator that runs; an answer is waited for so many seconds."""
    import aiohttp

    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_LIMIT)) as session:
        yield _AtSimulator(url, session, patience, clock)


@asynccontextmanager
async def here(bot: Bot, nickname: str) -> AsyncIterator[Room]:
    """Run a bot and a simulator in this process. What a handler raises is given, so that it is not logged too."""
    log = logging.getLogger("wxkf.dispatcher")
    log.addFilter(_is_no_failure)
    try:
        async with Chat(bot, nickname=nickname or text("trigger.customer")) as chat:
            yield _Here(chat)
    finally:
        log.removeFilter(_is_no_failure)


def _is_no_failure(record: logging.LogRecord) -> bool:
    return not record.exc_info


def _of(account: Json, person: Json) -> View:
    return View(account, person["external_userid"], person["nickname"], {})


def _named(rows: Sequence[Json], key: str, other: str, wanted: str) -> Json | None:
    """Find a row by its id or its name; the first one where nothing is wanted."""
    return next((row for row in rows if not wanted or wanted in (row[key], row[other])), None)
