"""Who is busy: a count that can be waited for. `Chat` asks it whether a message has been dealt with."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Activity:
    """Counts what is under way in one event loop."""

    def __init__(self) -> None:
        self._count = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    def begin(self) -> None:
        """Something starts."""
        self._count += 1
        self._quiet.clear()

    def end(self) -> None:
        """Something is over."""
        self._count -= 1
        if not self._count:
            self._quiet.set()

    def hold(self) -> Callable[[], None]:
        """Something starts; call what is returned when it is over, any number of times."""
        self.begin()
        held = True

        def release() -> None:
            nonlocal held
            if held:
                held = False
                self.end()

        return release

    @contextmanager
    def during(self) -> Iterator[None]:
        """Count the block as activity."""
        self.begin()
        try:
            yield
        finally:
            self.end()

    async def quiet(self) -> None:
        """Return when nothing is under way."""
        while self._count:  # it may have begun again between the wake-up and now
            await self._quiet.wait()
