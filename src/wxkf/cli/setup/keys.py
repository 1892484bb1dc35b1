"""A Token and an EncodingAESKey for the callback, as the console's 随机获取 would make them."""

import secrets
import string
from collections.abc import Callable
from typing import Final

Pick = Callable[[str], str]
"""Choose one character of a text, unpredictably."""

_ALNUM: Final = string.ascii_letters + string.digits
_ENDS: Final = (
    "AEIMQUYcgkosw048"  # as 43rd character: its low bits are zero, so strict base64 decoders take the key too
)


def make_token(pick: Pick = secrets.choice) -> str:
    """Make a Token: 32 letters and digits."""
    return "".join(pick(_ALNUM) for _ in range(32))


def make_aes_key(pick: Pick = secrets.choice) -> str:
    """Make an EncodingAESKey: 43 letters and digits."""
    return "".join(pick(_ALNUM) for _ in range(42)) + pick(_ENDS)
