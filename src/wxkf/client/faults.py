"""From an error of a library to the kind of a `TransportError`: by the operating system's error at its bottom.

Both libraries wrap what the socket said, each in its own way; what lies at the bottom is the same for both. Of an
error only its type is shown, and of a TLS error OpenSSL's words: the rest may hold a URL, and that holds the token.
"""

import errno
import socket
import ssl
from collections.abc import Iterator
from http.client import HTTPException, IncompleteRead, RemoteDisconnected
from typing import Final, TypeGuard

from wxkf.errors.network import Kind

_NO_WAY: Final = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL}
_NOT_NOW, _OTHER_NAME = {9, 10}, {62, 64}  # X509_V_ERR_…: not yet valid, expired; host name, IP address


class Fault(Exception):
    """What a transport's own parts found wrong, of a kind; never leaves the transport."""

    def __init__(self, kind: Kind, detail: str, *, sent: bool = True) -> None:
        super().__init__(kind, detail)
        self.kind: Kind = kind
        self.detail, self.sent = detail, sent


def kind_of(error: BaseException, *, sent: bool) -> Kind:
    """Tell the kind from an error and all that stands behind it."""
    for one in _behind(error):
        if isinstance(one, Fault):
            return one.kind
        if _is_openssls(one):
            return "broken" if sent else _tls(one)
        if isinstance(one, IncompleteRead):
            return "incomplete"
        if isinstance(one, HTTPException) and not isinstance(one, RemoteDisconnected):
            return "not_http"
        if isinstance(one, socket.gaierror):
            return "dns"
        if isinstance(one, ConnectionError):
            return "broken" if sent else "refused"
        if isinstance(one, TimeoutError):
            return "timeout" if sent else "connect_timeout"
        if isinstance(one, OSError) and one.errno in _NO_WAY:
            return "unreachable"
    return "broken" if sent else "unreachable"


def detail_of(error: BaseException, host: str) -> str:
    """Say who was asked and what the library calls the trouble."""
    for one in _behind(error):
        if isinstance(one, Fault):
            return f"asking {host}, {one.detail}"
        if _is_openssls(one):
            said = getattr(one, "verify_message", "") or one.reason or "handshake failed"
            return f"asking {host}, {type(one).__name__}: {said}"
    return f"asking {host}, {type(error).__name__}"


def _is_openssls(error: BaseException) -> TypeGuard[ssl.SSLError]:
    """Tell OpenSSL's own error from a library's that inherits from it and knows nothing."""
    return isinstance(error, ssl.SSLError) and hasattr(error, "reason")


def _tls(error: ssl.SSLError) -> Kind:
    if not isinstance(error, ssl.SSLCertVerificationError):
        return "tls"
    if error.verify_code in _NOT_NOW:
        return "tls_expired"
    return "tls_name" if error.verify_code in _OTHER_NAME else "tls_untrusted"


def _behind(error: BaseException) -> Iterator[BaseException]:
    """Go through an error and what it was made from: causes, contexts, and errors handed over as arguments."""
    seen, due = set[int](), [error]
    while due:
        one = due.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        within = (one.__context__, one.__cause__, *one.args)
        due += [inner for inner in within if isinstance(inner, BaseException)]
