"""The making of a project: which files, under which names, and that nothing which is there is touched.

The files stand in `files/<language>` under names that no tool takes for its own settings; `PROJECT` in them becomes the
project's name.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from wxkf.cli.texts import Language, text
from wxkf.errors import ConfigError

FILES: Final = Path(__file__).parent / "files"
_HIDDEN: Final = ("env.example", "gitignore", "dockerignore")  # with a dot in front they would act on wxkf's own tree
_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")  # of a Python project
_TAKEN: Final = frozenset({"wxkf", "pytest", "pytest-asyncio"})  # a project cannot depend on itself


def contents(name: str, language: Language) -> Iterator[tuple[str, str]]:
    """Give the files of a project, by their names in it."""
    for file in sorted(FILES.joinpath(language).iterdir()):
        if file.is_file():  # an installer may have left compiled code beside them
            kept = f".{file.name}" if file.name in _HIDDEN else file.name
            yield kept, file.read_text(encoding="utf-8").replace("PROJECT", name)


def make(folder: Path, language: Language, source: str = "") -> list[str]:
    """Make a project in a new or empty folder, named after it. Returns the names of its files.

    `source` is added to its pyproject.toml. Raises `ConfigError` for a name that no project can have, and for a folder
    that holds anything.
    """
    name = folder.resolve().name
    if not _NAME.fullmatch(name):
        raise ConfigError(text("new.bad_name", name=name))
    if re.sub("[._-]+", "-", name).lower() in _TAKEN:
        raise ConfigError(text("new.taken", name=name))
    files = dict(contents(name, language))
    files["pyproject.toml"] += source
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise ConfigError(text("new.not_empty", folder=folder))
        for kept, content in files.items():
            with folder.joinpath(kept).open("x", encoding="utf-8", newline="\n") as file:
                file.write(content)
    except OSError as error:
        raise ConfigError(text("new.unwritable", folder=folder, why=error.strerror)) from None
    return list(files)
