"""A world as bytes and back: JSON of its state and its time, with a version in front.

Listeners, the journal and what is under way are not kept.
"""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from wxkf.sim.world import State, World

VERSION = 1


@dataclass(slots=True)
class Kept:
    """What is kept of a world. `now` is its time, `offset` how far that is from the machine's."""

    now: float
    offset: float
    state: State
    version: int = field(default=VERSION)


def keep(world: World) -> Kept:
    """Take what is to be kept; it shares its parts with the world, so encode it before anything happens."""
    return Kept(world.now(), world.clock.offset, world.state())


def pack(world: World) -> bytes:
    """Turn a world into bytes."""
    return msgspec.json.encode(keep(world))


def unpack(raw: bytes | dict[str, Any]) -> Kept:
    """Read what `pack` made, or its decoded JSON. Raises `ValueError` with a sentence for anything else."""
    try:
        head = msgspec.json.decode(raw) if isinstance(raw, bytes) else raw
        version = head.get("version") if isinstance(head, dict) else None
        if isinstance(version, int) and version > VERSION:
            raise ValueError(f"it was written by a newer wxkf (version {version}; this one reads {VERSION})")
        if version != VERSION:
            raise ValueError("it holds no world of wxkf's simulator")
        kept = msgspec.convert(head, Kept, str_keys=True)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"it does not hold a whole world: {error}") from None
    if not kept.state.apps or not kept.state.corps:
        raise ValueError("its world has no corp or no app")
    return kept
