"""Requests built to be slow: about a megabyte each, aimed at every place where matching could turn quadratic.

Most never get past the envelope, which anybody can send. Those named "sealed" are what only the platform could send;
they show that the parser inside is no weaker.
"""

from collections.abc import Iterator

from kit.callbacks import V5, callback
from wxkf.protocol.callback import MAX_BODY

_SEALED = MAX_BODY * 3 // 4 - 600  # as much as fits into an envelope after base64
_SHAPES: dict[str, tuple[str, str, str]] = {  # before, what is repeated, after
    "blanks": ("", " ", ""),
    "blanks before the root": ("", " ", "<xml></xml>"),
    "blanks in the declaration": ("<?xml version='1.0'", " ", ""),
    "blanks in the root": ("<xml>", "\n", ""),
    "blanks in an element": ("<xml><a>", " ", "<b>"),
    "blanks after elements": ("<xml>", "<a></a>                ", ""),
    "blanks after the root": ("<xml></xml>", "\n", "x"),
    "elements that do not end": ("<xml>", "<a>", ""),
    "elements, then nothing": ("<xml>", "<a></a>", ""),
    "elements, then an end": ("<xml>", "<a></a>", "</xml>"),
    "elements, then two Encrypt": ("<xml>", "<a></a>", "<Encrypt>x</Encrypt><Encrypt>x</Encrypt></xml>"),
    "Encrypt, again and again": ("<xml>", "<Encrypt>x</Encrypt>", "</xml>"),
    "CDATA with text": ("<xml>", "<a><![CDATA[x]]></a>", "<b>"),
    "CDATA that do not end": ("<xml>", "<a><![CDATA[", ""),
    "CDATA of brackets": ("<xml><a><![CDATA[", "]", ""),
    "CDATA of brackets, ended": ("<xml><a><![CDATA[", "]", "]]></a></xml>"),
    "CDATA of almost ends": ("<xml><a><![CDATA[", "]]", " >"),
    "CDATA that end elsewhere": ("<xml>", "<a><![CDATA[]]></b>", ""),
    "ends": ("<xml>", "]]>", ""),
    "a long name": ("<xml><", "a", ">"),
    "a long name, ended as another": ("<xml><b", "a", "></b></xml>"),
    "ampersands": ("<xml><a>", "&", "</a></xml>"),
    "entities": ("<xml><a>", "&amp;amp;", "</a></xml>"),
    "groups": ("<xml>", "<g><a></a></g>", "</xml>"),
    "groups that do not end": ("<xml>", "<g><a></a>", ""),
    "groups that end twice": ("<xml>", "<g><a></a></g></g>", "</xml>"),
    "groups of blanks": ("<xml>", "<g> ", "</xml>"),
    "JSON, a tower": ("", '{"a":', ""),
    "JSON, a tower that ends": ("", '{"a":', "1" + "}" * 600),
    "JSON, a tower of lists": ('{"a":', "[", ""),
    "JSON, many keys": ("{", '"a":1,', '"b":2}'),
    "JSON, backslashes": ('{"a":"', "\\\\", '"}'),
    "JSON, escapes": ('{"a":["', "\\u0000", '"]}'),
    "JSON, a long number": ('{"a":', "9", "}"),
    "JSON, a long fraction": ('{"a":0.', "9", "}"),
    "JSON, a long exponent": ('{"a":1e', "9", "}"),
    "JSON, blanks": ("{", " ", "}"),
}


def worst(size: int = MAX_BODY) -> Iterator[tuple[str, str, bytes]]:
    """Make them all: a name, the query, the body."""
    for name, shape in _SHAPES.items():
        yield name, V5.query, _filled(shape, size)
        yield f"sealed: {name}", *callback(_filled(shape, size * _SEALED // MAX_BODY))
    yield "groups, each named differently", *callback(b"<xml>%s</xml>" % b"".join(_groups(size // 40)))
    for height in (300, 450, 600, 900):
        yield f"JSON, a tower of {height}", *callback(b'{"a":' * height + b"1" + b"}" * height)
    for name, one in {"parts": "&a%d", "escapes": "%%ff", "percents": "%%", "plus": "+"}.items():
        yield f"query: {name}", "".join(one % at if "%d" in one else one % () for at in range(size // 4)), b""


def _filled(shape: tuple[str, str, str], size: int) -> bytes:
    before, repeated, after = shape
    return (before + repeated * ((size - len(before) - len(after)) // len(repeated)) + after).encode()


def _groups(count: int) -> Iterator[bytes]:
    for at in range(count):
        yield b"<g%d><a></a></g%d>" % (at, at)
