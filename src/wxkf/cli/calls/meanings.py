"""What the platform's numbers mean where a table shows them, and which of them are moments in time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from wxkf.cli.texts import language

Meanings = Mapping[Any, tuple[str, str]]
_YES: Final[Meanings] = {0: ("no", "否"), 1: ("yes", "是")}
_FIELDS: Final[Mapping[str, Meanings]] = {
    "service_state": {
        0: ("new", "未处理"),
        1: ("with the API", "由智能助手接待"),
        2: ("in the queue", "待接入池排队中"),
        3: ("with a servicer", "由人工接待"),
        4: ("ended or not begun", "已结束/未开始"),
    },
    "gender": {0: ("unknown", "未知"), 1: ("male", "男"), 2: ("female", "女")},
    "origin": {3: ("customer", "客户"), 4: ("event", "系统事件"), 5: ("servicer", "接待人员")},
    "stop_type": {0: ("stopped", "停止接待"), 1: ("suspended", "暂时挂起")},
    "is_default": _YES,
    "has_more": _YES,
    "need_enter_session_context": _YES,
    "voice_format": {0: ("AMR", "AMR"), 1: ("Silk", "Silk")},
    "subject_type": {0: ("the corp", "企业"), 1: ("the provider", "服务商")},
}
_OF_ONE: Final[Mapping[tuple[str, str], Meanings]] = {
    ("kf/servicer/list", "status"): {0: ("serving", "接待中"), 1: ("stopped", "停止接待")},
    ("media/get_upload_by_url_result", "status"): {
        1: ("under way", "处理中"),
        2: ("done", "完成"),
        3: ("failed", "失败"),
    },
    ("kf/customer/upgrade_service", "type"): {1: ("member", "专员"), 2: ("group chat", "客户群")},
}
_MOMENTS: Final = ("_time", "_at")
_DIGITS: Final = 10  # from 2001 on; a shorter number is no moment of this platform


def meanings(path: str, field: str) -> Meanings:
    """Give what the values of a field mean; empty for a field that says it itself."""
    return _OF_ONE.get((path, field)) or _FIELDS.get(field, {})


def listed(path: str, field: str, tongue: int) -> str:
    """Say what each value of a field means, in a line; empty for a plain yes or no."""
    known = meanings(path, field)
    if not known or known is _YES:
        return ""
    return (", ", "，")[tongue].join(f"{value} {words[tongue]}" for value, words in known.items())


def meaning(path: str, field: str, value: Any) -> str:
    """Give what one value means, in the user's language; empty where there is nothing to say."""
    if isinstance(value, bool) or not isinstance(value, int):
        return ""
    found = meanings(path, field).get(value)
    return found[language() == "zh"] if found else ""


def moment(field: str, value: Any) -> str:
    """Give epoch seconds as local time; empty for what is none."""
    said = str(value)
    if not field.endswith(_MOMENTS) or isinstance(value, bool) or not (said.isdecimal() and len(said) == _DIGITS):
        return ""
    seconds = int(said)
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M:%S")
