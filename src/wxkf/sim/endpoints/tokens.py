"""Who may call: an app's access token, and the short-lived token that a callback carries (platform.md 1.1, 5.6)."""

from wxkf.sim.admission import admit
from wxkf.sim.endpoints.table import Call, endpoint
from wxkf.sim.refusal import Refusal
from wxkf.sim.settings import CALLBACK_TOKEN_LIFE, TOKEN_LIFE
from wxkf.sim.suites import Suite
from wxkf.sim.values import Json, Request
from wxkf.sim.world import Access, Account, App, World

_PAST_KEPT = 8  # expired tokens of an app that are told apart from garbage


@endpoint("GET", "gettoken", auth="none")
def gettoken(call: Call) -> Json:
    """Answer with the living token and its remaining life, else with a new one of 7,200 seconds."""
    app = _admitted(call)
    access = living_token(call.world, app)
    return {"access_token": app.access_token, "expires_in": max(1, int(access.expires_at - call.now))}


def living_token(world: World, app: App) -> Access:
    """Find an app's living token, or make one."""
    access, now = world.access.get(app.access_token), world.now()
    if access is None or access.revoked or now >= access.expires_at:
        _retire(world, app)
        app.access_token = world.ids.word(180)
        access = world.access[app.access_token] = Access(app.agent_id, now + TOKEN_LIFE)
    return access


def app_of_token(world: World, request: Request) -> App:
    """Find whose living token the query carries, or refuse. One in the body counts for nothing."""
    given = request.query.get("access_token", "")
    if not given:
        raise Refusal(41001)
    access = world.access.get(given)
    if access is None or access.revoked or access.owner:
        raise Refusal(40014)
    if world.now() >= access.expires_at:
        raise Refusal(world.settings.expired_token)
    app = world.apps[access.agent_id]
    if not app.authorised:
        raise Refusal(world.settings.withdrawn_app)
    return app


def suite_of_token(world: World, request: Request) -> Suite:
    """Find the suite whose living token the query carries, or refuse."""
    given = request.query.get("suite_access_token", "")
    if not given:
        raise Refusal(world.settings.missing_suite_token)
    access = world.access.get(given)
    suite = world.suites.get(access.owner) if access else None
    if access is None or suite is None or access.revoked:
        raise Refusal(40082)
    if world.now() >= access.expires_at:
        raise Refusal(42009)
    return suite


def mind_provider_token(world: World, request: Request) -> None:
    """Refuse a call whose query carries no living token of the provider."""
    given = request.query.get("provider_access_token", "")
    if not given:
        raise Refusal(41001)
    access = world.access.get(given)
    if access is None or access.revoked or world.provider is None or access.owner != world.provider.corp_id:
        raise Refusal(40014)
    if world.now() >= access.expires_at:
        raise Refusal(world.settings.expired_token)


def spoil_token(world: World, request: Request) -> None:
    """Make whatever token the query carries invalid before its time."""
    for name in ("access_token", "suite_access_token", "provider_access_token"):
        if access := world.access.get(request.query.get(name, "")):
            access.revoked = True


def revoke_token(world: World, app: App) -> None:
    """Make the living token invalid before its time, as the platform sometimes does."""
    if access := world.access.get(app.access_token):
        access.revoked = True


def _retire(world: World, app: App) -> None:
    if app.access_token:
        app.past_tokens.append(app.access_token)
    while len(app.past_tokens) > _PAST_KEPT:
        world.access.pop(app.past_tokens.pop(0), None)


def _admitted(call: Call) -> App:
    corp_id, secret, world = call.request.query.get("corpid", ""), call.request.query.get("corpsecret", ""), call.world
    if not corp_id:
        raise Refusal(41002)
    if not secret:
        raise Refusal(41004)
    if corp_id not in world.corps:
        raise Refusal(40013)
    app = next((one for one in world.apps.values() if one.secret == secret and _calls_gettoken(world, one)), None)
    if app is None:
        raise Refusal(40001, "invalid corpsecret")
    if app.corp_id != corp_id:
        raise Refusal(40091)
    if not world.settings.untrusted_ip_gets_token:
        admit(app.switches, "gettoken", call.request.ip)
    return app


def _calls_gettoken(world: World, app: App) -> bool:
    """Tell whether an app's secret is one for gettoken: a third-party app's permanent code is for get_corp_token."""
    suite = world.suites.get(app.suite_id)
    return app.authorised and (suite is None or suite.kind == "customized")


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
            del recent[0]
        if len(recent) >= limit:
            raise Refusal(45009, "sync_msg without token")
        recent.append(now)
