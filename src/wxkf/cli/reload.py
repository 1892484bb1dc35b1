"""`--reload`: the bot in a process of its own, which ends and begins anew whenever a file of the project changes.

It ends as it would by SIGTERM and goes on from its inbox, so nothing is lost by a change. One that ends by itself, of a
mistake in the code, say, is begun again with the next change. Files are looked at, again and again: that works
everywhere, in containers and on network drives too.
"""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeVar

from rich.console import Console
from rich.markup import escape

from wxkf.cli.stop import stop_asked
from wxkf.cli.texts import text
from wxkf.cli.watch import fingerprint
from wxkf.clock import Clock, SystemClock

T = TypeVar("T")
Seen = Mapping[Path, tuple[int, ...] | None]

_RELOADER: Final = "WXKF_RELOADER"
_PARENT: Final = int(
    os.environ.pop(_RELOADER, "0")
)  # who begins this process anew; not for those that it starts itself
_DEMO_FOLDER: Final = "WXKF_DEMO"
_DEMO: Final = Path(kept) if (kept := os.environ.pop(_DEMO_FOLDER, "")) else None
_NONE: Final[Mapping[str, str]] = {}
_FLAG: Final = "--reload"
_SUFFIXES: Final = (".py", ".toml")
_GLANCE: Final = 0.3  # seconds between two looks
_SHARE: Final = 10  # a look may take one part in so many of the time
_PATIENCE: Final = 20.0  # seconds for the bot's end; what does not end by then is killed, and loses nothing by it
_ORPHAN: Final = 1.0  # seconds between two looks whether the parent lives


def files(folder: Path) -> Iterator[Path]:
    """List what a change of matters: code and settings, but not that of hidden folders and environments."""
    for at, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not (name.startswith((".", "__pycache__")) or _is_venv(at, name))]
        yield from (Path(at, name) for name in names if name == ".env" or name.endswith(_SUFFIXES))


async def reloading(out: Console, *, more: Sequence[str] = (), env: Mapping[str, str] = _NONE) -> int:
    """Run this very command without `--reload`, but with `more`, and again at every change of the current folder.

    Returns the exit code.
    """
    words = [*(word for word in sys.argv[1:] if word != _FLAG), *more]
    folder, clock = Path.cwd(), SystemClock()
    seen = look(folder)
    with stop_asked() as stopped:
        while not stopped.is_set():
            child = await _started(words, env)
            try:
                now = await _changed(seen, folder, child, stopped, out, clock)
            finally:
                await _ended(child)
            if changed := sorted(path for path in {*seen, *now} if seen.get(path) != now.get(path)):
                name = escape(str(changed[0].relative_to(folder)))
                out.print(f"[dim]↻ {text('reload.changed', file=name)}[/]", highlight=False)
            seen = now
    return 0


async def reloading_demo(out: Console, port: int) -> int:
    """Run the demo so, its page always at the same port, the conversation going on. Returns the exit code."""
    with TemporaryDirectory(prefix="wxkf-demo-", ignore_cleanup_errors=True) as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        more = () if port else ("--port", str(free.getsockname()[1]))
        free.close()
        return await reloading(out, more=more, env={_DEMO_FOLDER: folder})


def look(folder: Path) -> Seen:
    """Tell one state of a project from another."""
    return {path: fingerprint(path) for path in files(folder)}


def is_reloaded() -> bool:
    """Tell whether this is the bot's process."""
    return _PARENT > 0


def demo_folder() -> Path | None:
    """Tell where the demo's process keeps what happened, if it does."""
    return _DEMO


async def with_parent(work: Coroutine[Any, Any, T]) -> T:
    """Do the work; in the bot's process, stop when the one that began it is no more."""
    if not is_reloaded():
        return await work
    watching = asyncio.create_task(_stop_when_alone(_PARENT))
    try:
        return await work
    finally:
        watching.cancel()


async def _stop_when_alone(parent: int) -> None:
    while os.getppid() == parent:
        await SystemClock().wait(asyncio.Event(), _ORPHAN)
    signal.raise_signal(signal.SIGTERM)


async def _started(words: Sequence[str], env: Mapping[str, str]) -> Process:
    whole = {**os.environ, **env, _RELOADER: str(os.getpid())}
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "wxkf", *words, env=whole)


async def _changed(
    seen: Seen, folder: Path, child: Process, stopped: asyncio.Event, out: Console, clock: Clock
) -> Seen:
    """Wait for a change that is over, or for the wish to stop. Returns what is there then."""
    now, told = seen, False
    while not stopped.is_set():
        began, before = clock.elapsed(), now
        now = look(folder)
        if now == before != seen:
            return now
        if child.returncode is not None and not told:
            told = True
            out.print(f"[dim]{text('reload.ended', code=child.returncode)}[/]", highlight=False)
        await clock.wait(stopped, max(_GLANCE, _SHARE * (clock.elapsed() - began)))
    return seen


async def _ended(child: Process) -> None:
    """End the bot's process: gracefully, or at once when there is no time for that."""
    try:
        if child.returncode is None:
            child.terminate()
            async with asyncio.timeout(_PATIENCE):
                await child.wait()
    except TimeoutError:
        pass
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()


def _is_venv(at: str, name: str) -> bool:
    return name == "node_modules" or Path(at, name, "pyvenv.cfg").exists()
