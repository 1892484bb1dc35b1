"""The roles that `wxkf run` can have: all in one process, or an engine and any number of web processes before it."""

from typing import Literal, NamedTuple, Self

Role = Literal["all", "web", "engine"]

_OUTSIDE, _INSIDE = "0.0.0.0", "127.0.0.1"  # noqa: S104 - the platform calls from outside, web processes from inside
_PORT, _ENGINES_PORT = 8000, 8001
ENGINE = f"http://{_INSIDE}:{_ENGINES_PORT}"
HOSTS, PORTS = f"{_OUTSIDE}; engine {_INSIDE}", f"{_PORT}; engine {_ENGINES_PORT}"


class Place(NamedTuple):
    """Where to listen, and as what."""

    role: Role
    host: str
    port: int

    @classmethod
    def of(cls, role: Role, host: str | None, port: int | None) -> Self:
        """Give the role's own host and port where none are named."""
        own = (_INSIDE, _ENGINES_PORT) if role == "engine" else (_OUTSIDE, _PORT)
        return cls(role, own[0] if host is None else host, own[1] if port is None else port)
