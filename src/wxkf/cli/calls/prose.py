"""What a declaration says of itself, in words: its docstring taken apart, for help and for the pages in docs."""

import re
from collections.abc import Sequence
from typing import Final

from wxkf.errors import codes

PAGE: Final = "https://developer.work.weixin.qq.com/document/path/{}"
NOTES: Final = (
    (
        r"unavailable in\s+WeCom mode",
        "may be unavailable in WeCom mode (48002, 48005)",
        "企业微信模式下可能不可用（48002、48005）",
    ),
    (r"[Nn]ot in standalone mode", "not in standalone mode", "独立版没有"),
    (r"self-built apps only", "self-built apps only", "仅限自建应用"),
    (r"component apps \(微信客服组件\) only", "component apps (微信客服组件) only", "仅限微信客服组件应用"),
    (r"for third-party and 代开发 apps", "third-party and 代开发 apps", "仅限第三方和代开发应用"),
    (r"Not for 代开发 apps", "not for 代开发 apps", "代开发应用不用"),
    (r"does not work in `send_msg`", "the media_id does not work in `send_msg`", "得到的 media_id 不能用于 `send_msg`"),
)


def sentence(doc: str) -> str:
    """Give the first sentence of a docstring, without its full stop."""
    return re.split(r"\.(?:\s|$)", " ".join(doc.split()), maxsplit=1)[0]


def rest(doc: str) -> str:
    """Give what a docstring says behind its first sentence, without what stands elsewhere: errors and page."""
    said = " ".join(doc.split()).removeprefix(sentence(doc)).removeprefix(".")
    return re.sub(r"\s*(?:Page \d+|Errors [\d, ]+|\b\d{5,6}(?:, \d{5,6})*)\.", "", said).strip()


def official(doc: str) -> str:
    """Give the platform's own name of a call, which stands in brackets; empty where there is none."""
    found = re.search(r"\(([^()]*[\u4e00-\u9fff][^()]*)\)[.:;,]", doc)
    return found[1] if found else ""


def notes(said: str, tongue: int) -> list[str]:
    """Say where a call is not to be had."""
    return [note[1 + tongue] for note in NOTES if re.search(note[0], said)]


def page(doc: str) -> str:
    """Give the official page's id, the last the docstring names."""
    found = re.findall(r"Page (\d+)\.", doc)
    return found[-1] if found else ""


def errors(doc: str) -> Sequence[int]:
    """Give the codes a docstring names."""
    numbers = [int(found) for found in re.findall(r"\b\d{5,6}\b", re.sub(r"Page \d+", "", doc))]
    return [number for number in numbers if number in codes.table()]
