"""A page of 1000 messages from bytes to values: ours, typed, against JSON to dict.

`json.loads` is what wechatpy hands to its users, orjson the fastest to dict there is. Ours is measured as it is called:
all kinds known; the raw JSON of every message asked for too; and the worst case, one unknown message at the very end.
Three times, because it depends: bytes beyond ASCII take msgspec longer than orjson, and a ragged heap costs orjson with
its many dicts more than us.
"""

import json

import orjson

from benchmarks import fixtures
from benchmarks.racing import race, wear
from benchmarks.table import Goal, show
from wxkf.messages.decode import decode_page

KNOWN, RAW, UNKNOWN = "wxkf", "wxkf, raw kept", "wxkf, one unknown last"
GOALS = {KNOWN: Goal(at_most=0.85), RAW: Goal(at_most=1.15), UNKNOWN: Goal(at_most=2.2)}


def run() -> None:
    """Race them over a page in Chinese, one in Latin letters, and the first again in a heap that is not fresh."""
    _run("texts in Chinese", fixtures.CHINESE)
    _run("texts in Latin letters", fixtures.LATIN)
    held = wear()
    _run("texts in Chinese, in a ragged heap", fixtures.CHINESE)
    del held


def _run(name: str, letters: str) -> None:
    body, odd = fixtures.page(letters), fixtures.page_with_one_unknown_last(letters)

    def with_raw() -> object:
        page = decode_page(body)
        return page, page.raw_list

    lanes = {
        KNOWN: lambda: decode_page(body),
        RAW: with_raw,
        UNKNOWN: lambda: decode_page(odd),
        "orjson": lambda: orjson.loads(body),
        "json, as wechatpy": lambda: json.loads(body.decode("utf-8", "ignore"), strict=False),
    }
    title = f"Page decode, 1000 messages, {len(body) / 1000:.0f} kB, {name}"
    show(title, race(lanes, rounds=41), "orjson", GOALS)
