"""Files: `wxkf media upload FILE` names the file after itself, `wxkf media get ID` writes it to a disk, with a bar."""

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from wxkf.cli.calls.parameters import options
from wxkf.cli.calls.perform import How, connected, perform, print_json
from wxkf.cli.calls.signature import extras, signed, values
from wxkf.cli.calls.tree import Endpoint
from wxkf.cli.texts import text
from wxkf.errors import ConfigError
from wxkf.protocol.download import Download

_STDOUT: Final = "-"


def command(one: Endpoint) -> Callable[..., None] | None:
    """Make the command of an endpoint that moves a file; None for one that does not."""
    if any(option.reading.kind == "file" for option in options(one)):
        return _up(one)
    return _down(one) if one.single.answer is Download else None


def _up(one: Endpoint) -> Callable[..., None]:
    fields = options(one)

    def run(**given: Any) -> None:
        how = How(given.pop("as_json"))
        path = given["media"]
        if given.get("filename") is None and path != _STDOUT:
            given["filename"] = Path(path).name
        with progress(Path(path).name):
            code = perform(one, values(fields, given), how, whole=False)
        if code:
            raise typer.Exit(code)

    return signed(run, one, fields, extras(one))


def _down(one: Endpoint) -> Callable[..., None]:
    fields = options(one)

    def run(**given: Any) -> None:
        as_json, output = given.pop("as_json"), given.pop("output")
        call = one.single.make(**values(fields, given))
        with connected() as client, progress(given["media_id"]):
            found = client.run(call)
            path = _save(found, output)
        _tell(found, path, as_json=as_json)

    output = inspect.Parameter(
        "output",
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[str | None, typer.Option("--output", "-o", help=text("calls.output"), metavar="PATH")],
    )
    return signed(run, one, fields, [output, *extras(one)])


def _save(found: Download, output: str | None) -> str:
    """Write the file and give its path; never over another one that nobody named."""
    if output == _STDOUT:
        sys.stdout.buffer.write(found.content)
        return ""
    path = Path(output or found.filename)
    path = path / found.filename if path.is_dir() else path
    if output is None and path.exists():
        raise ConfigError(text("calls.exists", path=path))
    part = path.with_name(f".{path.name}.part")  # nobody ever sees half a file under its own name
    try:
        part.write_bytes(found.content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return str(path)


def _tell(found: Download, path: str, *, as_json: bool) -> None:
    if as_json and path:
        size = len(found.content)
        print_json({"path": path, "filename": found.filename, "content_type": found.content_type, "size": size})
    elif path:
        Console().print(text("calls.saved", path=path, size=len(found.content)), highlight=False, soft_wrap=True)


@contextmanager
def progress(name: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on standard error while a file moves; gone when it is over, absent where nobody looks."""
    err = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)
