"""The platform's rules behind one object: what an app may call, what a customer may do, what can be looked at.

Synchronous and free of HTTP: a call is a `Request`, its answer an `Answer`. Each endpoint is one row of a table.
Order of a call: path, verb, token, the console, scripted refusals, JSON, the endpoint's own checks; then the journal,
then `before_answer`.
"""

from collections.abc import Callable

import msgspec

from wxkf.sim import customers, reading, sending, staff
from wxkf.sim.clock import SimClock
from wxkf.sim.console import Console, admit
from wxkf.sim.conversation import Session
from wxkf.sim.fields import Fields
from wxkf.sim.notice import Notice, UrlCheck, kf_msg_or_event, url_check
from wxkf.sim.refusal import Refusal, errmsg
from wxkf.sim.settings import Settings
from wxkf.sim.tokens import AccessTokens
from wxkf.sim.values import Answer, Bubble, Entry, Json, Request
from wxkf.sim.world import Change, Member, Servicer, World

Hook = Callable[[str, Json, Json], None]
PREFIX = "/cgi-bin/"
BODY_MAX = 1024 * 1024

POSTS: dict[str, Callable[[World, Fields], Json]] = {
    "kf/account/list": reading.account_list,
    "kf/sync_msg": reading.sync_msg,
    "kf/send_msg": sending.send_msg,
    "kf/send_msg_on_event": sending.send_msg_on_event,
    "kf/service_state/get": reading.service_state_get,
    "kf/add_contact_way": reading.add_contact_way,
    "kf/servicer/add": staff.servicer_add,
    "kf/servicer/del": staff.servicer_del,
}
GETS: dict[str, Callable[[World, Request], Answer]] = {
    "getcallbackip": reading.getcallbackip,
    "kf/servicer/list": staff.servicer_list,
    "media/get": reading.media_get,
}

GETTOKEN = "gettoken"


class Platform:
    """One corp with one app, by the rules of platform.md.

    `before_answer` holds functions of (path, request body, response), called when the rules have run and the answer
    has not left yet; one that raises cuts the connection, so the caller never hears.
    """

    def __init__(self, clock: SimClock, *, seed: int = 0, settings: Settings | None = None) -> None:
        self.world = World(clock, seed, settings or Settings())
        self.before_answer: list[Hook] = []
        self._tokens = AccessTokens(self.world)
        clock.on_move(lambda: self._act("clock", now=clock.now()))

    # ── what an app does ──────────────────────────────────────────────────────────────────────────────────────

    def call(self, request: Request) -> Answer | None:
        """Answer one call under /cgi-bin/; None where the platform has no such path."""
        path = request.path.removeprefix(PREFIX)
        if path != GETTOKEN and path not in POSTS and path not in GETS:
            return None
        body, warnings = _parse(request.body), list[str]()
        try:
            answer = self._run(path, request, body, warnings)
        except Refusal as refusal:
            answer = Answer(self._refused(refusal, request.ip))
        if warnings:
            answer.envelope["errmsg"] += ". Warning: wrong json format."
        shown: Json = {"query": request.query}
        if request.body:
            shown["body"] = f"{len(request.body)} bytes, not a JSON object" if body is None else body
        outcome = answer.envelope if answer.content is None else {"bytes": len(answer.content)}
        self.world.journal.add(self.world.now(), "call", path, shown, outcome, answer.errcode)
        for hook in tuple(self.before_answer):
            hook(path, body or {}, outcome)
        return answer

    def _run(self, path: str, request: Request, body: Json | None, warnings: list[str]) -> Answer:
        settings = self.world.settings
        if request.verb != ("POST" if path in POSTS else "GET"):
            raise Refusal(settings.wrong_verb, f"{path} takes the other verb")
        world = self.world
        if path == GETTOKEN:
            world.faults.check(path, business=False)
            return _done(self._tokens.get(request))
        self._tokens.check(request)
        admit(world.console, path, request.ip)
        world.faults.check(path, business=True)
        if path in GETS:
            return GETS[path](self.world, request)
        if len(request.body) > BODY_MAX:
            raise Refusal(40206)
        if not request.body:
            raise Refusal(40063, "empty body")
        if body is None:
            raise Refusal(settings.bad_body, "the body must be a JSON object")
        return _done(POSTS[path](self.world, Fields(body, warnings)))

    def _refused(self, refusal: Refusal, ip: str) -> Json:
        hint = f"{int(self.world.now() * 1000)}{self.world.ids.digits(12)}"
        return {"errcode": refusal.errcode, "errmsg": errmsg(refusal.errcode, refusal.about, hint, ip)}

    # ── what a customer does ──────────────────────────────────────────────────────────────────────────────────

    def add_customer(self, nickname: str) -> str:
        """Let a new customer appear and return the external_userid."""
        external_userid = customers.add_customer(self.world, nickname)
        self._act("add_customer", external_userid=external_userid, nickname=nickname)
        return external_userid

    def enter(self, open_kfid: str, external_userid: str, *, scene: str = "", scene_param: str = "") -> None:
        """Enter the chat through the account's link. Raises `ValueError` for an unknown account or customer."""
        customers.enter(self.world, open_kfid, external_userid, scene, scene_param)
        self._act("enter", open_kfid=open_kfid, external_userid=external_userid, scene=scene, scene_param=scene_param)

    def say(self, open_kfid: str, external_userid: str, text: str, *, menu_id: str = "") -> str:
        """Write a text, as a tap on a menu item if `menu_id` is given, and return its msgid."""
        msgid = customers.say(self.world, open_kfid, external_userid, text, menu_id)
        self._act("say", open_kfid=open_kfid, external_userid=external_userid, msgid=msgid, text=text)
        return msgid

    def send_image(self, open_kfid: str, external_userid: str, data: bytes, content_type: str) -> str:
        """Send a picture and return its msgid; above 2 MB the account gets a text notice instead (page 94670)."""
        msgid = customers.send_image(self.world, open_kfid, external_userid, data, content_type)
        self._act("send_image", open_kfid=open_kfid, external_userid=external_userid, msgid=msgid, bytes=len(data))
        return msgid

    # ── what the world does ───────────────────────────────────────────────────────────────────────────────────

    def add_account(self, name: str) -> str:
        """Open another account and return its open_kfid."""
        account = self.world.add_account(name)
        self._act("add_account", open_kfid=account.open_kfid, name=name)
        return account.open_kfid

    @property
    def console(self) -> Console:
        """The switches an admin has; set them as you like."""
        return self.world.console

    def seal_with(self, token: str, aes_key: str) -> None:
        """Enter another Token and EncodingAESKey for the callback (设置API接收)."""
        self.world.token, self.world.aes_key = token, aes_key
        self.world.journal.hide(token, aes_key)
        self._act("seal_with")

    def manage(self, open_kfid: str, managed: bool = True) -> None:
        """Put an account under API management by this app (通过API管理微信客服账号), or take it away."""
        self.world.accounts[open_kfid].managed = managed
        self._act("manage", open_kfid=open_kfid, managed=managed)

    def add_member(self, userid: str, *, visible: bool = True, active: bool = True, licensed: bool = True) -> None:
        """Let a member of the corp appear, or change one: in the visible range, active in WeCom, with a licence."""
        self.world.members[userid] = Member(visible=visible, active=active, licensed=licensed)
        self._act("add_member", userid=userid, visible=visible, active=active, licensed=licensed)

    def add_servicer(self, open_kfid: str, userid: str, *, status: int = 0, stop_type: int = 0) -> None:
        """Let a member serve, or change how: as an admin in the console, so whatever the app may see."""
        if status not in (0, 1) or stop_type not in (0, 1):
            raise ValueError("status and stop_type are 0 or 1")
        self.world.members.setdefault(userid, Member())
        self.world.accounts[open_kfid].servicers[userid] = Servicer(status, stop_type)
        self._act("add_servicer", open_kfid=open_kfid, userid=userid, status=status, stop_type=stop_type)

    def refuse(self, path: str, errcode: int, *, about: str = "", times: int | None = None) -> None:
        """Refuse a path ("kf/send_msg"; "*" is every business call), so many times or until `accept`."""
        self.world.faults.refuse(path, errcode, about, times)
        self._act("refuse", path=path, errcode=errcode)

    def accept(self, path: str) -> None:
        """End a scripted refusal."""
        self.world.faults.accept(path)
        self._act("accept", path=path)

    def revoke_token(self) -> None:
        """Make the access token invalid before its time; calls with it return 40014."""
        self._tokens.revoke()
        self._act("revoke_token")

    def set_state(self, open_kfid: str, external_userid: str, state: int) -> None:
        """Put a session into a state 0 to 4, whatever the rules say, as if it had begun now."""
        if state not in range(5):
            raise ValueError("a session state is a number from 0 to 4")
        account = customers.both(self.world, open_kfid, external_userid)[0]
        account.conversation(external_userid).force(state, self.world.now())
        self._act("set_state", open_kfid=open_kfid, external_userid=external_userid, state=state)

    def on_news(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with the open_kfid whenever something lands in that account's log."""
        self.world.news.append(listener)

    def notice(self, open_kfid: str) -> Notice:
        """Make the encrypted callback for all that an account has not been told of yet."""
        return kf_msg_or_event(self.world, self.world.accounts[open_kfid])

    def url_check(self) -> UrlCheck:
        """Make the question with which a callback URL is verified."""
        return url_check(self.world)

    # ── what can be looked at ─────────────────────────────────────────────────────────────────────────────────

    def phone(self, open_kfid: str, external_userid: str) -> list[Bubble]:
        """List what a customer's phone shows in one chat, newest last."""
        account = self.world.accounts.get(open_kfid)
        found = account.conversations.get(external_userid) if account else None
        return list(found.bubbles) if found else []

    def session(self, open_kfid: str, external_userid: str) -> Session:
        """Tell state, sends left and end of the window of one chat."""
        account = customers.both(self.world, open_kfid, external_userid)[0]
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

    def _act(self, title: str, **about: object) -> None:
        self.world.journal.add(self.world.now(), "action", title, about)


def _done(result: Json) -> Answer:
    return Answer({"errcode": 0, "errmsg": "ok"} | result)


def _parse(body: bytes) -> Json | None:
    if not body or len(body) > BODY_MAX:
        return None
    try:
        parsed = msgspec.json.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return None
    return parsed if isinstance(parsed, dict) else None
