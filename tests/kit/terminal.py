"""`wxkf` in this process: its real entry point with words, settings and standard input, and what it said."""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from wxkf.cli import main


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


class Stdin(io.TextIOWrapper):
    """Standard input that holds these bytes; a person's, if `person`."""

    def __init__(self, content: bytes, *, person: bool) -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8")
        self._person = person

    def isatty(self) -> bool:
        return self._person


def runner(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Make the function that runs a command; further keywords are settings, an empty one unsets."""

    def run(*words: str, stdin: bytes = b"", person: bool = False, **env: str) -> Done:
        with monkeypatch.context() as patch:
            for name, value in env.items():
                if value:
                    patch.setenv(name, value)
                else:
                    patch.delenv(name)
            patch.setattr(sys, "argv", ["wxkf", *words])
            patch.setattr(sys, "stdin", Stdin(stdin, person=person))
            with pytest.raises(SystemExit) as ended:
                main()
        out, err = capsys.readouterr()
        return Done(int(ended.value.code or 0), out, err)

    return run
