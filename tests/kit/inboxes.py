"""Rows and claims as the engine's tests need them, and a store to put them into."""

import json
import sqlite3
from pathlib import Path
from typing import Any

from wxkf.engine.sqlite import SqliteStore
from wxkf.engine.values import Account, Claim, Row, Step, StepState, Verdict
from wxkf.errors import LostClaim

NOW = 1_780_300_800.0
APP, KF = "ww1", "wk1"


def item(msgid: str, customer: str = "wmA", text: str = "你好", **changed: Any) -> dict[str, Any]:
    """Make a text message as it stands in `msg_list`."""
    common = {"msgid": msgid, "open_kfid": KF, "external_userid": customer, "send_time": int(NOW), "origin": 3}
    return {**common, "msgtype": "text", "text": {"content": text}, **changed}


def enter(msgid: str, customer: str = "wmA", **event: Any) -> dict[str, Any]:
    """Make an enter_session event as it stands in `msg_list`: the ids are inside the event only."""
    about = {"event_type": "enter_session", "open_kfid": KF, "external_userid": customer, "scene": "", **event}
    return {"msgid": msgid, "send_time": int(NOW), "origin": 4, "msgtype": "event", "event": about}


def row(msgid: str, customer: str = "wmA", *, history: bool = False, raw: dict[str, Any] | None = None) -> Row:
    """Make the row of a text message, or of the item given."""
    raw = raw or item(msgid, customer, msgid)
    return Row(msgid, customer, int(NOW), int(raw["origin"]), json.dumps(raw).encode(), history)


def claim_of(raw: dict[str, Any], *, attempt: int = 1, app: str = APP, open_kfid: str = KF) -> Claim:
    """Make a claim that no store has given out."""
    customer = raw.get("external_userid") or raw["event"]["external_userid"]
    return Claim(1, 1, app, open_kfid, customer, 1, raw["msgid"], json.dumps(raw).encode(), attempt, False)


def step(position: int, state: StepState = StepState.SENDING, *, body: bytes = b"{}") -> Step:
    """Make a step of `send_msg`."""
    return Step(position, "kf/send_msg", body, state)


class Inbox:
    """A store with one account whose cursor moves on with each page."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.store = SqliteStore(path)
        self._pages = 0

    async def account(self) -> Account:
        """Read the account as it stands."""
        return await self.store.account(APP, KF, 0.0)

    async def receive(self, *rows: Row, now: float = NOW) -> int:
        """Commit a page."""
        self._pages += 1
        return await self.store.commit_page(await self.account(), f"cursor-{self._pages}", rows, now)

    async def claim(self, limit: int = 10, now: float = NOW) -> list[Claim]:
        """Claim what is ready."""
        return await self.store.claim(APP, limit, now)

    async def claim_one(self, now: float = NOW) -> Claim:
        """Claim the one message that is ready."""
        (claim,) = await self.claim(now=now)
        return claim

    async def settle(self, claim: Claim, verdict: Verdict) -> None:
        """Give a conversation back. Raises `LostClaim`."""
        for lost in await self.store.settle([(claim, verdict)]):
            raise LostClaim(lost.msgid)

    async def steps(self, msgid: str) -> list[tuple[int, StepState, str]]:
        """Tell position, state and result of each step of a message."""
        trace = await self.store.trace(msgid)
        assert trace is not None
        return [(step.position, step.state, step.result) for step in trace.steps]

    def sabotage(self, verb: str, *, when: str = "1", do: str = "ABORT, 'disk full'") -> None:
        """Make writes of a kind fail inside the database, e.g. `INSERT ON message`, from now on."""
        with sqlite3.connect(self.path) as db:
            db.execute(f"CREATE TRIGGER sabotage BEFORE {verb} WHEN {when} BEGIN SELECT RAISE({do}); END")
        db.close()

    def repair(self) -> None:
        """End the sabotage."""
        with sqlite3.connect(self.path) as db:
            db.execute("DROP TRIGGER sabotage")
        db.close()


def msgids(claims: list[Claim]) -> list[str]:
    """List whose turn it is."""
    return [claim.msgid for claim in claims]
