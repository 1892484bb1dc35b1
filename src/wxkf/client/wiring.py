"""What both clients are made of, put together once: the terms of their calls and the way to their token."""

import logging
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from wxkf.client.renewal import FETCH, Renewal, TokenSource, TokenStore
from wxkf.client.sources import CorpSecret, Elsewhere
from wxkf.errors import ConfigError
from wxkf.protocol.flow import Options, Retry, RetryPolicy, Terms
from wxkf.protocol.limiter import Limiter

log = logging.getLogger("wxkf.client")

OnRetry = Callable[[Retry], None]
TokenFrom = TokenSource | str | Callable[[str | None], Any]
"""Where a token comes from: a source, or the URL or function of somebody who owns it."""

TIMEOUT = 10.0  # seconds for a try, unless the client or its transport is told otherwise
_FETCH_TRY = FETCH / 2  # seconds: so that a second try has time


def terms_of(
    who: str,
    *,
    timeout: float | None,
    deadline: float | None,
    retry: RetryPolicy | None,
    rng: random.Random | None,
    elapsed: Callable[[], float],
    limiter: Limiter | None,
    concurrency: int | None,
) -> Terms:
    """Put together on what terms a client calls. Raises `ConfigError`."""
    if concurrency is not None and concurrency < 1:
        raise ConfigError("concurrency must be at least 1, or None for no cap")
    return Terms(
        policy=retry or RetryPolicy(),
        options=Options(timeout=timeout, deadline=deadline),
        rng=rng or random.Random(),
        elapsed=elapsed,
        limiter=limiter,
        who=who,
        capped=concurrency is not None,
    )


def for_tokens(terms: Terms, within: float | None = None) -> Terms:
    """Give the terms for fetching a token: in time for its lease and for who waits, and never behind other calls."""
    timeout = terms.options.timeout and min(terms.options.timeout, _FETCH_TRY)
    deadline = FETCH if within is None else min(FETCH, within)
    return replace(terms, options=Options(timeout=timeout, deadline=deadline), limiter=None, capped=False)


def renewal_of(
    corp_id: str,
    secret: str,
    base_url: str,
    now: Callable[[], float],
    *,
    source: TokenFrom | None,
    store: TokenStore | None,
    life: float | None,
) -> Renewal:
    """Put together the way to a client's token. One without a secret can make the calls that need no token."""
    if source is None:
        found: TokenSource = CorpSecret(corp_id, secret, base_url=base_url)
    elif isinstance(source, str) or callable(source):
        found = Elsewhere(source)
    else:
        found = source
    if not found.key:  # an owner shares it already, and nothing says here whose of a corp's apps it is
        store = None
    return Renewal(found, now, store, life)


def tell_retry(retry: Retry, hook: OnRetry | None) -> None:
    """Log that there will be another try, and tell the caller's hook; one that fails disturbs no call."""
    why = "with a new access token" if retry.new_token else f"in {retry.seconds:.2f} s"
    log.info("%s: try %d failed, again %s (%s)", retry.path, retry.tries, why, retry.error)
    if hook is not None:
        try:
            hook(retry)
        except Exception:
            log.warning("on_retry failed", exc_info=True)
