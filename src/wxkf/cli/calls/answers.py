"""What came back, as plain JSON: pages joined, secrets veiled."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import msgspec

from wxkf.client.logs import mask
from wxkf.messages.answer import Answer
from wxkf.messages.forgive import decode_forgiving

Data = dict[str, Any]


def data_of(answer: Any) -> Data:
    """Give an answer as it came, fields included that wxkf does not know."""
    raw = answer.raw if isinstance(answer, Answer) else b""
    data: Data = decode_forgiving(msgspec.json.decode, raw) if raw else msgspec.to_builtins(answer)
    return data


def joined(pages: Iterable[Data]) -> Data:
    """Join the pages of a list into one answer; what is no list is the last page's."""
    whole: Data = {}
    for page in pages:
        lists = {name: [*whole.get(name, ()), *value] for name, value in page.items() if isinstance(value, list)}
        whole = {**whole, **page, **lists}
    return whole


def veiled(value: Any) -> Any:
    """Put `***` in place of tokens and codes, at any depth."""
    if isinstance(value, Mapping):
        return {name: "***" if item and is_secret(name) else veiled(item) for name, item in value.items()}
    return [veiled(item) for item in value] if isinstance(value, list) else value


@cache
def is_secret(name: str) -> bool:
    """Tell whether a field holds a secret: what the log masks is masked here, too."""
    line = json.dumps({name: "x"})
    return mask(line) != line
