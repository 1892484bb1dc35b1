"""Why there is no usable answer, as data: the kinds of a `TransportError` and their words in both languages.

The words stand in network.toml, read on the first such error. Nothing here knows the exception or the libraries;
which error is of which kind is decided where the library is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, get_args

from wxkf.errors.codes import Words, read_table

Kind = Literal[
    "dns", "refused", "unreachable", "connect_timeout",
    "proxy", "proxy_auth", "proxy_refused",
    "tls_expired", "tls_name", "tls_untrusted", "tls",
    "timeout", "broken", "incomplete", "too_large", "not_http", "packing",
    "redirect", "server", "status", "not_json", "shape",
    "upload", "deadline", "token_source", "other",
]  # fmt: skip
"""No connection; the proxy; TLS; no whole answer; an answer that is none; the file to be sent;
no time left; whoever owns the token; anything else."""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Fault:
    """What one kind means: `meaning` is a clause, `cause` and `remedy` are sentences."""

    kind: Kind
    meaning: Words
    cause: Words
    remedy: Words


@cache
def faults() -> Mapping[Kind, Fault]:
    """Give every kind with its words, in the order of `KINDS`."""
    table = read_table("network")
    return {
        kind: Fault(kind, *(Words(**table[kind][name]) for name in ("meaning", "cause", "remedy"))) for kind in KINDS
    }
