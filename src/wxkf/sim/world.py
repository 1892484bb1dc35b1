"""What exists in a simulated world; no rule about it lives here.

All of it is plain data, so that a world can be kept in a file and taken up again: `State` is what is kept, `World`
adds the clock and those who listen. Everything is keyed by the platform's own ids, which are unique across corps.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Literal

from msgspec.structs import replace

from wxkf.sim.admission import Switches
from wxkf.sim.clock import SimClock
from wxkf.sim.faults import Fault, Faults, Kind
from wxkf.sim.frequency import Meter
from wxkf.sim.ids import Ids
from wxkf.sim.journal import Journal
from wxkf.sim.knowledge import Knowledge
from wxkf.sim.letters import Letter
from wxkf.sim.log import Log
from wxkf.sim.sessions import Conversation
from wxkf.sim.settings import Settings
from wxkf.sim.suites import Provider, Suite, SuiteKind
from wxkf.sim.tally import Day, Fact, Happening, note
from wxkf.sim.values import Bubble, Entry, Json, Who

Scene = Literal["welcome", "queued", "accepted", "ended"]


@dataclass(frozen=True, slots=True)
class Reload:
    """The whole world has changed: whoever shows it looks again."""


Change = Bubble | Entry | Reload
_FIRST_AGENT = 1_000_002


@dataclass(slots=True)
class Customer:
    """A person on WeChat, as one corp knows them."""

    external_userid: str
    nickname: str
    corp_id: str
    avatar: str = ""
    gender: int = 0
    unionid: str = ""


@dataclass(slots=True)
class Media:
    """A temporary file, alive for three days; every app of the corp may use it."""

    data: bytes
    content_type: str
    at: float
    corp_id: str
    filename: str = ""
    kind: str = ""  # as what it was uploaded; "" is told from the content type


@dataclass(slots=True)
class Code:
    """A one-time right to send on an event; `step` is how often the session had moved when it was given."""

    open_kfid: str
    external_userid: str
    scene: Scene
    expires_at: float
    step: int = 0


@dataclass(slots=True)
class Access:
    """An access token: whose, until when, whether it was made invalid before its time."""

    agent_id: int  # 0 for a provider's tokens
    expires_at: float
    revoked: bool = False
    owner: str = ""  # of a provider's token: a suite_id, or the provider's corp_id


@dataclass(slots=True)
class Member:
    """A person of the corp: whether there is one, in the apps' visible range, active in WeCom, with a licence."""

    exists: bool = True
    visible: bool = True
    active: bool = True
    licensed: bool = True


@dataclass(slots=True)
class Servicer:
    """How one serves (接待状态): `status` 0 serves, 1 stopped; `stop_type` 0 stopped, 1 suspended."""

    status: int = 0
    stop_type: int = 0


@dataclass(slots=True)
class Upgrade:
    """To whom customers may be led on (升级服务), as an admin has set it; `exclusive` is 专属服务."""

    userids: list[str] = field(default_factory=list)
    departments: list[int] = field(default_factory=list)
    chats: list[str] = field(default_factory=list)
    exclusive: bool = False


@dataclass(slots=True)
class MediaJob:
    """A file that the platform fetches from a URL: when that is done, and how it ends."""

    kind: str
    url: str
    done_at: float
    errcode: int
    media_id: str = ""


@dataclass(slots=True)
class Corp:
    """A company."""

    corp_id: str
    name: str
    verified: bool = True
    members: dict[str, Member] = field(default_factory=dict)
    knowledge: Knowledge = field(default_factory=Knowledge)
    upgrade: Upgrade = field(default_factory=Upgrade)
    wechat_channels_binding: bool = False
    media_jobs: dict[str, MediaJob] = field(default_factory=dict)


@dataclass(slots=True)
class App:
    """An app of a corp: its credentials, where its callbacks go, what an admin has switched on for it.

    An app that a provider made for the corp names its suite; its secret is the permanent code (永久授权码), and it is
    `authorised` until the corp takes that back.
    """

    agent_id: int
    corp_id: str
    name: str
    secret: str
    token: str
    aes_key: str
    callback_url: str = ""
    switches: Switches = field(default_factory=Switches)
    suite_id: str = ""
    authorised: bool = True
    access_token: str = ""
    past_tokens: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Account:
    """A customer-service account (客服账号). `managers` are the apps that may act for it (通过API管理)."""

    open_kfid: str
    name: str
    corp_id: str
    log: Log
    session_life: int | None
    managers: set[int] = field(default_factory=set)
    media_id: str = ""
    conversations: dict[str, Conversation] = field(default_factory=dict)
    msgids: dict[str, str] = field(default_factory=dict)  # spent ones, and to whom send_msg sent under them
    callback_tokens: dict[str, float] = field(default_factory=dict)
    bare_syncs: list[float] = field(default_factory=list)
    servicers: dict[str, Servicer] = field(default_factory=dict)
    departments: set[int] = field(default_factory=set)
    last_page: tuple[str, int] | None = None  # the cursor and the size of the last page that held rows
    days: dict[int, Day] = field(default_factory=dict)  # Shanghai days, for the statistics
    rung: int = 0  # up to which log position a callback has left
    rung_outcome: str = ""

    def conversation(self, external_userid: str) -> Conversation:
        """Find the conversation with a customer, or begin it."""
        found = self.conversations.get(external_userid)
        if found is None:
            found = self.conversations[external_userid] = Conversation(
                self.open_kfid, external_userid, life=self.session_life
            )
        return found


@dataclass(slots=True)
class State:
    """All that is kept of a world."""

    settings: Settings
    ids: Ids
    corps: dict[str, Corp] = field(default_factory=dict)
    apps: dict[int, App] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    access: dict[str, Access] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    suites: dict[str, Suite] = field(default_factory=dict)
    provider: Provider | None = None
    meters: dict[str, list[Meter]] = field(default_factory=dict)


class World(State):
    """The state of one simulator, its clock and its listeners."""

    def __init__(self, clock: SimClock, seed: int, settings: Settings) -> None:
        super().__init__(settings, Ids(seed))
        self.clock = clock
        self.watchers: list[Callable[[Change], None]] = []
        self.news: list[Callable[[str], None]] = []
        self.asks: Callable[[str, dict[str, str]], bytes] | None = None  # GET a URL; there is none without HTTP
        self.mail: list[Callable[[Letter | None], None]] = []
        self.struck: list[Kind] = []  # what has struck the call under way, for the journal
        self.journal = Journal(settings.journal_limit, self.watchers, self.secrets)

    def now(self) -> float:
        """Tell the world's time."""
        return self.clock.now()

    def tell(self, change: Change) -> None:
        """Show a change to everyone who watches."""
        for watcher in tuple(self.watchers):
            watcher(change)

    def state(self) -> State:
        """Give what is to be kept; it shares its parts with the world."""
        return State(**{one.name: getattr(self, one.name) for one in fields(State)})

    def take_up(self, state: State) -> None:
        """Become another state; listeners and clock stay."""
        for one in fields(State):
            setattr(self, one.name, getattr(state, one.name))

    def secrets(self) -> list[str]:
        """List what must not be shown."""
        whose: list[App | Suite] = [*self.apps.values(), *self.suites.values()]
        found = [one for it in whose for one in (it.secret, it.token, it.aes_key)] + list(self.access)
        for suite in self.suites.values():
            found += [*suite.tickets, *suite.auth_codes, *suite.pre_auth_codes]
        return [*found, self.provider.secret] if self.provider else found

    def add_corp(self, name: str) -> Corp:
        """Found a company."""
        corp_id = self.ids.corp_id()
        corp = self.corps[corp_id] = Corp(corp_id, name)
        return corp

    def add_app(self, corp: Corp, name: str) -> App:
        """Make an app of a corp."""
        agent_id = _FIRST_AGENT + len(self.apps)
        secret, token, aes_key = self.ids.word(43), self.ids.word(24), self.ids.aes_key()
        app = self.apps[agent_id] = App(agent_id, corp.corp_id, name, secret, token, aes_key)
        return app

    def add_suite(self, name: str, kind: SuiteKind) -> tuple[Provider, Suite]:
        """Make a suite of the world's provider, who appears with the first one."""
        ids = self.ids
        self.provider = self.provider or Provider(ids.corp_id(), ids.word(64))
        suite_id = ids.corp_id() if kind == "third_party" else "dk" + ids.corp_id()[2:]
        suite = Suite(suite_id, name, kind, ids.word(43), ids.word(24), ids.aes_key(), self.now())
        self.suites[suite_id] = suite
        return self.provider, suite

    def app_of(self, suite_id: str, corp_id: str) -> App | None:
        """Find the app that a suite is in a corp, authorised or no longer."""
        found = (one for one in self.apps.values() if (one.suite_id, one.corp_id) == (suite_id, corp_id))
        return next(found, None)

    def add_account(self, app: App, name: str) -> Account:
        """Open an account that an app manages."""
        open_kfid = self.ids.word(30, "wk")
        log, life = Log(self.ids.word(32)), self.settings.session_seconds
        account = Account(open_kfid, name, app.corp_id, log, life, managers={app.agent_id})
        self.accounts[open_kfid] = account
        return account

    def close_account(self, account: Account) -> None:
        """Close an account, with everything it holds."""
        del self.accounts[account.open_kfid]
        self.codes = {name: code for name, code in self.codes.items() if code.open_kfid != account.open_kfid}

    def add_media(self, corp_id: str, data: bytes, content_type: str, filename: str = "", kind: str = "") -> str:
        """Keep a temporary file."""
        media_id = self.ids.word(60)
        self.media[media_id] = Media(data, content_type, self.now(), corp_id, filename, kind)
        return media_id

    def show(
        self,
        conversation: Conversation,
        who: Who,
        msgtype: str,
        body: Json,
        msgid: str,
        *,
        servicer_userid: str = "",
    ) -> None:
        """Put a bubble on a customer's phone."""
        bubble = Bubble(
            at=self.now(),
            who=who,
            msgtype=msgtype,
            body=body,
            msgid=msgid,
            open_kfid=conversation.open_kfid,
            external_userid=conversation.external_userid,
            servicer_userid=servicer_userid,
        )
        conversation.bubbles.append(bubble)
        self.tell(bubble)

    def take_back(self, conversation: Conversation, index: int) -> None:
        """Empty a bubble that was recalled."""
        bubble = replace(conversation.bubbles[index], body={}, recalled=True)
        conversation.bubbles[index] = bubble
        self.tell(bubble)

    def write(self, letter: Letter | None = None) -> None:
        """Send a letter to an app or a provider; without one, let those who carry letters see what has come due."""
        for listener in tuple(self.mail):
            listener(letter)

    def strike(self, path: str, *kinds: Kind, every: bool = True) -> Fault | None:
        """Find the fault of these kinds that strikes now, if any; `every` lets one for "*" count."""
        if not self.faults.given:
            return None
        fault = self.faults.strike(path, kinds, self.ids.chance, every=every)
        if fault is not None:
            self.struck.append(fault.kind)
        return fault

    def land(self, account: Account, item: Json) -> None:
        """Append to an account's log, and let the callbacks know."""
        account.log.append(self.now(), item)
        for listener in tuple(self.news):
            listener(account.open_kfid)

    def count(self, fact: Fact, conversation: Conversation, servicer_userid: str = "") -> None:
        """Note for the statistics what has happened in a chat, and by or with whom where that is a person."""
        customer, account = conversation.external_userid, self.accounts[conversation.open_kfid]
        session = f"{account.open_kfid}/{customer}/{conversation.begun}"
        note(account.days, fact, Happening(self.now(), customer, session, servicer_userid))
