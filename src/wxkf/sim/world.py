"""What exists in a simulated world and who is listening; no rule about it lives here.

One corp with one app. Everything is kept in plain dictionaries keyed by the platform's own ids.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from wxkf.sim.clock import SimClock
from wxkf.sim.console import Console, Faults
from wxkf.sim.conversation import Conversation
from wxkf.sim.ids import Ids
from wxkf.sim.journal import Journal
from wxkf.sim.log import Log
from wxkf.sim.settings import Settings
from wxkf.sim.values import Bubble, Entry, Json, Who

Change = Bubble | Entry


@dataclass(slots=True)
class Customer:
    """A person on WeChat."""

    external_userid: str
    nickname: str


@dataclass(frozen=True, slots=True)
class Media:
    """A temporary file, alive for three days."""

    data: bytes
    content_type: str
    at: float


@dataclass(frozen=True, slots=True)
class Code:
    """A one-time right to send on an event."""

    conversation: Conversation
    msgtypes: frozenset[str]
    expires_at: float


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the corp: whether there is one, in the app's visible range, active in WeCom, with a licence."""

    exists: bool = True
    visible: bool = True
    active: bool = True
    licensed: bool = True


@dataclass(frozen=True, slots=True)
class Servicer:
    """How one serves (接待状态): `status` 0 serves, 1 stopped; `stop_type` 0 stopped, 1 suspended."""

    status: int = 0
    stop_type: int = 0


@dataclass(slots=True)
class Account:
    """A customer-service account (客服账号)."""

    open_kfid: str
    name: str
    log: Log
    managed: bool = True  # 通过API管理: this app may act for it
    conversations: dict[str, Conversation] = field(default_factory=dict)
    msgids: set[str] = field(default_factory=set)
    callback_tokens: dict[str, float] = field(default_factory=dict)
    bare_syncs: deque[float] = field(default_factory=deque)
    servicers: dict[str, Servicer] = field(default_factory=dict)
    departments: set[int] = field(default_factory=set)
    rung: int = 0  # up to which log position a callback has left
    rung_outcome: str = ""

    def conversation(self, external_userid: str) -> Conversation:
        """Find the conversation with a customer, or begin it."""
        found = self.conversations.get(external_userid)
        if found is None:
            found = self.conversations[external_userid] = Conversation(self.open_kfid, external_userid)
        return found


class World:
    """All state of one simulator."""

    def __init__(self, clock: SimClock, seed: int, settings: Settings) -> None:
        self.clock, self.settings, self.ids = clock, settings, Ids(seed)
        self.corp_id, self.secret = self.ids.corp_id(), self.ids.word(43)
        self.token, self.aes_key = self.ids.word(24), self.ids.aes_key()
        self.accounts: dict[str, Account] = {}
        self.customers: dict[str, Customer] = {}
        self.members: dict[str, Member] = {}
        self.console, self.faults = Console(), Faults()
        self.media: dict[str, Media] = {}
        self.codes: dict[str, Code] = {}
        self.watchers: list[Callable[[Change], None]] = []
        self.news: list[Callable[[str], None]] = []
        self.journal = Journal(settings.journal_limit, self.tell)
        self.journal.hide(self.secret, self.token, self.aes_key)

    def now(self) -> float:
        """Tell the world's time."""
        return self.clock.now()

    def tell(self, change: Change) -> None:
        """Show a change to everyone who watches."""
        for watcher in tuple(self.watchers):
            watcher(change)

    def add_account(self, name: str) -> Account:
        """Open an account."""
        open_kfid = self.ids.word(30, "wk")
        account = self.accounts[open_kfid] = Account(open_kfid, name, Log(self.ids.word(32)))
        return account

    def add_media(self, data: bytes, content_type: str) -> str:
        """Keep a temporary file."""
        media_id = self.ids.word(60)
        self.media[media_id] = Media(data, content_type, self.now())
        return media_id

    def show(self, conversation: Conversation, who: Who, msgtype: str, body: Json, msgid: str) -> None:
        """Put a bubble on a customer's phone."""
        bubble = Bubble(
            at=self.now(),
            who=who,
            msgtype=msgtype,
            body=body,
            msgid=msgid,
            open_kfid=conversation.open_kfid,
            external_userid=conversation.external_userid,
        )
        conversation.bubbles.append(bubble)
        self.tell(bubble)

    def land(self, account: Account, item: Json) -> None:
        """Append to an account's log, and let the callbacks know."""
        account.log.append(self.now(), item)
        for listener in tuple(self.news):
            listener(account.open_kfid)
