"""An inbox that has seen something of everything, for the commands that look into it."""

import json
import time
from pathlib import Path
from typing import Any

from kit.inboxes import APP, KF, Inbox, enter, row, step
from wxkf.engine.values import Again, Dead, Done, Row, Step, StepState

WHEN = time.time() - 60  # the commands take the time from the machine
CODE = "one-time-code-not-to-be-shown"


def says(pos: int, words: str) -> Step:
    """Make a reply."""
    body = {"touser": "wm", "open_kfid": KF, "msgid": f"out{pos}", "msgtype": "text", "text": {"content": words}}
    return step(pos, StepState.PLANNED, body=json.dumps(body).encode())


def asks(msgid: str, customer: str, words: str) -> Row:
    """Make a customer's message."""
    raw: dict[str, Any] = {"msgid": msgid, "open_kfid": KF, "external_userid": customer, "origin": 3, "msgtype": "text"}
    return row(msgid, customer, raw={**raw, "send_time": int(WHEN), "text": {"content": words}})


async def handle(inbox: Inbox, *outcomes: tuple[Step, StepState, str]) -> None:
    """Handle the next message with these outcomes."""
    claim = await inbox.claim_one(WHEN)
    await inbox.store.finish(claim, [planned for planned, _, _ in outcomes])
    for planned, state, result in outcomes:
        await inbox.store.record(claim, planned.position, state, result)
    await inbox.settle(claim, Done(WHEN))


async def fill(path: Path) -> Inbox:
    """Make the inbox; its engine is at work until the store is closed."""
    inbox = Inbox(path)
    await inbox.store.open()
    greeting = enter("hi", "wmA", welcome_code=CODE)
    trans = {"open_kfid": KF, "external_userid": "wmA", "service_state": 3, "servicer_userid": "zhang"}
    moved = Step(1, "kf/service_state/trans", json.dumps(trans).encode(), StepState.PLANNED)
    for raw, outcomes in (
        (row("hi", "wmA", raw=greeting), [(says(0, "您好"), StepState.ACCEPTED, "o")]),
        (
            asks("human", "wmA", "转人工"),
            [(says(0, "稍等"), StepState.ACCEPTED, "o"), (moved, StepState.ACCEPTED, CODE)],
        ),
        (asks("doubt", "wmB", "换货"), [(says(0, "好的"), StepState.UNKNOWN, "not repeated")]),
        (asks("lost", "wmC", "发票"), [(says(0, "已开"), StepState.FAILED, "6")]),
        (asks("no", "wmD", "?"), [(says(0, "谢谢"), StepState.REFUSED, "95001")]),
    ):
        await inbox.receive(raw, now=WHEN)
        await handle(inbox, *outcomes)
    await inbox.receive(asks("dead", "wmE", "订单\x1b[31m呢"), now=WHEN)
    await inbox.settle(await inbox.claim_one(WHEN), Dead("ValueError: no such order", WHEN))
    await inbox.receive(asks("wait1", "wmF", "在吗"), asks("wait2", "wmF", "人呢"), now=WHEN)
    await inbox.settle(await inbox.claim_one(WHEN), Again(WHEN + 3_600, since=WHEN))
    assert APP == "ww1"
    return inbox
