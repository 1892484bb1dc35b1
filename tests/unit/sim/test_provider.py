"""A provider's calls: suite token, permanent code, corp token, and every code with its life (platform.md 1.2)."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from unit.sim.shop import HOUR, Shop
from wxkf.sim.kept import pack, unpack
from wxkf.sim.settings import Settings

SERVICE = "service/"


class Agency(Shop):
    """A shop whose corp may authorise a suite, and a provider who calls."""

    def __init__(self, kind: Any = "third_party", **settings: Any) -> None:
        super().__init__(**settings)
        self.suite = self.sim.provider.add_suite("小店助手", kind=kind)
        self.id = self.suite["suite_id"]

    def ask(self, path: str, *, token: str | None = None, **body: Any) -> dict[str, Any]:
        """POST as the provider does, with a suite token unless another is given."""
        token = self.suite_token()["suite_access_token"] if token is None else token
        query = {"suite_access_token": token} if token else {}
        return self.request("POST", SERVICE + path, query, json.dumps(body).encode()).envelope

    def suite_token(self, **changed: Any) -> dict[str, Any]:
        """Ask for the suite's token, with the newest ticket."""
        tickets = list(self.platform.world.suites[self.id].tickets) or [self.sim.provider.push_ticket(self.id)]
        body = {"suite_id": self.id, "suite_secret": self.suite["suite_secret"], "suite_ticket": tickets[-1]}
        return self.ask("get_suite_token", token="", **{**body, **changed})

    def authorize(self) -> dict[str, Any]:
        """Let the corp authorise the suite."""
        return self.sim.provider.authorize(self.id, self.sim.corp_id, state="s1")

    def permanent_code(self) -> str:
        """Authorise and exchange."""
        found = self.ask("v2/get_permanent_code", auth_code=self.authorize()["auth_code"])["permanent_code"]
        assert isinstance(found, str)
        return found

    def corp_token(self, **changed: Any) -> dict[str, Any]:
        """Ask for the corp's token."""
        return self.ask("get_corp_token", **{"auth_corpid": self.sim.corp_id, **changed})


@pytest.fixture
def agency() -> Agency:
    return Agency()


def test_a_ticket_buys_a_suite_token_that_stays_the_same(agency: Agency) -> None:
    first = agency.suite_token()
    assert set(first) == {"suite_access_token", "expires_in"}
    agency.clock.forward(100)
    assert agency.suite_token() == first | {"expires_in": 7_100}
    agency.clock.forward(7_100)
    agency.sim.provider.push_ticket(agency.id)
    assert agency.suite_token()["suite_access_token"] != first["suite_access_token"]


def test_a_suite_token_may_be_new_each_time() -> None:
    agency = Agency(suite_token_is_kept=False)
    assert agency.suite_token() != agency.suite_token()


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"suite_id": "ww0"}, 40083),
        ({"suite_id": None}, 40083),
        ({"suite_secret": "x"}, 40080),
        ({"suite_ticket": "x"}, 40085),
        ({"suite_ticket": ["x"]}, 40058),
    ],
)
def test_each_wrong_credential_has_its_refusal(agency: Agency, changed: dict[str, Any], errcode: int) -> None:
    assert agency.suite_token(**changed)["errcode"] == errcode


def test_a_ticket_is_good_for_thirty_minutes_whatever_came_after_it(agency: Agency) -> None:
    old = agency.sim.provider.push_ticket(agency.id)
    agency.clock.forward(1_800)
    agency.sim.provider.push_ticket(agency.id)
    assert "suite_access_token" in agency.suite_token(suite_ticket=old)
    agency.clock.forward(1)
    assert agency.suite_token(suite_ticket=old)["errcode"] == 40085


def test_a_number_in_the_wrong_place_is_warned_of_although_there_is_no_errmsg(agency: Agency) -> None:
    assert agency.suite_token(suite_id=1)["errcode"] == 40083
    found = agency.corp_token(permanent_code=7)
    assert found["errmsg"].endswith("Warning: wrong json format.")


@pytest.mark.parametrize("path", ["v2/get_permanent_code", "get_permanent_code", "get_corp_token"])
def test_a_call_needs_a_living_suite_token(agency: Agency, path: str) -> None:
    token = agency.suite_token()["suite_access_token"]
    assert agency.ask(path, token="")["errcode"] == 40082
    assert agency.ask(path, token="garbage")["errcode"] == 40082
    assert agency.ask(path, token=agency.gettoken()["access_token"])["errcode"] == 40082
    agency.clock.forward(7_200)
    assert agency.ask(path, token=token)["errcode"] == 42009


def test_a_suite_token_is_not_an_access_token(agency: Agency) -> None:
    token = agency.suite_token()["suite_access_token"]
    assert agency.post("kf/account/list", access_token=token)["errcode"] == 40014


def test_an_auth_code_is_exchanged_once(agency: Agency) -> None:
    code = agency.authorize()["auth_code"]
    found = agency.ask("v2/get_permanent_code", auth_code=code)
    assert found["errcode"] == 0
    assert found["auth_corp_info"] == {"corpid": agency.sim.corp_id, "corp_name": "演示公司"}
    assert (found["state"], len(code) >= 64, len(found["permanent_code"]) <= 512) == ("s1", True, True)
    assert agency.ask("v2/get_permanent_code", auth_code=code)["errcode"] == 40078


def test_an_auth_code_lives_ten_minutes(agency: Agency) -> None:
    code = agency.authorize()["auth_code"]
    agency.clock.forward(601)
    assert agency.ask("v2/get_permanent_code", auth_code=code)["errcode"] == 40078
    assert agency.ask("v2/get_permanent_code")["errcode"] == 40078


def test_an_auth_code_is_its_suites_alone(agency: Agency) -> None:
    code = agency.authorize()["auth_code"]
    agency.suite = agency.sim.provider.add_suite("别的")
    agency.id = agency.suite["suite_id"]
    assert agency.ask("v2/get_permanent_code", auth_code=code)["errcode"] == 40078


def test_the_old_exchange_brings_a_token_too(agency: Agency) -> None:
    found = agency.ask("get_permanent_code", auth_code=agency.authorize()["auth_code"])
    assert found["expires_in"] == 7_200
    assert agency.post("kf/account/list", access_token=found["access_token"])["errcode"] == 0


def test_a_corp_token_is_a_normal_token_for_what_the_corp_gave(agency: Agency) -> None:
    code = agency.permanent_code()
    found = agency.corp_token(permanent_code=code)
    assert set(found) == {"access_token", "expires_in"}
    assert agency.corp_token(permanent_code=code) == found
    app = agency.platform.world.app_of(agency.id, agency.sim.corp_id)
    assert app is not None
    token = found["access_token"]
    assert agency.post("kf/sync_msg", access_token=token, open_kfid=agency.kf)["errcode"] == 48007
    agency.platform.console.manage(agency.kf, agent_id=app.agent_id)
    assert agency.post("kf/sync_msg", access_token=token, open_kfid=agency.kf)["errcode"] == 0


def test_corp_tokens_are_refused_for_each_reason(agency: Agency) -> None:
    assert agency.corp_token()["errcode"] == 48003  # nothing was authorised
    code = agency.permanent_code()
    assert agency.corp_token(permanent_code=code + "x")["errcode"] == 40084
    assert agency.corp_token()["errcode"] == 40084
    assert agency.corp_token(permanent_code="x" * 513)["errcode"] == 40084
    assert agency.corp_token(auth_corpid="ww0", permanent_code=code)["errcode"] == 40013
    assert agency.gettoken(corpsecret=code)["errcode"] == 40001  # that is for 代开发 apps


def test_the_permanent_code_of_an_agency_developed_app_is_its_secret() -> None:
    agency = Agency("customized")
    code = agency.permanent_code()
    token = agency.gettoken(corpsecret=code)["access_token"]
    assert agency.post("kf/account/list", access_token=token)["errcode"] == 0
    assert agency.corp_token(permanent_code=code)["errcode"] == Settings().corp_token_of_customized
    assert agency.id.startswith("dk")


def test_a_reset_code_is_another_secret() -> None:
    agency = Agency("customized")
    old = agency.permanent_code()
    agency.sim.provider.reset_permanent_code(agency.id, agency.sim.corp_id)
    code = next(iter(agency.platform.world.suites[agency.id].auth_codes))
    new = agency.ask("v2/get_permanent_code", auth_code=code)["permanent_code"]
    assert agency.gettoken(corpsecret=old)["errcode"] == 40001
    assert agency.gettoken(corpsecret=new)["errcode"] == 0


def test_what_is_withdrawn_is_over(agency: Agency) -> None:
    code = agency.permanent_code()
    token = agency.corp_token(permanent_code=code)["access_token"]
    agency.sim.provider.withdraw(agency.id, agency.sim.corp_id)
    assert agency.post("kf/account/list", access_token=token)["errcode"] == 48004
    assert agency.corp_token(permanent_code=code)["errcode"] == 48004
    assert agency.permanent_code() != code  # the corp authorises anew


def test_a_code_of_a_withdrawn_authorisation_is_refused(agency: Agency) -> None:
    code = agency.authorize()["auth_code"]
    agency.sim.provider.withdraw(agency.id, agency.sim.corp_id)
    assert agency.ask("v2/get_permanent_code", auth_code=code)["errcode"] == 48004


def test_a_provider_token_stays_the_same_while_it_lives(agency: Agency) -> None:
    right = {"corpid": agency.suite["provider_corp_id"], "provider_secret": agency.suite["provider_secret"]}
    first = agency.ask("get_provider_token", token="", **right)
    assert first["expires_in"] == 7_200
    assert agency.ask("get_provider_token", token="", **right) == first
    for wrong, errcode in (
        ({"corpid": agency.sim.corp_id}, 40013),
        ({"provider_secret": "x"}, 40001),
        ({"corpid": ""}, 41002),
        ({"provider_secret": ""}, 41004),
    ):
        assert agency.ask("get_provider_token", token="", **{**right, **wrong})["errcode"] == errcode
    agency.clock.forward(2 * HOUR)
    later = agency.ask("get_provider_token", token="", **right)
    assert later["provider_access_token"] != first["provider_access_token"]
    assert agency.post("kf/account/list", access_token=first["provider_access_token"])["errcode"] == 40014


def test_an_authorisation_on_the_providers_own_site_begins_with_a_code(agency: Agency) -> None:
    query = {"suite_access_token": agency.suite_token()["suite_access_token"]}
    found = agency.request("GET", "service/get_pre_auth_code", query).envelope
    assert (found["errcode"], found["expires_in"]) == (0, 1_200)
    provider, corp = agency.sim.provider, agency.sim.corp_id
    back = provider.authorize(agency.id, corp, pre_auth_code=found["pre_auth_code"])
    assert agency.ask("v2/get_permanent_code", auth_code=back["auth_code"])["errcode"] == 0
    with pytest.raises(ValueError, match="42007"):
        provider.authorize(agency.id, corp, pre_auth_code=found["pre_auth_code"])


def test_a_member_without_licence_may_not_serve_for_a_providers_app(agency: Agency) -> None:
    app = agency.authorize()["agent_id"]
    agency.platform.console.manage(agency.kf, agent_id=app)
    agency.platform.console.add_member("li")
    agency.sim.provider.set_licence(agency.sim.corp_id, "li", licensed=False)
    code = agency.platform.world.apps[app].secret
    token = agency.corp_token(permanent_code=code)["access_token"]

    def added(**who: Any) -> int:
        found = agency.post("kf/servicer/add", open_kfid=agency.kf, userid_list=["li"], **who)
        return int(found["result_list"][0]["errcode"])

    assert added(access_token=token) == 701008
    assert added() == 0  # the corp's own app needs none
    agency.sim.provider.set_licence(agency.sim.corp_id, "li", licensed=True)
    assert added(access_token=token) == 0


def test_a_kept_world_has_its_suites_and_faults(agency: Agency) -> None:
    code = agency.authorize()["auth_code"]
    ticket = agency.sim.provider.push_ticket(agency.id)
    agency.sim.trouble.add("slow", seconds=3, times=2, chance=0.5)
    agency.say()
    agency.sync()
    world = agency.platform.world

    kept = unpack(pack(world)).state

    assert kept == world.state()
    world.take_up(kept)
    assert agency.ask("v2/get_permanent_code", auth_code=code)["errcode"] == 0
    assert "suite_access_token" in agency.suite_token(suite_ticket=ticket)


def test_impossible_actions_say_why(agency: Agency) -> None:
    provider, corp = agency.sim.provider, agency.sim.corp_id
    acts: dict[str, Callable[[], object]] = {
        "no such suite": lambda: provider.authorize("ww0", corp),
        "no such corp": lambda: provider.authorize(agency.id, "ww0"),
        "has not authorised": lambda: provider.withdraw(agency.id, corp),
        "there is no such corp": lambda: provider.set_licence("ww0", "li", licensed=True),
        "begins with http": lambda: provider.set_callback(agency.id, "bot"),
    }
    for reason, act in acts.items():
        with pytest.raises(ValueError, match=reason):
            act()
    agency.authorize()
    with pytest.raises(ValueError, match="already"):
        agency.authorize()
    with pytest.raises(ValueError, match="代开发"):
        provider.reset_permanent_code(agency.id, corp)


def test_nothing_secret_of_a_provider_is_in_the_journal(agency: Agency) -> None:
    code = agency.permanent_code()
    token = agency.corp_token(permanent_code=code)["access_token"]
    written = json.dumps([[entry.request, entry.response] for entry in agency.platform.journal])
    suite = agency.platform.world.suites[agency.id]
    secrets = [code, token, suite.secret, suite.token, suite.aes_key, suite.access_token, *suite.tickets]
    assert not [secret for secret in [*secrets, agency.suite["provider_secret"]] if secret in written]


def test_the_suite_calls_can_be_refused_by_a_fault(agency: Agency) -> None:
    agency.sim.trouble.add("busy", path="service/get_suite_token", times=1)
    assert agency.suite_token()["errcode"] == -1
    agency.sim.trouble.add("token_revoked", path="service/get_corp_token", times=1)
    assert agency.corp_token()["errcode"] == 40082
