"""`wxkf demo --say …`: a customer with a script, a transcript with times."""

import asyncio
import contextlib
from collections.abc import Sequence

from rich.console import Console

from wxkf.cli.show import show_customer, show_replies
from wxkf.cli.stage import Stage
from wxkf.cli.texts import text
from wxkf.cli.where import last_seen
from wxkf.sim.values import Bubble

PATIENCE = 10.0  # seconds for an answer


class Script:
    """Plays the customer."""

    def __init__(self, stage: Stage, out: Console, *, patience: float = PATIENCE) -> None:
        self._stage, self._out, self._patience = stage, out, patience
        self._sim = stage.sim
        self._name = "顾客" if text("demo.enters") == "进入会话" else "customer"
        self._customer = self._sim.platform.add_customer(self._name)
        self._changed = asyncio.Event()
        self._seen = 0
        self._sim.platform.watch(lambda _change: self._changed.set())

    async def play(self, lines: Sequence[str]) -> int:
        """Enter, say each line, wait for each answer. Returns the exit code: 0, or 1 when an answer is missing."""
        show_customer(self._out, self._name, text("demo.enters"), aside=True)
        self._sim.platform.enter(self._sim.open_kfid, self._customer)
        if not await self._answer(or_quiet=True):
            self._out.print(f"  [dim]{text('demo.quiet')}[/]")
        for line in lines:
            if not await self._say(line):
                return 1
        self._out.print(f"\n[green]✓[/] {text('demo.done', count=len(lines))}")
        return 0

    async def _say(self, line: str) -> bool:
        show_customer(self._out, self._name, line)
        msgid = self._sim.platform.say(self._sim.open_kfid, self._customer, line)
        if await self._answer():
            return True
        where = last_seen(self._sim.platform.where_seen(msgid), await self._stage.service.engine.trace(msgid))
        said = text("demo.silent", text=line, seconds=self._patience, where=where)
        self._out.print(f"\n[red]✗[/] {said}", highlight=False)
        return False

    async def _answer(self, *, or_quiet: bool = False) -> bool:
        """Wait for an answer and for what follows at once, and show it; with `or_quiet`, silence ends the wait too."""
        asked = self._sim.clock.now()
        with contextlib.suppress(TimeoutError):  # what came in time counts
            async with asyncio.timeout(self._patience):
                if not or_quiet:
                    await self._first_reply()
                await self._settled()
        replies = self._replies()
        show_replies(self._out, replies, replies[0].at - asked if replies else None)
        self._seen = len(self._phone())
        return bool(replies)

    async def _first_reply(self) -> None:
        while not self._replies():
            self._changed.clear()
            await self._changed.wait()

    async def _settled(self) -> None:
        await self._sim.quiet()
        await self._stage.service.engine.quiet()

    def _phone(self) -> list[Bubble]:
        return self._sim.platform.phone(self._sim.open_kfid, self._customer)

    def _replies(self) -> list[Bubble]:
        return [bubble for bubble in self._phone()[self._seen :] if bubble.who == "account"]
