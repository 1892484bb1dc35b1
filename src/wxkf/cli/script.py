"""`wxkf demo --say …`: a customer with a script, a transcript with times."""

import asyncio
import contextlib
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from wxkf.cli.show import show_customer, show_replies
from wxkf.cli.stage import Stage
from wxkf.cli.texts import text
from wxkf.cli.where import last_seen
from wxkf.clock import SystemClock
from wxkf.sim.values import Bubble

PATIENCE = 10.0  # seconds for an answer
_GLANCE = 0.1  # seconds between two looks whether a message is dealt with


class Script:
    """Plays the customer."""

    def __init__(self, stage: Stage, out: Console, *, patience: float = PATIENCE) -> None:
        self._stage, self._out, self._patience = stage, out, patience
        self._sim = stage.sim
        self._name = "顾客" if text("demo.enters") == "进入会话" else "customer"
        self._customer = self._sim.customers.add(self._name)
        self._changed = asyncio.Event()
        self._seen, self._answered = 0, False
        self._sim.platform.watch(lambda _change: self._changed.set())

    async def play(self, lines: Sequence[str]) -> int:
        """Enter, say each line, wait for each answer. Returns the exit code: 0, or 1 when an answer is missing."""
        show_customer(self._out, self._name, text("demo.enters"), aside=True)
        self._sim.customers.enter(self._sim.open_kfid, self._customer)
        await self._answer()
        if not self._answered:
            self._out.print(f"  [dim]{text('demo.quiet')}[/]")
        for line in lines:
            if not await self._say(line):
                return 1
        self._out.print(f"\n[green]✓[/] {text('demo.done', count=len(lines))}")
        return 0

    async def _say(self, line: str) -> bool:
        """Say a line and show what the bot answers; tell whether it was answered and nothing went wrong."""
        show_customer(self._out, self._name, line)
        msgid = self._sim.customers.say(self._sim.open_kfid, self._customer, line)
        in_time = await self._answer(msgid)
        trace = await self._stage.service.engine.trace(msgid)
        if self._answered and trace and not trace.failed:
            return True
        where = last_seen(self._sim.platform.where_seen(msgid), trace)
        key = "demo.failed" if in_time else "demo.silent"
        said = text(key, text=line, seconds=self._patience, where=where.rstrip("。."))
        self._out.print(f"\n[red]✗[/] {escape(said)}", highlight=False, soft_wrap=True)
        return False

    async def _answer(self, msgid: str = "") -> bool:
        """Wait until the bot is through with a message (or idle), show what it said, tell whether it was in time."""
        asked, in_time = self._sim.clock.now(), False
        with contextlib.suppress(TimeoutError):  # what came in time counts
            async with asyncio.timeout(self._patience):
                await self._settled()
                while msgid and not await self._is_over(msgid):
                    self._changed.clear()
                    await SystemClock().wait(self._changed, _GLANCE)
                    await self._settled()
                in_time = True
        replies = [bubble for bubble in self._phone()[self._seen :] if bubble.who == "account"]
        show_replies(self._out, replies, replies[0].at - asked if replies else None)
        self._seen, self._answered = len(self._phone()), bool(replies)
        return in_time or bool(replies)

    async def _is_over(self, msgid: str) -> bool:
        trace = await self._stage.service.engine.trace(msgid)
        return trace is not None and trace.handled

    async def _settled(self) -> None:
        await self._sim.quiet()
        await self._stage.service.engine.quiet()

    def _phone(self) -> list[Bubble]:
        return self._sim.platform.phone(self._sim.open_kfid, self._customer)
