"""The corp and the platform's own addresses (platform.md 5.7, 14)."""

from wxkf.sim.endpoints.table import Call, endpoint
from wxkf.sim.values import Json

_HERE = "127.0.0.1"


@endpoint("GET", "getcallbackip")
def getcallbackip(call: Call) -> Json:
    """List where callbacks come from."""
    return {"ip_list": [_HERE]}


@endpoint("GET", "get_api_domain_ip")
def get_api_domain_ip(call: Call) -> Json:
    """List where calls go to."""
    return {"ip_list": [_HERE]}


@endpoint("GET", "kf/get_corp_qualification")
def get_corp_qualification(call: Call) -> Json:
    """Tell whether a Channels account (视频号) is bound."""
    return {"wechat_channels_binding": call.corp.wechat_channels_binding}


@endpoint("POST", "corp/get_openid_migration")
def get_openid_migration(call: Call) -> Json:
    """Tell how far the change to the provider's ids has come; a world has no other ids."""
    return {"migrated": True}
