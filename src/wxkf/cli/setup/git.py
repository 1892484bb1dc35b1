"""Would git take this file? Secrets that were committed once are public for ever."""

import shutil
import subprocess
from pathlib import Path

_NOT_IGNORED = 1  # 0 is ignored, 128 no repository


def would_commit(path: Path) -> bool:
    """Tell whether the file lies in a git repository and is not ignored there; no, where there is no git to ask."""
    git = shutil.which("git")
    if git is None:
        return False
    asked = subprocess.run(  # noqa: S603 - our own words and a path, no shell
        [git, "check-ignore", "--quiet", "--", path.name], cwd=path.resolve().parent, capture_output=True, check=False
    )
    return asked.returncode == _NOT_IGNORED
