"""How a conversation looks in the terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from wxkf.sim.values import Bubble
from wxkf.testing.words import words_of


def show_customer(out: Console, name: str, words: str, *, aside: bool = False) -> None:
    """Print a line of the customer's."""
    style = "dim italic" if aside else "bold"
    out.print(f"\n[green]{escape(name)}[/] › [{style}]{escape(words)}[/]", highlight=False)


def show_replies(out: Console, bubbles: Sequence[Bubble], seconds: float | None = None) -> None:
    """Print the bot's answers; the first bears the time it took."""
    for index, bubble in enumerate(bubbles):
        took = f"  [dim]{seconds * 1000:.0f} ms[/]" if seconds is not None and not index else ""
        first, *more = words_of(bubble).splitlines() or [""]
        out.print(f"  [cyan]‹[/] {escape(first)}{took}", highlight=False, soft_wrap=True)
        for line in more:
            out.print(f"    {escape(line)}", highlight=False, soft_wrap=True)
