"""The diagrams and tables of docs/simulator-states.md, from the tables that the simulator itself goes by.

A row that the simulator gains and these words lack is a `KeyError` here, so that the page cannot fall behind.
"""
# ruff: noqa: INP001 - beside a script, no package

from collections.abc import Iterable, Iterator
from typing import Final

from wxkf.errors.codes import fail_types
from wxkf.sim import Settings
from wxkf.sim.actions.staff import CHANGES
from wxkf.sim.arrival import CAUSES
from wxkf.sim.codes import RIGHTS
from wxkf.sim.faults import FAIL_TYPES
from wxkf.sim.sessions import MOVES, Cause
from wxkf.sim.settings import INFERRED_TRANSITIONS
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


def _state(state: int | None) -> str:
    return "–" if state is None else str(state)


def _diagram(arrows: Iterable[Arrow], tongue: int) -> str:
    lines = [f'    state "{state} {words[tongue]}" as s{state}' for state, words in STATES.items()]
    lines += [f"    {start} --> {end}" + (f": {label}" if label else "") for start, end, label in arrows]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])
