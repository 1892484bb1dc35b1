"""What the platform knows of a run, and what must be true of the inbox at its end.

The simulator sees both sides: each row of its log, each send it judged, each word on a phone. What is missing must
have a reason that it has noted itself; what the inbox says of a send must be what happened to it.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import msgspec

from proof.script import HELLO, LATER, SCRIPTS, wish
from proof.town import Town
from wxkf.engine.sqlite.looks import listed
from wxkf.engine.values import Step, StepState
from wxkf.engine.views import Filed
from wxkf.sim.cursor import unseal
from wxkf.sim.settings import LOG_LIFE, SENDS_PER_MESSAGE

Json = dict[str, Any]
Chat = tuple[str, str]
REASONS = frozenset({95001, 95002, 95013, 95016, 95018, 95031, 41050})
"""Quota, window, session and used-up codes: why the platform may refuse a send for good. 45009 and the like are not."""
_SENDS = ("kf/send_msg", "kf/send_msg_on_event")


@dataclass
class Landed:
    """One row of the platform's log; `forgotten` before anybody had read it."""

    place: int
    open_kfid: str
    at: float
    item: Json
    judged: bool = False
    forgotten: bool = False

    @property
    def chat(self) -> Chat:
        """Whose it is."""
        return self.open_kfid, self.item.get("external_userid") or self.item.get("event", {}).get("external_userid", "")

    batched: bool = False

    @property
    def asked(self) -> str:
        """How this text of a customer wants to be answered, "" for anything else."""
        is_text = self.item["origin"] == 3 and self.item["msgtype"] == "text"
        return wish(self.item["text"]["content"], batched=self.batched) if is_text else ""


class Oracle:
    """Watches a town from its first day."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self.log: dict[str, Landed] = {}
        self.judged: dict[str, list[int]] = defaultdict(list)  # msgid of a send: how it was answered, time by time
        self.most: Counter[Chat] = Counter()  # sends accepted since the customer last wrote
        self.over: list[Chat] = []
        world = town.sim.platform.world
        world.news.append(self._land)
        town.sim.platform.before_answer.append(self._judge)
        world.clock.on_move(self._forget)

    # ── while it lives ──────────────────────────────────────────────────────────────────────────────────────────

    def _land(self, open_kfid: str) -> None:
        log = self._town.sim.platform.world.accounts[open_kfid].log
        row = log.rows[-1]
        landed = Landed(log.end - 1, open_kfid, row.at, row.item, batched=self._town.notes.batched)
        self.log[row.item["msgid"]] = landed
        if row.item["origin"] == 3:
            self.most[landed.chat] = 0

    def _judge(self, path: str, body: Json, outcome: Json) -> None:
        if path in _SENDS:
            self.judged[body.get("msgid", "")].append(outcome.get("errcode", 0))
        if path == _SENDS[0] and not outcome.get("errcode"):
            chat = body["open_kfid"], body["touser"]
            self.most[chat] += 1
            if self.most[chat] > SENDS_PER_MESSAGE:
                self.over.append(chat)

    def _forget(self) -> None:
        """See what the platform forgets now although the inbox has not read so far: that is lost to everyone."""
        now = self._town.sim.clock.now()
        old = [one for one in self.log.values() if not one.judged and now - one.at > LOG_LIFE]
        read = self._read() if old else {}
        for one in old:
            one.judged, one.forgotten = True, one.place >= read.get(one.open_kfid, 0)

    def _read(self) -> dict[str, int]:
        """Tell how far each account was read, by the inbox's own cursor."""
        if not self._town.path.exists():
            return {}
        with closing(sqlite3.connect(self._town.path)) as db:
            found = db.execute("SELECT open_kfid, cursor FROM account").fetchall()
        salts = {name: one.log.salt for name, one in self._town.sim.platform.world.accounts.items()}
        return {name: unseal(salts[name], cursor) or 0 if cursor else 0 for name, cursor in found}

    # ── at the end ──────────────────────────────────────────────────────────────────────────────────────────────

    def wrongs(self) -> list[str]:
        """List what is not as it must be."""
        with closing(sqlite3.connect(self._town.path)) as db:
            filed = listed(db, "all", limit=1_000_000)[::-1]
            timers = db.execute("SELECT count(*) FROM timer").fetchone()[0]
        found = [*self._stored(filed), *self._handled(filed), *self._ordered(filed), *self._heard(filed)]
        found += [f"quota: more than five sends to {chat}" for chat in self.over]
        return found + ["handled: a timer has not come"] * bool(timers)

    def unknown(self) -> int:
        """Count the sends of which the inbox says that nobody knows."""
        with closing(sqlite3.connect(self._town.path)) as db:
            return int(db.execute("SELECT count(*) FROM step WHERE state = 'unknown'").fetchone()[0])

    def _stored(self, filed: list[Filed]) -> Iterator[str]:
        """Everything the platform's log gave out is there, once."""
        counts = Counter(one.msgid for one in filed)
        for msgid, landed in self.log.items():
            if not counts[msgid] and not landed.forgotten:
                yield f"stored: {landed.asked or landed.item} is not in the inbox"
        yield from (f"stored: {msgid} is there {count} times" for msgid, count in counts.items() if count > 1)

    def _handled(self, filed: list[Filed]) -> Iterator[str]:
        """The handler has seen everything through once, but for what it failed at; nothing is left over."""
        notes = self._town.notes
        yield from (f"once: {msgid} was begun after its end" for msgid in notes.again)
        yield from (f"order: {msgid} was begun before the one before it had ended" for msgid in notes.at_once)
        for one in filed:
            asked = self.log[one.msgid].asked if one.msgid in self.log else LATER
            if one.claimed or not one.handled:
                yield f"handled: {asked} {one.msgid} is left {'claimed' if one.claimed else 'waiting'}"
            if bool(one.dead) != (asked == "fails"):
                yield f"dead: {asked!r} {one.msgid}: {one.dead or 'is not on the dead list'}"
            if one.msgid in self.log and one.msgid not in notes.begun:
                yield f"handled: the handler never saw {asked} {one.msgid}"

    def _ordered(self, filed: list[Filed]) -> Iterator[str]:
        """A conversation is stored, handled and answered in the order of the log; greetings wait for nobody.

        A batch is run again from its first message, and says what it returns behind all that it has sent.
        """
        batched = self._town.notes.batched
        chats: dict[Chat, list[int]] = defaultdict(list)
        begun = [*dict.fromkeys(self._town.notes.begun)] if batched else self._town.notes.begun
        for source in ([one.msgid for one in filed], begun):
            chats.clear()
            for landed in [self.log[msgid] for msgid in source if msgid in self.log]:
                if not landed.item.get("event", {}).get("welcome_code"):
                    chats[landed.chat].append(landed.place)
            yield from (f"order: {chat} goes {found}" for chat, found in chats.items() if found != sorted(found))
        for chat in [(account, person) for account in self._town.accounts for person in self._town.people]:
            words = [word for word in self._phone(chat) if not word.endswith((LATER, HELLO))]
            if not batched and words != sorted(words, key=lambda word: (self.log[word[:32]].place, word)):
                yield f"order: {chat} heard {words}"

    def _phone(self, chat: Chat) -> list[str]:
        bubbles = self._town.sim.platform.phone(*chat)
        return [one.body["content"] for one in bubbles if one.who == "account"]

    def _heard(self, filed: list[Filed]) -> Iterator[str]:
        """Each word is on a phone once, or there is a reason; and the journal of effects says so."""
        phones = Counter(
            word for account in self._town.accounts for person in self._town.people
            for word in self._phone((account, person))
        )  # fmt: skip
        yield from (f"twice: {word} was heard {count} times" for word, count in phones.items() if count > 1)
        steps = {_word(step): (one, step) for one in filed for step in one.steps if step.path in _SENDS}
        for word in phones.keys() - steps.keys():
            yield f"journal: {word} was heard and stands in no row"
        for word, (one, step) in steps.items():
            yield from self._explained(word, one, step, heard=bool(phones[word]))
        for one in filed:
            for part in SCRIPTS.get(self.log[one.msgid].asked, ()) if one.msgid in self.log else ():
                if f"{one.msgid}.{part}" not in steps:
                    yield f"answered: {one.msgid}.{part} was never planned"

    def _explained(self, word: str, one: Filed, step: Step, *, heard: bool) -> Iterator[str]:
        msgid = _msgid(step)
        answers = self.judged[msgid]
        told = {"heard": heard, "answers": answers, "result": step.result}
        refused = bool(REASONS & set(answers))
        failed = any(row.item.get("event", {}).get("fail_msgid") == msgid for row in self.log.values())
        fine = {
            StepState.ACCEPTED: heard or failed or (refused and 95033 in answers),
            StepState.FAILED: failed and not heard,
            StepState.REFUSED: not heard and (refused or self._cut_short(one, step)),
            StepState.UNKNOWN: True,
        }.get(step.state, False)
        if not fine:
            yield f"answered: {word} is {step.state}, {told}"

    def _cut_short(self, one: Filed, step: Step) -> bool:
        """Whether an answer before this one was refused, after which no more is said."""
        earlier = [code for it in one.steps if it.position < step.position for code in self.judged[_msgid(it)]]
        return step.result in map(str, REASONS.intersection(earlier))


def _word(step: Step) -> str:
    return str(msgspec.json.decode(step.body)["text"]["content"])


def _msgid(step: Step) -> str:
    return str(msgspec.json.decode(step.body).get("msgid", ""))
