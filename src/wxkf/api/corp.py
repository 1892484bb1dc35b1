"""The corp's own calls: the access token."""

from wxkf.protocol.call import Answer, Call, reader


class AccessToken(Answer, frozen=True, kw_only=True):
    """An access token and the seconds it has left, normally up to 7200."""

    access_token: str
    expires_in: int

    def __repr__(self) -> str:
        return f"AccessToken(expires_in={self.expires_in})"


def gettoken(corp_id: str, secret: str) -> Call[AccessToken]:
    """Fetch the app's access token; the same one comes back while it is valid (获取access_token).

    A wrong secret, tried again and again, gets this server's IP banned for an hour. Page 91039.
    """
    query = {"corpid": corp_id, "corpsecret": secret}
    return Call("GET", "gettoken", reader(AccessToken), "safe", query=query, needs_token=False)
