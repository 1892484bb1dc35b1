"""A simulated world in a file: read at the start, written when something has happened and at the end.

A new file of mode 0600 takes the old one's place in one step, so a crash leaves one world or the other. One simulator
at a time has a file: it holds a lock of the operating system beside it.
"""

import asyncio
import os
import time
from pathlib import Path

from wxkf.errors import ConfigError
from wxkf.oslock import lock
from wxkf.sim.kept import pack, unpack
from wxkf.sim.world import World

_EVERY = 3.0  # seconds between looks
_SHARE = 20  # a save may take one part in so many of the time


class Keeper:
    """Keeps a world in a file; without a path it does nothing."""

    def __init__(self, path: Path | None, world: World) -> None:
        self._path, self._world = path, world
        self._saved_at = -1
        self._held: int | None = None

    def open(self) -> None:
        """Take the file for this process alone. Raises `ConfigError` if another has it or it could never be written."""
        if self._path is None:
            return
        beside = self._path.with_name(f"{self._path.name}.lock")
        try:
            self._held = os.open(beside, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise ConfigError(f"{self._path} cannot be written: {error.strerror}") from None
        try:
            lock(self._held)
        except OSError:
            self.close()
            raise ConfigError(
                f"another `wxkf sim` keeps its world in {self._path}: give this one a file of its own"
            ) from None

    def close(self) -> None:
        """Let others have the file."""
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def load(self) -> bool:
        """Take up the file's world; time has gone on meanwhile. False where there is no file. Raises `ConfigError`."""
        if self._path is None:
            return False
        try:
            kept = unpack(self._path.read_bytes())
        except FileNotFoundError:
            return False
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else error
            raise ConfigError(f"{self._path} cannot be taken up: {why}. Move it away to begin a new world.") from None
        self._world.take_up(kept.state)
        self._world.clock.offset = kept.offset
        return True

    def save(self) -> None:
        """Write the file if anything happened since. Raises `ConfigError` where it cannot be written."""
        happened = self._world.journal.count
        if self._path is None or happened == self._saved_at:
            return
        part = self._path.with_name(f".{self._path.name}.part")
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(pack(self._world))
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise ConfigError(f"{self._path} cannot be written: {error.strerror}") from None
        self._saved_at = happened

    async def run(self) -> None:
        """Save now and then, the less often the longer it takes."""
        pause = _EVERY
        while self._path is not None:
            await asyncio.sleep(pause)
            began = time.perf_counter()
            self.save()
            pause = max(_EVERY, _SHARE * (time.perf_counter() - began))
