"""`wxkf stats`: any range of days, read in the windows the platform allows, joined and drawn."""

import csv
import inspect
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from wxkf.cli.calls.answers import data_of, joined
from wxkf.cli.calls.days import Day, calendar, midnight, span, today
from wxkf.cli.calls.drawing import draw
from wxkf.cli.calls.parameters import options
from wxkf.cli.calls.perform import pages, print_json
from wxkf.cli.calls.signature import flag, signed, values
from wxkf.cli.calls.tree import Declaration, Endpoint
from wxkf.cli.texts import text

_TIMES: Final = ("start_time", "end_time")


def command(one: Endpoint) -> Callable[..., None]:
    """Make the command of a statistic."""
    fields = [field for field in options(one) if field.name not in _TIMES]

    def run(**given: Any) -> None:
        as_json, as_csv = given.pop("as_json"), given.pop("as_csv")
        asked = [given.pop(name) for name in ("days", "since", "until")]
        try:
            first, last = span(today(time.time()), *asked)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
        arguments = {**values(fields, given), "start_time": midnight(first), "end_time": midnight(last)}
        entries = _entries(one.all or one.single, arguments)
        if as_json:
            print_json(entries)
        elif as_csv:
            write_csv(calendar(entries, first, last))
        else:
            draw(calendar(entries, first, last), Console())

    more = [*_range(), flag("as_csv", "--csv", "stats.csv"), flag("as_json", "--json", "calls.json")]
    return signed(run, one, fields, more)


def _entries(declaration: Declaration, arguments: dict[str, Any]) -> list[Any]:
    found: list[Any] = joined(map(data_of, pages(declaration, arguments))).get("statistic_list", [])
    return sorted(found, key=lambda entry: int(entry["stat_time"]))


def _range() -> list[inspect.Parameter]:
    return [
        _option("days", int, typer.Option("--days", help=text("stats.days"), min=1, max=180)),
        _option("since", str, typer.Option("--since", help=text("stats.since"), metavar="DATE")),
        _option("until", str, typer.Option("--until", help=text("stats.until"), metavar="DATE")),
    ]


def _option(name: str, kind: Any, info: Any) -> inspect.Parameter:
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind | None, info]
    )


def metrics_of(days: Iterable[Day]) -> list[str]:
    """Name the metrics that occur, in the platform's order."""
    return list(dict.fromkeys(name for day in days for name in day.figures or ()))


def write_csv(days: Sequence[Day]) -> None:
    """Print a line a day; what the platform does not know stays empty."""
    names = metrics_of(days)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["date", *names])
    for day in days:
        out.writerow([day.date, *((day.figures or {}).get(name, "") for name in names)])
