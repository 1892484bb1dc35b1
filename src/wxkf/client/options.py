"""The keywords of `with_options`, typed once for both clients."""

from collections.abc import Mapping
from typing import Any, TypedDict


class Changes(TypedDict, total=False):
    """What may be set; see `protocol.flow.Options`."""

    timeout: float | None
    deadline: float | None
    validate: bool
    truncate: bool
    extra: Mapping[str, Any]
