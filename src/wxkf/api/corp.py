"""The corp's own calls: access token, the platform's addresses, qualification, migration state."""

from wxkf.api.resource import M, Resource, endpoint
from wxkf.messages.answer import Answer, SecretAnswer
from wxkf.protocol.call import Call, get, post, reader


class AccessToken(SecretAnswer, frozen=True, kw_only=True):
    """An access token and the seconds it has left, normally up to 7200."""

    access_token: str
    expires_in: int


class IpList(Answer, frozen=True, kw_only=True):
    """IPv4 addresses or segments."""

    ip_list: tuple[str, ...] = ()


class Qualification(Answer, frozen=True, kw_only=True):
    """Whether at least one channels account (视频号) is bound and confirmed."""

    wechat_channels_binding: bool = False


def gettoken(corp_id: str, secret: str) -> Call[AccessToken]:
    """Fetch the app's access token; the same one comes back while it is valid (获取access_token). Page 91039."""
    query = {"corpid": corp_id, "corpsecret": secret}
    return Call("GET", "gettoken", reader(AccessToken), "safe", query=query, needs_token=False)


class CorpRootResource(Resource[M]):
    """The corp's calls directly under the root and `kf/`."""

    @endpoint
    def gettoken(self, *, corpid: str, corpsecret: str) -> Call[AccessToken]:
        """Fetch an app's access token; the client does this by itself (获取access_token).

        The same token comes back while it is valid. A wrong secret, tried again and again, gets this server's IP
        banned for an hour. Errors 40001, 40013, 40091, 41002, 41004, 45009. Page 91039.
        """
        return gettoken(corpid, corpsecret)

    @endpoint
    def getcallbackip(self) -> Call[IpList]:
        """List the addresses callbacks come from (获取企业微信回调IP段); ask daily, old and new overlap. Page 92521."""
        return get("getcallbackip", IpList)

    @endpoint
    def get_api_domain_ip(self) -> Call[IpList]:
        """List the addresses of the API (获取企业微信接口IP段)."""
        return get("get_api_domain_ip", IpList)

    @endpoint
    def get_corp_qualification(self) -> Call[Qualification]:
        """Tell whether a channels account is bound (获取企业视频号绑定状态).

        Absent from the newest documentation of self-built apps: may be unavailable in WeCom mode. Page 95153.
        """
        return get("kf/get_corp_qualification", Qualification)


class OpenidMigration(Answer, frozen=True, kw_only=True):
    """Whether the corp's ids were migrated, as the platform says it; fields beyond errcode stand in `raw`."""


class CorpResource(Resource[M]):
    """`corp/...`."""

    @endpoint
    def get_openid_migration(self) -> Call[OpenidMigration]:
        """Read how far the migration of ids is. Page 97104."""
        return post("corp/get_openid_migration", OpenidMigration, repeat="safe", fields={})
