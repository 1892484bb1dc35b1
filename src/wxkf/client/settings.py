"""What a client is told, checked once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Self
from urllib.parse import urlsplit

from wxkf.errors import ConfigError
from wxkf.protocol.callback import Receiver

Kind = Literal["third_party", "agency"]
BASE_URL = "https://qyapi.weixin.qq.com"


@dataclass(frozen=True, slots=True)
class App:
    """One app of one corp: who we are to the platform, and how its callbacks are sealed.

    `token` and `aes_key` are those of the console's callback settings; a client that only calls needs neither. While
    they are being changed, `old_token` and `old_aes_key` are accepted as well. Of several apps, `path` gives one a
    callback address of its own, `agent_id` tells those of one corp apart. `name` is what the inbox files messages
    under, so keep it; `corp_id`, or `corp_id/agent_id`, unless given. A 代开发 app names the `suite` it was made from
    instead of a secret.
    """

    corp_id: str
    secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    aes_key: str = field(default="", repr=False)
    base_url: str = BASE_URL
    name: str = ""
    agent_id: str = ""
    path: str = ""
    old_token: str = field(default="", repr=False)
    old_aes_key: str = field(default="", repr=False)
    suite: str = ""

    def __post_init__(self) -> None:
        if not self.name:
            name = f"{self.corp_id}/{self.agent_id}" if self.agent_id else self.corp_id
            object.__setattr__(self, "name", name)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """What its callbacks may be sealed with, the newest first."""
        return _pairs(self)

    def receiver(self) -> Receiver:
        """Make the check for this app's callbacks. Raises `ConfigError` for a malformed Token or key."""
        return Receiver(self.token, self.aes_key, self.corp_id, *self.pairs[1:])

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None, *, callback: bool = True) -> Self:
        """Read `WXKF_CORP_ID, WXKF_SECRET, WXKF_TOKEN, WXKF_AES_KEY`.

        Optional: `WXKF_BASE_URL`; `WXKF_OLD_TOKEN` and `WXKF_OLD_AES_KEY` while the console's are being changed. With
        `callback=False` Token and key are left alone: whoever only calls needs neither.
        Raises `ConfigError` naming the variable that is missing or malformed.
        """
        env = os.environ if env is None else env
        names = {
            "corp_id": "WXKF_CORP_ID",
            "secret": "WXKF_SECRET",
            "token": "WXKF_TOKEN",
            "aes_key": "WXKF_AES_KEY",
        }
        if not callback:
            del names["token"], names["aes_key"]
        values = {key: env.get(name, "").strip() for key, name in names.items()}
        missing = [name for key, name in names.items() if not values[key]]
        if missing:
            raise ConfigError(f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set")
        more = {"old_token": "WXKF_OLD_TOKEN", "old_aes_key": "WXKF_OLD_AES_KEY"}
        values |= {key: env.get(name, "").strip() for key, name in more.items()}
        app = cls(**values, base_url=env.get("WXKF_BASE_URL", "").strip() or BASE_URL)
        _check(app, names | more)
        return app


@dataclass(frozen=True, slots=True)
class Suite:
    """A provider's suite (服务商应用), or the template of its 代开发 apps, whose id is a suite id too.

    `kind` is "third_party" or "agency" (代开发). `token` and `aes_key` seal its command callbacks (指令回调) and, of a
    third-party app, its data callbacks; `old_token` and `old_aes_key` while they are being changed. `individual` is for
    providers without a company, whose callbacks are sealed for nobody in particular.
    """

    suite_id: str
    suite_secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    kind: Kind = "third_party"
    base_url: str = BASE_URL
    path: str = ""
    individual: bool = False
    old_token: str = field(default="", repr=False)
    old_aes_key: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """What it is called."""
        return self.suite_id

    @property
    def receivers(self) -> tuple[str, ...]:
        """For whom its callbacks are sealed."""
        return (self.suite_id, "") if self.individual else (self.suite_id,)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """What its callbacks may be sealed with, the newest first."""
        return _pairs(self)


def _pairs(of: App | Suite) -> tuple[tuple[str, str], ...]:
    new, old = (of.token, of.aes_key), (of.old_token, of.old_aes_key)
    return (new, old) if any(old) else (new,) if any(new) else ()


def check_address(url: str) -> str:
    """Return the host of a base address. Raises `ConfigError` for what is none."""
    try:
        parts = urlsplit(url)
        host = parts.hostname if parts.scheme in ("https", "http") else None
    except ValueError:
        host = None
    if not host:
        raise ConfigError("the base address must begin with https:// (or http:// for a local simulator)")
    return host


def host_of(url: str) -> str:
    """Give the host of an address and nothing else of it: a proxy's may hold a password."""
    try:
        return urlsplit(url).hostname or "?"
    except ValueError:
        return "?"


def _check(app: App, names: Mapping[str, str]) -> None:
    try:
        check_address(app.base_url)
    except ConfigError as error:
        raise ConfigError(f"WXKF_BASE_URL: {error}") from None
    if "token" not in names:
        return
    for prefix, pair in zip(("", "old_"), app.pairs, strict=False):
        try:
            Receiver(*pair, app.corp_id)
        except ConfigError as error:
            name = names[f"{prefix}aes_key" if "AESKey" in str(error) else f"{prefix}token"]
            raise ConfigError(f"{name}: {error}") from None
