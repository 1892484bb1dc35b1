"""What the site needs beyond the pages as a code host shows them; both are made from the same files.

The site has its own switch of languages, so the line for it goes. What leads out of docs/ leads to the code host if
`repo_url` is known, and is plain words if not. Diagrams become lines of text: the script that draws them would be
loaded from elsewhere. Where a line of Chinese ends a browser would put a blank. Beside each page lies its Markdown, for
readers that are programs: see llms.txt.
"""
# ruff: noqa: INP001 - loaded by mkdocs, no package

import re
import shutil
import sys
from pathlib import Path
from posixpath import dirname, normpath
from typing import Any

SWITCH = re.compile(r"^\[(?:中文|English)\]\([\w-]+(?:\.zh)?\.md\)\n+", re.MULTILINE)
LINK = re.compile(r"\[([^\]]+)\]\((\.\./[^)]*)\)")
DIAGRAM = re.compile(r"```mermaid\n(.*?)```", re.DOTALL)
sys.path.insert(0, str(Path(__file__).parents[1]))
import contents  # noqa: E402 - see above

OPENING = re.compile(r"^(# .+)\n\n(.+)\n", re.MULTILINE)  # the title of a page and its first paragraph
CHINESE = r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”…]"
LINE_END = re.compile(rf"(?<={CHINESE})\n *(?={CHINESE})")
FENCES = re.compile(r"(^```.*?^```$)", re.DOTALL | re.MULTILINE)
HOMES = {"../README.md": "index.md", "../README.zh.md": "index.zh.md"}


def on_page_markdown(markdown: str, *, page: Any, config: Any, **_: Any) -> str:
    """Make a page fit for the site."""
    here = dirname(page.file.src_uri)
    markdown = SWITCH.sub("", markdown, count=1)
    markdown = LINK.sub(lambda link: _led(link[1], link[2], here, config.repo_url), markdown)
    if page.file.src_uri in HOMES.values():
        page.meta["hide"] = ["navigation", "toc"]
        markdown = OPENING.sub(r"\1 { .hero }\n\n\2\n{ .lead }\n", markdown, count=1)
    markdown = DIAGRAM.sub(lambda diagram: f"```text\n{_drawn(diagram[1])}```", markdown)
    parts = FENCES.split(markdown)  # words and code in turn
    return "".join(part if index % 2 else LINE_END.sub("", part) for index, part in enumerate(parts))


def on_post_build(*, config: Any, **_: Any) -> None:
    """Lay the Markdown of each page beside it, and all English ones in one file at the root: llms-full.txt."""
    docs, site = Path(config.docs_dir), Path(config.site_dir)
    for page in docs.rglob("*.md"):
        if "parts" not in page.relative_to(docs).parts:
            there = site / page.relative_to(docs)
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(page, there)
    (site / "llms-full.txt").write_text(contents.full(), encoding="utf-8")


def _led(words: str, target: str, here: str, repository: str | None) -> str:
    """Give a link that leads somewhere from a page of the site, or its words."""
    path, _, _ = normpath(f"{here}/{target}" if here else target).partition("#")
    if not path.startswith("../"):
        return f"[{words}]({target})"
    if path in HOMES:
        return f"[{words}]({'../' * here.count('/')}{'../' if here else ''}{HOMES[path]})"
    return f"[{words}]({repository.rstrip('/')}/blob/main/{path[3:]})" if repository else words


def _drawn(diagram: str) -> str:
    """Give a state diagram as lines: from → to, and by what."""
    names = {alias: name for name, alias in re.findall(r'state "([^"]+)" as (\w+)', diagram)}
    moves = re.findall(r"(\S+) --> (\S+): (.+)", diagram)
    lines = [(names.get(one, "●"), names.get(two, "●"), why) for one, two, why in moves]
    widest = [max((_width(line[at]) for line in lines), default=0) for at in (0, 1)]
    return "".join(f"{_wide(one, widest[0])}  →  {_wide(two, widest[1])}  {why}\n" for one, two, why in lines)


def _wide(words: str, width: int) -> str:
    return words + " " * (width - _width(words))


def _width(words: str) -> int:
    """Count columns: Chinese takes two."""
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in words)
