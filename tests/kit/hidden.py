"""A fresh interpreter in which packages are not there, as where an extra was not installed."""

import subprocess
import sys
from pathlib import Path

_HIDDEN = """
import sys
sys.path.append({tests!r})
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Hidden())
"""


def python_without(*names: str, code: str) -> list[str]:
    """Run code; give the lines it prints."""
    whole = _HIDDEN.format(names=names, tests=str(Path(__file__).parents[1])) + code
    command = [sys.executable, "-X", "utf8", "-c", whole]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=True)
    return done.stdout.splitlines()
