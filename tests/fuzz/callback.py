"""A fuzz target for the callback: whatever arrives is a notice or the one error, and soon.

Strategy: requests are made from valid ones by a seeded mutator, so a run repeats to the byte. Most inputs are broken
where the grammar is: in the envelope, in the message before it is sealed and signed, in the sealed bytes (padding,
length field, receiver), in the query. What is accepted is read a second time by expat and must say the same.
Run it by hand; pytest runs a short version of it, and the worst cases:

    PYTHONPATH=tests uv run python -m fuzz.callback 1000000
"""

import base64
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from time import process_time
from xml.etree import ElementTree as ET

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from fuzz.worst import worst
from kit.callbacks import CORP, KEY, V2, V4, V5, callback, envelope, receiver, signed, url_check
from wxkf.errors import CallbackError
from wxkf.protocol.callback import Notice, Receiver

HEAD = f"<ToUserName><![CDATA[{CORP}]]></ToUserName><CreateTime>1348831860</CreateTime>"
MESSAGES = [
    V5.message,
    V2.message,
    V4.message,
    f"<xml>{HEAD}<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_account_auth_change]]></Event>"
    "<AuthAddOpenKfId><![CDATA[wk1]]></AuthAddOpenKfId><AuthAddOpenKfId><![CDATA[wk2]]></AuthAddOpenKfId>"
    "<AuthDelOpenKfId><![CDATA[wk3]]></AuthDelOpenKfId></xml>".encode(),
    (
        b"<?xml version='1.0' encoding='utf-8'?>\n<xml>\n<SuiteId>ww4</SuiteId>\n<InfoType>change_auth</InfoType>\n"
        b"<ExtraInfo><AuthOpenKfIdList><OpenKfId>wk1</OpenKfId><OpenKfId><![CDATA[wk2]]></OpenKfId></AuthOpenKfIdList>\n"
        b"<Note>a &amp; b &lt;c&gt;</Note></ExtraInfo></xml>"
    ),
    b'{"ToUserName":"ww1","CreateTime":1,"Event":"kf_msg_or_event","OpenKfId":"wk1","Token":"t","List":[1,{"a":null}]}',
]
ENVELOPES = [
    envelope(V5.encrypted),
    f"<?xml version='1.0'?>\n<xml>\n<Encrypt>{V5.encrypted}</Encrypt>\n<AgentID>218</AgentID>\n</xml>\n".encode(),
    f'{{"tousername":"{CORP}","encrypt":"{V5.encrypted}","agentid":"218"}}'.encode(),
]
PIECES = [
    *(b"<xml>", b"</xml>", b"<![CDATA[", b"]]>", b"]", b"]]", b"<", b">", b"</", b"/>", b"<a>", b"</a>", b"<a></a>"),
    *(b"<Encrypt>", b"</Encrypt>", b"<encrypt>x</encrypt>", b"<Event>", b"</Event>", b"<Token>t</Token>", b"<a b='c'>"),
    *(b"&", b"&amp;", b"&lt;", b"&quot;", b"&#65;", b"&x;", b"<!DOCTYPE xml [<!ENTITY e 'x'>]>", b"<!-- -->", b"<?a?>"),
    *(b"<?xml version='1.0'?>", b" ", b"\n", b"\r\n", b"\t", b"\x00", b"\x1f", b"\xff", b"\xc0\x80", b"\xed\xa0\x80"),
    *(blank.encode() for blank in "\ufeff\u3000\u2028\x85"),
    *("ı".encode(), "１".encode(), b"%", b"+"),
    *(b"{", b"}", b"[", b"]", b'"', b'":', b",", b"\\", b"\\ud800", b"1e999", b"NaN", b"null", b"-", b"9" * 30, b"="),
    *(b'{"encrypt":"x"}', b'"Event":{"a":[1]},', b"encrypt", b"&nonce=", b"&msg_signature=", b"%ff", b"%2", b"%00"),
]


@dataclass
class Tally:
    """What came of the inputs; `worst` in seconds of processor time, with the input it was."""

    inputs: int = 0
    notices: int = 0
    answers: int = 0
    refusals: int = 0
    compared: int = 0
    worst: float = 0.0
    slowest: tuple[str, bytes | None] = ("", None)


class Mutator:
    """Make requests from a seed: query and body; the body is None for a URL check."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        key = base64.b64decode(KEY + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        self._ways = (
            *(self._insert, self._insert, self._insert, self._replace, self._replace),
            *(self._delete, self._repeat, self._move, self._change, self._splice),
        )

    def request(self) -> tuple[str, bytes | None]:
        """Make the next one."""
        luck = self._random.random()
        if luck < 0.45:
            return callback(self.mutated(self._random.choice(MESSAGES)))
        if luck < 0.8:
            return V5.query, self.mutated(self._random.choice(ENVELOPES))
        if luck < 0.9:
            encrypted = self._sealed(self._random.choice(MESSAGES))
            return signed(encrypted), envelope(encrypted)
        query = V5.query if luck < 0.95 else url_check(V5.encrypted)
        broken = self.mutated(query.encode()).decode("utf-8", "surrogateescape")
        return broken, (ENVELOPES[0] if luck < 0.95 else None)

    def mutated(self, data: bytes) -> bytes:
        """Break something, up to four times; one in twenty stays whole."""
        for _ in range(self._random.choices(range(5), (1, 8, 6, 3, 2))[0]):
            data = self._random.choice(self._ways)(data)
        return data

    def _insert(self, data: bytes) -> bytes:
        at, _ = self._slice(data)
        return data[:at] + self._random.choice(PIECES) + data[at:]

    def _replace(self, data: bytes) -> bytes:
        at, end = self._slice(data)
        return data[:at] + self._random.choice(PIECES) + data[end:]

    def _delete(self, data: bytes) -> bytes:
        at, end = self._slice(data)
        return data[:at] + data[end:]

    def _repeat(self, data: bytes) -> bytes:
        at, end = self._slice(data)
        return data[:end] + data[at:end] * self._random.choice((1, 1, 2, 3, 50)) + data[end:]

    def _move(self, data: bytes) -> bytes:
        at, end = self._slice(data)
        cut, rest = data[at:end], data[:at] + data[end:]
        to, _ = self._slice(rest)
        return rest[:to] + cut + rest[to:]

    def _change(self, data: bytes) -> bytes:
        at, _ = self._slice(data)
        return data[:at] + self._random.randbytes(1) + data[at + 1 :]

    def _splice(self, data: bytes) -> bytes:
        other = self._random.choice(MESSAGES + ENVELOPES)
        at, end = self._slice(other)
        to, _ = self._slice(data)
        return data[:to] + other[at:end] + data[to:]

    def _slice(self, data: bytes) -> tuple[int, int]:
        """Pick a place; mostly between tags, where it hurts most, and mostly a short one."""
        at = self._random.randint(0, len(data))
        if self._random.random() < 0.7:
            at = max(data.find(self._random.choice((b"<", b">", b"]", b'"', b"&", b"=")), at), 0)
        return at, min(len(data), at + int(self._random.expovariate(1 / 12)))

    def _sealed(self, message: bytes) -> str:
        """Seal with the right key what no platform would: wrong lengths, paddings, receivers, cut blocks."""
        length = len(message) + self._random.choice((0, 0, 0, 1, -1, 10_000, 2**31))
        plain = b"p" * 16 + length.to_bytes(4, "big") + message
        plain += self._random.choice((CORP.encode(), CORP.encode(), b"", b"wx0", CORP.encode() + b"x"))
        pad = self._random.choice((32 - len(plain) % 32, 32 - len(plain) % 32, 16 - len(plain) % 16, 0, 255))
        plain += bytes((pad,)) * (pad or 32)
        plain = plain[: len(plain) // 16 * 16]
        encryptor = self._cipher.encryptor()
        sealed = base64.b64encode(encryptor.update(plain)).decode()
        return sealed if self._random.random() < 0.8 else sealed[: self._random.randint(0, len(sealed))]


def fuzz(seed: int, inputs: int) -> Tally:
    """Run so many inputs. Raises whatever comes out that is neither, and `AssertionError` where expat disagrees."""
    one, mutator, tally = receiver(), Mutator(seed), Tally()
    for _ in range(inputs):
        query, body = mutator.request()
        got, took = outcome(one, query, body)
        if took > tally.worst:
            tally.worst, tally.slowest = took, (query, body)
        tally.inputs += 1
        tally.refusals += got is None
        tally.answers += isinstance(got, bytes)
        if isinstance(got, Notice):
            tally.notices += 1
            tally.compared += agrees(got)
    return tally


def outcome(one: Receiver, query: str, body: bytes | None) -> tuple[Notice | bytes | None, float]:
    """Tell what a request is, None when refused, and the seconds of processor time it took."""
    started = process_time()
    try:
        got = one.verify_url(query) if body is None else one.read(query, body)
    except CallbackError:
        got = None
    return got, process_time() - started


def agrees(notice: Notice) -> bool:
    """Hold a notice against what expat reads; False where expat's rules are others by design."""
    if not notice.raw.lstrip().startswith(b"<") or b"&" in notice.raw or b"\r" in notice.raw:
        return False
    try:
        root = ET.fromstring(notice.raw)  # our own bytes, and expat here has no network
    except ET.ParseError:
        return False  # control characters, and whitespace that only Unicode calls so
    assert notice.fields == tuple(_leaves(root)), notice.raw
    return True


def _leaves(element: ET.Element, path: str = "") -> Iterator[tuple[str, str]]:
    for child in element:
        if len(child):
            yield from _leaves(child, f"{path}{child.tag}.")
        else:
            yield f"{path}{child.tag}", child.text or ""


def main() -> None:
    """Fuzz as many inputs as the first argument says, from the seed that the second one says; time the worst cases."""
    inputs, seed = (*map(int, sys.argv[1:]), *(1_000_000, 1)[len(sys.argv) - 1 :])
    started = process_time()
    tally = fuzz(seed, inputs)
    print(f"seed {seed}: {tally.inputs:,} inputs in {process_time() - started:.0f} s of processor time")
    print(f"{tally.notices:,} notices ({tally.compared:,} of them compared with expat), {tally.answers:,} URL answers,")
    print(f"{tally.refusals:,} refusals, nothing else")
    one = receiver()
    again = outcome(one, *tally.slowest)[1]
    print(f"the slowest took {tally.worst * 1e3:.2f} ms, and {again * 1e3:.2f} ms when tried again; the worst cases:")
    for name, query, body in worst():
        got, took = outcome(one, query, body)
        said = "refused" if got is None else "notice"
        print(f"{took * 1e3:8.1f} ms  {said:8} {len(query) + len(body):9,} bytes  {name}")


if __name__ == "__main__":
    main()
