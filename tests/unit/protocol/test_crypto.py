"""The callback's cryptography against the public vectors, both ways, and against everything that is not quite one."""

import base64

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from kit.callbacks import CORP, KEY, TOKEN, V1, V2, VECTORS, Vector
from wxkf.errors import CallbackError, ConfigError
from wxkf.protocol.crypto import Crypto, check_token, is_signed, signature

PREFIX = b"0123456789abcdef"
vectors = pytest.mark.parametrize("vector", VECTORS, ids=str)


def raw_seal(plain: bytes) -> str:
    """Encrypt exactly these bytes, padding included."""
    key = base64.b64decode(KEY + "=")
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def plain(message: bytes = b"hello", *, length: int | None = None, corp: str = CORP) -> bytes:
    """Lay out what is encrypted, up to the padding."""
    return PREFIX + (len(message) if length is None else length).to_bytes(4, "big") + message + corp.encode()


def padded(content: bytes, pad: int | None = None) -> bytes:
    """Pad to 32 bytes, or with so many."""
    pad = 32 - len(content) % 32 if pad is None else pad
    return content + bytes([pad]) * pad


@vectors
def test_a_vector_decrypts_to_its_message(vector: Vector) -> None:
    assert Crypto(vector.key, vector.receiver).decrypt(vector.encrypted) == vector.message


@vectors
def test_a_message_with_the_vectors_prefix_encrypts_to_the_very_same(vector: Vector) -> None:
    assert Crypto(vector.key, vector.receiver).encrypt(vector.message, vector.prefix) == vector.encrypted


@vectors
def test_a_vector_has_its_signature(vector: Vector) -> None:
    values = (vector.token, vector.timestamp, vector.nonce, vector.encrypted)
    assert signature(*values) == vector.signature
    assert is_signed(vector.signature, *values)


@pytest.mark.parametrize("given_", ["", "5C45FF5E21C57E6AD56BAC8758B79B1D9AC89FD3", V2.signature, "签名", "0" * 40])
def test_another_signature_is_none(given_: str) -> None:
    assert not is_signed(given_, V1.token, V1.timestamp, V1.nonce, V1.encrypted)


def test_the_signature_sorts_the_values_not_their_names() -> None:
    assert signature("a", "b", "c", "d") == signature("d", "c", "b", "a")


@pytest.mark.parametrize("size", range(20, 20 + 33))
def test_every_pad_value_from_1_to_32_is_read(size: int) -> None:
    message = b"x" * size
    assert Crypto(KEY, CORP).decrypt(raw_seal(padded(plain(message)))) == message


BROKEN = {
    "pad value 0": raw_seal(plain(b"x" * 26)[:63] + b"\0"),
    "pad value 33": raw_seal(padded(plain(b"x" * 25), 33)),
    "pad value 255": raw_seal(plain(b"x" * 26)[:63] + b"\xff"),
    "a pad byte that differs": raw_seal(plain(b"x" * 6) + b"\x01" + bytes([20]) * 19),
    "a pad longer than the message": raw_seal(b" " * 32),
    "padded to 16, not to 32": raw_seal(padded(plain(b"x" * 2), 8)),
    "nothing but padding": raw_seal(bytes([32]) * 32),
    "no length": raw_seal(padded(PREFIX)),
    "a length beyond the end": raw_seal(padded(plain(length=4_000_000_000))),
    "a length into the padding": raw_seal(padded(plain(length=5 + len(CORP) + 1))),
    "a length one short": raw_seal(padded(plain(length=4))),
    "a length one long": raw_seal(padded(plain(length=6))),
    "another receiver": raw_seal(padded(plain(corp="wx5823bf96d3bd56c8"))),
    "no receiver": raw_seal(padded(plain(corp=""))),
    "the receiver and more": raw_seal(padded(plain(corp=CORP + "x"))),
    "nothing": "",
    "one block cut off": base64.b64encode(base64.b64decode(V2.encrypted)[:-32]).decode(),
    "half a block cut off": base64.b64encode(base64.b64decode(V2.encrypted)[:-16]).decode(),
    "a byte cut off": base64.b64encode(base64.b64decode(V2.encrypted)[:-1]).decode(),
    "base64 cut off": V2.encrypted[:-3],
    "base64 with blanks for pluses": V2.encrypted.replace("+", " "),
    "base64 with a line break": V2.encrypted[:64] + "\n" + V2.encrypted[64:],
    "no base64": "你好" * 16,
    "base64 with a lone surrogate": "\ud800" + V2.encrypted,
}


@pytest.mark.parametrize("encrypted", BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_refused_with_the_one_sentence(encrypted: str) -> None:
    with pytest.raises(CallbackError) as caught:
        Crypto(KEY, CORP).decrypt(encrypted)
    assert str(caught.value) == str(CallbackError())
    assert caught.value.__cause__ is None


def test_an_empty_receiver_is_one_too() -> None:
    individual = Crypto(KEY, "")
    assert individual.decrypt(individual.encrypt(b"hello", PREFIX)) == b"hello"
    for wrong in (V1.encrypted, raw_seal(padded(plain(length=6, corp="")))):
        with pytest.raises(CallbackError):
            individual.decrypt(wrong)


@pytest.mark.parametrize("last", "BCD")
def test_the_low_bits_of_the_43rd_character_do_not_matter(last: str) -> None:
    assert KEY.endswith("C")
    twins = [KEY[:-1] + letter for letter in "ABCD"]  # A to D differ in the two low bits only
    assert {Crypto(twin, CORP).decrypt(V1.encrypted) for twin in twins} == {V1.message}
    assert Crypto(KEY[:-1] + last, CORP).encrypt(V1.message, V1.prefix) == V1.encrypted


@given(message=st.binary(max_size=300), prefix=st.binary(min_size=16, max_size=16), corp=st.text(max_size=20))
def test_what_was_encrypted_decrypts_to_itself(message: bytes, prefix: bytes, corp: str) -> None:
    crypto = Crypto(KEY, corp)
    assert crypto.decrypt(crypto.encrypt(message, prefix)) == message


@given(st.binary(max_size=200))
def test_any_bytes_decrypt_or_are_refused(sealed: bytes) -> None:
    with pytest.raises(CallbackError):
        Crypto(KEY, CORP).decrypt(base64.b64encode(sealed).decode())


@given(st.binary(max_size=100))
def test_any_plaintext_that_is_not_laid_out_as_agreed_is_refused(noise: bytes) -> None:
    with pytest.raises(CallbackError):
        Crypto(KEY, CORP).decrypt(raw_seal(padded(noise)))


@pytest.mark.parametrize("prefix", [b"", b"x" * 15, b"x" * 17])
def test_the_random_prefix_is_16_bytes(prefix: bytes) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Crypto(KEY, CORP).encrypt(b"hello", prefix)


@pytest.mark.parametrize(
    ("key", "why"),
    [
        (KEY[:42], "42 characters"),
        (KEY + "A", "44 characters"),
        ("", "0 characters"),
        (KEY[:42] + "=", "other characters"),
        (KEY[:42] + "+", "other characters"),
        (KEY[:42] + "é", "other characters"),
        (KEY + "\n", "44 characters"),
    ],
)
def test_a_key_that_is_none_is_a_config_error_that_does_not_tell_it(key: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why) as caught:
        Crypto(key, CORP)
    assert "EncodingAESKey must be 43 letters and digits" in str(caught.value)
    assert KEY[:10] not in str(caught.value)


@pytest.mark.parametrize("token", ["", "x" * 33, "with space", "a-b", "令牌", TOKEN + "\n"])
def test_a_callback_token_that_is_none_is_a_config_error_that_does_not_tell_it(token: str) -> None:
    with pytest.raises(ConfigError, match="1 to 32 letters and digits") as caught:
        check_token(token)
    assert not token or token not in str(caught.value)


@pytest.mark.parametrize("token", ["a", "x" * 32, TOKEN])
def test_a_callback_token_is_up_to_32_letters_and_digits(token: str) -> None:
    assert check_token(token) == token


@given(
    message=st.binary(max_size=40),
    corp=st.sampled_from(["", "ww1", "\x01", "\0\0"]),
    length=st.none() | st.integers(0, 80) | st.integers(0, 2**32 - 1),
    pad=st.integers(0, 40),
    spoil=st.none() | st.integers(0, 255),
)
def test_unseal_takes_what_decrypt_would_take_of_the_receiver_it_names(
    message: bytes, corp: str, length: int | None, pad: int, spoil: int | None
) -> None:
    content = (
        padded(padded(plain(message, length=length, corp=corp), pad)) if pad else padded(plain(message, corp=corp))
    )
    if spoil is not None:
        content = content[:-2] + bytes([spoil]) + content[-1:]
    sealed = raw_seal(content[: len(content) - len(content) % 32])
    try:
        found, named = Crypto(KEY, "").unseal(sealed)
    except CallbackError:
        for name in ("", "ww1", "\x01", "\0\0"):
            with pytest.raises(CallbackError):
                Crypto(KEY, name).decrypt(sealed)
    else:
        if named.isascii():
            assert Crypto(KEY, named.decode()).decrypt(sealed) == found


@pytest.mark.parametrize("vector", VECTORS, ids=str)
def test_unseal_names_the_receiver(vector: Vector) -> None:
    assert Crypto(vector.key, "").unseal(vector.encrypted) == (vector.message, vector.receiver.encode())


def test_unseal_refuses_what_ends_in_the_padding_and_padding_that_differs() -> None:
    content = plain(b"hello")
    for wrong in (
        padded(plain(b"hello", length=5 + len(CORP) + 1)),
        padded(plain(b"hello", length=500)),
        padded(content)[:-2] + b"\x00" + padded(content)[-1:],
        padded(content)[:-1] + b"\x00",
        padded(content)[:-1] + b"\x21",
    ):
        with pytest.raises(CallbackError):
            Crypto(KEY, "").unseal(raw_seal(wrong))
