"""What a client tells of its calls, with secrets masked, in our log and in those of the libraries below.

`WXKF_LOG=debug` (or info, warning) prints the `wxkf` log on standard error. urllib3 logs targets, tokens included, at
DEBUG: a filter masks them in its loggers from the first client on.
"""

import logging
import os
import re
import sys
from collections.abc import Mapping

from wxkf.protocol.body import Body
from wxkf.protocol.call import Request, Response

log = logging.getLogger("wxkf.client")

_HIDDEN = (
    "access_token|suite_access_token|provider_access_token|corpsecret|provider_secret|suite_secret|suite_ticket|"
    "permanent_code|auth_code|pre_auth_code|register_code|token|code"
)
_IN_QUERY = re.compile(rf"\b({_HIDDEN})=[^&\s\"']+")
# a body may have broken off within a secret, or hold a list or a number where text is due: nothing of it is shown
_VALUE = r'(?:"(?:[^"\\]|\\.)*+"?|[\[{][^\]}]*+[\]}]?|[^\s,}\]"]++)'
_IN_JSON = re.compile(rf'("(?:{_HIDDEN}|msg_code|welcome_code)"\s*+:\s*+){_VALUE}', re.DOTALL)
_SHOWN = 2_000  # characters of a body


def mask(text: str) -> str:
    """Replace every secret in a URL or JSON text."""
    return _IN_JSON.sub(r'\1"***"', _IN_QUERY.sub(r"\1=***", text))


class Masking(logging.Filter):
    """Masks what a library is about to log."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, masked."""
        text = record.getMessage()
        masked = mask(text)
        if masked != text:
            record.msg, record.args = masked, ()
        return True


_masking = Masking()
_TALKATIVE = (
    *(f"urllib3.{name}" for name in ("connection", "connectionpool", "poolmanager", "response", "util.retry")),
    "aiohttp.client",
    "asyncio",
)


def set_up(env: Mapping[str, str] = os.environ) -> None:
    """Mask the libraries' logs and obey `WXKF_LOG`. May be called any number of times."""
    for name in _TALKATIVE:
        logging.getLogger(name).addFilter(_masking)  # a filter is added once only
    level = env.get("WXKF_LOG", "").upper()
    root = logging.getLogger("wxkf")
    if level in ("DEBUG", "INFO", "WARNING") and not any(isinstance(one, _Printer) for one in root.handlers):
        root.setLevel(level)
        if logging.getLogger().handlers:  # somebody prints already
            return
        printer = _Printer(sys.stderr)
        printer.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
        root.addHandler(printer)


class _Printer(logging.StreamHandler):  # type: ignore[type-arg]  # generic in the stubs only
    """The handler that WXKF_LOG asked for."""


def tell(request: Request, response: Response, seconds: float) -> None:
    """Log one exchange at DEBUG."""
    if log.isEnabledFor(logging.DEBUG):
        sent, got = _shown(request.body), _shown(response.body)
        target = mask(request.target)
        log.debug("%s %s %s → %d in %.0f ms %s", request.verb, target, sent, response.status, seconds * 1000, got)


def _shown(body: bytes | Body | None) -> str:
    if not body:
        return ""
    if not isinstance(body, bytes):
        return f"<{body.size} bytes>"
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return f"<{len(body)} bytes>"
    masked = mask(text)  # first, so that no secret is cut in two
    return masked if len(masked) <= _SHOWN else f"{masked[:_SHOWN]}… ({len(text)} characters)"
