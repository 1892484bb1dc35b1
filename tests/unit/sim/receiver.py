"""Who takes callbacks in the simulator's tests, and how one is opened."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from unit.sim.shop import Shop
from wxkf.protocol.crypto import Crypto, signature

Sent = list[tuple[dict[str, str], bytes]]


class Receiver:
    """Takes callbacks; `answers` are given in turn, the last one for ever."""

    def __init__(self, *answers: int | OSError, body: bytes = b"success") -> None:
        self.answers: Sequence[int | OSError] = answers or (200,)
        self.body = body
        self.sent: Sent = []

    async def __call__(self, query: dict[str, str], body: bytes) -> tuple[int, bytes]:
        self.sent.append((query, body))
        answer, self.answers = self.answers[0], self.answers[1:] or self.answers
        if isinstance(answer, OSError):
            raise answer
        return answer, self.body


def nodes(sent: tuple[dict[str, str], bytes], token: str, aes_key: str, receiver: str) -> list[tuple[str, str]]:
    """Verify and decrypt a callback as a client would; its nodes in order, repeated ones too."""
    query, body = sent
    encrypted = ET.fromstring(body).findtext("Encrypt") or ""
    assert ET.fromstring(body).findtext("ToUserName") == receiver
    assert query["msg_signature"] == signature(token, query["timestamp"], query["nonce"], encrypted)
    return [(node.tag, node.text or "") for node in ET.fromstring(Crypto(aes_key, receiver).decrypt(encrypted))]


def opened(shop: Shop, sent: tuple[dict[str, str], bytes]) -> dict[str, str]:
    """Open a callback of the first app."""
    return dict(nodes(sent, shop.sim.token, shop.sim.aes_key, shop.sim.corp_id))
