"""Run one command: make the call, ask before what cannot be undone, send it, show what came back."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import typer
from rich.console import Console

from wxkf.api.resource import Emit
from wxkf.cli import dotenv
from wxkf.cli.calls.answers import Data, data_of, joined, veiled
from wxkf.cli.calls.show import show
from wxkf.cli.calls.tree import Declaration, Endpoint
from wxkf.cli.texts import text
from wxkf.client.settings import BASE_URL, App
from wxkf.client.sync import Client
from wxkf.errors import ConfigError
from wxkf.protocol.ask import Ask
from wxkf.protocol.call import Call

_ENDED: Final = 4
_YES: Final = ("y", "yes", "是")
FINAL: Final[Mapping[str, Callable[[Mapping[str, Any]], bool]]] = {
    "kf/account/del": lambda _: True,
    "kf/knowledge/del_group": lambda _: True,
    "kf/knowledge/del_intent": lambda _: True,
    "kf/service_state/trans": lambda body: body.get("service_state") == _ENDED,
    "service/finish_openid_migration": lambda _: True,
}
"""What cannot be undone, and with which fields; these are asked about first."""


@dataclass(frozen=True, slots=True)
class How:
    """How a command was asked to run."""

    as_json: bool = False
    show_secrets: bool = False
    sure: bool = False


def perform(one: Endpoint, arguments: Mapping[str, Any], how: How, *, whole: bool) -> int:
    """Run an endpoint's command; `whole` reads every page. Returns the exit code."""
    path = one.call.path
    if whole and one.all:
        data = joined(map(data_of, pages(one.all, arguments)))
    else:
        call = one.single.make(**arguments)
        path = call.path
        confirm(call, how)
        data = data_of(send(call))
    shown = data if how.show_secrets else veiled(data)
    out = Console()
    if how.as_json:
        print_json(shown)
        return 0
    return show(path, shown, out, pages=one.all is not None)


def send(call: Call[Any]) -> Any:
    """Send one call and give its answer."""
    with connected(needs_app=call.needs_token) as client:
        return client.run(call)


def pages(declaration: Declaration, arguments: Mapping[str, Any]) -> Iterator[Any]:
    """Give the answers that an iterator of the client asks for, whole."""
    steps, told = declaration.make(**arguments), None
    with connected() as client:
        while True:
            try:
                step = steps.send(told)
            except StopIteration:
                return
            told = None
            if isinstance(step, Ask):
                told = step.do()
            elif not isinstance(step, Emit):
                told = client.run(step)
                yield told


@contextmanager
def connected(*, needs_app: bool = True) -> Iterator[Client]:
    """Give a client for the app of the environment or `.env`."""
    found = dotenv.here()
    if needs_app or (found.get("WXKF_CORP_ID") and found.get("WXKF_SECRET")):
        app = _app(found)
    else:  # a call that carries its own token or secret
        app = App("", "", base_url=found.get("WXKF_BASE_URL", "").strip() or BASE_URL)
    with Client.of(app) as client:
        yield client


def _app(found: Mapping[str, str]) -> App:
    try:
        return App.from_env(found, callback=False)
    except ConfigError as error:
        names = ", ".join(name for name in ("WXKF_CORP_ID", "WXKF_SECRET") if not found.get(name, "").strip())
        raise ConfigError(text("calls.unset", names=names) if names else str(error)) from None


def confirm(call: Call[Any], how: How) -> None:
    """Ask before what cannot be undone. Raises `ConfigError` where nobody can be asked, `typer.Exit` for a no."""
    body = call.body or {}
    final = FINAL.get(call.path)
    if how.sure or final is None or not final(body):
        return
    if not sys.stdin.isatty():
        raise ConfigError(text("calls.unsure", path=call.path))
    print(call.path, json.dumps(veiled(dict(body)), ensure_ascii=False), file=sys.stderr)
    print(text("calls.sure"), end=" [y/N] ", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in _YES:
        raise typer.Exit(1)


def print_json(data: Data | list[Any]) -> None:
    """Print JSON for programs; in a terminal with colours, which is all that is added."""
    out = Console()
    out.print_json(json.dumps(data, ensure_ascii=False), ensure_ascii=out.options.ascii_only)
