"""A number of seconds that somebody has written down."""

from wxkf.errors import ConfigError


def check_seconds(name: str, value: object, *, most: float | None = None, zero: bool = False) -> None:
    """Refuse what is no number of seconds above 0, or 0 where that is allowed. Raises `ConfigError`."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        is_in = value > 0 or (zero and value == 0)
        if is_in and (most is None or value <= most):
            return
    limit = "" if most is None else f", {most:g} at most"
    raise ConfigError(f"{name} is a number of seconds{'' if zero else ' above 0'}{limit}, not {value!r}")
