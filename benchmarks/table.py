"""Print a race as a table that can be pasted into a README as it is."""

from dataclasses import dataclass

from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from benchmarks.racing import Race


@dataclass(frozen=True)
class Goal:
    """What a lane shall reach, as a multiple of the base's time (`at_most`), or of its speed (`at_least`)."""

    at_most: float = 0
    at_least: float = 0

    def __str__(self) -> str:
        return f"≥ {self.at_least:g}x" if self.at_least else f"≤ {self.at_most:g}x"

    def reached(self, ratio: float) -> bool:
        """Tell whether a time of so many times the base's is good enough."""
        return 1 / ratio >= self.at_least if self.at_least else ratio <= self.at_most


def show(title: str, result: Race, base: str, goals: dict[str, Goal], *, faster: bool = False) -> None:
    """Print a race: times for orientation, ratios to `base` to compare. `faster` counts speed and not time."""
    table = Table(box=MARKDOWN)
    table.add_column("")
    for head in ("median", f"x {base}" if not faster else f"speed, x {base}", "reach", ""):
        table.add_column(head, justify="right")
    for lane in result.seconds:
        ratio, goal = result.ratio(lane, base), goals.get(lane)
        verdict = "" if goal is None else "yes" if goal.reached(ratio) else "no"
        shown = 1 / ratio if faster else ratio
        table.add_row(lane, _time(result.median(lane)), f"{shown:.2f}", str(goal or ""), verdict)
    Console().print(f"{title}:", table, sep="\n")


def _time(seconds: float) -> str:
    return f"{seconds * 1e6:,.1f} µs" if seconds < 0.005 else f"{seconds * 1e3:,.1f} ms"
