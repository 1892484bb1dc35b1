"""Several apps at one address: whatever an envelope claims, only the signature decides whose a callback is."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.callbacks import V1, V2, V4, V5, Vector, envelope
from wxkf.errors import CallbackError, ConfigError
from wxkf.protocol import receivers as module
from wxkf.protocol.callback import Receiver
from wxkf.protocol.crypto import Crypto, signature
from wxkf.protocol.receivers import Door, Receivers


@dataclass(frozen=True)
class Owner:
    name: str


def pair(number: int) -> tuple[str, str]:
    """Make a pair of Token and EncodingAESKey."""
    return f"token{number}", f"{number:03}".ljust(43, "k")


def door(number: int, receiver: str = "", agent_id: str = "", *more: tuple[str, str]) -> Door[Owner]:
    """Make a door of its own pair."""
    return Door(Owner(f"app{number}"), (receiver or f"ww{number}",), (pair(number), *more), agent_id)


def posted(
    sealed: tuple[str, str], receiver: str, to: str = "", agent: str | None = "", kind: str = "xml"
) -> tuple[str, bytes]:
    """Seal a notice for a receiver, in an envelope that claims what it likes."""
    token, key = sealed
    encrypted = Crypto(key, receiver).encrypt(V5.message, b"0123456789abcdef")
    query = f"msg_signature={signature(token, '1', 'n', encrypted)}&timestamp=1&nonce=n"
    agent_id = "" if agent is None else f"<AgentID><![CDATA[{agent}]]></AgentID>"
    if kind == "json":
        return query, f'{{"tousername":"{to}","encrypt":"{encrypted}","agentid":"{agent or ""}"}}'.encode()
    return query, f"<xml><ToUserName>{to}</ToUserName>{agent_id}<Encrypt>{encrypted}</Encrypt></xml>".encode()


DOORS = [door(1), door(2), door(3, "ww2", "7"), door(4, "ww2", "8"), door(5, "ww1", "", pair(6))]
PAIRS = {1: "ww1", 2: "ww2", 3: "ww2", 4: "ww2", 5: "ww1", 6: "ww1"}
claims = st.text(st.characters(blacklist_characters='<>&]"\\', blacklist_categories=("Cs", "Cc")), max_size=20)


@given(
    number=st.sampled_from(sorted(PAIRS)),
    to=st.sampled_from(["", "ww1", "ww2", "ww9"]) | claims,
    agent=st.none() | st.sampled_from(["", "7", "8", "9"]) | claims,
    kind=st.sampled_from(["xml", "json"]),
)
def test_only_the_signature_decides(number: int, to: str, agent: str | None, kind: str) -> None:
    owner, notice = Receivers(DOORS).read(*posted(pair(number), PAIRS[number], to, agent, kind))
    assert owner.name == f"app{5 if number == 6 else number}"
    assert notice.raw == V5.message


@given(
    number=st.sampled_from(sorted(PAIRS)),
    receiver=st.sampled_from(["ww1", "ww2", "ww9", ""]) | claims,
    to=st.sampled_from(["ww1", "ww2"]),
)
def test_what_was_sealed_for_somebody_else_is_refused_whatever_it_claims(number: int, receiver: str, to: str) -> None:
    if receiver == PAIRS[number]:
        return
    with pytest.raises(CallbackError):
        Receivers(DOORS).read(*posted(pair(number), receiver, to))


@given(query=st.text(max_size=80), body=st.binary(max_size=200))
def test_noise_raises_the_one_error(query: str, body: bytes) -> None:
    with pytest.raises(CallbackError) as caught:
        Receivers(DOORS).read(query, body)
    assert str(caught.value) == str(CallbackError())


@given(cut=st.integers(0, 400), byte=st.integers(0, 255))
def test_a_body_with_one_byte_changed_is_read_as_one_receiver_would(cut: int, byte: int) -> None:
    """Several receivers are as strict as one: what the one refuses, they refuse."""
    query, body = posted(pair(2), "ww2", "ww2")
    spoiled = bytearray(body)
    spoiled[cut % len(body)] = byte
    assert _outcome(Receivers(DOORS), query, bytes(spoiled)) == _outcome(
        Receiver(*pair(2), "ww2"), query, bytes(spoiled)
    )


def _outcome(reader: Any, query: str, body: bytes) -> object:
    try:
        read = reader.read(query, body)
    except CallbackError:
        return None
    return read[1] if isinstance(read, tuple) else read


@pytest.mark.parametrize("vector", [V2, V4, V5], ids=str)
def test_the_published_posts_are_read(vector: Vector) -> None:
    both = Receivers([*DOORS, Door(Owner("it"), (vector.receiver,), ((vector.token, vector.key),))])
    owner, notice = both.read(vector.query, envelope(vector.encrypted))
    assert (owner.name, notice.raw) == ("it", vector.message)


def test_a_url_check_is_answered_whoevers_it_is() -> None:
    both = Receivers([*DOORS, Door(Owner("it"), (V1.receiver,), ((V1.token, V1.key),))])
    assert both.verify_url(f"{V1.query}&echostr={V1.encrypted}") == V1.message
    with pytest.raises(CallbackError):
        Receivers(DOORS).verify_url(f"{V1.query}&echostr={V1.encrypted}")


def test_a_token_may_be_shared_as_long_as_the_keys_differ() -> None:
    shared = [Door(Owner(name), (name,), (("same", pair(n)[1]),)) for n, name in enumerate("abc", 1)]
    for number, name in enumerate("abc", 1):
        owner, _ = Receivers(shared).read(*posted(("same", pair(number)[1]), name, "a"))
        assert owner.name == name


def test_a_pair_may_be_shared_by_corps() -> None:
    """As a provider's agency-developed apps do: the id sealed inside tells them apart."""
    shared = [Door(Owner(name), (name,), (pair(1),)) for name in ("wwa", "wwb")]
    assert [Receivers(shared).read(*posted(pair(1), name))[0].name for name in ("wwa", "wwb")] == ["wwa", "wwb"]


def test_an_individual_provider_is_sealed_for_nobody() -> None:
    one = Receivers([Door(Owner("suite"), ("dk1", ""), (pair(1),))])
    assert [one.read(*posted(pair(1), receiver))[0].name for receiver in ("dk1", "")] == ["suite", "suite"]


def test_what_nothing_tells_apart_is_refused_at_once() -> None:
    with pytest.raises(ConfigError, match=r"app1 and twin have the same Token.*a path of its own") as caught:
        Receivers([door(1), Door(Owner("twin"), ("ww1",), (pair(1),))])
    assert pair(1)[1] not in str(caught.value)


def test_a_malformed_pair_is_named_by_its_owner() -> None:
    with pytest.raises(ConfigError, match="app1: the EncodingAESKey"):
        Receivers([Door(Owner("app1"), ("ww1",), (("t", "short"),))])


def test_tries_are_bounded_by_what_they_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = list[str]()

    def counted(token: str, *_: object) -> bool:
        tries.append(token)
        return False

    monkeypatch.setattr(module, "signed_with", counted)
    many = Receivers([door(number) for number in range(1000)])
    for size, most in ((500, 1000), (20_000, 100), (400_000, 8)):
        tries.clear()
        with pytest.raises(CallbackError):
            many.read("", f"<xml><ToUserName>ww777</ToUserName><Encrypt>{'A' * size}</Encrypt></xml>".encode())
        assert tries[0] == "token777"
        assert 8 <= len(tries) <= most


def test_no_secret_is_shown() -> None:
    shown = repr([Receivers(DOORS), *DOORS])
    assert not any(secret in shown for number in PAIRS for secret in pair(number))
