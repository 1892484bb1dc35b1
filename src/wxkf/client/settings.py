"""What a client is told, checked once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from wxkf.errors import ConfigError
from wxkf.protocol.callback import Receiver

BASE_URL = "https://qyapi.weixin.qq.com"


@dataclass(frozen=True, slots=True)
class App:
    """One app of one corp: who we are to the platform, and how its callbacks are sealed.

    `token` and `aes_key` are those of the console's callback settings; a client that only calls needs neither.
    """

    corp_id: str
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)
    aes_key: str = field(default="", repr=False)
    base_url: str = BASE_URL

    @property
    def name(self) -> str:
        """What the inbox files this app's messages under."""
        return self.corp_id

    def receiver(self) -> Receiver:
        """Make the check for this app's callbacks. Raises `ConfigError` for a malformed Token or key."""
        return Receiver(self.token, self.aes_key, self.corp_id)

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None, *, callback: bool = True) -> Self:
        """Read `WXKF_CORP_ID, WXKF_SECRET, WXKF_TOKEN, WXKF_AES_KEY` and, optional, `WXKF_BASE_URL`.

        With `callback=False` Token and key are left alone: whoever only calls needs neither.
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
        app = cls(**values, base_url=env.get("WXKF_BASE_URL", "").strip() or BASE_URL)
        _check(app, names)
        return app


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
    try:
        app.receiver()
    except ConfigError as error:
        name = names["aes_key"] if "AESKey" in str(error) else names["token"]
        raise ConfigError(f"{name}: {error}") from None
