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


def _shorten(told: traceback.TracebackException) -> None:
    frames = [frame for frame in told.stack if _is_theirs(frame.filename)]
    told.stack = traceback.StackSummary.from_list(frames)
    for one in (told.__cause__, told.__context__):
        if one is not None:
            _shorten(one)


def _is_theirs(file: str) -> bool:
    return not file.startswith(_NOT_THEIRS) and "site-packages" not in Path(file).parts
