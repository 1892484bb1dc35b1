"""A provider's (服务商) token calls. They need no access token of a corp: each says which token it takes."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec.structs import replace

from wxkf.api.corp import AccessToken
from wxkf.api.resource import M, Mode, Resource, endpoint
from wxkf.messages.answer import Answer, Part, SecretAnswer
from wxkf.protocol.call import Call, get, post
from wxkf.protocol.limits import Bytes


class ProviderToken(SecretAnswer, frozen=True, kw_only=True):
    """The provider's own token and its life in seconds."""

    provider_access_token: str = ""
    expires_in: int = 0


class SuiteToken(SecretAnswer, frozen=True, kw_only=True):
    """A suite's token and its life in seconds."""

    suite_access_token: str = ""
    expires_in: int = 0


class PreAuthCode(SecretAnswer, frozen=True, kw_only=True):
    """A code with which an authorisation begins, normally good for 1200 seconds."""

    pre_auth_code: str = ""
    expires_in: int = 0


class AuthCorpInfo(Part, frozen=True, kw_only=True):
    """The corp that authorised."""

    corpid: str = ""
    corp_name: str = ""


class AuthUserInfo(Part, frozen=True, kw_only=True):
    """The person who authorised; may be missing."""

    userid: str = ""
    open_userid: str = ""
    name: str = ""
    avatar: str = ""


class RegisterCodeInfo(Part, frozen=True, kw_only=True):
    """The registration link that led here, if one did."""

    register_code: str = ""
    template_id: str = ""
    state: str = ""


class PermanentCode(SecretAnswer, frozen=True, kw_only=True):
    """The permanent code of an authorisation; for a 代开发 app it is the app's secret. Keep it safe."""

    shown = ("auth_corp_info", "state")

    permanent_code: str = ""
    auth_corp_info: AuthCorpInfo | None = None
    auth_user_info: AuthUserInfo | None = None
    register_code_info: RegisterCodeInfo | None = None
    state: str = ""
    access_token: str = ""
    expires_in: int = 0


class OpenCorpid(Answer, frozen=True, kw_only=True):
    """The encrypted corp id."""

    open_corpid: str = ""


class ServiceV2Resource(Resource[M]):
    """`service/v2/...`."""

    @endpoint
    def get_permanent_code(self, *, suite_access_token: str, auth_code: str) -> Call[PermanentCode]:
        """Exchange an AuthCode (single use, 10 minutes) for the permanent code. 40078, 42009. Never repeated."""
        return _permanent_code("service/v2/get_permanent_code", suite_access_token, auth_code)


class ServiceResource(Resource[M]):
    """`service/...`."""

    def __init__(self, run: Callable[[Call[Any]], Any], mode: Mode) -> None:
        super().__init__(run, mode)
        self.v2: ServiceV2Resource[M] = ServiceV2Resource(run, mode)

    @endpoint
    def get_provider_token(self, *, corpid: str, provider_secret: str) -> Call[ProviderToken]:
        """Fetch the provider's token; the same one comes back while it is valid."""
        fields = {"corpid": corpid, "provider_secret": provider_secret}
        return _without_token(post("service/get_provider_token", ProviderToken, repeat="safe", fields=fields))

    @endpoint
    def get_suite_token(self, *, suite_id: str, suite_secret: str, suite_ticket: str) -> Call[SuiteToken]:
        """Fetch a suite's token with the latest suite_ticket (valid 30 minutes). 40080, 40083, 40085."""
        fields = {"suite_id": suite_id, "suite_secret": suite_secret, "suite_ticket": suite_ticket}
        return _without_token(post("service/get_suite_token", SuiteToken, repeat="safe", fields=fields))

    @endpoint
    def get_pre_auth_code(self, *, suite_access_token: str) -> Call[PreAuthCode]:
        """Fetch the code with which an authorisation begins. 40082, 42009."""
        call = get("service/get_pre_auth_code", PreAuthCode, suite_access_token=suite_access_token)
        return replace(call, needs_token=False)

    @endpoint
    def get_permanent_code(self, *, suite_access_token: str, auth_code: str) -> Call[PermanentCode]:
        """Exchange an AuthCode the old, slower way, which also gives an access token. Never repeated."""
        return _permanent_code("service/get_permanent_code", suite_access_token, auth_code)

    @endpoint
    def get_corp_token(self, *, suite_access_token: str, auth_corpid: str, permanent_code: str) -> Call[AccessToken]:
        """Fetch the access token of a corp that authorised the suite. 40082, 40084, 42009, 48004.

        Not for 代开发 apps: there the permanent code is the secret of a plain `gettoken`.
        """
        fields = {"auth_corpid": auth_corpid, "permanent_code": permanent_code}
        call = post("service/get_corp_token", AccessToken, repeat="safe", fields=fields)
        return _with_token(call, suite_access_token=suite_access_token)

    @endpoint
    def corpid_to_opencorpid(self, *, provider_access_token: str, corpid: str) -> Call[OpenCorpid]:
        """Encrypt a corp id."""
        call = post("service/corpid_to_opencorpid", OpenCorpid, repeat="safe", fields={"corpid": corpid})
        return _with_token(call, provider_access_token=provider_access_token)

    @endpoint
    def finish_openid_migration(
        self, *, provider_access_token: str, corpid: str, openid_type: Sequence[int] | None = None
    ) -> Call[Answer]:
        """Declare the migration of a corp's ids finished; there is no way back. Never repeated."""
        fields = {"corpid": corpid, "openid_type": openid_type}
        call = post("service/finish_openid_migration", Answer, repeat="never", fields=fields)
        return _with_token(call, provider_access_token=provider_access_token)


def _permanent_code(path: str, suite_access_token: str, auth_code: str) -> Call[PermanentCode]:
    fields, limits = {"auth_code": auth_code}, {"auth_code": Bytes(512, least=64)}
    call = post(path, PermanentCode, repeat="never", fields=fields, limits=limits)
    return _with_token(call, suite_access_token=suite_access_token)


def _without_token(call: Call[Any]) -> Call[Any]:
    return replace(call, needs_token=False)


def _with_token(call: Call[Any], **token: str) -> Call[Any]:
    return replace(call, query=token, needs_token=False)
