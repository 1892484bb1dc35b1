"""The doorbell: the encrypted XML that says that an account has news, and the check of a callback URL (platform.md 5).

Pure: all randomness comes from the world's seed, all time from its clock.
"""

from dataclasses import dataclass

from wxkf.protocol.crypto import Crypto, signature
from wxkf.sim.endpoints.tokens import new_callback_token
from wxkf.sim.journal import mask
from wxkf.sim.world import Account, App, World


@dataclass(frozen=True, slots=True)
class Notice:
    """One callback, ready to leave. `shown` is its decrypted XML with the token masked, `upto` a log position."""

    open_kfid: str
    query: dict[str, str]
    body: bytes
    shown: str
    upto: int


@dataclass(frozen=True, slots=True)
class UrlCheck:
    """What a callback URL is asked, and the plain text it must answer with."""

    query: dict[str, str]
    expected: bytes


def kf_msg_or_event(world: World, app: App, account: Account) -> Notice:
    """Make the notice for everything that is in an account's log by now."""
    token = new_callback_token(world, account)
    parts: dict[str, str | int] = {"ToUserName": app.corp_id, "CreateTime": int(world.now()), "MsgType": "event"}
    xml = _xml(parts | {"Event": "kf_msg_or_event", "Token": token, "OpenKfId": account.open_kfid})
    encrypted, query = _seal(world, app, xml)
    body = _xml({"ToUserName": app.corp_id, "AgentID": "", "Encrypt": encrypted}).encode()
    return Notice(account.open_kfid, query, body, xml.replace(token, mask(token)), account.log.end)


def url_check(world: World, app: App) -> UrlCheck:
    """Make the question that a callback URL must answer within a second."""
    plain = world.ids.digits(19)
    echostr, query = _seal(world, app, plain)
    return UrlCheck(query | {"echostr": echostr}, plain.encode())


def _seal(world: World, app: App, plain: str) -> tuple[str, dict[str, str]]:
    encrypted = Crypto(app.aes_key, app.corp_id).encrypt(plain.encode(), world.ids.prefix())
    timestamp, nonce = str(int(world.now())), world.ids.digits(10)
    signed = signature(app.token, timestamp, nonce, encrypted)
    return encrypted, {"msg_signature": signed, "timestamp": timestamp, "nonce": nonce}


def _xml(parts: dict[str, str | int]) -> str:
    nodes = (f"<{k}>{v if isinstance(v, int) else f'<![CDATA[{v}]]>'}</{k}>" for k, v in parts.items())
    return f"<xml>{''.join(nodes)}</xml>"
