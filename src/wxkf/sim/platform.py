"""The platform's rules behind one object: what an app may call, what people do, what can be looked at.

Synchronous and free of HTTP: a call is a `Request`, its answer an `Answer`. Order of a call: path, verb, token, the
console, faults that refuse, JSON, the endpoint's own checks; then the journal, then `before_answer`. Faults of the line
stand before and after all that.
"""

from collections.abc import Callable

import msgspec

from wxkf.sim import line
from wxkf.sim.actions import Actions, Console, Customers, Providers, Staff, Trouble, Worlds
from wxkf.sim.actions.people import both
from wxkf.sim.admission import admit
from wxkf.sim.clock import SimClock
from wxkf.sim.endpoints import TABLE, Endpoint
from wxkf.sim.endpoints.table import PREFIX, Call
from wxkf.sim.endpoints.tokens import app_of_token, mind_provider_token, spoil_token, suite_of_token
from wxkf.sim.faults import BUSY
from wxkf.sim.fields import Fields
from wxkf.sim.frequency import mind
from wxkf.sim.refusal import Refusal, errmsg
from wxkf.sim.sessions import Session
from wxkf.sim.settings import Settings
from wxkf.sim.suites import Suite
from wxkf.sim.values import Answer, Bubble, Entry, Json, Request
from wxkf.sim.world import App, Change, World

Hook = Callable[[str, Json, Json], None]
BODY_MAX = 1024 * 1024
FORM_MAX = 21 * BODY_MAX  # the largest file and what is around it
_LOST = -1  # stands in the journal where an answer did not arrive as one
HTTP_OK = 200
_DONE: Json = {"errcode": 0, "errmsg": "ok"}


class Platform:
    """Corps, apps and accounts, by the rules of platform.md.

    `before_answer` holds functions of (path, request body, response), called when the rules have run and the answer
    has not left yet; one that raises cuts the connection, so the caller never hears.
    """

    def __init__(self, clock: SimClock, *, seed: int = 0, settings: Settings | None = None) -> None:
        self.world = World(clock, seed, settings or Settings())
        self.customers, self.console, self.trouble = Customers(self.world), Console(self.world), Trouble(self.world)
        self.staff, self.provider, self.worlds = Staff(self.world), Providers(self.world), Worlds(self.world)
        self.groups: tuple[Actions, ...] = (
            self.customers, self.staff, self.console, self.trouble, self.provider, self.worlds,
        )  # fmt: skip
        self.before_answer: list[Hook] = []
        clock.on_move(self._moved)

    def call(self, request: Request) -> Answer | None:
        """Answer one call under /cgi-bin/; None where the platform has no such path."""
        path = request.path.removeprefix(PREFIX)
        row = TABLE.get(path)
        if row is None:
            return None
        body = _parse(request.body) if row.body == "json" else None
        every = row.auth != "none"
        self.world.struck.clear()
        stopped = line.stopped(self.world, path, every=every)
        answer = line.spoilt(self.world, path, stopped or self._judged(row, request, body), every=every)
        outcome = answer.envelope if answer.content is None else {"bytes": len(answer.content)}
        self._note(path, request, body, answer, outcome)
        if stopped is None and self.before_answer:
            for hook in tuple(self.before_answer):
                hook(path, body or {}, outcome)
        return answer

    def _judged(self, row: Endpoint, request: Request, body: Json | None) -> Answer:
        warnings = list[str]()
        try:
            answer = self._run(row, request, body, warnings)
        except Refusal as refusal:
            answer = Answer(self._refused(refusal, request.ip))
        if warnings:
            answer.envelope["errmsg"] = f"{answer.envelope.get('errmsg', 'ok')}. Warning: wrong json format."
        return answer

    def _note(self, path: str, request: Request, body: Json | None, answer: Answer, outcome: Json) -> None:
        shown: Json = {"query": request.query}
        if request.body:
            shown["body"] = f"{len(request.body)} bytes, not a JSON object" if body is None else body
        errcode = answer.errcode
        if self.world.struck:
            outcome = {**outcome, "faults": list(self.world.struck)}
            errcode = errcode or _LOST * (answer.cut or answer.status != HTTP_OK)
        self.world.journal.add(self.world.now(), "call", path, shown, outcome, errcode)

    def _run(self, row: Endpoint, request: Request, body: Json | None, warnings: list[str]) -> Answer:
        world = self.world
        if request.verb != row.verb:
            raise Refusal(world.settings.wrong_verb, f"{row.path} takes {row.verb}")
        app = self._caller(row, request)
        if world.settings.limits_frequency:
            self._mind_the_limits(app, request, row.path)
        if fault := world.strike(row.path, "busy", "refuse", every=row.auth != "none"):
            raise Refusal(BUSY if fault.kind == "busy" else fault.errcode, fault.about)
        given: Json | None = dict(request.query) if row.verb == "GET" else {} if row.body == "form" else body
        if row.body == "form" and len(request.body) > FORM_MAX:
            raise Refusal(45001)
        if row.verb == "POST" and row.body == "json":
            if len(request.body) > BODY_MAX:
                raise Refusal(40206)
            if not request.body:
                raise Refusal(40063, "empty body")
        if given is None:
            raise Refusal(world.settings.bad_body, "the body must be a JSON object")
        result = row.run(Call(world, request, Fields(given, warnings), app, world.now()))
        return result if isinstance(result, Answer) else Answer(_DONE | result)

    def _caller(self, row: Endpoint, request: Request) -> App | Suite | None:
        if row.auth == "none":
            return None
        if self.world.strike(row.path, "token_revoked"):
            spoil_token(self.world, request)
        if row.auth == "suite":
            return suite_of_token(self.world, request)
        if row.auth == "provider":
            mind_provider_token(self.world, request)
            return None
        app = app_of_token(self.world, request)
        admit(app.switches, row.path, request.ip)
        return app

    def _mind_the_limits(self, app: App | Suite | None, request: Request, path: str) -> None:
        meters, now = self.world.meters, self.world.now()
        mind(meters, "ip", request.ip, path, now)
        if isinstance(app, App):
            mind(meters, "corp", app.corp_id, path, now)
            if request.query.get("debug") == "1":
                mind(meters, "debug", app.corp_id, path, now)

    def _moved(self) -> None:
        now = self.world.now()
        self.world.journal.add(now, "action", "clock", {"now": now})

    def _refused(self, refusal: Refusal, ip: str) -> Json:
        hint = f"{int(self.world.now() * 1000)}{self.world.ids.digits(12)}"
        return {"errcode": refusal.errcode, "errmsg": errmsg(refusal.errcode, refusal.about, hint, ip)}

    # ── what can be looked at ─────────────────────────────────────────────────────────────────────────────────

    def phone(self, open_kfid: str, external_userid: str) -> list[Bubble]:
        """List what a customer's phone shows in one chat, newest last."""
        return self.customers.phone(open_kfid, external_userid)

    def session(self, open_kfid: str, external_userid: str) -> Session:
        """Tell state, sends left and end of the window of one chat."""
        account = both(self.world, open_kfid, external_userid)[0]
        return account.conversation(external_userid).session(self.world.now())

    @property
    def journal(self) -> list[Entry]:
        """Everything that happened, newest last, secrets masked."""
        return self.world.journal.entries()

    def watch(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Call `listener` with each new bubble and each new or concluded entry. Returns the function that ends it."""
        watchers = self.world.watchers
        watchers.append(listener)
        return lambda: watchers.remove(listener) if listener in watchers else None

    def where_seen(self, msgid: str) -> str:
        """Tell in words how far a customer's message got: the log, a callback, a sync_msg."""
        for account in self.world.accounts.values():
            place = account.log.place(msgid)
            if place is None:
                continue
            if place < account.log.pulled:
                return "pulled by sync_msg"
            if place < account.rung:
                return f"callback sent ({account.rung_outcome}), not pulled"
            return "in the log, no callback sent"
        return "not in any log"


def _parse(body: bytes) -> Json | None:
    if not body or len(body) > BODY_MAX:
        return None
    try:
        parsed = msgspec.json.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return None
    return parsed if isinstance(parsed, dict) else None
