"""The link that opens a chat (客服账号链接)."""

from urllib.parse import quote

from wxkf.api.fields import OPEN_KFID, SCENE
from wxkf.api.resource import M, Resource, endpoint
from wxkf.errors import ConfigError, LimitError
from wxkf.messages.answer import Answer
from wxkf.protocol.call import Call, post

_PARAM = 128


class ContactWay(Answer, frozen=True, kw_only=True):
    """A link to a chat. It must not be altered, but for a `scene_param` where it was made with a scene."""

    url: str = ""

    def with_param(self, scene_param: str) -> str:
        """Give the link with a `scene_param`, up to 128 bytes before encoding; it comes back in `EnterSession`.

        Raises `LimitError` for a longer one, `ConfigError` for a link that was made without a scene.
        """
        size = len(scene_param.encode())
        if size > _PARAM:
            fault = f"must be at most {_PARAM} bytes before encoding, this one has {size}"
            raise LimitError("kf/add_contact_way", "scene_param", fault, scene_param)
        if "enc_scene=" not in self.url:
            raise ConfigError("only a link made with a scene takes a scene_param: add_contact_way(..., scene='…')")
        return f"{self.url}&scene_param={quote(scene_param, safe='')}"


class ContactWayResource(Resource[M]):
    """`kf/add_contact_way`."""

    @endpoint
    def add_contact_way(self, *, open_kfid: str, scene: str | None = None) -> Call[ContactWay]:
        """Make the link that opens a chat with an account (获取客服账号链接).

        `scene` is up to 32 of `[0-9a-zA-Z_-]` and comes back in `EnterSession`. The same arguments give an
        equivalent link. Page 94665.
        """
        fields = {"open_kfid": open_kfid, "scene": scene}
        limits = {**OPEN_KFID, "scene": SCENE}
        return post("kf/add_contact_way", ContactWay, repeat="safe", fields=fields, limits=limits)
