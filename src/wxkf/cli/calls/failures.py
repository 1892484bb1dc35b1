"""Errors on the screen: what happened, why, what to do, in the user's language; never a traceback.

Exit codes: 1 the platform refused or could not be reached, 2 the request or the settings are wrong.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.text import Text

from wxkf.cli.calls.table import harmless
from wxkf.cli.explained import show_code
from wxkf.cli.texts import language, text
from wxkf.errors import ApiError, TransportError, WxkfError


@contextmanager
def explained(err: Console, *, repeatable: bool) -> Iterator[None]:
    """Turn an error of a call into words and an exit code; of a `repeatable` one it does not matter if it arrived."""
    try:
        yield
    except ApiError as error:
        _refused(error, err)
        raise typer.Exit(1) from None
    except TransportError as error:
        _unanswered(error, err, repeatable=repeatable)
        raise typer.Exit(1) from None
    except WxkfError as error:  # a limit, a setting, a file
        err.print(Text(f"wxkf: {error}"), soft_wrap=True)
        raise typer.Exit(2) from None
    except BrokenPipeError:
        raise  # whoever reads has seen enough, which the command line's library knows
    except OSError as error:
        why = error.strerror or str(error)
        said = text("calls.no_file", path=error.filename, why=why) if error.filename else why  # a full disk has no name
        err.print(Text(f"wxkf: {said}"), soft_wrap=True)
        raise typer.Exit(2) from None


def _unanswered(error: TransportError, err: Console, *, repeatable: bool) -> None:
    tongue = int(language() == "zh")
    meaning, cause, remedy = (words[tongue] for words in (error.fault.meaning, error.fault.cause, error.fault.remedy))
    path = error.args[0].partition(":")[0]
    detail = f" ({error.detail})" if error.detail else ""
    err.print(Text(f"wxkf: {path}: {meaning}{detail}", style="bold red"), soft_wrap=True)
    outcome = "calls.unreachable" if not error.sent else "calls.again" if repeatable else "calls.unknown_outcome"
    for said in (cause, remedy, text(outcome)):
        err.print(Text(said), soft_wrap=True)


def _refused(error: ApiError, err: Console) -> None:
    err.print(Text(text("calls.refused", path=error.path), style="bold red"))
    show_code(error.code, err, official=True)
    if error.ip:
        err.print(Text(text("calls.ip", ip=error.ip)))
    said = harmless(error.errmsg.partition(", hint:")[0])
    err.print(Text(f"{said}  hint {error.hint}" if error.hint else said, style="dim"), soft_wrap=True)
    if error.after_unknown:
        err.print(Text(text("calls.unknown_outcome")))
