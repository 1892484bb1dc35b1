"""One engine per inbox file, by a lock of the operating system: it goes when the process goes, however it dies."""

import os
from pathlib import Path

from wxkf.errors import StoreError
from wxkf.oslock import lock


class EngineLock:
    """Hold `<inbox>.lock`. Readers and administrators of the inbox do not need it; a second engine does."""

    def __init__(self, inbox: Path) -> None:
        self._inbox = inbox.resolve()  # a second name for the same file is the same inbox
        self._path = self._inbox.with_name(self._inbox.name + ".lock")
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the lock. Raises `StoreError` when another engine has it."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            lock(descriptor)
        except OSError:
            os.close(descriptor)
            raise StoreError(
                f"another wxkf engine is working on {self._inbox}; stop it, give this one a file of its own "
                "(WXKF_DATABASE), or use PostgreSQL for several engines"
            ) from None
        self._file = descriptor

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
