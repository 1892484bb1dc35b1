"""Made-up identifiers in the platform's shapes, all from one seeded generator so that a world can be made again."""

import random
import string

_ALNUM = string.ascii_letters + string.digits
_ENDS = "AEIMQUYcgkosw048"  # a 43rd key character whose unused low bits are zero, for strict base64 decoders


class Ids:
    """Draw identifiers from a seeded generator."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def word(self, length: int, prefix: str = "") -> str:
        """Draw letters and digits."""
        return prefix + "".join(self._random.choices(_ALNUM, k=length))

    def digits(self, length: int) -> str:
        """Draw decimal digits."""
        return "".join(self._random.choices(string.digits, k=length))

    def prefix(self) -> bytes:
        """Draw the 16 bytes that open a callback's plaintext."""
        return self._random.randbytes(16)

    def corp_id(self) -> str:
        """Draw a corp id: ww and 16 hex digits."""
        return "ww" + self._random.randbytes(8).hex()

    def aes_key(self) -> str:
        """Draw an EncodingAESKey: 43 letters and digits."""
        return self.word(42) + self._random.choice(_ENDS)
