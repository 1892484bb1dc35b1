"""Who may call: the app's access token, and the short-lived token that a callback carries (platform.md 1.1, 5.6)."""

from collections import deque

from wxkf.sim.console import admit
from wxkf.sim.refusal import Refusal
from wxkf.sim.settings import CALLBACK_TOKEN_LIFE, TOKEN_LIFE
from wxkf.sim.values import Json, Request
from wxkf.sim.world import Account, World


class AccessTokens:
    """The one token of the app: the same while it lives, a new one after."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._current = ""
        self._expires_at = 0.0
        self._past: deque[str] = deque(maxlen=8)  # expired ones are told apart from garbage

    def get(self, request: Request) -> Json:
        """Answer gettoken: the living token with its remaining life, else a new one of 7,200 seconds."""
        self._admit(request)
        now = self._world.now()
        if not self._current or now >= self._expires_at:
            self._retire()
            self._current, self._expires_at = self._world.ids.word(180), now + TOKEN_LIFE
            self._world.journal.hide(self._current)
        return {"access_token": self._current, "expires_in": max(1, int(self._expires_at - now))}

    def check(self, request: Request) -> None:
        """Refuse a call whose query carries no living token. One in the body counts for nothing."""
        given = request.query.get("access_token", "")
        if not given:
            raise Refusal(41001)
        if given == self._current and self._world.now() < self._expires_at:
            return
        expired = given == self._current or given in self._past
        raise Refusal(self._world.settings.expired_token if expired else 40014)

    def revoke(self) -> None:
        """Make the living token invalid before its time, as the platform sometimes does."""
        self._world.journal.unhide(self._current)
        self._current = ""

    def _retire(self) -> None:
        if self._current:
            if len(self._past) == self._past.maxlen:
                self._world.journal.unhide(self._past[0])
            self._past.append(self._current)

    def _admit(self, request: Request) -> None:
        query, world = request.query, self._world
        if not world.settings.untrusted_ip_gets_token:
            admit(world.console, "gettoken", request.ip)
        corp_id, secret = query.get("corpid", ""), query.get("corpsecret", "")
        if not corp_id:
            raise Refusal(41002)
        if not secret:
            raise Refusal(41004)
        if corp_id != world.corp_id:
            raise Refusal(40013)
        if secret != world.secret:
            raise Refusal(40001, "invalid corpsecret")


def new_callback_token(world: World, account: Account) -> str:
    """Make the token of one callback, good for this account and ten minutes."""
    now = world.now()
    for old in [token for token, ends in account.callback_tokens.items() if now > ends]:
        del account.callback_tokens[old]
    token = world.ids.word(40, "ENC")
    account.callback_tokens[token] = now + CALLBACK_TOKEN_LIFE
    return token


def check_callback_token(world: World, account: Account, token: str) -> None:
    """Refuse a token that is not this account's or past its ten minutes; without one, mind the strict limit."""
    now, limit = world.now(), world.settings.syncs_without_token_per_minute
    if token:
        if now > account.callback_tokens.get(token, 0.0):
            raise Refusal(95007)
    elif limit is not None:
        recent = account.bare_syncs
        while recent and now - recent[0] >= 60:
            recent.popleft()
        if len(recent) >= limit:
            raise Refusal(45009, "sync_msg without token")
        recent.append(now)
