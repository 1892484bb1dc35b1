"""`wxkf` in processes of their own: run to the end, or started and talked to."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

COMMAND = (sys.executable, "-m", "wxkf")
PATIENCE = 60  # seconds of real time until something is declared never to end


def environment(**extra: str) -> dict[str, str]:
    """Make an environment without settings of ours but those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WXKF_")}
    return {**kept, "WXKF_LANG": "en", "PYTHONUNBUFFERED": "1", "COLUMNS": "200", **extra}


def wxkf(*words: str, cwd: Path | None = None, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*COMMAND, *words],
        cwd=cwd, env=environment(**extra), capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip


class Started:
    """A command that runs until it is stopped."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def said_until(self, words: str) -> str:
        """Return what it prints up to the line with these words, or all if they never come."""
        assert self._process.stdout
        said = ""
        for line in self._process.stdout:
            said += line
            if words in line:
                break
        return said

    def interrupted(self) -> tuple[int, str, str]:
        """Press Ctrl-C; return the exit code and what it printed since, to both streams."""
        self._process.send_signal(signal.SIGINT)
        said, errors = self._process.communicate(timeout=PATIENCE)
        return self._process.returncode, said.strip(), errors


@contextmanager
def started(*words: str, cwd: Path | None = None, **extra: str) -> Iterator[Started]:
    """Start a command; in the end it is not left running."""
    with subprocess.Popen(
        [*COMMAND, *words],
        cwd=cwd, env=environment(**extra), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            yield Started(process)
        finally:
            process.kill()
