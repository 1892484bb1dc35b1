"""What a provider (服务商) has: its suites, the templates of 代开发 apps among them, and the codes it was given.

Plain data; the rules are in `endpoints/provider.py`, what corps do in `actions/providers.py`.
"""

from dataclasses import dataclass, field
from typing import Literal

SuiteKind = Literal["third_party", "customized"]


@dataclass(slots=True)
class AuthCode:
    """A right to fetch a corp's permanent code once; `state` is what the authorisation link carried."""

    agent_id: int
    expires_at: float
    state: str = ""


@dataclass(slots=True)
class Suite:
    """An app for many corps: third-party (第三方应用), or the template of 代开发 apps ("customized").

    `tickets` and `pre_auth_codes` are kept with the time at which each ends; `ticket_due` is when the next one comes.
    """

    suite_id: str
    name: str
    kind: SuiteKind
    secret: str
    token: str
    aes_key: str
    ticket_due: float
    command_url: str = ""
    data_url: str = ""
    access_token: str = ""
    tickets: dict[str, float] = field(default_factory=dict)
    pre_auth_codes: dict[str, float] = field(default_factory=dict)
    auth_codes: dict[str, AuthCode] = field(default_factory=dict)


@dataclass(slots=True)
class Provider:
    """The company that owns the suites."""

    corp_id: str
    secret: str
    access_token: str = ""
