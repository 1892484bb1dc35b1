"""Files: `wxkf media upload FILE` names the file after itself, `wxkf media get ID` writes it to a disk, with a bar."""

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from wxkf.api.media import Saved
from wxkf.cli.calls.parameters import options
from wxkf.cli.calls.perform import How, connected, perform, print_json
from wxkf.cli.calls.signature import extras, flag, signed, values
from wxkf.cli.calls.table import harmless
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
    hooks = {parameter.name for parameter in one.single.parameters} - {field.name for field in fields}

    def run(**given: Any) -> None:
        how = How(given.pop("as_json"))
        path = given["media"]
        if given.get("filename") is None and path != _STDOUT:
            given["filename"] = Path(path).name
        arguments = values(fields, given)
        with progress(Path(path).name) as told:
            code = perform(one, {**arguments, **dict.fromkeys(hooks, told)}, how, whole=False)
        if code:
            raise typer.Exit(code)

    return signed(run, one, fields, extras(one))


def _down(one: Endpoint) -> Callable[..., None]:
    fields = options(one)

    def run(**given: Any) -> None:
        as_json, output, over = given.pop("as_json"), given.pop("output"), given.pop("overwrite")
        arguments = values(fields, given)
        whole = arguments.keys() == {"media_id"}
        with connected() as client, progress(given["media_id"]) as told:
            if whole:
                to = sys.stdout.buffer if output == _STDOUT else output or "."
                saved = client.media.download(media_id=arguments["media_id"], to=to, progress=told, overwrite=over)
            else:
                saved = _save(client.run(one.single.make(**arguments)), output, over=over)
        if output != _STDOUT:
            _tell(saved, as_json=as_json)

    output = inspect.Parameter(
        "output",
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[str | None, typer.Option("--output", "-o", help=text("calls.output"), metavar="PATH")],
    )
    return signed(run, one, fields, [output, flag("overwrite", "--overwrite", "calls.overwrite"), *extras(one)])


def _save(found: Download, output: str | None, *, over: bool) -> Saved:
    """Write a piece of a file; under its own name where none is given, over another only if told."""
    path = None
    if output == _STDOUT:
        sys.stdout.buffer.write(found.content)
    else:
        path = Path(output or found.filename)
        path = path / found.filename if path.is_dir() else path
        if path.exists() and not over:
            raise ConfigError(text("calls.exists", path=path))
        _write(path, found.content)
    return Saved(path, found.filename, found.content_type, len(found.content))


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.part")  # nobody ever sees half a file under its own name
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _tell(saved: Saved, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {**{name: getattr(saved, name) for name in ("filename", "content_type", "size")}, "path": f"{saved.path}"}
        )
    else:
        Console().print(text("calls.saved", path=saved.path, size=saved.size), highlight=False, soft_wrap=True)


@contextmanager
def progress(name: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on standard error while a file moves; gone when it is over, absent where nobody looks."""
    err = Console(stderr=True)
    if not err.is_terminal:
        yield lambda _done, _total: None
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(harmless(name), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)
