"""The pages of docs/, and their code as a reader runs it: from top to bottom, in an empty folder.

A block of Python that begins with `# name.py` is that file, and the next blocks may import it; others go on where the
one before ended. Functions called `test_…` are run. `wxkf demo … --say …` is played, and the transcript below it is
what comes out.
"""

import ast
import inspect
import io
import re
import shlex
import sys
import types
from pathlib import Path

import pytest
from rich.console import Console

from wxkf.cli.demo import demo
from wxkf.cli.load import load_bot

DOCS = Path(__file__).parents[2] / "docs"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_FILE = re.compile(r"# ([\w/]+)\.py\n")
_DEMO = re.compile(r"^(?:uv run )?wxkf demo (.+?--say.+?)(?:  #.*)?$", re.MULTILINE)


def pages() -> list[str]:
    """Name all pages, by their path below docs/ and without `.md`; both languages."""
    found = (path.relative_to(DOCS) for path in DOCS.rglob("*.md"))
    return sorted(path.as_posix().removesuffix(".md") for path in found if path.parts[0] != "parts")


def page(name: str) -> str:
    """Read a page."""
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def blocks(text: str, *languages: str) -> list[str]:
    """List the blocks of code in these languages."""
    return [block for language, block in _BLOCK.findall(text) if language in languages]


def without_code(text: str) -> str:
    """Give the words of a page."""
    return _BLOCK.sub("", text)


def shape(block: str) -> str:
    """Give Python without its comments and docstrings, which are in the page's language."""
    tree = ast.parse(block)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.dump(tree)


class Reader:
    """Somebody who does what a page says, in a folder of their own."""

    def __init__(self, name: str, request: pytest.FixtureRequest) -> None:
        self._name, self._request = name, request
        self._folder: Path = request.getfixturevalue("tmp_path")
        self._patch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
        self._patch.chdir(self._folder)
        self._patch.setattr(sys, "path", [*sys.path])
        self._patch.setenv("WXKF_LANG", "zh" if name.endswith(".zh") else "en")
        self._names: dict[str, object] = {}
        self._printed: list[str] = []

    async def reads(self) -> None:
        """Run all of it."""
        text = page(self._name)
        for found in _BLOCK.finditer(text):
            language, block = found.groups()
            if language == "python":
                await self._runs(block, text.count("\n", 0, found.start(2)))
            elif language == "sh":
                for words in _DEMO.findall(block):
                    await self._plays(shlex.split(words))
            elif language == "text" and self._printed:
                self._compares(block)

    async def _runs(self, block: str, line: int) -> None:
        named = _FILE.match(block)
        names = self._writes(named[1], block) if named else self._names
        exec(compile("\n" * line + block, DOCS / f"{self._name}.md", "exec"), names)  # an error names the page's line
        for key in re.findall(r"^(?:async )?def (test_\w+)", block, re.MULTILINE):
            test = names[key]
            assert inspect.isfunction(test)
            done = test(*map(self._request.getfixturevalue, inspect.signature(test).parameters))
            if inspect.isawaitable(done):
                await done

    def _writes(self, name: str, block: str) -> dict[str, object]:
        (self._folder / f"{name}.py").write_text(block, encoding="utf-8")
        module = types.ModuleType(name)
        self._patch.setitem(sys.modules, name, module)
        return module.__dict__

    async def _plays(self, words: list[str]) -> None:
        bot, *rest = words
        said = [rest[index + 1] for index, word in enumerate(rest) if word == "--say"]
        out = io.StringIO()
        code = await demo(load_bot(bot), said, browser=False, port=0, patience=10.0, out=Console(file=out, width=120))
        assert code == 0, out.getvalue()
        self._printed = [re.sub(r"  \d+ ms$", "", line) for line in out.getvalue().splitlines()]

    def _compares(self, shown: str) -> None:
        printed, self._printed = iter(self._printed), []
        for line in shown.splitlines():
            assert line.strip() in ("", "…") or line in printed, f"not printed, or not at this place: {line}"
