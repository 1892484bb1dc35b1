"""The callback's cryptography: signature, AES-256-CBC, the 32-byte padding, the receiver.

Strategy: everything after the base64 is checked (block length, pad value, every pad byte, length field, receiver)
and every failure raises the same `CallbackError`, so that a caller cannot learn which check failed. The `Cipher`
is made once per key; only its encryptor or decryptor is fresh for each message.
"""

import base64
import binascii
import hashlib
import hmac
import re

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from wxkf.errors import CallbackError, ConfigError

_BLOCK = 32  # the platform pads to 32 bytes, not to the 16 of AES: pad values above 16 are normal
_KEY = re.compile(r"[A-Za-z0-9]{43}")
_TOKEN = re.compile(r"[A-Za-z0-9]{1,32}")


def signature(token: str, timestamp: str, nonce: str, encrypted: str) -> str:
    """Sign a callback: lowercase hex SHA-1 over the four values, sorted as strings (page 90968)."""
    joined = "".join(sorted((token, timestamp, nonce, encrypted)))
    return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()


def is_signed(given: str, token: str, timestamp: str, nonce: str, encrypted: str) -> bool:
    """Compare a signature in constant time."""
    return hmac.compare_digest(given.encode(), signature(token, timestamp, nonce, encrypted).encode())


class Crypto:
    """Encrypt and decrypt for one EncodingAESKey and one receiver.

    `receiver` is the corp id for a company's own apps, the suite id for providers, "" for individual developers.
    Raises `ConfigError` for a key that is not 43 letters and digits.
    """

    __slots__ = ("_cipher", "_receiver")

    def __init__(self, aes_key: str, receiver: str) -> None:
        if not _KEY.fullmatch(aes_key):
            raise ConfigError(
                f"the EncodingAESKey must be 43 letters and digits, this one has {len(aes_key)} characters"
                if len(aes_key) != 43
                else "the EncodingAESKey must be 43 letters and digits, this one holds other characters"
            )
        # The 43rd character carries four bits; b64decode ignores its low two, as the platform does.
        key = base64.b64decode(aes_key + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        self._receiver = receiver.encode()

    def __repr__(self) -> str:
        return f"Crypto(receiver={self._receiver.decode()!r})"

    def encrypt(self, message: bytes, prefix: bytes) -> str:
        """Encrypt a message behind 16 random bytes, which the caller passes in."""
        if len(prefix) != 16:
            raise ValueError("the random prefix must be 16 bytes")
        plain = b"".join((prefix, len(message).to_bytes(4, "big"), message, self._receiver))
        pad = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher.encryptor()
        return base64.b64encode(encryptor.update(plain + bytes((pad,)) * pad) + encryptor.finalize()).decode()

    def decrypt(self, encrypted: str) -> bytes:
        """Decrypt and check one message. Raises `CallbackError`, the same for every failure."""
        return self._open(self._plain(encrypted))

    def unseal(self, encrypted: str) -> tuple[bytes, bytes]:
        """Decrypt one message and tell for whom it was sealed, whoever that is. Raises `CallbackError`."""
        plain = self._plain(encrypted)
        pad, end = plain[-1], 20 + int.from_bytes(plain[16:20], "big")
        if not 1 <= pad <= _BLOCK or end > len(plain) - pad:
            raise CallbackError
        if not hmac.compare_digest(plain[-pad:], bytes((pad,)) * pad):
            raise CallbackError
        return plain[20:end], plain[end:-pad]

    def _plain(self, encrypted: str) -> bytes:
        try:
            sealed = binascii.a2b_base64(encrypted, strict_mode=True)
        except ValueError:  # binascii.Error is one
            raise CallbackError from None
        if not sealed or len(sealed) % _BLOCK:
            raise CallbackError
        return self._cipher.decryptor().update(sealed)  # whole blocks: nothing is left to finalize

    def _open(self, plain: bytes) -> bytes:
        pad = plain[-1]
        end = 20 + int.from_bytes(plain[16:20], "big")
        # the receiver and every byte of the padding, in one comparison
        if not 1 <= pad <= _BLOCK or not hmac.compare_digest(plain[end:], self._receiver + bytes((pad,)) * pad):
            raise CallbackError
        return plain[20:end]


def check_token(token: str) -> str:
    """Return a callback Token as it is, or raise `ConfigError`: 1 to 32 letters and digits (page 90930)."""
    if not _TOKEN.fullmatch(token):
        raise ConfigError("the callback Token must be 1 to 32 letters and digits")
    return token
