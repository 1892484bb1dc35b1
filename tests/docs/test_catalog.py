"""The pages on endpoints, messages and other SDKs leave nothing out."""

import re
from pathlib import Path
from typing import get_args

import pytest

from kit import tables
from wxkf import App, Client, out
from wxkf.messages.events import AnyEvent
from wxkf.messages.inbound import AnyMessage

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [f"{name}{tongue}.md" for name in ("endpoints", "messages", "parity") for tongue in ("", ".zh")]
BOTH = ("{}.md", "{}.zh.md")


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_no_place_is_left_open(name: str) -> None:
    assert "{{" not in page(name)


@pytest.mark.parametrize("name", PAGES)
def test_tables_are_tables(name: str) -> None:
    columns = 0
    for line in page(name).splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        assert not cells or columns in (0, cells), line
        columns = cells


@pytest.mark.parametrize("name", BOTH)
def test_every_documented_call_is_on_the_page_with_its_page_and_its_errors(name: str) -> None:
    shown = page(name.format("endpoints"))
    rows = {row.split("`")[3]: row for row in shown.splitlines() if row.startswith(("| `GET`", "| `POST`"))}
    operations = {one.path: one for one in tables.operations()}
    assert set(rows) == set(operations)
    assert len([path for path in rows if path.startswith("kf/")]) == 30
    for path, row in rows.items():
        assert not operations[path].row["page"] or f"/{operations[path].row['page']})" in row
        assert row.startswith(f"| `{operations[path].verb or 'POST'}`")


NOTES = [
    (("WeCom mode", "retired"), "may be unavailable in WeCom mode", "企业微信模式下可能不可用"),
    (("in standalone mode",), "not in standalone mode", "独立版没有"),
    (("self-built apps only",), "self-built apps only", "仅限自建应用"),
    (("组件 apps only",), "component apps (微信客服组件) only", "仅限微信客服组件应用"),
]


@pytest.mark.parametrize(("documented", "english", "chinese"), NOTES, ids=[note[1] for note in NOTES])
def test_where_a_call_is_not_to_be_had_it_says_so(documented: tuple[str, ...], english: str, chinese: str) -> None:
    wanted = {one.path for one in tables.operations() if any(note in one.row["mode_note"] for note in documented)}
    for name, words in (("endpoints.md", english), ("endpoints.zh.md", chinese)):
        rows = [row for row in page(name).splitlines() if row.startswith(("| `GET`", "| `POST`"))]
        assert {row.split("`")[3] for row in rows if words in row} == wanted


@pytest.mark.parametrize("name", BOTH)
def test_every_message_and_event_is_on_the_page(name: str) -> None:
    shown = page(name.format("messages"))
    kinds = [*get_args(AnyMessage), *get_args(AnyEvent)]
    assert len(kinds) == 17 + 7
    assert all(f"| `{kind.__struct_config__.tag}` | `{kind.__name__}` |" in shown for kind in kinds)
    made = [value for base in (out.Outbound, out.Here, out.MenuItem) for value in base.__subclasses__()]
    values = {value.__name__ for value in made if value.__module__ == out.__name__}  # the engine has one of its own
    values.remove("Here")
    assert len(values) == 11 + 2 + 4
    assert all(f"`out.{value}(" in shown for value in values)


def test_both_languages_have_the_same_rows() -> None:
    for name in ("endpoints", "messages", "parity"):
        english, chinese = (page(one.format(name)).splitlines() for one in BOTH)
        firsts = [[line.split("|")[1] for line in lines if line.startswith("| `")] for lines in (english, chinese)]
        assert firsts[0] == firsts[1]


@pytest.mark.parametrize("name", BOTH)
def test_the_code_on_the_page_for_migrants_runs(name: str) -> None:
    (shown,) = re.findall(r"```python\n(.*?)```", page(name.format("parity")), re.DOTALL)
    space: dict[str, object] = {}
    key = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
    exec(shown.replace("callback token", "QDG6eK").replace("EncodingAESKey", key), space)
    assert isinstance(space["app"], App)
    assert isinstance(space["client"], Client)
