"""Tokens shared by the clients of one process, sync and async, in any thread."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Shelf:
    value: bytes | None = field(default=None, repr=False)
    fence: int = 0
    until: float = 0.0


class MemoryTokenStore:
    """A `TokenStore` in memory. `elapsed` is a clock that never goes back."""

    def __init__(self, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._elapsed = elapsed
        self._shelves: dict[str, _Shelf] = {}
        self._lock = threading.Lock()

    def read(self, key: str) -> bytes | None:
        """See `TokenStore.read`."""
        with self._lock:
            shelf = self._shelves.get(key)
            return shelf.value if shelf else None

    def lease(self, key: str, seconds: float) -> int | None:
        """See `TokenStore.lease`."""
        with self._lock:
            shelf, now = self._shelves.setdefault(key, _Shelf()), self._elapsed()
            if now < shelf.until:
                return None
            shelf.fence, shelf.until = shelf.fence + 1, now + seconds
            return shelf.fence

    def write(self, key: str, value: bytes, fence: int) -> bool:
        """See `TokenStore.write`."""
        with self._lock:
            shelf = self._shelves.setdefault(key, _Shelf())
            if shelf.fence != fence:
                return False
            shelf.value, shelf.until = value, 0.0
            return True
