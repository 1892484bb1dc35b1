"""What an intent is made of: its question, similar ones, its answer, and what may be attached to that (platform.md 13).

Attachments are a table by msgtype. Reading one returns what list_intent shows of it: of a file its name alone, of a
mini program no picture.
"""

from collections.abc import Callable

from wxkf.sim.endpoints.checks import kind_of
from wxkf.sim.endpoints.table import Call
from wxkf.sim.fields import Fields
from wxkf.sim.refusal import Refusal
from wxkf.sim.settings import MEDIA_LIFE
from wxkf.sim.values import Json
from wxkf.sim.world import Media

_SIMILAR, _ATTACHMENTS = 100, 4
_QUESTION_MAX, _ANSWER_MAX = 200, 500  # characters
_MEDIA_ID_MAX, _TITLE_MAX = 128, 64  # bytes


def _image(call: Call, fields: Fields) -> Json:
    return {"name": _media(call, fields, "media_id", "image").filename}


def _video(call: Call, fields: Fields) -> Json:
    return {"name": _media(call, fields, "media_id", "video").filename}


def _link(_call: Call, fields: Fields) -> Json:
    link: Json = {key: fields.text(key, required=True) for key in ("title", "url")}
    if not link["url"].lower().startswith(("http://", "https://")):
        raise Refusal(45034)
    return link | {key: text for key in ("desc", "pic_url") if (text := fields.text(key))}


def _miniprogram(call: Call, fields: Fields) -> Json:
    _media(call, fields, "thumb_media_id", "image")
    page: Json = {key: fields.text(key, required=True) for key in ("appid", "pagepath")}
    return page | {"title": fields.text("title", limit=_TITLE_MAX)}


ATTACHMENTS: dict[str, Callable[[Call, Fields], Json]] = {
    "image": _image,
    "video": _video,
    "link": _link,
    "miniprogram": _miniprogram,
}


def read_question(call: Call) -> str:
    """Read the question that is answered."""
    return _content(call.fields.table("question"), _QUESTION_MAX)


def read_similar(call: Call) -> list[str]:
    """Read the questions that mean the same; none is fine."""
    if call.fields.values.get("similar_questions") is None:
        return []
    items = _few(call.fields.table("similar_questions"), "items", _SIMILAR)
    return [_content(item, _QUESTION_MAX) for item in items]


def read_answers(call: Call) -> list[Json]:
    """Read the answers, exactly one today, as list_intent shows them."""
    answers = list(call.fields.tables("answers"))
    if len(answers) != 1:
        raise Refusal(40058, "answers must hold exactly one")
    return [_answer(call, answer) for answer in answers]


def chars(fields: Fields, key: str, limit: int) -> str:
    """Read a text that must be there, of so many characters at most."""
    text = fields.text(key, required=True)
    if len(text) > limit:
        raise Refusal(40058, f"{fields.name(key)} exceeds {limit} characters")
    return text


def _answer(call: Call, answer: Fields) -> Json:
    shown: Json = {"text": {"content": _content(answer, _ANSWER_MAX)}}
    if attachments := _few(answer, "attachments", _ATTACHMENTS):
        shown["attachments"] = [_attachment(call, one) for one in attachments]
    return shown


def _content(fields: Fields, limit: int) -> str:
    return chars(fields.table("text"), "content", limit)


def _few(fields: Fields, key: str, limit: int) -> list[Fields]:
    items = list(fields.tables(key))
    if len(items) > limit:
        raise Refusal(40058, f"{fields.name(key)} holds more than {limit}")
    return items


def _attachment(call: Call, fields: Fields) -> Json:
    msgtype = fields.text("msgtype", required=True, missing=40008)
    if msgtype not in ATTACHMENTS:
        raise Refusal(40008, msgtype[:32])
    return {"msgtype": msgtype, msgtype: ATTACHMENTS[msgtype](call, fields.table(msgtype))}


def _media(call: Call, fields: Fields, key: str, kind: str) -> Media:
    media = call.world.media.get(fields.text(key, required=True, limit=_MEDIA_ID_MAX, missing=40007, long=40007))
    if media is None or media.corp_id != call.app.corp_id or call.now - media.at > MEDIA_LIFE:
        raise Refusal(40007)
    if kind_of(media) != kind:
        raise Refusal(40007, f"{fields.name(key)} is no {kind}")
    return media
