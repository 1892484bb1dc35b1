"""Every example goes as the conversation at its end says, starts as its head says, and is in the tables.

A conversation is a test of its own as well: `pytest examples/shop.py`. Here all are run, so that none is forgotten.
"""

import ast
import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest

from wxkf.cli.load import load_bot

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*.py"))

pytest.register_assert_rewrite(*(f"examples.{name}" for name in EXAMPLES))


def head(name: str) -> str:
    return ast.get_docstring(ast.parse((ROOT / "examples" / f"{name}.py").read_text(encoding="utf-8"))) or ""


@pytest.mark.parametrize("name", EXAMPLES)
async def test_it_goes_as_its_conversation_says(name: str) -> None:
    example = import_module(f"examples.{name}")
    scenes = [scene for given, scene in vars(example).items() if given.startswith("test_")]
    assert scenes, "an example ends with its conversation: `async def test_…()`"
    for scene in scenes:
        assert inspect.iscoroutinefunction(scene)
        await scene()


@pytest.mark.parametrize("name", EXAMPLES)
def test_its_head_says_what_it_shows_and_how_it_is_run(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _, commands = head(name).partition("\n\n")
    assert first.endswith(".")
    assert f"uv run pytest examples/{name}.py" in commands
    monkeypatch.chdir(ROOT)
    for spec in re.findall(r"uv run wxkf (?:demo|run) (\S+)", commands):
        assert spec == f"examples/{name}.py"
        assert not load_bot(spec).is_empty


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_the_table_lists_all_of_them(page: str) -> None:
    table = (ROOT / "examples" / page).read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| \[(\w+)\.py\]\(\1\.py\) \| .+ \|$", table, re.MULTILINE)) == EXAMPLES
