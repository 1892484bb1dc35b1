"""The knowledge base (机器人知识库); for self-built apps only."""

from collections.abc import Mapping, Sequence
from typing import Any

from wxkf.api.knowledge_models import (
    Group,
    GroupAdded,
    GroupList,
    Intent,
    IntentAdded,
    IntentList,
    Json,
    KnowledgeAnswer,
    Question,
    SimilarQuestions,
    answers_body,
    question_body,
    similar_body,
)
from wxkf.api.resource import Emit, M, Pages, Resource, endpoint, moved, paged
from wxkf.messages.answer import Answer
from wxkf.protocol.call import Call, post
from wxkf.protocol.limits import Between, Bytes, Chars, Items, Limit, OneOf

_NAME: Mapping[str, Limit] = {"name": Chars(12, least=1)}
_PAGE: Mapping[str, Limit] = {"limit": Between(0, 1000)}
_INTENT: Mapping[str, Limit] = {
    "question.text.content": Chars(200, least=1),
    "similar_questions.items": Items(100),
    "similar_questions.items[].text.content": Chars(200, least=1),
    "answers": Items(1, least=1),
    "answers[].text.content": Chars(500),
    "answers[].attachments": Items(4),
    "answers[].attachments[].msgtype": OneOf(("image", "video", "link", "miniprogram")),
    "answers[].attachments[].miniprogram.title": Bytes(64),
}

Answers = str | Sequence[str | KnowledgeAnswer | Json]


class KnowledgeResource(Resource[M]):
    """`kf/knowledge/...`."""

    @endpoint
    def add_group(self, *, name: str) -> Call[GroupAdded]:
        """Add a group (添加分组): up to 100, each name unique and up to 12 characters. Never repeated. Page 95971."""
        return post("kf/knowledge/add_group", GroupAdded, repeat="never", fields={"name": name}, limits=_NAME)

    @endpoint
    def del_group(self, *, group_id: str) -> Call[Answer]:
        """Delete a group (删除分组); not the default one. Never repeated. Page 95971."""
        return post("kf/knowledge/del_group", Answer, repeat="never", fields={"group_id": group_id})

    @endpoint
    def mod_group(self, *, group_id: str, name: str) -> Call[Answer]:
        """Rename a group (修改分组); not the default one. `name` up to 12 characters. Page 95971."""
        fields = {"group_id": group_id, "name": name}
        return post("kf/knowledge/mod_group", Answer, repeat="safe", fields=fields, limits=_NAME)

    @endpoint
    def list_group(
        self, *, cursor: str | None = None, limit: int | None = None, group_id: str | None = None
    ) -> Call[GroupList]:
        """List groups (获取分组列表), 500 a page by default, 1000 at most. A bad cursor is 50100. Page 95971."""
        return _groups(cursor, limit, group_id)

    @paged
    def iter_group(self) -> Pages[Group]:
        """Go through all groups, page by page."""
        cursor: str | None = None
        while True:
            page = yield _groups(cursor, 1000, None)
            yield Emit(page.group_list)
            if not page.has_more:
                return
            cursor = moved("kf/knowledge/list_group", cursor, page.next_cursor)

    @endpoint
    def add_intent(
        self,
        *,
        group_id: str,
        question: str | Question | Json,
        answers: Answers,
        similar_questions: Sequence[str] | SimilarQuestions | Json | None = None,
    ) -> Call[IntentAdded]:
        """Add a question with its answer (添加问答): 200 a group, each question unique over all groups (511020).

        Question and variants up to 200 characters, 100 variants, one answer up to 500 characters with up to 4
        attachments. Strings will do for all three. Never repeated. Page 95972.
        """
        fields = {"group_id": group_id, **_intent(question, similar_questions, answers)}
        return post("kf/knowledge/add_intent", IntentAdded, repeat="never", fields=fields, limits=_INTENT)

    @endpoint
    def del_intent(self, *, intent_id: str) -> Call[Answer]:
        """Delete a question (删除问答). Never repeated. Page 95972."""
        return post("kf/knowledge/del_intent", Answer, repeat="never", fields={"intent_id": intent_id})

    @endpoint
    def mod_intent(
        self,
        *,
        intent_id: str,
        question: str | Question | Json | None = None,
        similar_questions: Sequence[str] | SimilarQuestions | Json | None = None,
        answers: Answers | None = None,
    ) -> Call[Answer]:
        """Replace parts of a question (修改问答); each part given is overwritten whole.

        Limits as for `add_intent`. Page 95972.
        """
        fields = {"intent_id": intent_id, **_intent(question, similar_questions, answers)}
        return post("kf/knowledge/mod_intent", Answer, repeat="safe", fields=fields, limits=_INTENT)

    @endpoint
    def list_intent(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        group_id: str | None = None,
        intent_id: str | None = None,
    ) -> Call[IntentList]:
        """List questions (获取问答列表), 500 a page by default, 1000 at most. A bad cursor is 50100. Page 95972."""
        return _intents(cursor, limit, group_id, intent_id)

    @paged
    def iter_intent(self, *, group_id: str | None = None) -> Pages[Intent]:
        """Go through all questions, or those of one group, page by page."""
        cursor: str | None = None
        while True:
            page = yield _intents(cursor, 1000, group_id, None)
            yield Emit(page.intent_list)
            if not page.has_more:
                return
            cursor = moved("kf/knowledge/list_intent", cursor, page.next_cursor)


def _groups(cursor: str | None, limit: int | None, group_id: str | None) -> Call[GroupList]:
    fields = {"cursor": cursor, "limit": limit, "group_id": group_id}
    return post("kf/knowledge/list_group", GroupList, repeat="safe", fields=fields, limits=_PAGE)


def _intents(cursor: str | None, limit: int | None, group_id: str | None, intent_id: str | None) -> Call[IntentList]:
    fields = {"cursor": cursor, "limit": limit, "group_id": group_id, "intent_id": intent_id}
    return post("kf/knowledge/list_intent", IntentList, repeat="safe", fields=fields, limits=_PAGE)


def _intent(
    question: str | Question | Json | None,
    similar: Sequence[str] | SimilarQuestions | Json | None,
    answers: Answers | None,
) -> dict[str, Any]:
    return {
        "question": None if question is None else question_body(question),
        "similar_questions": None if similar is None else similar_body(similar),
        "answers": None if answers is None else answers_body(answers),
    }
