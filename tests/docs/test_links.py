"""Links lead somewhere, as a code host reads the files: pages exist, and so do the places in them."""

import re
from pathlib import Path

import pytest

from kit.pages import DOCS, pages, without_code

ROOT = DOCS.parent
FILES = ["README.md", "README.zh.md", "CONTRIBUTING.md", "docs/llms.txt", *(f"docs/{name}.md" for name in pages())]
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")
AT_THE_SITE_ONLY = {"llms-full.txt"}


def prose(path: Path) -> str:
    """Read a file without its code."""
    return re.sub(r"`[^`\n]*`", "", without_code(path.read_text(encoding="utf-8")))


def sections(path: Path) -> int:
    """Count the parts of a page."""
    return len(re.findall(r"^## ", prose(path), re.MULTILINE))


def places(path: Path) -> set[str]:
    """Name the places of a page that can be led to: its headings, as code hosts spell them, and anchors of its own."""
    text = path.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.*)$", without_code(text), re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r'id="([^"]+)"', text))


@pytest.mark.parametrize("name", FILES)
def test_every_link_leads_somewhere(name: str) -> None:
    page = ROOT / name
    for target, place in LINK.findall(prose(page)):
        there = (page.parent / target).resolve() if target else page
        assert there.exists() or target in AT_THE_SITE_ONLY, target
        assert not place or place in places(there), f"{target}#{place}"


@pytest.mark.parametrize("name", [name for name in pages() if not name.endswith(".zh")])
def test_every_page_is_there_in_both_languages_and_leads_to_the_other(name: str) -> None:
    english, chinese = DOCS / f"{name}.md", DOCS / f"{name}.zh.md"
    if name.startswith("reference/") and name != "reference/index":
        assert not chinese.exists()  # docstrings are English
        return
    assert f"\n[中文]({chinese.name})\n" in english.read_text(encoding="utf-8")
    assert f"\n[English]({english.name})\n" in chinese.read_text(encoding="utf-8")
    assert sections(english) == sections(chinese)
