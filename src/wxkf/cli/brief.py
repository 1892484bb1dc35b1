"""An error of somebody's own code, in short: where in their files, and what; not the way there through ours."""

import sysconfig
import traceback
from pathlib import Path
from typing import Final

_NOT_THEIRS: Final = ("<frozen ", str(Path(__file__).parents[1]), sysconfig.get_path("stdlib"))


def brief(error: BaseException) -> str:
    """Write an error as Python does, without the frames of wxkf, of Python itself and of installed packages."""
    told = traceback.TracebackException.from_exception(error)
    _shorten(told)
    return "".join(told.format()).rstrip()


def place(error: BaseException) -> str:
    """Name the last line of somebody's own code that an error came through, "bot.py, line 7"; "" where none is."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{_near(error.filename)}, line {error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    last = next((frame for frame in reversed(frames) if _is_theirs(frame.filename)), None)
    return f"{_near(last.filename)}, line {last.lineno}" if last else ""


def _near(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else file


def _shorten(told: traceback.TracebackException) -> None:
    frames = [frame for frame in told.stack if _is_theirs(frame.filename)]
    told.stack = traceback.StackSummary.from_list(frames)
    for one in (told.__cause__, told.__context__):
        if one is not None:
            _shorten(one)


def _is_theirs(file: str) -> bool:
    is_file = Path(file).is_absolute()  # what is compiled names its source as it pleases
    return is_file and not file.startswith(_NOT_THEIRS) and "site-packages" not in Path(file).parts
