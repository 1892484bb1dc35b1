"""The list of steps on the terminal: redrawn in place for people, one line a tick for pipes."""

from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from wxkf.cli.doctor.line import Line
from wxkf.cli.doctor.show import MARKS, mine
from wxkf.cli.setup.steps import STEPS
from wxkf.cli.setup.words import tell
from wxkf.cli.wrap import wrap

_OPEN = "○"
_MARK, _NUMBER, _GAPS = 1, 2, 4


class Board:
    """Use it as `with Board(...)`; `tick` and `wait_for` change what is shown."""

    def __init__(self, out: Console) -> None:
        self._out, self._ip = out, ""
        self.where = ""  # what the first step says about the address
        self.done = set[str]()
        self._obstacle: Line | None = None
        self._live: Live | None = None

    def __enter__(self) -> Self:
        if self._out.is_terminal:
            self._live = Live(self._draw(), console=self._out, auto_refresh=False)
            self._live.start()
        else:
            self._out.print(self._draw())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._obstacle = None
            self._refresh()
            self._live.stop()

    @property
    def is_full(self) -> bool:
        """Tell whether all steps are done."""
        return self.done == set(STEPS)

    def tick(self, steps: set[str]) -> None:
        """Show steps as done, in their order."""
        for step in STEPS:
            if step in steps - self.done:
                self.done.add(step)
                if not self._live:
                    self._out.print(self._row(step))
        self._refresh()

    def wait_for(self, line: Line | None, ip: str = "") -> None:
        """Show what stands in the way, and the address that the platform saw."""
        news = line is not None and (self._obstacle is None or self._obstacle.found != line.found)
        self._obstacle, self._ip = line, ip or self._ip
        if line and news and not self._live:
            self._out.print(self._now(line))
        self._refresh()

    def _refresh(self) -> None:
        if self._live:
            self._live.update(self._draw(), refresh=True)

    def _draw(self) -> RenderableType:
        rows: list[RenderableType] = [self._row(step) for step in STEPS]
        return Group(*rows, *([Text(), self._now(self._obstacle)] if self._obstacle else []))

    def _row(self, step: str) -> Table:
        done = step in self.done
        mark, style = MARKS[True] if done else (_OPEN, "dim")
        grid = Table.grid(padding=(0, 2))
        grid.add_column(width=_MARK)
        grid.add_column(width=_NUMBER)
        grid.add_column(overflow="fold")
        said = tell(f"step.{step}", where=self.where, ip=self._ip or tell("ip.here"))
        width = self._out.width - _MARK - _NUMBER - _GAPS
        grid.add_row(
            Text(mark, style=style), f"{STEPS.index(step) + 1}.", Text(wrap(said, width), style="dim" if done else "")
        )
        return grid

    def _now(self, line: Line) -> Text:
        code = f" ({line.code})" if line.code is not None and str(line.code) not in mine(line.found) else ""
        return Text(wrap(tell("now", found=f"{mine(line.found)}{code}"), self._out.width), style="yellow")
