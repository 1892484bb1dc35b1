"""Telling a caller how far a transfer is, without letting what it does with that break the transfer."""

import logging
from collections.abc import Callable

log = logging.getLogger("wxkf.client")

Progress = Callable[[int, int], None]
"""Is told the bytes done and the bytes in all. After an interruption it may start again from a smaller number."""


class Onlooker:
    """Tells `progress`; one that raises is logged, once, and told no more."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress

    def __call__(self, done: int, total: int) -> None:
        """Tell how far it is."""
        if self._progress is None:
            return
        try:
            self._progress(done, total)
        except Exception:
            self._progress = None
            log.warning("progress raised; the transfer goes on without it", exc_info=True)
