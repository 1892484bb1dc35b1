"""Made-up identifiers in the platform's shapes: the n-th one of a seed is always the same.

Each is a hash of seed and count, so the generator's whole state is two numbers and a world can be kept in a file.
"""

import base64
import hashlib
from dataclasses import dataclass

_ENDS = b"AEIMQUYcgkosw048"  # a 43rd key character whose unused low bits are zero, for strict base64 decoders
_PLAIN = bytes.maketrans(b"+/", b"Kf")


@dataclass(slots=True)
class Ids:
    """Draw identifiers."""

    seed: int
    drawn: int = 0

    def word(self, length: int, prefix: str = "") -> str:
        """Draw letters and digits."""
        text = b"".join(base64.b64encode(self._bytes(48)) for _ in range(-(-length // 64)))
        return prefix + text[:length].translate(_PLAIN).decode()

    def digits(self, length: int) -> str:
        """Draw decimal digits, 36 at most."""
        return f"{int.from_bytes(self._bytes(16), 'big') % 10**length:0{length}d}"

    def prefix(self) -> bytes:
        """Draw the 16 bytes that open a callback's plaintext."""
        return self._bytes(16)

    def corp_id(self) -> str:
        """Draw a corp id: ww and 16 hex digits."""
        return "ww" + self._bytes(8).hex()

    def aes_key(self) -> str:
        """Draw an EncodingAESKey: 43 letters and digits."""
        return self.word(42) + chr(_ENDS[self._bytes(1)[0] % len(_ENDS)])

    def chance(self) -> float:
        """Draw a number from 0 up to 1."""
        return int.from_bytes(self._bytes(6), "big") / 2**48

    def _bytes(self, count: int) -> bytes:
        self.drawn += 1
        return hashlib.blake2b(b"%d %d" % (self.seed, self.drawn), digest_size=count).digest()
