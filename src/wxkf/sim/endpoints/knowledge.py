"""The assistant's knowledge base (platform.md 13): groups and intents, four calls each.

Which codes most refusals have is not published: but for 511020 and 50100 they are `Settings.bad_knowledge`. That a
group takes its intents along when it is deleted, and that only main questions must differ, is inference.
"""

from typing import TypeVar

from wxkf.sim.cursor import seal, unseal
from wxkf.sim.endpoints.table import Call, endpoint
from wxkf.sim.endpoints.teaching import chars, read_answers, read_question, read_similar
from wxkf.sim.knowledge import DEFAULT_GROUP, Group, Intent, Knowledge
from wxkf.sim.refusal import Refusal
from wxkf.sim.settings import KNOWLEDGE_PAGE, PAGE_MAX
from wxkf.sim.values import Json

_GROUPS, _INTENTS_A_GROUP = 100, 200
_NAME_MAX = 12  # characters
_ID_MAX = 64
Row = TypeVar("Row", Group, Intent)


@endpoint("POST", "kf/knowledge/add_group")
def add_group(call: Call) -> Json:
    """Make a group under a name that is free."""
    base, name = _base(call), _name(call)
    if len(base.groups) >= _GROUPS:
        raise _refusal(call, f"more than {_GROUPS} groups")
    group = Group(base.number(), call.world.ids.word(32, "kg"), name)
    base.groups[group.group_id] = group
    return {"group_id": group.group_id}


@endpoint("POST", "kf/knowledge/del_group")
def del_group(call: Call) -> Json:
    """Delete a group and what is in it; the default group stays."""
    base, group = _base(call), _own_group(call)
    for intent in _intents_in(base, group.group_id):
        del base.intents[intent.intent_id]
    del base.groups[group.group_id]
    return {}


@endpoint("POST", "kf/knowledge/mod_group")
def mod_group(call: Call) -> Json:
    """Rename a group; the default group keeps its name."""
    group = _own_group(call)
    group.name = _name(call, group)
    return {}


@endpoint("POST", "kf/knowledge/list_group")
def list_group(call: Call) -> Json:
    """List groups, at most 1,000 a page."""
    base = _base(call)
    groups = [_group(call)] if call.fields.text("group_id") else list(base.groups.values())
    rows, rest = _page(call, groups)
    shown = [{"group_id": one.group_id, "name": one.name, "is_default": int(one.is_default)} for one in rows]
    return {**rest, "group_list": shown}


@endpoint("POST", "kf/knowledge/add_intent")
def add_intent(call: Call) -> Json:
    """Teach a question that no group has yet, with its one answer."""
    base, group = _base(call), _group(call)
    question, similar, answers = _question(call), read_similar(call), read_answers(call)
    if len(_intents_in(base, group.group_id)) >= _INTENTS_A_GROUP:
        raise _refusal(call, f"more than {_INTENTS_A_GROUP} intents in the group")
    intent = Intent(base.number(), call.world.ids.word(32, "ki"), group.group_id, question, similar, answers)
    base.intents[intent.intent_id] = intent
    return {"intent_id": intent.intent_id}


@endpoint("POST", "kf/knowledge/del_intent")
def del_intent(call: Call) -> Json:
    """Forget a question."""
    del _base(call).intents[_intent(call).intent_id]
    return {}


@endpoint("POST", "kf/knowledge/mod_intent")
def mod_intent(call: Call) -> Json:
    """Overwrite each part that is given as a whole, once all of them are found right."""
    intent, given = _intent(call), call.fields.values
    question = intent.question if given.get("question") is None else _question(call, intent)
    similar = intent.similar if given.get("similar_questions") is None else read_similar(call)
    answers = intent.answers if given.get("answers") is None else read_answers(call)
    intent.question, intent.similar, intent.answers = question, similar, answers
    return {}


@endpoint("POST", "kf/knowledge/list_intent")
def list_intent(call: Call) -> Json:
    """List intents, of one group or all, at most 1,000 a page."""
    base = _base(call)
    intents = [_intent(call)] if call.fields.text("intent_id") else list(base.intents.values())
    if call.fields.text("group_id"):
        group_id = _group(call).group_id
        intents = [one for one in intents if one.group_id == group_id]
    rows, rest = _page(call, intents)
    return {**rest, "intent_list": [_shown(one) for one in rows]}


def _base(call: Call) -> Knowledge:
    base = call.corp.knowledge
    if not base.groups:
        group = Group(base.number(), call.world.ids.word(32, "kg"), DEFAULT_GROUP, is_default=True)
        base.groups[group.group_id] = group
    return base


def _refusal(call: Call, about: str) -> Refusal:
    return Refusal(call.world.settings.bad_knowledge, about)


def _group(call: Call) -> Group:
    group = _base(call).groups.get(call.fields.text("group_id", required=True, limit=_ID_MAX))
    if group is None:
        raise _refusal(call, "no such group_id")
    return group


def _own_group(call: Call) -> Group:
    group = _group(call)
    if group.is_default:
        raise _refusal(call, "the default group stays as it is")
    return group


def _intent(call: Call) -> Intent:
    intent = _base(call).intents.get(call.fields.text("intent_id", required=True, limit=_ID_MAX))
    if intent is None:
        raise _refusal(call, "no such intent_id")
    return intent


def _intents_in(base: Knowledge, group_id: str) -> list[Intent]:
    return [one for one in base.intents.values() if one.group_id == group_id]


def _name(call: Call, group: Group | None = None) -> str:
    name = chars(call.fields, "name", _NAME_MAX)
    if any(one.name == name for one in _base(call).groups.values() if one is not group):
        raise _refusal(call, "the name is taken")
    return name


def _question(call: Call, intent: Intent | None = None) -> str:
    question = read_question(call)
    if any(one.question == question for one in _base(call).intents.values() if one is not intent):
        raise Refusal(511020)
    return question


def _page(call: Call, rows: list[Row]) -> tuple[list[Row], Json]:
    """Cut a page behind the cursor; a cursor is good for its own corp and call alone."""
    limit = call.fields.number("limit", KNOWLEDGE_PAGE, 1, PAGE_MAX)
    cursor, salt = call.fields.text("cursor"), f"{call.corp.corp_id} {call.request.path}"
    behind = unseal(salt, cursor) if cursor else 0
    if behind is None:
        raise Refusal(50100)
    left = [row for row in rows if row.number > behind]
    more = len(left) > limit
    page = left[:limit]
    return page, {"next_cursor": seal(salt, page[-1].number) if more else "", "has_more": int(more)}


def _shown(intent: Intent) -> Json:
    return {
        "group_id": intent.group_id,
        "intent_id": intent.intent_id,
        "question": {"text": {"content": intent.question}},
        "similar_questions": {"items": [{"text": {"content": one}} for one in intent.similar]},
        "answers": intent.answers,
    }
