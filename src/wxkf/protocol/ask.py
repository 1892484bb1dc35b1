"""What a generator asks of its driver besides calls to the platform: something that may block.

Files, databases and a caller's own functions are I/O, so the pure middle does not touch them itself. A sync driver
runs `do` at once, an async one lends it a thread and awaits what it returns if that is awaitable.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Ask:
    """Run this and tell what it returned, or throw in what it raised."""

    do: Callable[[], Any] = field(repr=False)
