"""The `.env` file of the working directory: settings for the commands, without a shell.

Lines are `KEY=value`, with or without `export`; quotes are taken off, `#` begins a comment. Nothing is expanded. The
environment wins.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from wxkf.errors import ConfigError

_LINE: Final = re.compile(
    r"""\s*(?:export\s+)?(?P<name>[A-Za-z_]\w*)\s*=\s*
        (?:'(?P<single>[^']*)'
          |"(?P<double>(?:[^"\\]|\\.)*)"
          |(?P<bare>(?!['"])(?:[^\s\#]|(?<=\S)\#|[ \t]+(?![\s\#]|$))*))
        \s*(?:\#.*)?""",
    re.VERBOSE,
)


def settings(folder: Path | None = None, env: Mapping[str, str] = os.environ) -> Mapping[str, str]:
    """Give the environment with what `.env` adds. Raises `ConfigError` for a line that is none, naming no value."""
    path = (folder or Path()) / ".env"
    try:
        said = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return env
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f".env cannot be read ({type(error).__name__})") from None
    return {**parse(said), **env}


def parse(said: str) -> dict[str, str]:
    """Read the lines of a `.env` file. Raises `ConfigError` with the number of a line that cannot be read."""
    found = {}
    for number, line in enumerate(said.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        read = _LINE.fullmatch(line)
        if read is None:
            raise ConfigError(f".env line {number} must be NAME=value")
        double = re.sub(r"\\(.)", r"\1", read["double"]) if read["double"] is not None else None
        found[read["name"]] = next(one for one in (read["single"], double, read["bare"]) if one is not None)
    return found
