"""The guides' code runs as it stands, and both languages show the same."""

import ast
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = ["bot", "client", "engine"]


def blocks(name: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (DOCS / name).read_text(encoding="utf-8"), re.DOTALL)


def shape(block: str) -> str:
    """Give the code without its docstrings, which are in the page's language."""
    tree = ast.parse(block)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.dump(tree)


@pytest.mark.parametrize("guide", GUIDES)
def test_both_languages_show_the_same_code(guide: str) -> None:
    english, chinese = blocks(f"{guide}.md"), blocks(f"{guide}.zh.md")
    assert english
    assert [shape(block) for block in english] == [shape(block) for block in chinese]


@pytest.mark.parametrize("guide", GUIDES)
def test_the_code_runs(guide: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}  # what one block defines the next may use
    for block in blocks(f"{guide}.md"):
        exec(compile(block, f"{guide}.md", "exec"), names)
