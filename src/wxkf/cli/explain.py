"""`wxkf explain`: what a code of the platform means and what to do, offline, in both languages.

Takes numbers, `fail_type 6`, or whatever was found in a log: in pasted text the codes are recognised by what stands
before them (`?e=95018`, `"errcode":95018`, `refused with 95018`), so the digits of a hint are never mistaken for one.
"""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from rich.console import Console

from wxkf.cli.explained import show_all, show_code, show_fail_type, show_unknown
from wxkf.cli.texts import text
from wxkf.errors import codes
from wxkf.errors.codes import QUERY, Code, FailType

_END: Final = "\0"  # between the words of the command line
_FOUND: Final = re.compile(
    r"""(?:[?&]e=|\berr_?code\b["']?\s*[:=]?[\s\0]*|\brefused\ with\ )(?P<errcode>-?\d{1,9})
      | \bfail_type\b["']?\s*[:=]?[\s\0]*(?P<fail_type>\d{1,9})
      | (?:^|(?<=\0))(?P<bare>-?\d{1,9})(?=\0|$)""",
    re.VERBOSE | re.IGNORECASE,
)
_NUMBERS: Final = re.compile(r"[-\d\s,;]+")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A number that is in none of the tables, and those that look like it."""

    kind: str
    number: int
    near: tuple[int, ...]


Entry = Code | FailType
Finding = Entry | Unknown


def explain(words: Sequence[str], *, as_json: bool, out: Console) -> int:
    """Print what the words stand for; without words, everything there is. Returns the exit code, 1 for not found."""
    findings = list(everything() if not words else find(words))
    if as_json:
        out.print_json(data=[as_data(finding) for finding in findings], ensure_ascii=out.options.ascii_only)
    elif not words:
        show_all(out)
    else:
        _show(findings, out)
    return int(not findings or any(isinstance(finding, Unknown) for finding in findings))


def everything() -> Iterator[Entry]:
    """Give every entry of every table."""
    yield from codes.table().values()
    yield from codes.sample_library().values()
    yield from codes.fail_types().values()


def find(words: Sequence[str]) -> Iterator[Finding]:
    """Recognise the codes in the words of a command line, each once, in their order."""
    seen = dict.fromkeys((kind, int(number)) for kind, number in _named(words))
    for kind, number in seen:
        yield _look_up(kind, number)


def _named(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    split = (re.split(r"[\s,;]+", word.strip()) if _NUMBERS.fullmatch(word) else [word] for word in words)
    for found in _FOUND.finditer(_END.join(part for parts in split for part in parts)):
        kind = found.lastgroup or "bare"
        yield ("errcode" if kind == "bare" else kind), found[kind]


def _look_up(kind: str, number: int) -> Finding:
    if kind == "fail_type":
        return codes.fail_types().get(number) or Unknown(kind, number, tuple(codes.fail_types()))
    known = codes.table().get(number) or codes.sample_library().get(number)
    return known or Unknown(kind, number, _near(number))


def _near(number: int) -> tuple[int, ...]:
    alike = difflib.get_close_matches(str(number), [str(known) for known in codes.table()], n=5, cutoff=0.75)
    return tuple(sorted(map(int, alike)))


def as_data(finding: Finding) -> dict[str, Any]:
    """Give a finding for --json: `kind` is errcode, sample_library or fail_type, `known` tells whether it is there."""
    data = asdict(finding)
    if isinstance(finding, Unknown):
        query = {"query": QUERY.format(finding.number)} if finding.kind == "errcode" else {}
        return {"known": False, **data, **query}
    data = {key: value._asdict() if isinstance(value, codes.Words) else value for key, value in data.items()}
    return {"known": True, "kind": kind_of(finding), **data}


def kind_of(finding: Entry) -> str:
    """Tell which table an entry is of."""
    if isinstance(finding, FailType):
        return "fail_type"
    return "errcode" if finding.number in codes.table() else "sample_library"


def _show(findings: Sequence[Finding], out: Console) -> None:
    if not findings:
        out.print(text("explain.nothing"), highlight=False)
    for finding in findings:
        if isinstance(finding, Code):
            show_code(finding, out, official=finding.number in codes.table())
        elif isinstance(finding, FailType):
            show_fail_type(finding, out)
        else:
            show_unknown(finding.kind, finding.number, finding.near, out)
