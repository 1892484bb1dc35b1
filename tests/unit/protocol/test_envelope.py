"""The envelope's grammar: what a callback may look like, and what it must not (platform.md 5.2, 5.3)."""

from collections.abc import Callable
from urllib.parse import quote

import pytest

from kit.callbacks import CORP, TOKEN, V1, V2, V3, V4, V5, Vector, callback, envelope, receiver, seal, signed, url_check
from wxkf.errors import CallbackError
from wxkf.protocol.callback import MAX_BODY, Receiver

E = f"<Encrypt><![CDATA[{V5.encrypted}]]></Encrypt>"
TO = f"<ToUserName><![CDATA[{CORP}]]></ToUserName>"
AGENT = "<AgentID><![CDATA[218]]></AgentID>"
QUERY = V5.query


def xml(inside: str) -> bytes:
    return f"<xml>{inside}</xml>".encode()


GOOD = {
    "as documented": xml(TO + AGENT + E),
    "Encrypt first": xml(E + AGENT + TO),
    "AgentID first": xml(AGENT + E + TO),
    "no AgentID": xml(TO + E),
    "AgentID empty": xml(TO + "<AgentID><![CDATA[]]></AgentID>" + E),
    "AgentID empty without CDATA": xml(TO + "<AgentID></AgentID>" + E),
    "nothing but Encrypt": xml(E),
    "Encrypt without CDATA": xml(f"{TO}<Encrypt>{V5.encrypted}</Encrypt>"),
    "blanks between": xml(f"\n  {TO}\r\n\t{E}\n") + b"\n",
    "a declaration": b'<?xml version="1.0" encoding="UTF-8"?>\n' + xml(TO + E),
    "a declaration without encoding": b"<?xml version='1.0'?>" + xml(TO + E),
    "an element we do not know": xml(TO + "<Extra>1</Extra>" + E),
    "JSON, lower case": f'{{"tousername":"{CORP}","encrypt":"{V5.encrypted}","agentid":"218"}}'.encode(),
    "JSON, upper case": f'{{"ToUserName":"{CORP}","Encrypt":"{V5.encrypted}"}}'.encode(),
    "JSON, encrypt alone": f' {{ "encrypt": "{V5.encrypted}" }}\n'.encode(),
}

BAD = {
    "an empty body": b"",
    "blanks": b"   \n ",
    "no Encrypt": xml(TO + AGENT),
    "an empty Encrypt": xml("<Encrypt></Encrypt>"),
    "Encrypt twice": xml(E + TO + E),
    "Encrypt in two spellings": xml(E + E.replace("Encrypt", "encrypt")),
    "a DTD": b"<!DOCTYPE xml>" + xml(TO + E),
    "a DTD with an entity": f'<!DOCTYPE xml [<!ENTITY e "{V5.encrypted}">]><xml><Encrypt>&e;</Encrypt></xml>'.encode(),
    "a DTD after the declaration": b'<?xml version="1.0"?><!DOCTYPE xml SYSTEM "http://127.0.0.1/x">' + xml(E),
    "a DTD in UTF-16": f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE xml><xml>{E}</xml>'.encode("utf-16"),
    "UTF-16": f"<xml>{E}</xml>".encode("utf-16"),
    "UTF-16 without a mark": f"<xml>{E}</xml>".encode("utf-16-le"),
    "UTF-16 by declaration": b'<?xml version="1.0" encoding="UTF-16"?>' + xml(E),
    "GBK": '<?xml version="1.0" encoding="GBK"?><xml><Name>微信</Name>'.encode("gbk") + E.encode() + b"</xml>",
    "a byte that is no UTF-8": xml(E + "<a>@</a>").replace(b"@", b"\xff"),
    "an element in an element": xml(f"<Deep>{E}</Deep>"),
    "Encrypt in an element beside it": xml(f"{E}<Deep><Encrypt>x</Encrypt></Deep>"),
    "an attribute": xml(E.replace("<Encrypt>", '<Encrypt a="1">')),
    "an attribute of the root": f'<xml xmlns="x">{E}</xml>'.encode(),
    "a comment": xml(f"<!-- {TO} -->{E}"),
    "a processing instruction": xml(f'<?xml-stylesheet href="x"?>{E}'),
    "text between": xml(f"{TO} hello {E}"),
    "another root": f"<html>{E}</html>".encode(),
    "two roots": xml(E) + xml(E),
    "something after the root": xml(E) + b"x",
    "no end": f"<xml>{E}".encode(),
    "an element that does not end": xml(E.removesuffix("</Encrypt>")),
    "an element that ends as another": xml(E.replace("</Encrypt>", "</encrypt>")),
    "a CDATA that does not end": xml(f"<Encrypt><![CDATA[{V5.encrypted}</Encrypt>"),
    "a self-closing element": xml(f"{E}<AgentID/>"),
    "JSON, a list": f'["{V5.encrypted}"]'.encode(),
    "JSON, a list of pairs": f'[["encrypt", "{V5.encrypted}"]]'.encode(),
    "JSON, encrypt is a number": b'{"encrypt": 1}',
    "JSON, encrypt is null": b'{"encrypt": null}',
    "JSON, encrypt twice": f'{{"encrypt":"{V5.encrypted}","encrypt":"{V5.encrypted}"}}'.encode(),
    "JSON, both spellings": f'{{"encrypt":"{V5.encrypted}","Encrypt":"{V5.encrypted}"}}'.encode(),
    "JSON, encrypt further in": f'{{"data": {{"encrypt":"{V5.encrypted}"}}}}'.encode(),
    "JSON, a lone surrogate": b'{"encrypt": "\\ud800"}',
    "JSON, cut off": f'{{"encrypt":"{V5.encrypted}"'.encode(),
    "JSON, a tower": b'{"a":' * 100_000,
    "2 MB around it": xml(E + "<a>" + "x" * 2_000_000 + "</a>"),
    "2 MB of blanks": b" " * 2_000_000 + xml(E),
    "2 MB of nothing": b"x" * 2_000_000,
    "a CDATA that ends inside": xml(f"{E}<a><![CDATA[x]]></b><a><![CDATA[y]]></a>"),
    "cut base64": xml(E.replace("=]]>", "]]>")),
}


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD)
def test_a_callback_may_look_like_this(body: bytes) -> None:
    assert receiver().read(QUERY, body).raw == V5.message


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_a_callback_must_not_look_like_this(body: bytes) -> None:
    with pytest.raises(CallbackError) as caught:
        receiver().read(QUERY, body)
    assert str(caught.value) == str(CallbackError())


@pytest.mark.parametrize(
    "encrypted",
    [seal(V5.message, "wx0000000000000000"), V5.encrypted[:-1], V5.encrypted[:-4], "", "eHl6"],
    ids=["another receiver", "cut base64", "cut block", "nothing", "three bytes"],
)
@pytest.mark.parametrize("wrap", [envelope, lambda encrypted: b'{"encrypt":"%s"}' % encrypted.encode()])
def test_what_was_sealed_is_checked_though_the_signature_is_right(encrypted: str, wrap: Callable[[str], bytes]) -> None:
    with pytest.raises(CallbackError):
        receiver().read(signed(encrypted), wrap(encrypted))


def test_a_notice_may_fill_the_limit_and_not_more() -> None:
    query, body = callback(b"<xml><Event>x</Event></xml>")
    room = MAX_BODY - len(body)
    assert receiver().read(query, body + b"\n" * room).event == "x"
    with pytest.raises(CallbackError):
        receiver().read(query, body + b"\n" * (room + 1))


@pytest.mark.parametrize(
    "body",
    [b" " * MAX_BODY, b"<?xml version='1.0'" + b" " * 900_000, b"<xml>" + b"<a>" * 300_000, b"<xml>" + b"\n" * 900_000],
    ids=["blanks", "blanks in the declaration", "elements", "blanks in the root"],
)
def test_a_large_body_is_refused_about_as_fast_as_it_is_read(body: bytes) -> None:
    """Quadratic matching would take hours here, so this fails by never ending."""
    with pytest.raises(CallbackError):
        receiver().read(QUERY, body)


@pytest.mark.parametrize("vector", [V2, V4, V5], ids=str)
def test_the_published_posts_are_read(vector: Vector) -> None:
    assert receiver().read(vector.query, envelope(vector.encrypted)).raw == vector.message


@pytest.mark.parametrize("vector", [V1, V3], ids=str)
@pytest.mark.parametrize("safe", ["", "+/=", "+", "/="], ids=["all escaped", "raw", "raw +", "escaped +"])
def test_the_published_url_checks_are_answered_however_they_are_escaped(vector: Vector, safe: str) -> None:
    one = Receiver(vector.token, vector.key, vector.receiver)
    assert "+" in vector.encrypted
    assert one.verify_url(f"{vector.query}&echostr={quote(vector.encrypted, safe=safe)}") == vector.message


@pytest.mark.parametrize(
    "query",
    [
        "",
        "&",
        "echostr",
        V1.query,
        f"{V1.query}&echostr=",
        f"{V1.query}&echostr={V1.encrypted[:-4]}",
        f"{V1.query}&echostr={quote(V3.encrypted)}",
        f"{V5.query}&echostr={quote(V1.encrypted)}",
        f"{V1.query}&echostr={quote(V1.encrypted)}&echostr={quote(V1.encrypted)}",
        f"{V1.query}&echostr={quote(V1.encrypted)}&nonce={V1.nonce}",
        f"timestamp={V1.timestamp}&nonce={V1.nonce}&echostr={quote(V1.encrypted)}",
        f"msg_signature={V1.signature}&echostr={quote(V1.encrypted)}",
        f"{V1.query}&echostr=%ff%fe",
        f"{V1.query}&echostr=\ud800",
        f"msg_signature=\ud800&timestamp=1&nonce=1&echostr={quote(V1.encrypted)}",
    ],
)
def test_any_other_url_check_is_refused(query: str) -> None:
    with pytest.raises(CallbackError) as caught:
        receiver().verify_url(query)
    assert str(caught.value) == str(CallbackError())


def test_a_url_check_is_answered_byte_for_byte() -> None:
    for message in (b"", b" 1 ", b"\xff\x00", '"你好"\n'.encode()):
        assert receiver().verify_url(url_check(seal(message))) == message


def test_a_receiver_tells_whose_it_is_and_no_secret() -> None:
    assert CORP in repr(receiver())
    assert TOKEN not in repr(receiver())
