"""The page on web applications shows the examples as they are, which `tests/adapters` runs; both languages do."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "adapters"


def shown(page: str) -> dict[str, str]:
    """Give the code of each example on a page, by the file's name."""
    return dict(re.findall(r"```python\n# (\w+\.py)\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL))


def written(path: Path) -> str:
    """Give an example's code without its docstring."""
    source = path.read_text(encoding="utf-8")
    (docstring, *_) = ast.parse(source).body
    return "\n".join(source.splitlines()[docstring.end_lineno :]).strip() + "\n"


def commands(page: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(r"(?:`|^)((?:uvicorn|gunicorn|python|wxkf) [^`#\n]+)", text, re.MULTILINE)


def test_the_page_shows_every_example_to_the_letter() -> None:
    assert shown("docs/adapters.md") == {
        path.name: written(path) for path in EXAMPLES.glob("*.py") if path.name != "hello.py"
    }


def test_both_languages_show_the_same_code_and_commands() -> None:
    english, chinese = (shown(f"docs/adapters{language}.md") for language in ("", ".zh"))
    assert {name: ast.dump(ast.parse(code)) for name, code in english.items()} == {
        name: ast.dump(ast.parse(code)) for name, code in chinese.items()
    }
    assert sorted(commands("docs/adapters.md")) == sorted(commands("docs/adapters.zh.md"))


def test_an_example_is_started_as_its_first_line_says() -> None:
    told = set(commands("docs/adapters.md"))
    for path in EXAMPLES.glob("*_*.py"):
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        assert docstring.rpartition(": ")[2].rstrip(".") in told


def test_the_examples_bot_is_the_readmes() -> None:
    assert written(EXAMPLES / "hello.py") == shown("README.md")["hello.py"]
