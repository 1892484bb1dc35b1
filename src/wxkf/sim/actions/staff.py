"""What servicers (接待人员) do in the WeCom client; only this emits the events of servicers and sessions (6.4).

What a session allows is the table of `sessions.MOVES`; each change of it is one row of `CHANGES`.
"""

from dataclasses import dataclass

from wxkf.sim.actions.action import Actions, action
from wxkf.sim.actions.people import both, readable, take_back
from wxkf.sim.codes import SCENES, give_code
from wxkf.sim.sessions import Cause, Conversation
from wxkf.sim.stream import land_event, land_message
from wxkf.sim.values import Json
from wxkf.sim.world import Account, Servicer


@dataclass(frozen=True, slots=True)
class Change:
    """One change_type of session_status_change: whom it names, whether it may bring a code; and where it cannot be."""

    change_type: int
    old: bool
    new: bool
    code: bool
    else_: str


CHANGES: dict[Cause, Change] = {
    "staff_accepted": Change(1, old=False, new=True, code=True, else_="only a queued session can be accepted"),
    "staff_transferred": Change(2, old=True, new=True, code=False, else_="only a session with a person goes over"),
    "staff_ended": Change(3, old=True, new=False, code=True, else_="only a session with a person can be ended"),
    "staff_spoke": Change(4, old=True, new=True, code=False, else_="the session is with no person: accept it first"),
}


class Staff(Actions):
    """The colleagues in WeCom."""

    group = "staff"

    @action()
    def accept(self, open_kfid: str, external_userid: str, servicer_userid: str) -> None:
        """Take a customer out of the pool (2 to 3); the event brings a code for a reply."""
        account, conversation = self._chat(open_kfid, external_userid)
        _serving(account, servicer_userid)
        self._change("staff_accepted", account, conversation, servicer_userid)

    @action()
    def transfer(self, open_kfid: str, external_userid: str, servicer_userid: str) -> None:
        """Hand a customer over to another servicer (3 to 3)."""
        account, conversation = self._chat(open_kfid, external_userid)
        _serving(account, servicer_userid)
        if conversation.servicer(self._world.now()) == servicer_userid:
            raise ValueError("this servicer has the customer already")
        self._change("staff_transferred", account, conversation, servicer_userid)

    @action()
    def end(self, open_kfid: str, external_userid: str) -> None:
        """End a session (3 to 4); the event brings a code for a goodbye."""
        account, conversation = self._chat(open_kfid, external_userid)
        self._change("staff_ended", account, conversation, "")

    @action("msgid")
    def say(self, open_kfid: str, external_userid: str, servicer_userid: str, text: str) -> str:
        """Write to a customer as a servicer. Returns the msgid.

        In a session that has ended, or that was handed over, this takes the customer back (change_type 4).
        """
        account, conversation = self._chat(open_kfid, external_userid)
        text = readable(text)
        if not text:
            raise ValueError("an empty text cannot be sent")
        if servicer_userid not in account.servicers:
            raise ValueError("there is no such servicer of this account")
        if conversation.last_customer_at is None:
            raise ValueError("this customer has never written")
        if conversation.servicer(self._world.now()) != servicer_userid:
            self._change("staff_spoke", account, conversation, servicer_userid)
        body = {"content": text}
        return land_message(self._world, account, conversation, "text", body, servicer_userid=servicer_userid)

    @action()
    def set_status(self, open_kfid: str, servicer_userid: str, status: int, *, stop_type: int = 0) -> None:
        """Begin to serve (0) or stop (1), as in servicer/list; `stop_type` 1 is for a while only."""
        if status not in (0, 1) or stop_type not in (0, 1):
            raise ValueError("status and stop_type are 0 or 1")
        account = self._world.accounts.get(open_kfid)
        if account is None or servicer_userid not in account.servicers:
            raise ValueError("there is no such servicer of this account")
        row = Servicer(status, stop_type if status else 0)
        if account.servicers[servicer_userid] != row:
            account.servicers[servicer_userid] = row
            # The event counts from 1, the list from 0 (platform.md 3.3).
            facts: Json = {"servicer_userid": servicer_userid, "status": row.status + 1, "stop_type": row.stop_type}
            land_event(self._world, account, "servicer_status_change", facts)

    @action()
    def recall(self, open_kfid: str, external_userid: str, msgid: str) -> None:
        """Take a servicer's message back, within two minutes."""
        account, _ = self._chat(open_kfid, external_userid)
        bubble = take_back(self._world, account, external_userid, msgid, "staff")
        facts: Json = {"external_userid": external_userid, "recall_msgid": msgid}
        facts["servicer_userid"] = bubble.servicer_userid
        land_event(self._world, account, "servicer_recall_msg", facts)

    @action()
    def reject(self, open_kfid: str, external_userid: str, rejected: bool = True) -> None:
        """Take no more messages from a customer (拒收客户消息), or take them again: as who serves, or served last."""
        account, conversation = self._chat(open_kfid, external_userid)
        if not conversation.servicer_kept:
            raise ValueError("no servicer has talked to this customer")
        if conversation.rejected != rejected:
            conversation.rejected = rejected
            if rejected:
                self._world.count("rejected", conversation, conversation.servicer_kept)
            facts: Json = {"external_userid": external_userid, "servicer_userid": conversation.servicer_kept}
            facts["reject_switch"] = int(rejected)
            land_event(self._world, account, "reject_customer_msg_switch_change", facts)

    def _chat(self, open_kfid: str, external_userid: str) -> tuple[Account, Conversation]:
        account, _ = both(self._world, open_kfid, external_userid)
        return account, account.conversation(external_userid)

    def _change(self, cause: Cause, account: Account, chat: Conversation, servicer: str) -> None:
        world, row, old = self._world, CHANGES[cause], chat.servicer_kept
        if not chat.move(cause, world.now(), servicer):
            raise ValueError(row.else_)
        if servicer:
            world.count("assigned", chat, servicer)
        facts: Json = {"external_userid": chat.external_userid, "change_type": row.change_type}
        if row.old:
            facts["old_servicer_userid"] = old
        if row.new:
            facts["new_servicer_userid"] = servicer
        if row.code:
            facts["msg_code"] = give_code(world, chat, SCENES[chat.state_kept])
        land_event(world, account, "session_status_change", facts)


def _serving(account: Account, servicer_userid: str) -> None:
    row = account.servicers.get(servicer_userid)
    if row is None:
        raise ValueError("there is no such servicer of this account")
    if row.status:
        raise ValueError("this servicer has stopped")
