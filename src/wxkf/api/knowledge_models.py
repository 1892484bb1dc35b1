"""What the knowledge base holds, and how plain strings become it."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import force_setattr

from wxkf.messages.answer import Answer, Part

Json = Mapping[str, Any]


class Words(Part, frozen=True, kw_only=True):
    """A text."""

    content: str = ""


class NamedFile(Part, frozen=True, kw_only=True):
    """A picture or film: `media_id` when it is given, `name` when it is listed."""

    media_id: str = ""
    name: str = ""


class LinkCard(Part, frozen=True, kw_only=True):
    """A link as a card."""

    title: str = ""
    pic_url: str = ""
    desc: str = ""
    url: str = ""


class MiniProgramCard(Part, frozen=True, kw_only=True):
    """A mini program as a card; the thumbnail is not listed."""

    title: str = ""
    thumb_media_id: str = ""
    appid: str = ""
    pagepath: str = ""


class Attachment(Part, frozen=True, kw_only=True):
    """What goes with an answer; `msgtype` tells which of the others is set."""

    msgtype: str = ""
    image: NamedFile | None = None
    video: NamedFile | None = None
    link: LinkCard | None = None
    miniprogram: MiniProgramCard | None = None


class Question(Part, frozen=True, kw_only=True):
    """A question."""

    text: Words = Words()


class SimilarQuestions(Part, frozen=True, kw_only=True):
    """Other ways to put it."""

    items: tuple[Question, ...] = ()


class KnowledgeAnswer(Part, frozen=True, kw_only=True):
    """An answer."""

    text: Words = Words()
    attachments: tuple[Attachment, ...] = ()


class _NestedQuestion(Question, frozen=True, kw_only=True):
    """The documentation's sample nests the other two inside the question; both are read."""

    similar_questions: SimilarQuestions = SimilarQuestions()
    answers: tuple[KnowledgeAnswer, ...] = ()


class Intent(Part, frozen=True, kw_only=True):
    """A question with its variants and its answer."""

    group_id: str = ""
    intent_id: str = ""
    question: _NestedQuestion = _NestedQuestion()
    similar_questions: SimilarQuestions = SimilarQuestions()
    answers: tuple[KnowledgeAnswer, ...] = ()

    def __post_init__(self) -> None:
        """Bring what came nested to where it belongs."""
        if not self.similar_questions.items:
            force_setattr(self, "similar_questions", self.question.similar_questions)
        if not self.answers:
            force_setattr(self, "answers", self.question.answers)


class Group(Part, frozen=True, kw_only=True):
    """A group of questions; the default one can be neither changed nor deleted."""

    group_id: str = ""
    name: str = ""
    is_default: int = 0


class GroupAdded(Answer, frozen=True, kw_only=True):
    """The new group's id."""

    group_id: str = ""


class IntentAdded(Answer, frozen=True, kw_only=True):
    """The new question's id."""

    intent_id: str = ""


class GroupList(Answer, frozen=True, kw_only=True):
    """One page of groups."""

    next_cursor: str = ""
    has_more: bool = False
    group_list: tuple[Group, ...] = ()


class IntentList(Answer, frozen=True, kw_only=True):
    """One page of questions."""

    next_cursor: str = ""
    has_more: bool = False
    intent_list: tuple[Intent, ...] = ()


def question_body(question: str | Question | Json) -> Any:
    """Give a question its wire form; a plain string is the question's text."""
    return {"text": {"content": question}} if isinstance(question, str) else _plain(question)


def similar_body(similar: Sequence[str] | SimilarQuestions | Json) -> Any:
    """Give variants their wire form; plain strings are their texts."""
    if isinstance(similar, SimilarQuestions | Mapping):
        return _plain(similar)
    return {"items": [question_body(item) for item in similar]}


def answers_body(answers: str | Sequence[str | KnowledgeAnswer | Json]) -> Any:
    """Give answers their wire form; a plain string is the text of the one answer."""
    listed = [answers] if isinstance(answers, str) else answers
    return [question_body(item) if isinstance(item, str) else _plain(item) for item in listed]


def _plain(value: object) -> Any:
    """Turn models into plain JSON, leaving out what is empty: the platform refuses empty objects."""
    return _without_empty(msgspec.to_builtins(value))


def _without_empty(value: Any) -> Any:
    if isinstance(value, Mapping):
        kept = {key: _without_empty(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, "", {}, [])}
    return [_without_empty(item) for item in value] if isinstance(value, list | tuple) else value
