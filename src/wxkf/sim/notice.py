"""Callbacks as they leave: encrypted XML, and the check of a callback URL (platform.md 1.3, 5).

Pure: all randomness comes from the world's seed, all time from its clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from wxkf.protocol.crypto import Crypto, signature
from wxkf.sim.endpoints.tokens import new_callback_token
from wxkf.sim.journal import mask
from wxkf.sim.letters import Letter
from wxkf.sim.settings import COMMAND_TIMEOUT
from wxkf.sim.suites import Suite
from wxkf.sim.world import Account, App, World

_Nodes = Iterable[tuple[str, str | int]]


@dataclass(frozen=True, slots=True)
class Notice:
    """One callback, ready to leave.

    `shown` is its decrypted XML with secrets masked, `about` what the journal says besides. A doorbell has an account
    and `upto`, a position in its log. The answer must come within `patience` seconds (None: as the settings say) and
    be exactly `answer` where that is not None.
    """

    name: str
    query: dict[str, str]
    body: bytes
    shown: str
    about: dict[str, str | int]
    open_kfid: str = ""
    upto: int = 0
    patience: float | None = None
    answer: bytes | None = None


@dataclass(frozen=True, slots=True)
class Keys:
    """What a callback is sealed with, and to whom: a corp, or a suite."""

    token: str
    aes_key: str
    receiver: str


@dataclass(frozen=True, slots=True)
class UrlCheck:
    """What a callback URL is asked, and the plain text it must answer with."""

    query: dict[str, str]
    expected: bytes


def keys_of(world: World, whose: App | Suite) -> Keys:
    """Find the keys of a suite's callbacks, or of an app's: a third-party app's are its suite's."""
    if isinstance(whose, Suite):
        return Keys(whose.token, whose.aes_key, whose.suite_id)
    suite = world.suites.get(whose.suite_id)
    if suite is not None and suite.kind == "third_party":
        return keys_of(world, suite)
    return Keys(whose.token, whose.aes_key, whose.corp_id)


def kf_msg_or_event(world: World, app: App, account: Account) -> Notice:
    """Make the notice for everything that is in an account's log by now."""
    token = new_callback_token(world, account)
    head = _head(world, app, "kf_msg_or_event")
    query, body, shown = _sealed(
        world, keys_of(world, app), [*head, ("Token", token), ("OpenKfId", account.open_kfid)], (token,)
    )
    about: dict[str, str | int] = {"open_kfid": account.open_kfid, "agent_id": app.agent_id}
    return Notice("kf_msg_or_event", query, body, shown, about, account.open_kfid, account.log.end)


def event(world: World, app: App, letter: Letter) -> Notice:
    """Make any other event of an app."""
    to, *head = _head(world, app, letter.name)
    nodes = [to, ("FromUserName", "sys"), *head, *letter.facts]
    query, body, shown = _sealed(world, keys_of(world, app), nodes, letter.secrets)
    return Notice(letter.name, query, body, shown, {"agent_id": app.agent_id})


def command(world: World, suite: Suite, letter: Letter) -> Notice:
    """Make a command to a provider (指令回调)."""
    head: _Nodes = (("SuiteId", suite.suite_id), ("InfoType", letter.name), ("TimeStamp", int(world.now())))
    query, body, shown = _sealed(world, keys_of(world, suite), [*head, *letter.facts], letter.secrets)
    about: dict[str, str | int] = {"suite_id": suite.suite_id}
    return Notice(letter.name, query, body, shown, about, patience=COMMAND_TIMEOUT, answer=b"success")


def url_check(world: World, whose: App | Suite) -> UrlCheck:
    """Make the question that a callback URL must answer within a second."""
    plain = world.ids.digits(19)
    echostr, query = _seal(world, keys_of(world, whose), plain)
    return UrlCheck(query | {"echostr": echostr}, plain.encode())


def _head(world: World, app: App, name: str) -> list[tuple[str, str | int]]:
    return [("ToUserName", app.corp_id), ("CreateTime", int(world.now())), ("MsgType", "event"), ("Event", name)]


def _sealed(world: World, keys: Keys, nodes: _Nodes, secrets: tuple[str, ...]) -> tuple[dict[str, str], bytes, str]:
    xml = _xml(nodes)
    encrypted, query = _seal(world, keys, xml)
    body = _xml([("ToUserName", keys.receiver), ("AgentID", ""), ("Encrypt", encrypted)]).encode()
    for secret in secrets:
        xml = xml.replace(secret, mask(secret))
    return query, body, xml


def _seal(world: World, keys: Keys, plain: str) -> tuple[str, dict[str, str]]:
    encrypted = Crypto(keys.aes_key, keys.receiver).encrypt(plain.encode(), world.ids.prefix())
    timestamp, nonce = str(int(world.now())), world.ids.digits(10)
    signed = signature(keys.token, timestamp, nonce, encrypted)
    return encrypted, {"msg_signature": signed, "timestamp": timestamp, "nonce": nonce}


def _xml(nodes: _Nodes) -> str:
    parts = (f"<{k}>{v if isinstance(v, int) else f'<![CDATA[{v}]]>'}</{k}>" for k, v in nodes)
    return f"<xml>{''.join(parts)}</xml>"
