"""From what arrives at the callback address to a value: a notice of 500 bytes, ours against wechatpy's.

Ours takes the query string as it came and ends in a checked `Notice`. wechatpy does what its manual shows:
`decrypt_message`, then `parse_message`, with the query's values split by `parse_qs`, the least that any framework does
for it; a lane of its own shows it without that. Both keep their crypto object from call to call.
"""

from importlib import import_module
from urllib.parse import parse_qs

from benchmarks.racing import race
from benchmarks.table import Goal, show
from wxkf.protocol.callback import Receiver
from wxkf.protocol.crypto import Crypto, signature

TOKEN, KEY, CORP = "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7"
SIZE = 500


def posted() -> tuple[str, bytes]:
    """Make the query string and the body of a notice whose message is 500 bytes long."""
    head = (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><CreateTime>1348831860</CreateTime>"
        "<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]></Event><Token><![CDATA[ENC"
    )
    tail = "]]></Token><OpenKfId><![CDATA[wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q]]></OpenKfId></xml>"
    message = head + "a7" * ((SIZE - len(head) - len(tail)) // 2) + tail
    encrypted = Crypto(KEY, CORP).encrypt(message.ljust(SIZE).encode(), b"0123456789abcdef")
    query = (
        f"msg_signature={signature(TOKEN, '1700000000', '263014780', encrypted)}&timestamp=1700000000&nonce=263014780"
    )
    body = (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[]]></AgentID>"
        f"<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    )
    return query, body.encode()


def run() -> None:
    """Race the two."""
    query, body = posted()
    ours = Receiver(TOKEN, KEY, CORP)
    theirs = import_module("wechatpy.work").WeChatCrypto(TOKEN, KEY, CORP)
    parse_message = import_module("wechatpy.work").parse_message

    def wechatpy() -> object:
        given = parse_qs(query)
        signed, timestamp, nonce = given["msg_signature"][0], given["timestamp"][0], given["nonce"][0]
        return parse_message(theirs.decrypt_message(body, signed, timestamp, nonce))

    values = [parse_qs(query)[name][0] for name in ("msg_signature", "timestamp", "nonce")]
    lanes = {
        "wxkf": lambda: ours.read(query, body),
        "wechatpy": wechatpy,
        "wechatpy, query split before": lambda: parse_message(theirs.decrypt_message(body, *values)),
    }
    result = race(lanes, rounds=61)
    show("Callback decode, 500-byte message", result, "wechatpy", {"wxkf": Goal(at_least=4)}, faster=True)
