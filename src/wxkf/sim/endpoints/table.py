"""What an endpoint is: a verb, a path, who may call, and a function of one `Call`. The decorators fill `TABLE`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import msgspec

from wxkf.sim.fields import Fields
from wxkf.sim.refusal import Refusal
from wxkf.sim.suites import Suite
from wxkf.sim.values import Answer, Json, Request
from wxkf.sim.world import App, Corp, World

Verb = Literal["GET", "POST"]
Auth = Literal["app", "suite", "provider", "none"]
Body = Literal["json", "form"]
PREFIX = "/cgi-bin/"


class Call(msgspec.Struct):
    """One call that has got as far as its endpoint. `fields` is the JSON body, for GET the query."""

    world: World
    request: Request
    fields: Fields
    caller: App | Suite | None
    now: float

    @property
    def app(self) -> App:
        """The app whose token the call carries."""
        if not isinstance(self.caller, App):
            raise Refusal(41001)
        return self.caller

    @property
    def suite(self) -> Suite:
        """The suite whose token the call carries."""
        if not isinstance(self.caller, Suite):
            raise Refusal(self.world.settings.missing_suite_token)
        return self.caller

    @property
    def path(self) -> str:
        """The path below /cgi-bin/."""
        return self.request.path.removeprefix(PREFIX)

    @property
    def corp(self) -> Corp:
        """The corp of that app."""
        return self.world.corps[self.app.corp_id]


Run = Callable[[Call], Json | Answer]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row. `auth` says which token the query must carry; `body` how a POST is read ("form": not at all)."""

    verb: Verb
    path: str
    run: Run
    auth: Auth = "app"
    body: Body = "json"


TABLE: dict[str, Endpoint] = {}


def endpoint(verb: Verb, path: str, *, auth: Auth = "app", body: Body = "json") -> Callable[[Run], Run]:
    """Put a function into the table."""

    def put(run: Run) -> Run:
        TABLE[path] = Endpoint(verb, path, run, auth, body)
        return run

    return put
