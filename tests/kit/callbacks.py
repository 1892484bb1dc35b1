"""The public test vectors of the callback (platform.md 5.5), and callbacks of one's own, sealed with V1's key.

V1 to V4 are the platform's own samples, V5 was made to look like a notice of this product.
"""

from dataclasses import dataclass
from urllib.parse import quote

from wxkf.protocol.callback import Receiver
from wxkf.protocol.crypto import Crypto, signature


@dataclass(frozen=True)
class Vector:
    """One published callback: what was sealed, with what, and what came out."""

    name: str
    token: str
    key: str
    receiver: str
    timestamp: str
    nonce: str
    prefix: bytes
    message: bytes
    encrypted: str
    signature: str

    def __str__(self) -> str:
        return self.name

    @property
    def query(self) -> str:
        """The query string of a POST; `echostr` is to be added for a GET."""
        return f"msg_signature={self.signature}&timestamp={self.timestamp}&nonce={self.nonce}"


KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
TOKEN, CORP = "QDG6eK", "wx5823bf96d3bd56c7"

V1 = Vector(
    "V1",
    TOKEN,
    KEY,
    CORP,
    "1409659589",
    "263014780",
    b"c41b64491c2468d0",
    b"1616140317555161061",
    "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
    "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
)
V2 = Vector(
    "V2",
    TOKEN,
    KEY,
    CORP,
    "1409659813",
    "1372623149",
    b"0960688932c47ef1",
    (
        b"<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName>\n"
        b"<FromUserName><![CDATA[mycreate]]></FromUserName>\n"
        b"<CreateTime>1409659813</CreateTime>\n"
        b"<MsgType><![CDATA[text]]></MsgType>\n"
        b"<Content><![CDATA[hello]]></Content>\n"
        b"<MsgId>4561255354251345929</MsgId>\n"
        b"<AgentID>218</AgentID>\n"
        b"</xml>"
    ),
    (
        "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg"
        "3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+k"
        "DZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6ti"
        "WSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p"
        "8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
    ),
    "477715d11cdb4164915debcba66cb864d751f3e6",
)
V3 = Vector(
    "V3",
    "hJqcu3uJ9Tn2gXPmxx2w9kkCkCE2EPYo",
    "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt",
    "ww1436e0e65a779aee",
    "1476416373",
    "47744683",
    b"8908d0ff052afda0",
    b"1288432023552776189",
    "fsi1xnbH4yQh0+PJxcOdhhK6TDXkjMyhEPA7xB2TGz6b+g7xyAbEkRxN/3cNXW9qdqjnoVzEtpbhnFyq6SVHyA==",
    "012bc692d0a58dd4b10f8dfe5c4ac00ae211ebeb",
)
V4 = Vector(
    "V4",
    TOKEN,
    KEY,
    CORP,
    "1409659813",
    "1372623149",
    b"EDH75AiKExevY8L3",
    (
        b'{"ToUserName":"wx5823bf96d3bd56c7","FromUserName":"mycreate","CreateTime": 1409659813,"MsgType":"text",'
        b'"Content":"hello","MsgId":4561255354251345929,"AgentID": 218}'
    ),
    (
        "CZWs4CWRpI4VolQlvn4dlEC1alN2MUEY2VklGehgBVLBrlVF7SyT+SV+Toj43l4ayJ9UMGKphktKKmP7B2j/P1ey67XB8PBgS7Wr"
        "5/8+w/yWriZv3Vmoo/MH3/1HsIWZrPQ3N2mJrelStIfI2Y8kLKXA7EhfZgZX4o+ffdkZDM76SEl79Ib9mw7TGjZ9Aw/x/A2VjNbV"
        "1E8BtEbRxYYcQippYNw7hr8sFfa3nW1xLdxokt8QkRX83vK3DFP2F6TQFPL2Tu98UwhcUpPvdJBuu1/yiOQIScppV3eOuLWEsko="
    ),
    "0623cbc5a8cbee5bcc137c70de99575366fc2af3",
)
V5 = Vector(
    "V5",
    TOKEN,
    KEY,
    CORP,
    "1700000000",
    "nonce123",
    b"0123456789abcdef",
    (
        b"<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName><CreateTime>1348831860</CreateTime>"
        b"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]></Event>"
        b"<Token><![CDATA[ENCtoken]]></Token><OpenKfId><![CDATA[wkxxxxxxx]]></OpenKfId></xml>"
    ),
    (
        "sKqRbbiSUnDhFHOvPjtUMV+T9Uj+bRnLgdTvblbQqc/HBY4v85YhxCZDvPBrwX5x5jJUEwZwX0nPYeJZeggcuz39+ai+DlYdQtKR"
        "utCLuhX5ksn9xHzEU3PX3kSZbLkmcaK1kjr7y//SHbnCQ0sqP2TNBDsD2Z5L06yJ5Al+mKSysYJ+0afAqSnYlWQq4q0b43VIXUYi"
        "HfIsR5MJ89bc+/5tQixgeWLqkJs7MHqS/fw42cQqcuK/gyDYq+38pzE+Cfe0Vk4M6o2WfrHByj62zEH1RbJ5+2Jc+i/FwP/xfqLk"
        "v2wM1mDl4sb64wK6oPPJ/P+h0iFthfN04ki3VZiiWqeD56rgW0vFcLQq/Lp8VvYZQrPIauJV1l2ve+W0iU+B6dTRTukLFxUwp5nU"
        "RsnUxKDiBJ1eL3V+4uWN8RUqyt0="
    ),
    "d090c02c7bd5a4eedb0539d661bd3e0fbb030276",
)
VECTORS = (V1, V2, V3, V4, V5)


def receiver() -> Receiver:
    """Make the receiver that V1, V2, V4, V5 and everything sealed here are for."""
    return Receiver(TOKEN, KEY, CORP)


def seal(message: bytes, corp: str = CORP) -> str:
    """Encrypt a message."""
    return Crypto(KEY, corp).encrypt(message, b"0123456789abcdef")


def signed(encrypted: str) -> str:
    """Make the query string that goes with a POST of this."""
    return f"msg_signature={signature(TOKEN, '1700000000', 'n', encrypted)}&timestamp=1700000000&nonce=n"


def url_check(encrypted: str) -> str:
    """Make the query string of a GET."""
    return f"{signed(encrypted)}&echostr={quote(encrypted, safe='')}"


def envelope(encrypted: str) -> bytes:
    """Wrap what was encrypted as the platform does."""
    return (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[]]></AgentID>"
        f"<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    ).encode()


def callback(message: bytes) -> tuple[str, bytes]:
    """Seal a message into query string and body of a POST."""
    encrypted = seal(message)
    return signed(encrypted), envelope(encrypted)
