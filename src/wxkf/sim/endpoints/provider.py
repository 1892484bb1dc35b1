"""What a provider calls: its tokens, and a corp's permanent code and token (platform.md 1.2)."""

from wxkf.sim.endpoints.idconvert import foreign
from wxkf.sim.endpoints.table import Call, endpoint
from wxkf.sim.endpoints.tokens import living_token
from wxkf.sim.grants import new_pre_auth_code
from wxkf.sim.refusal import Refusal
from wxkf.sim.settings import PRE_AUTH_LIFE, TOKEN_LIFE
from wxkf.sim.suites import Provider, Suite
from wxkf.sim.values import Answer, Json
from wxkf.sim.world import Access, App, World

_BAD_CORP, _BAD_SECRET = 40013, 40001
_BAD_SUITE_SECRET, _BAD_SUITE, _BAD_PERMANENT_CODE, _BAD_TICKET = 40080, 40083, 40084, 40085
_CODE_SPENT, _NOT_AUTHORISED, _WITHDRAWN = 40078, 48003, 48004
_TEXT_MAX = 512


@endpoint("POST", "service/get_provider_token", auth="none")
def get_provider_token(call: Call) -> Answer:
    """Answer with the provider's token, the same while it lives."""
    corp_id = call.fields.text("corpid", required=True, missing=41002)
    secret = call.fields.text("provider_secret", required=True, missing=41004)
    provider = call.world.provider
    if provider is None or corp_id != provider.corp_id:
        raise Refusal(_BAD_CORP)
    if secret != provider.secret:
        raise Refusal(_BAD_SECRET, "invalid provider_secret")
    return Answer(_token(call.world, provider, provider.corp_id, "provider_access_token"))


@endpoint("POST", "service/get_suite_token", auth="none")
def get_suite_token(call: Call) -> Answer:
    """Answer with a suite's token to who knows a suite_ticket of the last thirty minutes."""
    suite = call.world.suites.get(call.fields.text("suite_id"))
    if suite is None:
        raise Refusal(_BAD_SUITE)
    if call.fields.text("suite_secret") != suite.secret:
        raise Refusal(_BAD_SUITE_SECRET)
    if call.now > suite.tickets.get(call.fields.text("suite_ticket"), 0.0):
        raise Refusal(_BAD_TICKET)
    return Answer(_token(call.world, suite, suite.suite_id, "suite_access_token"))


@endpoint("GET", "service/get_pre_auth_code", auth="suite")
def get_pre_auth_code(call: Call) -> Json:
    """Make the code with which an authorisation begins on the provider's own site."""
    return {"pre_auth_code": new_pre_auth_code(call.world, call.suite), "expires_in": PRE_AUTH_LIFE}


@endpoint("POST", "service/v2/get_permanent_code", auth="suite")
def get_permanent_code(call: Call) -> Json:
    """Exchange an auth_code, once, for the corp's permanent code."""
    return _permanent(call, *_exchanged(call))


@endpoint("POST", "service/get_permanent_code", auth="suite")
def get_permanent_code_of_old(call: Call) -> Json:
    """The same in its old form, with an access token besides."""
    app, state = _exchanged(call)
    return _access(call.world, app) | _permanent(call, app, state)


@endpoint("POST", "service/corpid_to_opencorpid", auth="provider")
def corpid_to_opencorpid(call: Call) -> Json:
    """Encrypt a corp id."""
    return {"open_corpid": foreign("corpid", _corp_of(call))}


@endpoint("POST", "service/finish_openid_migration", auth="provider")
def finish_openid_migration(call: Call) -> Json:
    """Declare the change of a corp's ids finished; a world has no other ids, so nothing changes."""
    _corp_of(call)
    call.fields.items("openid_type", 10)
    return {}


def _corp_of(call: Call) -> str:
    corp_id = call.fields.text("corpid", required=True, missing=41002)
    if corp_id not in call.world.corps:
        raise Refusal(_BAD_CORP)
    return corp_id


def _permanent(call: Call, app: App, state: str) -> Json:
    corp = call.world.corps[app.corp_id]
    found: Json = {
        "permanent_code": app.secret,
        "auth_corp_info": {"corpid": corp.corp_id, "corp_name": corp.name},
        "auth_user_info": {
            "userid": "admin",
            "open_userid": f"wo{corp.corp_id[2:]}admin",
            "name": "管理员",
            "avatar": "",
        },
    }
    return found | ({"state": state} if state else {})


@endpoint("POST", "service/get_corp_token", auth="suite")
def get_corp_token(call: Call) -> Answer:
    """Answer with a corp's access token, as gettoken would; a 代开发 app calls that one."""
    world, corp_id = call.world, call.fields.text("auth_corpid", required=True, missing=_BAD_CORP)
    code = call.fields.text("permanent_code", limit=_TEXT_MAX, long=_BAD_PERMANENT_CODE)
    if corp_id not in world.corps:
        raise Refusal(_BAD_CORP)
    app = world.app_of(call.suite.suite_id, corp_id)
    if app is None:
        raise Refusal(_NOT_AUTHORISED)
    if not app.authorised:
        raise Refusal(_WITHDRAWN)
    if code != app.secret:
        raise Refusal(_BAD_PERMANENT_CODE)
    if call.suite.kind == "customized" and (errcode := world.settings.corp_token_of_customized):
        raise Refusal(errcode, "call gettoken with the permanent code")
    return Answer(_access(world, app))


def _exchanged(call: Call) -> tuple[App, str]:
    given = call.fields.text("auth_code", limit=_TEXT_MAX, long=_CODE_SPENT)
    code = call.suite.auth_codes.get(given)
    if code is None or call.now > code.expires_at:
        raise Refusal(_CODE_SPENT)
    app = call.world.apps[code.agent_id]
    if not app.authorised:
        raise Refusal(_WITHDRAWN)
    del call.suite.auth_codes[given]
    return app, code.state


def _access(world: World, app: App) -> Json:
    access = living_token(world, app)
    return {"access_token": app.access_token, "expires_in": _left(world, access)}


def _token(world: World, whose: Suite | Provider, owner: str, name: str) -> Json:
    """Give the living token or a new one. The one before is kept for a while, to be told from garbage."""
    access = world.access.get(whose.access_token)
    if access is None or access.revoked or world.now() >= access.expires_at or not world.settings.suite_token_is_kept:
        for old in [key for key, one in world.access.items() if one.owner == owner and key != whose.access_token]:
            del world.access[old]
        whose.access_token = world.ids.word(180)
        access = world.access[whose.access_token] = Access(0, world.now() + TOKEN_LIFE, owner=owner)
    return {name: whose.access_token, "expires_in": _left(world, access)}


def _left(world: World, access: Access) -> int:
    return max(1, int(access.expires_at - world.now()))
