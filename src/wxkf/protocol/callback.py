"""The callback as a pure function: query and body in, a `Notice` or `CallbackError` out (pages 90930, 90968, 97712).

Strategy: the envelope is parsed before its signature can be checked, so it is hostile. Instead of an XML parser with
its features switched off, a grammar that has none: one flat `<xml>` of text or CDATA elements, nothing else fits: no
DTD, no attributes, no nesting, no other encoding than UTF-8. Only the message inside, which is proven to come from the
platform, may nest, and only a little. Every failure raises the same error.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote
from xml.sax.saxutils import unescape

import msgspec

from wxkf.errors import CallbackError
from wxkf.protocol.crypto import Crypto, check_token, is_signed
from wxkf.protocol.notices import Content, content_of

MAX_BODY = 1 << 20  # bytes; a notice that names five thousand accounts is about 400 kB

# Possessive: a megabyte of blanks must not be tried in a trillion ways. Sets, not `.*?`: ten times as fast.
_OPENING = r"\s*+(?:<\?xml version=[\"']1\.0[\"'](?: encoding=[\"'](?i:utf-8)[\"'])?\s*+\?>\s*+)?+<xml>\s*+"
_VALUE = r"(?:<!\[CDATA\[([^\]]*+(?:\](?!\]>)[^\]]*+)*+)\]\]>|([^<]*+))"


def _element(group: str, name: str = "[A-Za-z][A-Za-z0-9]*+") -> str:
    return f"<(?P<{group}>{name})>{_VALUE}</(?P={group})>\\s*+"


def _others(group: str) -> str:
    return f"(?:(?!<(?i:encrypt)>){_element(group)})*+"


_ENVELOPE = re.compile(f"{_OPENING}{_others('a')}{_element('encrypt', '(?i:encrypt)')}{_others('b')}</xml>\\s*+")
_CDATA = _ENVELOPE.groupindex["encrypt"] + 1
_FLAT = re.compile(f"({_OPENING})(?:{_element('name')})*+</xml>\\s*+")
_OPEN, _CLOSE = re.compile(_OPENING), re.compile(r"</xml>\s*+")
_FIELD = re.compile(_element("name"))
_GROUP = re.compile(r"<([A-Za-z][A-Za-z0-9]*+)>\s*+(?=<[A-Za-z])")
_END = re.compile(r"</([A-Za-z][A-Za-z0-9]*+)>\s*+")
# What comes all day, to the letter; it says nothing that the grammar above would not, three times as fast.
_USUAL_NAMES = ("ToUserName", "CreateTime", "MsgType", "Event", "Token", "OpenKfId")
_USUAL = re.compile(
    "<xml>"
    r"<ToUserName><!\[CDATA\[([^\]]*+)\]\]></ToUserName>\s*+"
    r"<CreateTime>([0-9]{1,11}+)</CreateTime>\s*+"
    r"<MsgType><!\[CDATA\[([^\]]*+)\]\]></MsgType>\s*+"
    r"<Event><!\[CDATA\[([^\]]++)\]\]></Event>\s*+"
    r"<Token><!\[CDATA\[([^\]]*+)\]\]></Token>\s*+"
    r"<OpenKfId><!\[CDATA\[([^\]]*+)\]\]></OpenKfId>\s*+"
    r"</xml>\s*+"
)
_DEPTH = 4  # provider events nest their ExtraInfo; nothing else nests


class Notice(msgspec.Struct, frozen=True, gc=False):
    """What a callback says: something happened, go and look.

    For `kf_msg_or_event`, `token` (valid for 10 minutes) goes into `sync_msg` for `open_kfid`; a notice of 2021 may
    lack the latter. `fields` holds every element in order, repeated ones included, nested ones by their path with dots;
    `raw` the decrypted message.
    """

    event: str
    open_kfid: str
    token: str
    created: int
    fields: tuple[tuple[str, str], ...]
    raw: bytes

    @property
    def content(self) -> Content | None:
        """What it says as a value, e.g. `KfAccountAuthChange`; None for an event that is not known here."""
        return content_of(self.event, self.fields)

    @property
    def to(self) -> str:
        """Whom it is for: a corp id, of a provider's data callbacks that of the customer's corp."""
        return next((value for name, value in self.fields if name == "ToUserName"), "")

    def __repr__(self) -> str:
        return f"Notice({', '.join(f'{name}={value!r}' for name, value in self.__rich_repr__())})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Give rich what may be shown: not the token, nor what holds it."""
        return [("event", self.event), ("open_kfid", self.open_kfid), ("created", self.created)]


class Receiver:
    """Check and read callbacks for one Token, EncodingAESKey and receiver id (the corp id, for a company's own app).

    While they are being changed in the console, `older` holds the (Token, EncodingAESKey) still in use. Raises
    `ConfigError` when Token or key are malformed.
    """

    __slots__ = ("_crypto", "_older", "_token")

    def __init__(self, token: str, aes_key: str, receiver: str, *older: tuple[str, str]) -> None:
        self._token = check_token(token)
        self._crypto = Crypto(aes_key, receiver)
        self._older = tuple(Receiver(*pair, receiver) for pair in older)

    def __repr__(self) -> str:
        return f"Receiver({self._crypto!r})"

    def verify_url(self, query: str) -> bytes:
        """Answer the console's URL check: the plaintext to send back as it is. Raises `CallbackError`."""
        values = parse_query(query)
        return self._open(values, values.get("echostr", ""))

    def read(self, query: str, body: bytes) -> Notice:
        """Read a pushed notice. Raises `CallbackError`, the same whatever was wrong."""
        return notice_of(self._open(parse_query(query), encrypted_of(body)))

    def _open(self, values: dict[str, str], encrypted: str) -> bytes:
        if signed_with(self._token, values, encrypted):
            return self._crypto.decrypt(encrypted)
        for older in self._older:
            if signed_with(older._token, values, encrypted):
                return older._crypto.decrypt(encrypted)
        raise CallbackError


def signed_with(token: str, values: Mapping[str, str], encrypted: str) -> bool:
    """Tell whether a query's signature was made with this Token. Raises `CallbackError` where it has none."""
    try:
        return is_signed(values["msg_signature"], token, values["timestamp"], values["nonce"], encrypted)
    except (KeyError, UnicodeEncodeError):
        raise CallbackError from None


def parse_query(query: str) -> dict[str, str]:
    """Split a raw query string. `+` stays `+`: base64 in `echostr` needs it, whatever form encoding says."""
    values: dict[str, str] = {}
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if name in values:
            raise CallbackError
        values[name] = unquote(value) if "%" in value else value
    return values


def encrypted_of(body: bytes) -> str:
    """Take what is encrypted out of its envelope. Raises `CallbackError` for anything but an envelope."""
    if len(body) > MAX_BODY:
        raise CallbackError
    text = _text(body)
    if found := _ENVELOPE.fullmatch(text):
        cdata, plain = found.group(_CDATA, _CDATA + 1)
        return cdata or _unescaped(plain or "")
    values = [value for name, value in _json_fields(text) if name.lower() == "encrypt"]
    if len(values) != 1 or not isinstance(values[0], str):
        raise CallbackError
    return values[0]


def claims_of(body: bytes) -> tuple[str, str]:
    """Tell whom an envelope claims to be for, (ToUserName, AgentID). Whoever wrote it may have lied.

    The body must be one that `encrypted_of` has taken.
    """
    text = _text(body)
    flat = _FLAT.fullmatch(text)
    fields = _xml_fields(text, flat) if flat else [(name, str(value)) for name, value in _json_fields(text)]
    first = {name.lower(): value for name, value in reversed(fields)}
    return first.get("tousername", ""), first.get("agentid", "")


def notice_of(message: bytes) -> Notice:
    """Read a decrypted message. Raises `CallbackError`."""
    text = _text(message)
    if usual := _USUAL.fullmatch(text):
        values = usual.groups()
        _, at, _, event, token, open_kfid = values
        return Notice(event, open_kfid, token, int(at), tuple(zip(_USUAL_NAMES, values, strict=True)), message)
    fields = _fields(text)
    first = dict(reversed(fields))  # of repeated elements the first one stays
    created = first.get("CreateTime", "")
    return Notice(
        event=first.get("Event") or first.get("InfoType", ""),
        open_kfid=first.get("OpenKfId", ""),
        token=first.get("Token", ""),
        created=int(created) if created.isascii() and created.isdigit() and len(created) < 12 else 0,
        fields=tuple(fields),
        raw=message,
    )


def _text(document: bytes) -> str:
    try:
        return document.decode()
    except UnicodeDecodeError:
        raise CallbackError from None


def _fields(text: str) -> list[tuple[str, str]]:
    if flat := _FLAT.fullmatch(text):  # then its elements follow one another without a gap
        return _xml_fields(text, flat)
    if not text.lstrip().startswith("{"):
        return list(_nested_fields(text))
    try:
        return [(name, str(value)) for name, value in _json_fields(text)]
    except RecursionError:  # a tower that json can read may still be too high for str
        raise CallbackError from None


def _xml_fields(text: str, flat: re.Match[str]) -> list[tuple[str, str]]:
    return [(name, cdata or _unescaped(plain)) for name, cdata, plain in _FIELD.findall(text, flat.end(1))]


def _nested_fields(text: str) -> Iterator[tuple[str, str]]:
    opened = _OPEN.match(text)
    if not opened:
        raise CallbackError
    at, inside = opened.end(), list[str]()
    while True:
        if found := _FIELD.match(text, at):
            name, cdata, plain = found.groups("")
            yield ".".join((*inside, name)), cdata or _unescaped(plain)
            at = found.end()
        elif len(inside) < _DEPTH and (found := _GROUP.match(text, at)):
            inside.append(found[1])
            at = found.end()
        elif inside and (found := _END.match(text, at)) and found[1] == inside[-1]:
            inside.pop()
            at = found.end()
        else:
            break
    if inside or not _CLOSE.fullmatch(text, at):
        raise CallbackError


def _unescaped(text: str) -> str:
    return unescape(text, {"&quot;": '"', "&apos;": "'"}) if "&" in text else text


def _json_fields(text: str) -> list[tuple[str, Any]]:
    if not text.lstrip().startswith("{"):
        raise CallbackError
    try:
        pairs: list[tuple[str, Any]] = json.loads(text, object_pairs_hook=list)
    except (ValueError, RecursionError):
        raise CallbackError from None
    return pairs
