"""Where an access token comes from: the app's secret, a provider's suite, an agency-developed app, or somebody else.

    CorpSecret      gettoken with corp id and secret; a 代开发 app's secret is its permanent code
    SuiteSecret     get_suite_token with the latest suite_ticket: the provider's own token for its calls
    SuiteCorp       get_corp_token with a suite token and the corp's permanent code
    Elsewhere       a function or a URL of a team that owns the token

Each is a generator in the terms of `client.renewal`, so both clients use the same.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import urlsplit

from wxkf.api.corp import AccessToken, gettoken
from wxkf.api.provider import ServiceResource
from wxkf.api.resource import Async
from wxkf.client.renewal import Fetch, Get, Run, spoiled
from wxkf.client.settings import BASE_URL
from wxkf.errors import ApiError, ConfigError, TransportError
from wxkf.protocol.ask import Ask
from wxkf.protocol.call import Request, reader

Text = str | Callable[[], str]
"""A value, or a function that gives it when it is needed."""

_UNSAID = 60  # seconds a token serves whose owner does not say how long it lives
_PATIENCE = 5.0  # seconds for somebody else's address
_MOST = 64 << 10  # bytes of its answer


def _text(value: Text) -> str:
    return value() if callable(value) else value


def token_key(base_url: str, who: str, secret: str = "") -> str:
    """Tell apps apart: two of one corp have different secrets, so they never share a token."""
    return "|".join(
        (base_url.rstrip("/"), who, *([hashlib.sha256(secret.encode()).hexdigest()[:16]] if secret else ()))
    )


def suite_key(base_url: str, suite_id: str, corp_id: str) -> str:
    """Tell a provider's corps apart. Not by the permanent code, which may change."""
    return token_key(base_url, f"{suite_id}|{corp_id}")


class CorpSecret:
    """The app's own token. `secret` may be a function, for one that changes (a 代开发 app's permanent code)."""

    def __init__(self, corp_id: str, secret: Text, *, base_url: str = BASE_URL, key: str = "") -> None:
        self._corp_id, self._secret = corp_id, secret
        self.key = key or token_key(base_url, corp_id, _text(secret))

    def __repr__(self) -> str:
        return f"CorpSecret({self._corp_id!r})"

    def fetch(self, stale: str | None) -> Fetch:
        """Call `gettoken`."""
        secret = (yield Ask(self._secret)) if callable(self._secret) else self._secret
        if not secret:
            raise ConfigError("this call needs an access token: give the client the app's secret, or a token_source")
        answer: AccessToken = yield Run(gettoken(self._corp_id, secret))
        return answer


class SuiteSecret:
    """The suite's token. `ticket` gives the latest suite_ticket, which is good for 30 minutes."""

    def __init__(self, suite_id: str, suite_secret: str, ticket: Text, *, base_url: str = BASE_URL) -> None:
        self.suite_id, self.base_url = suite_id, base_url
        self._secret, self._ticket = suite_secret, ticket
        self.key = token_key(base_url, suite_id, suite_secret)

    def __repr__(self) -> str:
        return f"SuiteSecret({self.suite_id!r})"

    def fetch(self, stale: str | None) -> Fetch:
        """Call `service/get_suite_token`."""
        ticket = yield Ask(lambda: _text(self._ticket))
        asked = ServiceResource[Async].get_suite_token(
            None, suite_id=self.suite_id, suite_secret=self._secret, suite_ticket=ticket
        )
        answer = yield Run(asked)
        return AccessToken(access_token=answer.suite_access_token, expires_in=answer.expires_in)

    def corp(self, corp_id: str, permanent_code: Text) -> "SuiteCorp":
        """Give the source for a corp that authorised this suite (third-party apps)."""
        return SuiteCorp(self, corp_id, permanent_code)

    def agency(self, corp_id: str, permanent_code: Text) -> CorpSecret:
        """Give the source for a corp whose app this provider develops (代开发): its permanent code is the secret."""
        key = suite_key(self.base_url, self.suite_id, corp_id)
        return CorpSecret(corp_id, permanent_code, base_url=self.base_url, key=key)


class SuiteCorp:
    """The token of a corp that authorised a suite."""

    def __init__(self, suite: SuiteSecret, corp_id: str, permanent_code: Text) -> None:
        self._suite, self._corp_id, self._code = suite, corp_id, permanent_code
        self.key = suite_key(suite.base_url, suite.suite_id, corp_id)

    def __repr__(self) -> str:
        return f"SuiteCorp({self._suite.suite_id!r}, {self._corp_id!r})"

    def fetch(self, stale: str | None) -> Fetch:
        """Call `service/get_corp_token`; a suite token that is refused is replaced once."""
        code = yield Ask(lambda: _text(self._code))
        suite_token = yield Get(self._suite)
        try:
            return (yield from self._ask(suite_token, code))
        except ApiError as error:
            if error.retry != "suite_token":
                raise
        return (yield from self._ask((yield Get(self._suite, suite_token)), code))

    def _ask(self, suite_token: str, code: str) -> Fetch:
        asked = ServiceResource[Async].get_corp_token(
            None, suite_access_token=suite_token, auth_corpid=self._corp_id, permanent_code=code
        )
        answer: AccessToken = yield Run(asked)
        return answer


@dataclass(frozen=True)
class Elsewhere:
    """A token that somebody else owns and renews: ask them, never the platform.

    `ask` is a function of the stale token (None at first), plain or async, that returns the token or an `AccessToken`
    with its life; or a URL that answers with the platform's JSON (`access_token`, `expires_in`) or the token as text.
    `headers` go with the URL. A token without a life serves for a minute before it is asked for again.
    With a `key` of its own it goes through the client's token store like any other; without, it is not stored.
    """

    ask: str | Callable[[str | None], Any] = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    key: str = ""

    def fetch(self, stale: str | None) -> Fetch:
        """Ask the owner."""
        ask = self.ask
        try:
            answer = yield Ask(lambda: _get(ask, self.headers) if isinstance(ask, str) else ask(stale))
        except Exception as error:  # a function of the caller's may raise anything
            raise spoiled(error) from error
        if isinstance(answer, str):
            answer = AccessToken(access_token=answer, expires_in=_UNSAID)
        if not isinstance(answer, AccessToken) or not answer.access_token:
            raise _none("it gave no text and no AccessToken")
        return answer


class _Plain(Request, frozen=True):
    """A request for an address that is not the platform's."""

    veiled: ClassVar[tuple[str, ...]] = (*Request.veiled, "where")
    where: str = ""

    @property
    def target(self) -> str:
        """Give path and query, which may hold a key."""
        return self.where


def _get(url: str, headers: Mapping[str, str]) -> AccessToken | str:
    """Fetch a token from a URL; nothing of the answer gets into an error."""
    from wxkf.client.over_urllib3 import Urllib3Transport

    parts = urlsplit(url)
    where = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    transport = Urllib3Transport(f"{parts.scheme}://{parts.netloc}", timeout=_PATIENCE)
    try:
        response = transport.send(_Plain("GET", "token_source", {}, None, headers, most=_MOST, where=where))
    finally:
        transport.close()
    text = response.body.decode("utf-8", "replace").strip()
    if response.status != 200 or not text:
        raise _none(f"HTTP {response.status}, {len(text)} characters")
    if not text.startswith("{"):
        return text
    try:
        return reader(AccessToken)(response)
    except ValueError:
        raise _none("JSON without access_token and expires_in") from None


def _none(why: str) -> TransportError:
    return TransportError.of("token_source", "token_source", sent=False, detail=why)
