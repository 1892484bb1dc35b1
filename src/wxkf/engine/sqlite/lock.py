"""One engine per inbox file, by a lock of the operating system: it goes when the process goes, however it dies."""

import os
import time
from pathlib import Path

from wxkf.errors import InUse
from wxkf.oslock import lock


class EngineLock:
    """Hold `<inbox>.lock`. Readers and administrators of the inbox do not need it; a second engine does."""

    def __init__(self, inbox: Path) -> None:
        self._inbox = inbox.resolve()  # a second name for the same file is the same inbox
        self._path = self._inbox.with_name(self._inbox.name + ".lock")
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the lock. Raises `InUse` when another engine has it."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        if not _taken(descriptor):
            os.close(descriptor)
            raise InUse(
                f"another wxkf engine is working on {self._inbox}; stop it, or give this one a file of its own "
                "(WXKF_DATABASE)"
            )
        self._file = descriptor

    @property
    def is_held(self) -> bool:
        """Whether an engine is at work, ours or another; found out by a touch that lasts some microseconds."""
        try:
            descriptor = os.open(self._path, os.O_RDWR)
        except OSError:
            return False  # no engine was ever here, or none of ours
        try:
            lock(descriptor)
        except OSError:
            return True
        finally:
            os.close(descriptor)
        return False

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _taken(descriptor: int) -> bool:
    """Take the lock; somebody who only looks whether it is held has it for a moment, so once is not enough."""
    for patience in (0.005, 0.02, 0.0):
        try:
            lock(descriptor)
        except OSError:
            time.sleep(patience)
        else:
            return True
    return False
