"""What waits to be told, line by line: a line is a hearer and one account, or all letters of one hearer. No asyncio.

News of an account that already waits adds nothing; grants that wait become one letter. What comes later (a suite's
next ticket, a callback that a fault holds back) is due at a time of the world's clock.
"""

from collections import defaultdict, deque
from collections.abc import Callable

from wxkf.sim.grants import new_ticket
from wxkf.sim.hearers import Hearer, hearer_of
from wxkf.sim.letters import Letter, merged
from wxkf.sim.notice import Notice, command, event, kf_msg_or_event
from wxkf.sim.world import World

Line = tuple[Hearer, str]
_Bell = tuple[int, str]  # agent_id, open_kfid: there is news for this app in that account
_LETTERS, LATE = "letters", "late"


class Mail:
    """The waiting notices of one world. Only for those who are `reachable` something waits."""

    def __init__(self, world: World, reachable: Callable[[Hearer], bool]) -> None:
        self._world, self._reachable = world, reachable
        self._queues: dict[Line, deque[_Bell | Letter | Notice]] = defaultdict(deque)
        self._held: list[tuple[float, Hearer, Notice]] = []

    def ring(self, open_kfid: str) -> None:
        """Note that an account has news."""
        world = self._world
        for agent_id in world.accounts[open_kfid].managers:
            hearer = hearer_of(world, world.apps[agent_id])
            queue = self._queues[hearer, open_kfid]
            if not queue and self._reachable(hearer):
                queue.append((agent_id, open_kfid))

    def write(self, letter: Letter) -> None:
        """Note a letter."""
        to, apps = letter.to, self._world.apps
        hearer = hearer_of(self._world, apps[to]) if isinstance(to, int) else to
        if not self._reachable(hearer):
            return
        queue = self._queues[hearer, _LETTERS]
        last = queue[-1] if queue else None
        both = merged(last, letter) if isinstance(last, Letter) else None
        if both is not None:
            queue.pop()
        if both is None or both.facts:
            queue.append(both or letter)

    def hold(self, hearer: Hearer, notice: Notice, until: float) -> None:
        """Keep a notice back until a time."""
        self._held.append((until, hearer, notice))

    def tick(self) -> None:
        """Let what has come due wait in its line."""
        world, held = self._world, self._held
        now = world.now()
        self._held = [one for one in held if now < one[0]]
        for due, hearer, notice in held:
            if now >= due:
                self._queues[hearer, LATE].append(notice)
        for suite in world.suites.values():
            if now >= suite.ticket_due and self._reachable(suite.suite_id):
                self.write(new_ticket(world, suite))

    def next_due(self) -> float | None:
        """Tell when `tick` will have something to do, None for never."""
        due = [one[0] for one in self._held]
        due += [one.ticket_due for one in self._world.suites.values() if self._reachable(one.suite_id)]
        return min(due, default=None)

    def lines(self) -> list[Line]:
        """List the lines on which something waits."""
        return [line for line, queue in tuple(self._queues.items()) if queue]

    def take(self, line: Line) -> Notice | None:
        """Make the next notice of a line, None when nothing waits there."""
        queue = self._queues[line]
        while queue:
            if (notice := self._made(queue.popleft())) is not None:
                return notice
        return None

    def forget(self, hearer: Hearer | None = None) -> None:
        """Drop what waits for one hearer, or for all."""
        for line, queue in self._queues.items():
            if hearer in (None, line[0]):
                queue.clear()
        self._held = [one for one in self._held if hearer not in (None, one[1])]

    def _made(self, item: _Bell | Letter | Notice) -> Notice | None:
        """Make a notice; None for an app, account or suite of a world that is gone."""
        world = self._world
        if isinstance(item, Notice):
            return item
        if isinstance(item, Letter):
            app = world.apps.get(item.to) if isinstance(item.to, int) else None
            suite = world.suites.get(item.to) if isinstance(item.to, str) else None
            return event(world, app, item) if app else command(world, suite, item) if suite else None
        app, account = world.apps.get(item[0]), world.accounts.get(item[1])
        return kf_msg_or_event(world, app, account) if app and account else None
