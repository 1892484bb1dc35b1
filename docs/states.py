"""The diagrams and tables of docs/simulator-states.md, from the tables that the simulator itself goes by.

A row that the simulator gains and these words lack is a `KeyError` here, so that the page cannot fall behind.
"""
# ruff: noqa: INP001 - beside a script, no package

from collections.abc import Iterable, Iterator
from typing import Final

from wxkf.errors.codes import fail_types
from wxkf.sim import Settings
from wxkf.sim.actions.staff import CHANGES
from wxkf.sim.codes import RIGHTS
from wxkf.sim.delivery import CAUSES, FAIL_TYPES
from wxkf.sim.sessions import MOVES, Cause
from wxkf.sim.settings import INFERRED_TRANSITIONS, TRANSITIONS
from wxkf.sim.stream import EMITTERS
from wxkf.sim.world import Scene

Words = tuple[str, str]  # English, Chinese
Arrow = tuple[str, str, str]

STATES: Final[dict[int, Words]] = {
    0: ("new", "未处理"),
    1: ("with the assistant", "智能助手接待"),
    2: ("queued", "待接入池排队"),
    3: ("with a person", "人工接待"),
    4: ("ended or not begun", "已结束或未开始"),
}
WHO: Final[dict[Cause, Words]] = {
    "customer_wrote": ("customer writes", "客户发消息"),
    "account_sent": ("send_msg", "send_msg"),
    "lapsed": ("48 h of silence", "48 小时无咨询"),
    "staff_accepted": ("servicer accepts", "接待人员接入"),
    "staff_transferred": ("servicer hands over", "接待人员转接"),
    "staff_ended": ("servicer ends", "接待人员结束"),
    "staff_spoke": ("servicer writes", "接待人员发消息"),
}
SCENES: Final[dict[Scene, tuple[Words, str]]] = {
    "welcome": (("entered", "进入会话"), "`enter_session.welcome_code`"),
    "queued": (("queued", "进入待接入池"), "`trans` → 2"),
    "accepted": (("a person has it", "人工接入"), "`trans` → 3, change_type 1"),
    "ended": (("ended", "会话结束"), "`trans` → 4, change_type 3"),
}
PLATFORM: Final[Words] = ("the platform, when a send fails", "平台：发送失败时")
FAULT: Final[Words] = ("a fault", "故障设置")
FAILS_WHEN: Final[dict[int, Words]] = {
    10: ("the customer has rejected the account: `customers/reject`", "客户已拒收：`customers/reject`"),
    11: ("the corp has members, and none is active", "企业有成员但无一激活"),
}
SETTINGS: Final[dict[str, Words]] = {
    "transitions": ("what `trans` may do", "`trans` 允许的变更"),
    "session_seconds": ("seconds without a consultation that end a session", "无咨询多少秒后会话自动结束"),
    "code_costs_a_send": ("whether a send by code is one of the five", "凭 code 发送是否计入五条"),
    "one_reply_code": (
        "one reply code a session, not one for 2 and one for 3",
        "每个会话只给一个回复语 code，而非 2、3 各一个",
    ),
    "missing_servicer": ("`trans` into 3 without servicer_userid", "`trans` 到 3 时缺 servicer_userid"),
    "ended_session": ("sending into an ended session", "向已结束的会话发送"),
    "never_consulted": ("sending to who never wrote", "向从未咨询的客户发送"),
    "bad_code": ("a bad, used or expired code", "code 错误、已用或过期"),
    "missing_code": ("no code", "缺 code"),
    "code_out_of_state": ("the session has left the state of the code", "会话已离开取得 code 时的状态"),
    "code_wrong_type": ("a message type that the code does not allow", "code 不允许的消息类型"),
    "menu_items_on_event": ("menu items with a code", "凭 code 发送的菜单项数"),
    "own_words_needed": ("modes in which menu taps open no window", "点击菜单不开启发送窗口的模式"),
    "unverified_capacity": ("customers of a corp that is not verified", "未认证企业可接待的客户数"),
    "recall_in": ("modes that have recall_msg", "可用 recall_msg 的模式"),
    "phone_recall_seconds": ("seconds to take back in the client", "客户端可撤回的秒数"),
    "rejected_messages_arrive": ("whether rejected customers are heard", "被拒收客户的消息是否仍送达"),
}


def state_rows(tongue: int) -> Iterator[tuple[str, ...]]:
    """Give one row a state."""
    for state, words in STATES.items():
        yield str(state), words[tongue]


def api_diagram(tongue: int) -> str:
    """Draw what service_state/trans may do; "?" marks inference."""
    pairs = Settings().transitions
    return _diagram(
        ((f"s{a}", f"s{b}", "trans ?" if (a, b) in INFERRED_TRANSITIONS else "trans") for a, b in pairs), tongue
    )


def cause_diagram(tongue: int) -> str:
    """Draw what happens by itself or by people; causes that lead the same way share an arrow."""
    found: dict[tuple[str, str], list[str]] = {("[*]", "s4"): []}
    for (cause, state), after in MOVES.items():
        found.setdefault((f"s{state}", f"s{after}"), []).append(WHO[cause][tongue])
    return _diagram(((a, b, ", ".join(labels)) for (a, b), labels in found.items()), tongue)


def matrix_rows() -> Iterator[tuple[str, ...]]:
    """Give one row a state that trans leads from."""
    allowed = Settings().transitions
    for start in STATES:
        cells = [
            "?"
            if (start, end) in INFERRED_TRANSITIONS
            else "✓"
            if (start, end) in allowed
            else "95013"
            if start == 4
            else "95016"
            for end in STATES
        ]
        yield f"**{start}**", *cells


def change_rows(tongue: int) -> Iterator[tuple[str, ...]]:
    """Give one row a change_type of session_status_change."""
    for cause, row in CHANGES.items():
        starts = [state for one, state in MOVES if one == cause]
        ways = ", ".join(f"{state} → {MOVES[cause, state]}" for state in starts)
        names = {"old_servicer_userid": row.old, "new_servicer_userid": row.new, "msg_code": row.code}
        yield (
            str(row.change_type),
            WHO[cause][tongue],
            ways,
            " ".join(f"`{name}`" for name, there in names.items() if there),
        )


def event_rows(tongue: int) -> Iterator[tuple[str, ...]]:
    """Give one row an event."""
    for event, actions in EMITTERS.items():
        yield f"`{event}`", ", ".join(f"`{action}`" for action in actions) or PLATFORM[tongue]


def code_rows(tongue: int) -> Iterator[tuple[str, ...]]:
    """Give one row a scene of send_msg_on_event."""
    for scene, right in RIGHTS.items():
        words, source = SCENES[scene]
        life = f"{right.life // 3600} h" if right.life >= 3600 else f"{right.life} s"
        yield words[tongue], source, life, ", ".join(sorted(right.msgtypes, reverse=True)), _state(right.state)


def fail_rows(tongue: int) -> Iterator[tuple[str, ...]]:
    """Give one row a fail_type."""
    real = {number for _, number in CAUSES}
    known = fail_types()
    for number in FAIL_TYPES:
        meaning = known[number].meaning[tongue] if number in known else FAIL_TYPES[number]
        yield str(number), meaning, FAILS_WHEN[number][tongue] if number in real else FAULT[tongue]


def setting_rows(tongue: int) -> Iterator[tuple[str, ...]]:
    """Give one row a setting that bends these rules."""
    for name, words in SETTINGS.items():
        default = _default(getattr(Settings(), name))
        yield f"`{name}`", words[tongue], default


def _default(value: object) -> str:
    return "✓ ?" if value == TRANSITIONS else f"`{value}`"


def _state(state: int | None) -> str:
    return "–" if state is None else str(state)


def _diagram(arrows: Iterable[Arrow], tongue: int) -> str:
    lines = [f'    state "{state} {words[tongue]}" as s{state}' for state, words in STATES.items()]
    lines += [f"    {start} --> {end}" + (f": {label}" if label else "") for start, end, label in arrows]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])
