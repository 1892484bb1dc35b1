"""Files that were uploaded before, so that the same picture sent a thousand times is uploaded once in two days.

The platform keeps a file for 3 days; an entry is used for two and a half. The key is a digest of the content and of
everything that shows with it (kind, name), within one corp at one base address.
"""

import hashlib
import json
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from wxkf.protocol.call import File

log = logging.getLogger("wxkf.client")

LIFE = 2.5 * 86_400  # seconds


class UploadCache(Protocol):
    """Where media_ids are kept: a store of yours, shared by processes. For an `AsyncClient` they may be coroutines.

    One that raises costs an upload, not the call. `until` is in epoch seconds; what is past it must not be given.
    """

    def get(self, key: str) -> str | Awaitable[str | None] | None:
        """Give the media_id kept under a key, or None."""
        ...

    def set(self, key: str, media_id: str, until: float) -> Awaitable[None] | None:
        """Keep a media_id."""
        ...


class MemoryCache:
    """The last so many, in memory. Safe for threads."""

    def __init__(self, now: Callable[[], float] = time.time, *, most: int = 1024) -> None:
        self._now, self._most = now, most
        self._kept = OrderedDict[str, tuple[str, float]]()
        self._lock = threading.Lock()

    def get(self, key: str) -> str | None:
        """Give the media_id kept under a key, or None."""
        with self._lock:
            media_id, until = self._kept.get(key, ("", 0.0))
            if self._now() >= until:
                self._kept.pop(key, None)
                return None
            self._kept.move_to_end(key)
            return media_id

    def set(self, key: str, media_id: str, until: float) -> None:
        """Keep a media_id; the one longest not asked for makes room."""
        with self._lock:
            self._kept[key] = media_id, until
            self._kept.move_to_end(key)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Uploads:
    """What `media.upload_once` knows of its client: whose files they are (`scope`), the time, and the cache."""

    scope: str = ""
    now: Callable[[], float] = time.time
    cache: UploadCache = field(default_factory=MemoryCache)

    def key(self, kind: str, file: File) -> str:
        """Read the file and give its key. May block; raises `FileError`."""
        content = hashlib.sha256()
        for piece in file.source.chunks():
            content.update(piece)
        told = [self.scope, kind, file.name, file.content_type, content.hexdigest()]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def warn(error: Exception) -> None:
    """Say that the cache failed."""
    log.warning("the upload cache failed (%s); the file is uploaded as if it were new", type(error).__name__)
