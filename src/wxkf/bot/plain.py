"""Markdown, as language models write it, made readable on a phone that shows text as it is. No word is lost.

Strategy: markdown-it reads, what a chat means otherwise is left out of its rules (four blanks are no code, `[1]: x` is
no reference, an entity is itself), and marks that were meant as they stand are put back: `5*3*2`, `__init__`, `a_b_c`.
At the end all words are counted: if one were missing, the text goes out as it came.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_THINK = re.compile(r"<(think|thinking)>.*?(?:</\1>|\Z)\s*", re.DOTALL | re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_NO_WORDS = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})[^\n]*$|^[ \t>]*(?:[-*+]|\d+[.)])[ \t]+\[[xX]\] ", re.MULTILINE)
_WORD = re.compile(r"[0-9A-Za-z]+|[^\W\d_a-zA-Z]|\d")
_MARKED = re.compile(r"(?<![0-9A-Za-z*])\*\*(?=\S)(.+?)(?<=\S)\*\*(?![0-9A-Za-z*])")
_TASK = re.compile(r"^\[([ xX])\] ")
_NAME = re.compile(r"\w*", re.ASCII)
_MARKDOWN = re.compile(r"[*_`~#>|\[\]\\-]|\d[.)]|<br|<think", re.IGNORECASE)
_GAP = re.compile(r"\n{3,}")


def plain(text: str) -> str:
    """Make markdown readable as plain text, without what a model has thought aloud (`<think>`).

    Marks go, words stay: lists have dots, a link has its address behind it, a table becomes a line for each row. Text
    that is no markdown comes back as it is.
    """
    text = _THINK.sub("", text)
    if not _MARKDOWN.search(text):
        return text
    text = _BREAK.sub("\n", text)
    made = _GAP.sub("\n\n", "\n".join(_blocks(_reader().parse(text)))).strip("\n")
    return made if not _words(_NO_WORDS.sub("", text)) - _words(made) else text


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text))


@cache
def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False})
    return reader.enable(["table", "strikethrough"]).disable(["code", "reference", "entity", "html_block"])


# ── blocks ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _blocks(tokens: Sequence["Token"]) -> Iterator[str]:
    """Give the lines of a document; between two blocks that are no list items stands an empty one."""
    depth, numbers, marker = 0, list[int | None](), ""
    for at, token in enumerate(tokens):
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                numbers.append(int(token.attrGet("start") or 1) if token.type[0] == "o" else None)
            case "bullet_list_close" | "ordered_list_close":
                numbers.pop()
                if not numbers:
                    yield ""
            case "list_item_open":
                depth = len(numbers) - 1
                number = numbers[-1]
                marker = "· " if number is None else f"{number}{token.markup or '.'} "
                numbers[-1] = None if number is None else number + 1
            case "inline" if tokens[at - 1].type in ("th_open", "td_open"):
                continue
            case "inline":
                words = _inline(token)
                if marker == "· " and (task := _TASK.match(words)):
                    marker, words = "☐ " if task[1] == " " else "☑ ", words[task.end() :]
                yield from _indented(words, depth if numbers else 0, marker)
                marker = ""
                if not numbers:
                    yield ""
            case "fence" | "code_block":
                yield from _indented(token.content.rstrip("\n"), depth + 1 if numbers else 0, "")
                if not numbers:
                    yield ""
            case "table_open":
                yield from _table(tokens[at:])
                yield ""
            case _:
                continue


def _indented(words: str, depth: int, marker: str) -> Iterator[str]:
    blank = "  " * depth
    for index, line in enumerate(words.split("\n")):
        yield f"{blank}{marker}{line}" if not index else f"{blank}{' ' * len(marker)}{line}"


def _table(tokens: Sequence["Token"]) -> Iterator[str]:
    """Give a table as a line for each row: two columns as "a：b", more with the heads before the values."""
    heads, row = list[str](), list[str]()
    rows = 0
    for at, token in enumerate(tokens):
        if token.type == "inline":
            (heads if tokens[at - 1].type == "th_open" else row).append(_inline(token).replace("\n", " "))
        elif token.type == "tr_close" and row:
            rows += 1
            yield _row(heads, row) if rows > 1 or len(heads) > 2 else f"{_row(heads, heads)}\n{_row(heads, row)}"
            row = []
        elif token.type == "table_close":
            if not rows:
                yield " | ".join(heads)
            return


def _row(heads: Sequence[str], row: Sequence[str]) -> str:
    if len(row) <= 2:
        return "：".join(row)
    return "；".join(f"{head}：{cell}" if head else cell for head, cell in zip(heads, row, strict=True))


# ── what stands in a line ───────────────────────────────────────────────────────────────────────────────────────────


def _inline(token: "Token") -> str:
    """Give the words of a line or a paragraph, its marks taken off where they are marks."""
    children = token.children or []
    said, opened, links = "", list[tuple[int, str]](), list[tuple[int, str]]()
    for index, child in enumerate(children):
        match child.type:
            case "softbreak" | "hardbreak":
                said += "\n"
            case "link_open":
                links.append((len(said), str(child.attrGet("href") or "")))
            case "link_close":
                start, address = links.pop()
                said = said[:start] + _link(said[start:], address)
            case "image":
                said += _link(_inline(child) or child.content, str(child.attrGet("src") or ""))
            case "strong_open" | "em_open" | "s_open":
                opened.append((len(said), child.markup))
            case "strong_close" | "em_close" | "s_close":
                start, mark = opened.pop()
                after = next((other.content for other in children[index + 1 :] if other.content), "")
                said = _unmarked(said[:start], said[start:], after, mark)
            case _:
                said += child.content
    return _MARKED.sub(r"\1", said)  # which stand beside Chinese quotation marks: CommonMark does not see them


def _unmarked(before: str, words: str, after: str, mark: str) -> str:
    """Take marks off, unless they were meant as they stand: between letters or digits, or around a name."""
    between = _is_ascii(before[-1:]) and _is_ascii(after[:1])
    name = mark[0] == "_" and _NAME.fullmatch(words)
    return f"{before}{mark}{words}{mark}" if between or name else before + words


def _is_ascii(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


def _link(words: str, address: str) -> str:
    same = not words or words in (address, address.removeprefix("mailto:"))
    return address if same and not words else words if same else f"{words} {address}" if address else words
