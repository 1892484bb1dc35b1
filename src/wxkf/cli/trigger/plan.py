"""What is to be done on the simulator for a wish: its actions, one after the other, with their arguments. Pure.

Which kinds there are is the simulator's to say: the types a phone can send, and the events with the actions that emit
them. `pick` taps an item of a menu.
"""

import base64
import json
import mimetypes
import time
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from wxkf.cli.texts import text
from wxkf.errors import ConfigError
from wxkf.sim.actions.inbound import FILES, SHAPES
from wxkf.sim.actions.samples import FILES as SAMPLE_FILES
from wxkf.sim.actions.samples import samples
from wxkf.sim.faults import FAIL_TYPES
from wxkf.sim.stream import EMITTERS
from wxkf.sim.values import Bubble

Json = dict[str, Any]
Act = tuple[str, Json]
"""The path of an action under /_sim/, and its arguments."""

PICK: Final = "pick"
EVENTS: Final[dict[str, tuple[str, ...]]] = {str(event): actions for event, actions in EMITTERS.items()}
KINDS: Final = (*SHAPES, *FILES, PICK, *EVENTS)
_SERVICERS: Final = ("zhangsan", "lisi")  # the first unless another is named; the second has the customer before
_QUEUED, _SERVED = 2, 3


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for. `value` is the words of a text, the body of another message, what of an event."""

    kind: str
    value: str = ""
    file: Path | None = None
    scene: str = ""
    scene_param: str = ""
    servicer: str = _SERVICERS[0]


@dataclass(frozen=True, slots=True)
class View:
    """What is there: the account as the simulator lists it, the customer, their session, what the phone shows."""

    account: Json
    customer: str
    nickname: str
    session: Json
    bubbles: Sequence[Bubble] = ()

    @property
    def place(self) -> Json:
        """Which chat it is."""
        return {"open_kfid": self.account["open_kfid"], "external_userid": self.customer}

    def since(self, before: "View") -> list[Bubble]:
        """List what the phone has shown since then."""
        known = {(one.at, one.msgid) for one in before.bubbles}
        return [one for one in self.bubbles if (one.at, one.msgid) not in known]


def check(wish: Wish) -> None:
    """Raise `ConfigError` for what nobody can do, wherever it would be done."""
    kind = wish.kind
    if kind not in KINDS:
        near = get_close_matches(kind, KINDS, 1)
        key = "trigger.kind" if near else "trigger.kind.far"
        raise ConfigError(text(key, kind=kind, near=near[0] if near else "", kinds=" ".join(KINDS)))
    if wish.file and kind not in FILES:
        raise ConfigError(text("trigger.no_file_kind", kind=kind, kinds=" ".join(FILES)))
    if wish.file:
        _file(wish)  # before anybody is asked for anything
    if (wish.scene or wish.scene_param) and kind != "enter_session":
        raise ConfigError(text("trigger.no_scene", kind=kind))
    if wish.value and (kind in FILES or len(EVENTS.get(kind, ())) == 1):
        raise ConfigError(text("trigger.no_value", kind=kind, value=wish.value))
    if not wish.value and kind in ("text", PICK):
        raise ConfigError(text(f"trigger.needs.{kind}"))
    if kind in SHAPES and kind != "text" and wish.value:
        _body(wish)
    if len(EVENTS.get(kind, ())) > 1 and f"staff/{wish.value}" not in EVENTS[kind]:
        choices = " ".join(one.partition("/")[2] for one in EVENTS[kind])
        raise ConfigError(text("trigger.which", kind=kind, choices=choices))
    if kind == "msg_send_fail" and wish.value and wish.value not in map(str, FAIL_TYPES):
        raise ConfigError(text("trigger.fail_type", value=wish.value, choices=" ".join(map(str, FAIL_TYPES))))


def before(wish: Wish, view: View) -> list[Act]:
    """Tell what has to happen first in a world where nothing has happened yet."""
    path, place = _path(wish), view.place
    wrote: Act = ("customers/say", {**place, "text": text("new.hello")})
    match path:
        case "customers/tap":
            return [("customers/enter", place)]
        case "customers/recall":
            return [wrote]
        case "staff/accept":
            return [wrote, ("console/set_state", {**place, "state": _QUEUED})]
        case "staff/transfer" | "staff/say":
            return [wrote, *_served(view, _other(wish))]
        case "staff/recall":
            said = {**place, "servicer_userid": wish.servicer, "text": text("new.hello")}
            return [wrote, *_served(view, wish.servicer), ("staff/say", said)]
        case "staff/end" | "staff/reject":
            return [wrote, *_served(view, wish.servicer)]
    return []


def acts(wish: Wish, view: View) -> list[Act]:
    """Tell what does it. Raises `ConfigError` where it is impossible as things stand."""
    path = _path(wish)
    arguments = _arguments(wish, view, path)
    steps: list[Act] = []
    if "servicer_userid" in arguments and not _row(view, wish.servicer):
        steps.append(_hired(view, wish.servicer))
    if wish.kind == "msg_send_fail":
        fault = {"kind": "send_fail", "path": "kf/send_msg", "times": 1, "fail_type": int(wish.value or 10)}
        steps.append(("faults/add", fault))
    return [*steps, (path, arguments)]


def _path(wish: Wish) -> str:
    """Find the action that does it."""
    if wish.kind in FILES:
        return "customers/send_file"
    if wish.kind == PICK:
        return "customers/tap"
    if wish.kind in EVENTS:
        actions = EVENTS[wish.kind]
        return f"staff/{wish.value}" if len(actions) > 1 else actions[0] if actions else "customers/say"
    return "customers/say" if wish.kind == "text" else "customers/send"


def _arguments(wish: Wish, view: View, path: str) -> Json:
    place, servicer = view.place, {"servicer_userid": wish.servicer}
    match path:
        case "customers/enter":
            return {**place, "scene": wish.scene, "scene_param": wish.scene_param}
        case "customers/say":
            return {**place, "text": wish.value if wish.kind == "text" else text("new.hello")}
        case "customers/send":
            return {**place, "msgtype": wish.kind, "body": _body(wish)}
        case "customers/send_file":
            return {**place, "kind": wish.kind, **_file(wish)}
        case "customers/tap":
            return {**place, **_item(wish.value, view.bubbles)}
        case "customers/recall" | "staff/recall":
            return {**place, "msgid": _newest("staff" if path.startswith("staff") else "customer", view.bubbles)}
        case "staff/set_status":
            row = _row(view, wish.servicer)
            return {"open_kfid": place["open_kfid"], **servicer, "status": 0 if row and row["status"] else 1}
        case "staff/reject":
            return {**place, "rejected": not view.session["rejected"]}
        case "staff/say":
            return {**place, **servicer, "text": text("new.hello")}
        case "staff/end":
            return place
    return {**place, **servicer}


def _body(wish: Wish) -> Json:
    if not wish.value:
        return samples(time.time())[wish.kind]
    try:
        body = json.loads(wish.value)
    except ValueError as error:
        raise ConfigError(text("trigger.json", kind=wish.kind, why=error)) from None
    if not isinstance(body, dict):
        raise ConfigError(text("trigger.json", kind=wish.kind, why=text("calls.object")))
    return body


def _file(wish: Wish) -> Json:
    if wish.file is None:
        return {"data": base64.b64encode(SAMPLE_FILES[wish.kind]).decode()}
    try:
        data = wish.file.read_bytes()
    except OSError as error:
        raise ConfigError(text("calls.no_file", path=wish.file, why=error.strerror)) from None
    kind = mimetypes.guess_type(wish.file.name)[0] or ""
    return {"data": base64.b64encode(data).decode(), "filename": wish.file.name, "content_type": kind}


def _item(wanted: str, bubbles: Sequence[Bubble]) -> Json:
    """Find the item that is meant, by its id or its words, in the newest menu that has it."""
    there = list[str]()
    for bubble in reversed(bubbles):
        items = bubble.body.get("list", ()) if (bubble.who, bubble.msgtype) == ("account", "msgmenu") else ()
        for index, item in enumerate(items):
            if item["type"] == "click":
                click = item["click"]
                if wanted in (click.get("id"), click["content"]):
                    return {"msgid": bubble.msgid, "index": index}
                there.append(click.get("id") or click["content"])
    raise ConfigError(text("trigger.no_item", item=wanted, there=" ".join(dict.fromkeys(there)) or "-"))


def _newest(who: str, bubbles: Sequence[Bubble]) -> str:
    found = next((one.msgid for one in reversed(bubbles) if one.who == who and not one.recalled), None)
    if found is None:
        raise ConfigError(text("trigger.nothing_to_recall"))
    return found


def _row(view: View, servicer: str) -> Json | None:
    return next((row for row in view.account["servicers"] if row["userid"] == servicer), None)


def _hired(view: View, servicer: str) -> Act:
    return "console/add_servicer", {"open_kfid": view.account["open_kfid"], "userid": servicer}


def _served(view: View, servicer: str) -> list[Act]:
    state = {**view.place, "state": _SERVED, "servicer_userid": servicer}
    return [_hired(view, servicer), ("console/set_state", state)]


def _other(wish: Wish) -> str:
    return next(one for one in _SERVICERS if one != wish.servicer)
