"""How the platform says no: an errcode, an English text, and the hint people send to its support.

Rules raise `Refusal`; the outermost layer alone turns it into an envelope. The texts are ours, since the real ones
change and no client may branch on them.
"""

TEXTS = {
    -1: "system busy",
    0: "ok",
    40001: "invalid credential",
    40004: "invalid media type",
    40005: "invalid type",
    40006: "invalid file size",
    40007: "invalid media_id",
    40008: "invalid message type",
    40009: "invalid image size",
    40011: "invalid video size",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40032: "invalid userid list size",
    40035: "list too long",
    40039: "url is too long",
    40058: "invalid Request Parameter",
    40063: "some parameters are empty",
    40096: "invalid external userid",
    40078: "invalid auth_code",
    40080: "invalid suite_secret",
    40082: "invalid suite_access_token",
    40083: "invalid suite_id",
    40084: "invalid permanent_code",
    40085: "invalid suite_ticket",
    40091: "secret is invalid for this corp",
    40123: "invalid image format",
    40145: "media_id expired",
    40146: "invalid range",
    40206: "request body too large",
    41001: "access_token missing",
    41002: "corpid missing",
    41004: "corpsecret missing",
    41006: "media_id missing",
    41049: "welcome code missing",
    41050: "invalid welcome code",
    42001: "access_token expired",
    42007: "pre_auth_code expired",
    42009: "suite_access_token expired",
    43009: "corp is not verified",
    44001: "empty media",
    44004: "empty text content",
    45001: "media file is too large",
    45002: "content too long",
    45007: "voice is longer than 60 seconds",
    45009: "api freq out of limit",
    45031: "secret is not strong enough",
    45033: "api concurrent out of limit",
    45034: "url must have scheme",
    48002: "api forbidden",
    48003: "suite_access_token does not match the corp",
    48004: "authorization is withdrawn",
    48007: "no permission for this open_kfid",
    50003: "app is disabled",
    50100: "invalid paging cursor",
    60020: "not allow to access from your ip",
    60030: "servicer out of the app's visible range",
    60111: "userid not found",
    60251: "open_kfid missing",
    60252: "invalid open_kfid",
    90206: "mini program not associated",
    90207: "invalid mini program appid",
    90208: "mini program does not match",
    95000: "invalid open_kfid",
    95001: "send msg count limit",
    95002: "send msg time limit",
    95003: "consult capacity limit, corp not verified",
    95004: "open_kfid not exist",
    95005: "account count out of limit",
    95006: "invalid account name",
    95007: "invalid msg token",
    95008: "menu item count out of limit",
    95009: "invalid menu item type",
    95011: "corp is not in standalone mode",
    95012: "corp is in standalone mode",
    95013: "conversation end",
    95014: "user is not activated",
    95015: "exclusive service is configured",
    95016: "state transition not allowed",
    95017: "api switch is off",
    95018: "send msg session status invalid",
    95019: "servicer is stopped or suspended",
    95020: "servicer count out of limit",
    95021: "upgrade target is not configured",
    95022: "location_type illegal",
    95023: "api is granted to another app",
    95024: "no message of the user's own in 48 hours",
    95025: "business card count limit",
    95027: "corp is not verified, ten accounts at most",
    95028: "msgid not found",
    95029: "msg can be recalled within 2 minutes only",
    95031: "customer has no consultation in 48 hours",
    95033: "msgid repeated",
    301017: "invalid voice format",
    301002: "no permission to operate this app",
    511020: "question duplicated",
    830002: "file must be asked for in ranges",
    701008: "user has no valid license",
}


class Refusal(Exception):
    """A rule said no. `about` names the parameter or the reason in a few words."""

    def __init__(self, errcode: int, about: str = "") -> None:
        super().__init__(errcode, about)
        self.errcode = errcode
        self.about = about


def text_of(errcode: int) -> str:
    """Give the bare text of a code, as it stands in a list of results."""
    return TEXTS.get(errcode, "request refused")


def errmsg(errcode: int, about: str, hint: str, ip: str) -> str:
    """Compose an errmsg in the documented format (platform.md 0)."""
    text = text_of(errcode)
    text += f": {about}" if about and about != text else ""
    link = f"https://open.work.weixin.qq.com/devtool/query?e={errcode}"
    return f"{text}, hint: [{hint}], from ip: {ip}, more info at {link}"
