"""Settings from a TOML file: tables `[[app]]` and `[[suite]]` with the fields of `App` and `Suite`.

    base_url = "https://…"               # for all that say nothing else; rarely needed
    [[app]]
    corp_id = "ww…"
    secret_env = "SHOP_SECRET"           # any value may come from the environment

Everything wrong with a file is found in one reading and told in one `ConfigError`, by table and key, never by value.
"""

import difflib
import logging
import os
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from pathlib import Path
from typing import Any, Generic, TypeVar, get_args

from wxkf.client.settings import App, Kind, Suite, check_address
from wxkf.errors import ConfigError
from wxkf.protocol.crypto import Crypto, check_token

log = logging.getLogger("wxkf.settings")

T = TypeVar("T", App, Suite)

_ENV = "_env"
_TOP = ("app", "suite", "base_url")
_SECRET = ("secret", "suite_secret", "token", "aes_key", "old_token", "old_aes_key")


@dataclass(frozen=True, slots=True)
class Settings:
    """What one process serves."""

    apps: tuple[App, ...] = ()
    suites: tuple[Suite, ...] = ()


def load_settings(path: str | os.PathLike[str], env: Mapping[str, str] | None = None) -> Settings:
    """Read a settings file. Raises `ConfigError` that names every mistake.

    Warns when others may read a file that holds secrets.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from None
    except ValueError as error:  # TOMLDecodeError and UnicodeDecodeError are; the first tells the line, not its words
        why = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "it is not UTF-8"
        raise ConfigError(f"{path} is no TOML file: {why}") from None
    if _holds_secrets(table):
        _warn_if_open(path)
    try:
        return read_settings(table, os.environ if env is None else env)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from None


def read_settings(table: Mapping[str, Any], env: Mapping[str, str]) -> Settings:
    """Read what a settings file holds. Raises `ConfigError` that names every mistake."""
    wrong = [_unknown(key, _TOP) for key in table if key not in _TOP]
    common = {"base_url": table["base_url"]} if "base_url" in table else {}
    if not isinstance(common.get("base_url", ""), str):
        wrong, common = [*wrong, "base_url must be a text"], {}
    apps = _Tables(App, "app", common, env, wrong).read(table.get("app", []))
    suites = _Tables(Suite, "suite", common, env, wrong).read(table.get("suite", []))
    if not wrong:
        wrong += _conflicts(apps, suites)
    if not wrong and not apps and not suites:
        wrong = ["there is no [[app]] and no [[suite]] in it"]
    if wrong:
        raise ConfigError("; ".join(wrong))
    return Settings(tuple(apps), tuple(suites))


class _Tables(Generic[T]):
    """Reads all tables of one kind, noting what is wrong."""

    def __init__(
        self, kind: type[T], name: str, common: Mapping[str, Any], env: Mapping[str, str], wrong: list[str]
    ) -> None:
        self._kind: type[T] = kind
        self._name, self._common, self._env, self._wrong = name, common, env, wrong
        self._fields: dict[str, Field[Any]] = {field.name: field for field in fields(kind)}

    def read(self, tables: object) -> list[T]:
        """Read them in their order."""
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self._wrong.append(f"{self._name} must be written as [[{self._name}]]")
            return []
        return [made for number, table in enumerate(tables, 1) if (made := self._one(f"{self._name} {number}", table))]

    def _one(self, where: str, table: Mapping[str, Any]) -> T | None:
        before = len(self._wrong)
        values = {**self._common, **dict(self._values(where, table))}
        self._wrong.extend(
            f"{where}: {name} is missing"
            for name, field in self._fields.items()
            if field.default is MISSING and not values.get(name) and not self._said(name, table)
        )
        if len(self._wrong) > before:
            return None
        made = self._kind(**values)
        self._wrong.extend(f"{where}: {mistake}" for mistake in _mistakes(made))
        return made

    def _said(self, name: str, table: Mapping[str, Any]) -> bool:
        return name in table or name + _ENV in table

    def _values(self, where: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        for key, value in table.items():
            name = key.removesuffix(_ENV)
            if name not in self._fields:
                self._wrong.append(f"{where}: {_unknown(key, self._fields)}")
            elif name != key and name in table:
                self._wrong.append(f"{where}: {name} and {key} are both given")
            elif self._fields[name].type is bool and name == key:
                if not isinstance(value, bool):
                    self._wrong.append(f"{where}: {key} must be true or false")
                yield name, value
            elif not isinstance(value, str):
                self._wrong.append(f"{where}: {key} must be a text")
            elif said := self._text(where, key, value, from_env=name != key):
                yield name, said

    def _text(self, where: str, key: str, value: str, *, from_env: bool) -> str:
        if not from_env:
            value = value.strip()
            if not value:
                self._wrong.append(f"{where}: {key} is empty")
            return value
        found = self._env.get(value, "").strip()
        if not found:
            self._wrong.append(f"{where}: {key}: the environment variable {value} is not set")
        return found


def _mistakes(made: App | Suite) -> Iterator[str]:
    """List what is wrong with values that are there."""
    try:
        check_address(made.base_url)
    except ConfigError as error:
        yield f"base_url: {error}"
    if made.path and not made.path.startswith("/"):
        yield "path must begin with /"
    if isinstance(made, Suite) and made.kind not in get_args(Kind):
        yield f"kind must be {' or '.join(get_args(Kind))}"
    if isinstance(made, App):
        if not made.secret and not made.suite:
            yield "secret is missing"
        if not made.token:
            yield "token is missing"
    for prefix, token, key in (("", made.token, made.aes_key), ("old_", made.old_token, made.old_aes_key)):
        if token or key:
            yield from _sealing(prefix, token, key)


def _sealing(prefix: str, token: str, key: str) -> Iterator[str]:
    checks: tuple[tuple[str, Callable[[], object]], ...] = (
        ("token", lambda: check_token(token)),
        ("aes_key", lambda: Crypto(key, "")),
    )
    for name, check in checks:
        try:
            check()
        except ConfigError as error:
            yield f"{prefix}{name}: {error}"


def _conflicts(apps: list[App], suites: list[Suite]) -> Iterator[str]:
    """List what cannot stand side by side."""
    for kind, names in (("app", [app.name for app in apps]), ("suite", [suite.name for suite in suites])):
        for name in sorted({name for name in names if names.count(name) > 1}):
            hint = "; give each a name or an agent_id" if kind == "app" else ""
            yield f"{names.count(name)} {kind}s are called {name}{hint}"
    known = {suite.suite_id for suite in suites}
    for app in apps:
        if app.suite and app.suite not in known:
            yield f"app {app.name}: suite {app.suite} is none of the [[suite]] tables"


def _unknown(key: str, known: Mapping[str, Any] | tuple[str, ...]) -> str:
    names = [*known, *(name + _ENV for name in known)]
    near = difflib.get_close_matches(key, names, n=1)
    return f"there is no key {key}" + (f"; do you mean {near[0]}?" if near else "")


def _holds_secrets(table: Mapping[str, Any]) -> bool:
    found = [rows for name in ("app", "suite") if isinstance(rows := table.get(name), list)]
    rows = [row for rows in found for row in rows if isinstance(row, dict)]
    return any(name in row for row in rows for name in _SECRET)


def _warn_if_open(path: Path) -> None:
    try:
        readable = sys.platform != "win32" and path.stat().st_mode & 0o077
    except OSError:  # taken away this very moment
        return
    if readable:
        log.warning("%s holds secrets and other users of this machine may read it: chmod 600 %s", path, path)
