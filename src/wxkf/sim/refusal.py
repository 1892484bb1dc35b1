"""How the platform says no: an errcode, an English text, and the hint people send to its support.

Rules raise `Refusal`; the outermost layer alone turns it into an envelope. The texts are ours, since the real ones
change and no client may branch on them.
"""

TEXTS = {
    0: "ok",
    40001: "invalid credential",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40058: "invalid Request Parameter",
    40063: "some parameters are empty",
    40096: "invalid external userid",
    40145: "media_id expired",
    40206: "request body too large",
    41001: "access_token missing",
    41002: "corpid missing",
    41004: "corpsecret missing",
    41006: "media_id missing",
    41049: "welcome code missing",
    41050: "invalid welcome code",
    42001: "access_token expired",
    44004: "empty text content",
    45002: "content too long",
    45009: "api freq out of limit",
    45034: "url must have scheme",
    50100: "invalid paging cursor",
    60251: "open_kfid missing",
    95000: "invalid open_kfid",
    95001: "send msg count limit",
    95002: "send msg time limit",
    95004: "open_kfid not exist",
    95007: "invalid msg token",
    95008: "menu item count out of limit",
    95009: "invalid menu item type",
    95013: "conversation end",
    95018: "send msg session status invalid",
    95031: "customer has no consultation in 48 hours",
    95033: "msgid repeated",
}


class Refusal(Exception):
    """A rule said no. `about` names the parameter or the reason in a few words."""

    def __init__(self, errcode: int, about: str = "") -> None:
        super().__init__(errcode, about)
        self.errcode = errcode
        self.about = about


def errmsg(errcode: int, about: str, hint: str, ip: str) -> str:
    """Compose an errmsg in the documented format (platform.md 0)."""
    text = TEXTS.get(errcode, "request refused") + (f": {about}" if about else "")
    link = f"https://open.work.weixin.qq.com/devtool/query?e={errcode}"
    return f"{text}, hint: [{hint}], from ip: {ip}, more info at {link}"
