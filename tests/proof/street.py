"""The street where the bot lives and dies: the simulator over HTTP, customers who write, and what the phones show.

A round starts the bot, lets it die where it is told to, starts it again and waits until everyone has been answered.
What is counted then is only what a customer sees: words that are missing, said twice, or out of order.
"""

import asyncio
import multiprocessing
import os
import signal
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from kit.ports import free_port
from proof.bot import BLOCK, LATER, QUEUE, Life, live
from wxkf import App
from wxkf.serve import Server
from wxkf.sim import Settings, Simulator

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["proof.bot", "uvicorn.protocols.http.httptools_impl", "wxkf.client.over_aiohttp"])
PATIENCE = 30.0


@dataclass
class Toll:
    """What went wrong, counted at the phone; `unknown` are rows whose outcome nobody could tell."""

    rounds: int = 0
    deaths: int = 0
    messages: int = 0
    lost: int = 0
    twice: int = 0
    disordered: int = 0
    unknown: int = 0
    words: list[str] = field(default_factory=list)

    @property
    def bad(self) -> bool:
        """Whether a customer was wronged."""
        return bool(self.lost or self.twice or self.disordered)

    def __add__(self, other: "Toll") -> "Toll":
        sums = {name: getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__}
        return Toll(**sums)


class Street:
    """One simulator, one inbox, and the bot's address."""

    def __init__(self, folder: Path, *, seed: int = 3, **settings: Any) -> None:
        self.sim = Simulator(seed=seed, settings=Settings(limits_frequency=False, **settings))
        self._inbox = folder / "inbox.db"
        self.people: dict[str, str] = {}
        self.said: dict[str, list[str]] = {}
        self._process: BaseProcess | None = None
        self._life: Life | None = None

    @asynccontextmanager
    async def opened(self) -> AsyncIterator["Street"]:
        """Serve the simulator; in the end nothing is left running."""
        async with Server(self.sim.app, port=0) as server:
            sim, port = self.sim, free_port()
            app = App(sim.corp_id, sim.secret, sim.token, sim.aes_key, server.url)
            self._life = Life(app, port, str(self._inbox))
            sim.deliver_to_url(f"http://127.0.0.1:{port}/")
            try:
                yield self
            finally:
                await self.kill()
                await sim.aclose()

    # ── the bot ─────────────────────────────────────────────────────────────────────────────────────────────────

    def start(self, **life: Any) -> None:
        """Let the bot begin to live."""
        assert self._life is not None
        self._process = _FORKS.Process(target=live, args=(replace(self._life, **life),), daemon=True)
        self._process.start()

    async def ready(self) -> None:
        """Wait until callbacks are taken, or it has died."""
        assert self._life is not None
        async with asyncio.timeout(PATIENCE):
            while self.alive:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self._life.port)
                except OSError:
                    await asyncio.sleep(0.005)
                else:
                    writer.close()
                    return

    @property
    def alive(self) -> bool:
        """Whether it lives."""
        return self._process is not None and self._process.is_alive()

    async def kill(self) -> None:
        """Kill it if it lives."""
        if self._process is not None:
            self._process.kill()
            await asyncio.get_running_loop().run_in_executor(None, self._process.join)

    def signal(self, number: signal.Signals) -> None:
        """Stop it, or let it go on."""
        assert self._process is not None
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    # ── the customers ───────────────────────────────────────────────────────────────────────────────────────────

    def say(self, name: str, *texts: str) -> None:
        """Let a customer write; a new one if there is none of this name."""
        if name not in self.people:
            self.people[name] = self.sim.customers.add(name)
        for text in texts:
            self.said.setdefault(name, []).append(text)
            self.sim.customers.say(self.sim.open_kfid, self.people[name], text)

    def owed(self, name: str) -> int:
        """Count the words that a customer has not heard yet; the platform lets five through after each of theirs."""
        if name not in self.people:
            return 0
        return len(_due(self.said[name])) - len(self.heard(name))

    def heard(self, name: str) -> list[str]:
        """List what a phone shows of the account."""
        bubbles = self.sim.platform.phone(self.sim.open_kfid, self.people[name])
        return [one.body["content"] for one in bubbles if one.who == "account"]

    async def answered(self, *, dying: bool = False) -> bool:
        """Wait until everyone has heard all that is due to them; or, if it may die, until it has."""
        async with asyncio.timeout(PATIENCE):
            while not all(Counter(_due(texts)) <= Counter(self.heard(name)) for name, texts in self.said.items()):
                if dying and not self.alive:
                    return False
                await asyncio.sleep(0.005)  # the bot is another process, and its death makes no sound
        return True

    def toll(self) -> Toll:
        """Count what the phones show."""
        toll = Toll(rounds=1, messages=sum(map(len, self.said.values())))
        for name, texts in self.said.items():
            due, heard = _due(texts), self.heard(name)
            counts = Counter(heard)
            missing = [word for word in due if not counts[word]]
            twice = [word for word, count in counts.items() if count > 1]
            ordered = [word for word in heard if not word.endswith("·晚")]
            wanted = [word for word in due if not word.endswith("·晚")]
            toll.lost += len(missing)
            toll.twice += len(twice)
            toll.disordered += not missing and not twice and ordered != wanted
            toll.words += [f"{name}: {heard}"] if missing or twice or ordered != wanted else []
        toll.unknown = self._count("SELECT count(*) FROM step WHERE state = 'unknown'")
        return toll

    def _count(self, sql: str) -> int:
        with closing(sqlite3.connect(self._inbox)) as db:
            return int(db.execute(sql).fetchone()[0])


def _due(texts: Iterable[str]) -> list[str]:
    """List what answers these texts, in order; what comes later stands behind."""
    words: list[str] = []
    for text in texts:
        words.append(f"{text}·先")
        if not text.startswith(QUEUE):
            words.append(f"{text}·后")
    return words + [f"{text}·晚" for text in texts if text.startswith(LATER)]


__all__ = ["BLOCK", "LATER", "QUEUE", "Street", "Toll"]
