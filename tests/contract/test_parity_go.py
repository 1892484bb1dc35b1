"""Every function and type of the Go SDK we started from, called as ours (parity/go.toml)."""

from collections import Counter
from typing import Any
from urllib.parse import urlencode

import pytest

from contract.parity.players import (
    MODES,
    SIMULATED,
    Mode,
    Samples,
    call,
    client,
    done,
    into,
    method,
    operation,
    resolve,
    table,
    via,
)
from kit import tables
from kit.callbacks import CORP, KEY, TOKEN, V1, V2
from kit.tables import Json
from wxkf import App, CallbackError
from wxkf.messages.answer import Answer
from wxkf.messages.inbound import Text
from wxkf.protocol.body import whole
from wxkf.protocol.call import Request, Response
from wxkf.sim import SimClock, Simulator
from wxkf.sim.notice import url_check
from wxkf.testing.clock import MovableClock

FUNCTIONS: list[Json] = table("go")["function"]
TYPES: list[Json] = table("go")["type"]
ENDPOINTS = [one for one in FUNCTIONS if one["path"]]
JPEG = b"\xff\xd8\xff\xe0 a picture"
NAMED = [
    "AccountAdd", "AccountDel", "AccountList", "AccountUpdate", "AddContactWay", "CustomerBatchGet", "DecryptMsg",
    "GetAccessToken", "MediaUpload", "ReceptionistAdd", "ReceptionistDel", "ReceptionistList", "SendMsg", "SyncMsg",
    "VerifyURL", "AccessTokenSchema", "AccountAddOptions", "AccountAddSchema", "AccountDelOptions", "AccountInfoSchema",
    "AccountListSchema", "AccountUpdateOptions", "AddContactWayOptions", "AddContactWaySchema", "BaseModel",
    "CryptoOptions", "CustomerBatchGetOptions", "CustomerBatchGetSchema", "CustomerSchema", "MediaUploadOptions",
    "MediaUploadSchema", "Options", "ReceptionistOptions", "ReceptionistSchema", "ReceptionistListSchema",
    "SendMsgSchema", "SyncMsgOptions", "SyncMsgSchema",
]  # fmt: skip
BY_HAND: dict[str, Json] = {
    "SendMsg": {"touser": "wmA", "open_kfid": "wk1", "message": "hi"},
    "MediaUpload": {"type": "image", "filename": "shop.jpg", "media": JPEG},
}


def name(value: object) -> str | None:
    return str(value["name"]) if isinstance(value, dict) else None


def types(function: Json, side: str) -> list[Json]:
    return [one for one in TYPES if one["side"] == side and function["name"] in one["of"]]


def arguments(function: Json) -> Json:
    """Fill every field of the function's Go options, and what else is required, from the documentation."""
    if function["name"] in BY_HAND:
        return BY_HAND[function["name"]]
    wanted = {field for one in types(function, "arguments") for field in one["fields"].values()}
    documented = operation(function["path"]).request
    return {one.top: one.sample for one in documented if one.required or one.path in wanted}


def test_everything_that_was_named_is_in_the_table_once() -> None:
    assert Counter(name(one) for one in [*FUNCTIONS, *TYPES]) == Counter(NAMED)
    assert (len(FUNCTIONS), len(TYPES)) == (15, 23)


def test_every_type_belongs_to_functions_that_are_there() -> None:
    there = {one["name"] for one in FUNCTIONS}
    assert {function for one in TYPES for function in one["of"]} == there


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("function", ENDPOINTS, ids=name)
async def test_what_their_options_hold_goes_out_by_the_platforms_names(function: Json, mode: Mode) -> None:
    samples, given = Samples(), arguments(function)
    await call(mode, via(samples, mode), function["ours"], given)
    request = samples.requests[-1]
    assert request.path == function["path"]
    for one in types(function, "arguments"):
        for field in one["fields"].values():
            assert_sent(samples, field, given)


def assert_sent(samples: Samples, field: str, given: Json) -> None:
    request = samples.requests[-1]
    if request.path == "media/upload":
        body = whole(request.body)
        parts = {"filename": b'filename="shop.jpg"', "filelength": b"filelength=%d" % len(JPEG), "media": JPEG}
        assert request.query["type"] == "image" if field == "type" else parts[field] in body
    else:
        assert tables.same(samples.sent[field], given[field])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("function", ENDPOINTS, ids=name)
async def test_what_their_schemas_hold_is_read(function: Json, mode: Mode) -> None:
    samples = Samples()
    answer = await call(mode, via(samples, mode), function["ours"], arguments(function))
    documented, sample = operation(function["path"]).response, tables.response_sample(operation(function["path"]))
    assert isinstance(answer, Answer)
    assert (answer.errcode, answer.errmsg) == (0, "ok")
    assert answer.raw == tables.dumps(sample)
    for one in types(function, "answer"):
        wanted = set(one["fields"].values())
        found = [field for field in documented if field.path in wanted]
        assert isinstance(answer, resolve(one["ours"]))
        assert wanted - {"errcode", "errmsg"} == {field.path for field in found}
        assert tables.misread(answer, sample, found) == {}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("one", [one for one in TYPES if one["side"] == "item"], ids=name)
async def test_what_their_lists_hold_is_read(one: Json, mode: Mode) -> None:
    (function,) = (function for function in FUNCTIONS if function["name"] in one["of"])
    answer = await call(mode, via(Samples(), mode), function["ours"], arguments(function))
    listed = tables.response_sample(operation(function["path"]))[one["within"]]
    for item, sample in zip(getattr(answer, one["within"]), listed, strict=True):
        assert isinstance(item, resolve(one["ours"]))
        assert all(getattr(item, field) == sample[field] for field in one["fields"].values())


# Settings: the client's own Token, EncodingAESKey, corp id


def app() -> App:
    return App(CORP, "secret", TOKEN, KEY)


def crypto_options(**changes: str) -> str:
    """Write what `CryptoOptions` holds as the query it was bound from."""
    (one,) = (one for one in TYPES if one["name"] == "CryptoOptions")
    given = {"msg_signature": V1.signature, "timestamp": V1.timestamp, "nonce": V1.nonce, "echostr": V1.encrypted}
    assert set(one["fields"].values()) == set(given)
    return urlencode(given | changes)


def test_verify_url() -> None:
    assert app().receiver().verify_url(crypto_options()) == V1.message


@pytest.mark.parametrize("field", ["msg_signature", "timestamp", "nonce", "echostr"])
def test_verify_url_looks_at_every_field(field: str) -> None:
    with pytest.raises(CallbackError):
        app().receiver().verify_url(crypto_options(**{field: "1"}))


def test_decrypt_msg() -> None:
    body = f"<xml><ToUserName>{CORP}</ToUserName><Encrypt><![CDATA[{V2.encrypted}]]></Encrypt></xml>".encode()
    notice = app().receiver().read(V2.query, body)
    assert notice.raw == V2.message
    assert dict(notice.fields)["Content"] == "hello"


@pytest.mark.parametrize("changed", [{"token": "other"}, {"aes_key": "a" * 43}, {"corp_id": "ww2"}])
def test_the_settings_decide(changed: dict[str, str]) -> None:
    settings = {"corp_id": CORP, "token": TOKEN, "aes_key": KEY} | changed
    with pytest.raises(CallbackError):
        App(secret="secret", **settings).receiver().verify_url(crypto_options())


# Against the simulator


def simulator() -> Simulator:
    return Simulator(clock=SimClock.frozen(), seed=3)


def live(sim: Simulator, function: Json) -> Json:
    """Fill a call with what exists in the simulated world."""
    customer = sim.customers.add("小明")
    sim.customers.say(sim.open_kfid, customer, "在吗")
    world = {"open_kfid": sim.open_kfid, "touser": customer, "corpid": sim.corp_id, "corpsecret": sim.secret}
    given = {key: value for key, value in arguments(function).items() if key not in ("cursor", "token")}
    return given | {key: value for key, value in world.items() if key in given}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("path", ["gettoken", "kf/account/list", "kf/send_msg", "kf/sync_msg"])
async def test_what_the_simulator_has_it_answers(path: str, mode: Mode) -> None:
    assert path in SIMULATED
    (function,) = (one for one in ENDPOINTS if one["path"] == path)
    sim = simulator()
    given = live(sim, function)
    answer = await done(method(client(mode, into(sim, mode), sim.corp_id, sim.secret), function["ours"])(**given))
    for one in types(function, "answer"):
        assert isinstance(answer, resolve(one["ours"]))
    assert answer.errcode == 0


@pytest.mark.parametrize("mode", MODES)
async def test_a_message_all_the_way_as_their_readme_does_it(mode: Mode) -> None:
    """Callback in, decrypt, sync with its token, answer."""
    sim, rung = simulator(), list[tuple[str, bytes]]()

    async def ring(query: dict[str, str], body: bytes) -> tuple[int, bytes]:
        rung.append((urlencode(query), body))
        return 200, b"success"

    sim.deliver_to(ring)
    customer = sim.customers.add("小明")
    sim.customers.say(sim.open_kfid, customer, "在吗")
    await sim.quiet()
    settings = App(sim.corp_id, sim.secret, sim.token, sim.aes_key)
    notice = settings.receiver().read(*rung[0])
    ours = client(mode, into(sim, mode), settings.corp_id, settings.secret)
    page = await done(ours.sync_msg(open_kfid=notice.open_kfid, token=notice.token))
    (message,) = page.msg_list
    assert isinstance(message, Text)
    assert message.text.content == "在吗"
    sent = await done(ours.send_msg(touser=message.external_userid, open_kfid=message.open_kfid, message="在的"))
    assert [bubble.msgid for bubble in sim.platform.phone(sim.open_kfid, customer)][-1] == sent.msgid


def test_the_consoles_question_is_answered_from_the_settings() -> None:
    sim = simulator()
    check = url_check(sim.platform.world, next(iter(sim.platform.world.apps.values())))
    receiver = App(sim.corp_id, sim.secret, sim.token, sim.aes_key).receiver()
    assert receiver.verify_url(urlencode(check.query)) == check.expected


# Options.Cache and Options.ExpireTime


class Cache:
    """A caller's own cache: three methods."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.fence = 0

    def read(self, key: str) -> Any:
        return self.kept.get(key)

    def lease(self, key: str, seconds: float) -> Any:
        self.fence += 1
        return self.fence

    def write(self, key: str, value: bytes, fence: int) -> Any:
        self.kept[key] = value
        return True


class AsyncCache(Cache):
    """The same, async, as the cache of an AsyncClient may be."""

    async def read(self, key: str) -> Any:
        return super().read(key)

    async def lease(self, key: str, seconds: float) -> Any:
        return super().lease(key, seconds)

    async def write(self, key: str, value: bytes, fence: int) -> Any:
        return super().write(key, value, fence)


def cache_of(mode: Mode) -> Cache:
    return Cache() if mode == "sync" else AsyncCache()


def tokens_fetched(sim: Simulator) -> int:
    return sum(entry.title == "gettoken" for entry in sim.platform.journal)


@pytest.mark.parametrize("mode", MODES)
async def test_their_cache_is_token_store_and_serves_other_clients(mode: Mode) -> None:
    sim, cache = simulator(), cache_of(mode)
    for _ in range(3):
        one = client(mode, into(sim, mode), sim.corp_id, sim.secret, token_store=cache)
        await done(one.account.list())
    assert tokens_fetched(sim) == 1
    ((key, _),) = cache.kept.items()
    assert sim.secret not in key


@pytest.mark.parametrize("mode", MODES)
async def test_two_apps_of_one_corp_do_not_share_a_token(mode: Mode) -> None:
    cache, seen = cache_of(mode), list[str]()

    def answer(request: Request) -> Response:
        secret = request.query.get("corpsecret", "")
        seen.append(request.query.get("access_token", ""))
        return Response(200, tables.dumps({"errcode": 0, "access_token": f"T-of-{secret}", "expires_in": 7200}))

    for secret in ("one", "two"):
        transport: Any = via(answer, mode)
        await done(client(mode, transport, "ww1", secret, token_store=cache).account.list())
    assert [token for token in seen if token] == ["T-of-one", "T-of-two"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("life", "fetched"), [(6000, [1, 1, 2]), (None, [1, 1, 1])])
async def test_their_expire_time_is_token_life(mode: Mode, life: float | None, fetched: list[int]) -> None:
    sim = simulator()
    clock: Json = {"now": sim.clock.now} if mode == "sync" else {"clock": MovableClock(sim.clock)}
    one = client(mode, into(sim, mode), sim.corp_id, sim.secret, token_life=life, **clock)
    seen = list[int]()
    for seconds in (0, 5999, 1):
        sim.clock.forward(seconds)
        await done(one.account.list())
        seen.append(tokens_fetched(sim))
    assert seen == fetched
