"""docs/llms.txt (llmstxt.org): what there is to read, for readers that are programs.

The order is that of the site's navigation in mkdocs.yml, the words are the first ones of each page, so that nothing is
said twice.
"""
# ruff: noqa: INP001 - beside a script, no package

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
NAV: Final = re.compile(r"^nav:\n((?:[ #].*\n|\n)*)", re.MULTILINE)
ENTRY: Final = re.compile(r"^( *)- (.+?):(?: +(\S+\.md))?$", re.MULTILINE)
NOTES: Final = (
    "Python 3.11 or newer; async first, with plain functions and a sync client too. Every page is Markdown beside its",
    "HTML, English as `x.md` and Chinese as `x.zh.md`; the tests run all Python on them. `wxkf explain CODE` tells",
    "offline what an errcode means. All pages in one file, where the site is: [llms-full.txt](llms-full.txt).",
)


def llms() -> str:
    """Make llms.txt."""
    home = _read("index.md")
    summary = _opening(home)
    lines = ["# wxkf", "", f"> {summary}", "", *NOTES]
    for title, name in entries():
        if not name:
            lines += ["", f"## {title}", ""]
        else:
            lines.append(f"- [{title}]({name}): {_opening(_read(name))}")
    return "\n".join(lines) + "\n"


def entries() -> Iterator[tuple[str, str]]:
    """Give the navigation: titles of sections without a page, and pages by title and name."""
    (nav,) = NAV.findall((HERE.parent / "mkdocs.yml").read_text(encoding="utf-8"))
    begun = False
    for indent, title, name in ENTRY.findall(nav):
        if name and len(indent) <= 2 and not begun:  # pages before the first section
            yield "Start", ""
        begun = True
        yield title, name


def full() -> str:
    """Put all pages into one, in the order of the navigation, each under its name."""
    return "\n".join(f"<!-- {name} -->\n\n{_read(name)}" for _, name in entries() if name)


def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _opening(page: str) -> str:
    """Give the first sentence below the title."""
    _, *paragraphs = re.split(r"\n\n+", page[re.search(r"^# ", page, re.MULTILINE).start() :])
    words = next(" ".join(it.split()) for it in paragraphs if not it.startswith(("[中文]", "[English]")))
    words = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", words)
    return re.split(r"(?<=[.?])\s", words, maxsplit=1)[0].removesuffix(".")
