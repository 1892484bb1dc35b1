"""What was found on the network, as values: the verdicts are made from these and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from wxkf.api.account import KfAccount
from wxkf.api.servicer import Servicer
from wxkf.errors import WxkfError

Trouble = Literal["dns", "connect", "tls", "timeout", "broken"]


@dataclass(frozen=True, slots=True)
class Question:
    """The console's question to a callback address: the query to send, and the plaintext that must come back."""

    query: str
    signature: str
    echostr: str
    expected: bytes


@dataclass(frozen=True, slots=True)
class Knock:
    """What came back from a callback address; `trouble` is why nothing did, `detail` what the library called it."""

    seconds: float
    status: int = 0
    body: bytes = b""
    trouble: Trouble | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who serves one account. `results` holds what the probe said, by userid; None where it was not made."""

    account: KfAccount
    rows: tuple[Servicer, ...] = ()
    results: Mapping[str, int] | None = None
    list_error: WxkfError | None = None
    probe_error: WxkfError | None = None

    @property
    def users(self) -> tuple[str, ...]:
        """The members listed by name."""
        return tuple(row.userid for row in self.rows if row.userid)


@dataclass(frozen=True, slots=True)
class Asked:
    """How far the platform let us. `life` is the token's in seconds, None without one; `error` is what ended it."""

    corp_id: str
    base_url: str
    life: int | None = None
    accounts: tuple[KfAccount, ...] | None = None
    desks: tuple[Desk, ...] = field(default=())
    error: WxkfError | None = None
