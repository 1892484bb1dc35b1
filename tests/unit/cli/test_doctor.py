"""The doctor against the simulated platform: green when all is well, and fault by fault red with the right remedy."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from kit.server import refusing
from unit.cli.clinic import Clinic, clinic, program
from wxkf.cli.doctor.examine import exit_code
from wxkf.cli.doctor.gate import GATES
from wxkf.serve import Server

ALL = ["settings", "crypto", "callback", *GATES, "accounts", "servicers", "staff"]
Provoke = Callable[[Clinic], object]


@dataclass(frozen=True)
class Fault:
    """What goes wrong, which line must be red, and which words its remedy must hold in both languages."""

    name: str
    provoke: Provoke
    red: str
    remedy: tuple[str, str]
    code: int | None = None
    found: str = ""
    world: dict[str, Any] = field(default_factory=dict)
    exit: int = 1


def env(**changes: str) -> Provoke:
    return lambda it: it.env.update(changes)


def without_url(provoke: Provoke) -> Provoke:
    def both(it: Clinic) -> None:
        it.url = ""
        provoke(it)

    return both


def console(**switches: Any) -> Provoke:
    def turn(it: Clinic) -> None:
        for name, value in switches.items():
            setattr(it.platform.console.switches, name, value)

    return turn


def refuse(path: str, errcode: int) -> Provoke:
    return lambda it: it.platform.trouble.refuse(path, errcode)


def member(userid: str, **lacks: Any) -> Provoke:
    return lambda it: it.platform.console.add_member(userid, **lacks)


def without_licence(it: Clinic) -> None:
    """Take lisi's licence; only an app that a provider made asks for it."""
    it.platform.console.add_member("lisi", licensed=False)
    next(iter(it.platform.world.apps.values())).suite_id = "dk1"


CONSOLE, LISTED = ("console →", "管理后台 →"), ("可调用接口的应用", "可调用接口的应用")
FAULTS = [
    Fault(
        "no corp id", env(WXKF_CORP_ID=""), "settings", ("企业ID", "企业ID"), found="WXKF_CORP_ID is not set", exit=2
    ),
    Fault("no secret", env(WXKF_SECRET=" "), "settings", CONSOLE, found="WXKF_SECRET is not set", exit=2),
    Fault("no Token", env(WXKF_TOKEN=""), "settings", ("设置API接收", "设置API接收"), found="WXKF_TOKEN is not set"),
    Fault("no key", env(WXKF_AES_KEY=""), "settings", ("EncodingAESKey", "EncodingAESKey"), found="WXKF_AES_KEY"),
    Fault("odd corp id", env(WXKF_CORP_ID="“ww1”"), "settings", ("企业ID", "企业ID"), found="malformed", exit=2),
    Fault("odd secret", env(WXKF_SECRET="two words"), "settings", CONSOLE, found="WXKF_SECRET is malformed", exit=2),
    Fault("odd base", env(WXKF_BASE_URL="qyapi"), "settings", ("https://", "https://"), found="WXKF_BASE_URL", exit=2),
    Fault("short key", env(WXKF_AES_KEY="a" * 42), "crypto", ("EncodingAESKey", "EncodingAESKey"), found="42 char"),
    Fault("odd key", env(WXKF_AES_KEY="-" * 43), "crypto", ("EncodingAESKey", "EncodingAESKey"), found="43 letters"),
    Fault("odd Token", env(WXKF_TOKEN="a b"), "crypto", ("Copy Token again", "重新复制 Token"), found="WXKF_TOKEN"),
    Fault("wrong corp id", without_url(env(WXKF_CORP_ID="ww0000")), "corp_id", ("企业信息", "企业 ID"), 40013),
    Fault("corp disabled", refuse("gettoken", 301007), "corp_id", ("admin", "管理员"), 301007),
    Fault("wrong secret", env(WXKF_SECRET="not-this-one"), "secret", ("ban this server's IP", "封"), 40001),
    Fault("secret of another", refuse("gettoken", 40091), "secret", ("same corp", "同一家企业"), 40091),
    Fault("weak secret", refuse("gettoken", 45031), "secret", ("Reset the app's secret", "重置"), 45031),
    Fault("app disabled", console(app_enabled=False), "secret", ("Enable the app", "启用该应用"), 50003),
    Fault("app not ours", refuse("*", 301002), "secret", ("app itself", "该应用自己"), 301002),
    Fault("too many", refuse("gettoken", 45009), "token", ("", ""), 45009),
    Fault("IP", console(trusted_ips={"1.2.3.4"}), "ip", ("127.0.0.1.*企业可信IP.*minute", "127.0.0.1.*1 分钟"), 60020),
    Fault(
        "IP at gettoken",
        console(trusted_ips=set()),
        "ip",
        ("127.0.0.1.*企业可信IP", "127.0.0.1.*企业可信IP"),
        60020,
        found="calls come from 127.0.0.1",
        world={"untrusted_ip_gets_token": False},
    ),
    Fault("standalone secret", console(secret_of="standalone"), "console", ("self-built app", "自建应用"), 95011),
    Fault("standalone corp", console(mode="standalone"), "console", ("开发配置", "开发配置"), 95012),
    Fault("switch off", console(api_on=False), "api", ("Switch it on.*微信客服 → API", "微信客服 → API 中开启"), 95017),
    Fault("granted elsewhere", refuse("kf/account/list", 95023), "api", ("take that grant back", "收回"), 95023),
    Fault("app not listed", console(app_listed=False), "api", LISTED, 48002),
    Fault("no rights", refuse("kf/account/list", 48007), "api", ("可管理的客服账号", "可管理的客服账号"), 48007),
    Fault("busy list", refuse("kf/account/list", 45009), "accounts", ("", ""), 45009),
    Fault(
        "not managed",
        lambda it: it.platform.console.manage(it.kf, False),
        "accounts",
        ("通过API管理微信客服账号.*可管理的客服账号", "通过API管理微信客服账号.*可管理的客服账号"),
        found="none of 1",
    ),
    Fault("no account", lambda it: it.platform.world.accounts.clear(), "accounts", ("创建账号", "创建账号")),
    Fault(
        "out of range",
        member("lisi", visible=False),
        "servicers",
        ("widen the app's visible range", "扩大应用的可见范围"),
        60030,
        found="lisi 60030",
    ),
    Fault(
        "out of range, whole call",
        member("lisi", visible=False),
        "servicers",
        ("widen the app's visible range", "扩大应用的可见范围"),
        60030,
        found="which of the 2 the platform does not say",
        world={"out_of_range": "call"},
    ),
    Fault(
        "not active",
        member("lisi", active=False),
        "servicers",
        ("log in to WeCom", "登录企业微信"),
        95014,
        "lisi 95014",
    ),
    Fault("no licence", without_licence, "servicers", ("licence", "互通账号"), 701008, "lisi 701008"),
    Fault(
        "left the corp",
        lambda it: it.platform.world.corps[it.sim.corp_id].members.pop("lisi"),
        "servicers",
        ("contacts", "通讯录"),
        60111,
        found="lisi 60111",
    ),
    Fault("list refused", refuse("kf/servicer/list", 95004), "servicers", ("open_kfid", "open_kfid"), 95004),
]


async def test_a_sound_set_up_is_all_green() -> None:
    async with clinic() as it:
        lines = await it.lines()

    assert [line.check for line in lines] == ALL
    assert [line for line in lines if line.ok is not True or line.remedy.en] == []
    assert exit_code(lines) == 0


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_a_fault_is_one_red_line_with_its_remedy(fault: Fault) -> None:
    async with clinic(**fault.world) as it:
        fault.provoke(it)
        lines = await it.lines()

    (red,) = [line for line in lines if line.ok is False]
    assert red.check == fault.red
    assert red.code == fault.code
    assert fault.found in red.found.en
    assert red.cause.en
    assert red.cause.zh
    english, chinese = fault.remedy
    assert _holds(red.remedy.en, english)
    assert _holds(red.remedy.zh, chinese)
    assert exit_code(lines) == fault.exit


def _holds(said: str, words: str) -> bool:
    return bool(said) and re.search(words, said) is not None


async def test_a_platform_that_cannot_be_reached_is_one_red_line_and_exit_2() -> None:
    with refusing() as nowhere:
        async with clinic() as it:
            it.env["WXKF_BASE_URL"] = nowhere
            lines = await it.lines()

    verdicts = {line.check: line.ok for line in lines}
    assert verdicts == {**dict.fromkeys(ALL), **dict.fromkeys(ALL[:3], True), "network": False}
    (red,) = [line for line in lines if line.ok is False]
    assert f"curl -v {nowhere}/cgi-bin/gettoken" in red.remedy.en
    assert exit_code(lines) == 2


async def test_a_page_that_is_no_platform_is_trouble_of_the_network() -> None:
    async with clinic() as it, Server(program(lambda verb, query: (200, b"<html>"))) as other:
        it.env["WXKF_BASE_URL"] = other.url
        network = await it.line("network")

    assert network.ok is False
    assert "proxy" in network.cause.en
    assert "base address" in network.remedy.en


async def test_a_line_that_fails_makes_those_behind_it_skipped_and_says_so() -> None:
    async with clinic() as it:
        it.platform.console.switches.trusted_ips = set()
        lines = {line.check: line for line in await it.lines()}

    assert [check for check in ALL if lines[check].ok] == ["settings", "crypto", "callback", *GATES[:4]]
    assert [check for check in ALL if lines[check].ok is None] == ["console", "api", "accounts", "servicers", "staff"]
    assert lines["api"].found == ("not checked: Trusted IP comes first", "未检查：先解决「企业可信IP」")


async def test_a_wrong_secret_is_asked_once() -> None:
    async with clinic() as it:
        it.env["WXKF_SECRET"] = "not-this-one"
        await it.lines()

        assert it.calls("gettoken") == 1


async def test_the_probe_changes_nothing_and_can_be_left_out() -> None:
    async with clinic() as it:
        before = dict(it.platform.world.accounts[it.kf].servicers)
        await it.lines()

        assert it.platform.world.accounts[it.kf].servicers == before
        assert it.calls("kf/servicer/add") == 1
        assert (await it.line("servicers", probe=False)).ok is None
        assert it.calls("kf/servicer/add") == 1


async def test_more_servicers_than_fit_a_call_are_probed_in_pieces() -> None:
    async with clinic() as it:
        for number in range(199):
            it.platform.console.add_servicer(it.kf, f"user{number}")
        it.platform.console.add_member("user198", visible=False)

        assert "user198 60030" in (await it.line("servicers")).found.en
        assert it.calls("kf/servicer/add") == 3


async def test_each_account_has_its_line_and_those_of_others_have_none() -> None:
    async with clinic() as it:
        second, foreign = it.platform.console.add_account("二店"), it.platform.console.add_account("别人的")
        it.platform.console.manage(foreign, False)
        it.platform.console.add_servicer(second, "wangwu")
        it.platform.console.add_member("wangwu", visible=False)
        lines = await it.lines()

    ranges = [(line.ok, line.found.en) for line in lines if line.check == "servicers"]
    assert ranges == [
        (True, "演示小店: all 2 in range"),
        (False, "二店: wangwu 60030 a servicer is outside the app's visible range"),
    ]
    (accounts,) = [line.found.en for line in lines if line.check == "accounts"]
    assert accounts == "2 of 3 managed by this app: 演示小店, 二店"


async def test_a_token_about_to_end_is_advice() -> None:
    async with clinic() as it:
        await it.lines()
        it.sim.clock.forward(7170)
        token = await it.line("token")

    assert token.ok
    assert "again in a minute" in token.remedy.en


async def test_nobody_on_duty_is_advice() -> None:
    async with clinic() as it:
        for userid, stop_type in (("zhangsan", 0), ("lisi", 1)):
            it.platform.console.add_servicer(it.kf, userid, status=1, stop_type=stop_type)
        idle = await it.line("staff")
        it.platform.world.accounts[it.kf].servicers.clear()
        lines = {line.check: line for line in await it.lines()}

    assert (idle.ok, idle.found.en) == (True, "nobody serves now: 1 stopped, 1 suspended")
    assert "开始接待" in idle.remedy.en
    assert (lines["staff"].ok, lines["staff"].found.en) == (True, "no servicers")
    assert lines["servicers"].ok is None


async def test_who_serves_one_account_of_two_serves() -> None:
    async with clinic() as it:
        second = it.platform.console.add_account("二店")
        it.platform.console.add_servicer(second, "lisi", status=1)
        it.platform.world.accounts[second].departments.add(3)

        assert (await it.line("staff")).found.en.startswith("2 serving, 0 stopped, 0 suspended; of 1 departments")


async def test_a_standalone_corp_has_no_servicers_to_look_at() -> None:
    async with clinic() as it:
        it.platform.console.switches.mode = it.platform.console.switches.secret_of = "standalone"
        lines = await it.lines()

    assert {line.check: line.ok for line in lines} == {**dict.fromkeys(ALL, True), "servicers": None, "staff": None}
    assert exit_code(lines) == 0


async def test_what_it_says_holds_no_secret() -> None:
    async with clinic() as it:
        said = json.dumps([line.as_data() for line in await it.lines()], ensure_ascii=False)
        token = it.platform.world.secrets()

    secrets = [it.sim.secret, it.sim.token, it.sim.aes_key, *token]
    assert not [secret for secret in secrets if secret in said]
