"""The settings file `.env`: one NAME=value a line, read as every other tool reads it, written so that nobody else can.

Plain: no interpolation, no values over several lines. `write` changes the lines of the names it is given and leaves
all others as they are, comments too. The new file is complete before it takes the old one's place.
"""

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from wxkf.errors import ConfigError

MODE: Final = 0o600
_LINE: Final = re.compile(r"\s*(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?P<value>.*?)\s*")
_QUOTED: Final = re.compile(r"""'(?P<plain>[^']*)'\s*(?:\#.*)?|"(?P<escaped>(?:[^"\\]|\\.)*)"\s*(?:\#.*)?""")
_COMMENT: Final = re.compile(r"(?:^|\s)#.*")
_SAFE: Final = re.compile(r"[\w./:@%+,=~?&-]*", re.ASCII)
_ESCAPE: Final = re.compile(r'([\\"$`])')


def read(path: Path) -> dict[str, str]:
    """Read the names and values of a file; {} where there is none, and of a name that comes twice the last counts.

    Raises `ConfigError` for a line that is neither NAME=value nor a comment, by its number: it may hold a secret.
    """
    lines = enumerate(_lines(path), 1)
    return dict(pair for number, line in lines if (pair := _pair(line, f"{path}, line {number}")))


def beneath(env: Mapping[str, str], path: Path) -> dict[str, str]:
    """Lay the file's settings beneath those of the environment: what is set there, and not empty, counts."""
    return {**read(path), **{name: value for name, value in env.items() if value.strip()}}


def here() -> dict[str, str]:
    """Give the settings a command finds: the environment's, with those of `.env` in this folder beneath."""
    return beneath(os.environ, Path(".env"))


def write(path: Path, values: Mapping[str, str]) -> None:
    """Set these names in a file of mode 0600, made if there is none; every other line stays as it is.

    Raises `ConfigError` for a value with a line break, or when the file cannot be written; the old one is whole then.
    """
    for name, value in values.items():
        if not value.isprintable():
            raise ConfigError(f"{name} holds a line break or a control character")
    merged = _merged(_lines(path), values)
    try:
        _replace(path.resolve(), "".join(f"{line}\n" for line in merged))
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}") from None


def _lines(path: Path) -> list[str]:
    try:
        content = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ConfigError(f"{path} cannot be read: {why}") from None
    return content.removesuffix("\n").split("\n") if content else []


def _pair(line: str, where: str) -> tuple[str, str] | None:
    if not line.strip() or line.lstrip().startswith("#"):
        return None
    if not (found := _LINE.fullmatch(line)):
        raise ConfigError(f"{where}: neither NAME=value nor a comment")
    value = found["value"]
    if value[:1] not in ("'", '"'):
        return found["name"], _COMMENT.sub("", value).rstrip()
    if not (quoted := _QUOTED.fullmatch(value)):
        raise ConfigError(f"{where}: a quote is not closed")
    escaped = quoted["escaped"]
    return found["name"], quoted["plain"] if escaped is None else re.sub(r"\\(.)", r"\1", escaped)


def _merged(lines: list[str], values: Mapping[str, str]) -> list[str]:
    """Put each value where its name stands last, which is the one that counts, or at the end."""
    places = {found["name"]: at for at, line in enumerate(lines) if (found := _LINE.fullmatch(line))}
    merged = list(lines)
    for name, value in values.items():
        line = f"{name}={_quote(value)}"
        if name in places:
            merged[places[name]] = line
        else:
            merged.append(line)
    return merged


def _quote(value: str) -> str:
    if _SAFE.fullmatch(value):
        return value
    return f"'{value}'" if "'" not in value else '"' + _ESCAPE.sub(r"\\\1", value) + '"'


def _replace(path: Path, content: str) -> None:
    """Write beside the file, then move over it, so that a reader sees the old or the new and never half."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")  # mkstemp: mode 0600 from the start
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(MODE)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
