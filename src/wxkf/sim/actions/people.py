"""What the actions of customers and of staff share: who is meant, text that can go over the wire, taking back."""

from typing import Any

import msgspec

from wxkf.sim.values import Bubble, Json
from wxkf.sim.world import Account, Customer, World


def both(world: World, open_kfid: str, external_userid: str) -> tuple[Account, Customer]:
    """Find an account and a customer, or raise `ValueError`."""
    if open_kfid not in world.accounts:
        raise ValueError("there is no such account")
    if external_userid not in world.customers:
        raise ValueError("there is no such customer")
    return world.accounts[open_kfid], world.customers[external_userid]


def readable(text: str) -> str:
    """Replace what cannot go over the wire: a lone surrogate."""
    return text.encode(errors="replace").decode()


def readable_json(body: Any) -> Json:
    """Copy an object as it goes over the wire. Raises `ValueError` for what is none."""
    try:
        copied = msgspec.json.decode(msgspec.json.encode(body))
    except (TypeError, ValueError, RecursionError):
        raise ValueError("the body must be JSON in valid Unicode, and not nested too deeply") from None
    if not isinstance(copied, dict):
        raise ValueError("the body must be an object")
    return copied


def take_back(world: World, account: Account, external_userid: str, msgid: str, who: str) -> Bubble:
    """Recall a bubble of the customer or of a servicer. Returns it as it was."""
    conversation = account.conversation(external_userid)
    seconds = world.settings.phone_recall_seconds
    index = conversation.recent(msgid, world.now() - seconds)
    found = None if index is None else conversation.bubbles[index]
    if index is None or found is None or found.who != who or found.recalled:
        raise ValueError(f"there is no such message of theirs within {seconds} seconds, or it was recalled already")
    world.take_back(conversation, index)
    return found
