"""The callback as a pure function: query and body in, a `Notice` or `CallbackError` out (pages 90930, 90968, 97712).

Strategy: the envelope is parsed before its signature can be checked, so it is hostile. Instead of an XML parser with
its features switched off, a grammar that has none: one flat `<xml>` of text or CDATA elements, nothing else fits: no
DTD, no attributes, no nesting, no other encoding than UTF-8. Only the message inside, which is proven to come from the
platform, may nest, and only a little. Every failure raises the same error.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote
from xml.sax.saxutils import unescape

from wxkf.errors import CallbackError
from wxkf.protocol.crypto import Crypto, check_token, is_signed

MAX_BODY = 1 << 20  # bytes; a notice that names five thousand accounts is about 400 kB

# Possessive: a megabyte of blanks must not be tried in a trillion ways.
_OPEN = re.compile(r"\s*+(?:<\?xml version=[\"']1\.0[\"'](?: encoding=[\"'](?i:utf-8)[\"'])?\s*+\?>\s*+)?+<xml>\s*+")
_FIELD = re.compile(r"<([A-Za-z][A-Za-z0-9]*)>(?:<!\[CDATA\[(?>(.*?)\]\]>)|([^<]*))</\1>\s*", re.DOTALL)
_CLOSE = re.compile(r"</xml>\s*")
_GROUP = re.compile(r"<([A-Za-z][A-Za-z0-9]*)>\s*(?=<[A-Za-z])")
_DEPTH = 4  # provider events nest their ExtraInfo; nothing else nests


@dataclass(frozen=True, slots=True)
class Notice:
    """What a callback says: something happened, go and look.

    For `kf_msg_or_event`, `token` (valid for 10 minutes) goes into `sync_msg` for `open_kfid`; a notice of 2021 may
    lack the latter. `fields` holds every element in order, repeated ones included, nested ones by their path with dots;
    `raw` the decrypted message.
    """

    event: str
    open_kfid: str
    token: str = field(repr=False)
    created: int
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    raw: bytes = field(repr=False)


class Receiver:
    """Check and read callbacks for one Token, EncodingAESKey and receiver id (the corp id, for a company's own app).

    Raises `ConfigError` when Token or key are malformed.
    """

    __slots__ = ("_crypto", "_token")

    def __init__(self, token: str, aes_key: str, receiver: str) -> None:
        self._token = check_token(token)
        self._crypto = Crypto(aes_key, receiver)

    def __repr__(self) -> str:
        return f"Receiver({self._crypto!r})"

    def verify_url(self, query: str) -> bytes:
        """Answer the console's URL check: the plaintext to send back as it is. Raises `CallbackError`."""
        values = parse_query(query)
        return self._open(values, values.get("echostr", ""))

    def read(self, query: str, body: bytes) -> Notice:
        """Read a pushed notice. Raises `CallbackError`, the same whatever was wrong."""
        return _notice(self._open(parse_query(query), _encrypted(body)))

    def _open(self, values: dict[str, str], encrypted: str) -> bytes:
        try:
            given, timestamp, nonce = values["msg_signature"], values["timestamp"], values["nonce"]
            signed = is_signed(given, self._token, timestamp, nonce, encrypted)
        except (KeyError, UnicodeEncodeError):
            raise CallbackError from None
        if not signed:
            raise CallbackError
        return self._crypto.decrypt(encrypted)


def parse_query(query: str) -> dict[str, str]:
    """Split a raw query string. `+` stays `+`: base64 in `echostr` needs it, whatever form encoding says."""
    values: dict[str, str] = {}
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if name in values:
            raise CallbackError
        values[name] = unquote(value)
    return values


def _encrypted(body: bytes) -> str:
    if len(body) > MAX_BODY:
        raise CallbackError
    fields = list(_fields(body))
    found = [value for name, value in fields if name.lower() == "encrypt"]
    if len(found) != 1 or not isinstance(found[0], str):
        raise CallbackError
    return found[0]


def _notice(message: bytes) -> Notice:
    fields = tuple((name, str(value)) for name, value in _fields(message, nested=True))
    first: dict[str, str] = {}
    for name, value in fields:
        first.setdefault(name, value)
    created = first.get("CreateTime", "")
    return Notice(
        event=first.get("Event") or first.get("InfoType", ""),
        open_kfid=first.get("OpenKfId", ""),
        token=first.get("Token", ""),
        created=int(created) if created.isascii() and created.isdigit() and len(created) < 12 else 0,
        fields=fields,
        raw=message,
    )


def _fields(document: bytes, *, nested: bool = False) -> Iterator[tuple[str, Any]]:
    try:
        text = document.decode("utf-8")
    except UnicodeDecodeError:
        raise CallbackError from None
    return _json_fields(text) if text.lstrip().startswith("{") else _xml_fields(text, nested=nested)


def _xml_fields(text: str, *, nested: bool) -> Iterator[tuple[str, str]]:
    opened = _OPEN.match(text)
    if not opened:
        raise CallbackError
    at, inside = opened.end(), list[str]()
    while True:
        if found := _FIELD.match(text, at):
            name, cdata, plain = found.groups()
            value = cdata if cdata is not None else unescape(plain, {"&quot;": '"', "&apos;": "'"})
            yield ".".join((*inside, name)), value
        elif nested and len(inside) < _DEPTH and (found := _GROUP.match(text, at)):
            inside.append(found[1])
        elif inside and (found := re.compile(f"</{inside[-1]}>\\s*").match(text, at)):
            inside.pop()
        else:
            break
        at = found.end()
    if inside or not _CLOSE.fullmatch(text, at):
        raise CallbackError


def _json_fields(text: str) -> Iterator[tuple[str, Any]]:
    try:
        pairs = json.loads(text, object_pairs_hook=list)
    except (ValueError, RecursionError):
        raise CallbackError from None
    yield from pairs
