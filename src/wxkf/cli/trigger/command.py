"""`wxkf trigger`: does it, waits for the answer, shows both; and where there is none, how far it got."""

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from urllib.parse import urlsplit

from rich.console import Console
from rich.markup import escape

from wxkf.bot.app import Bot
from wxkf.bot.handlers import name_of
from wxkf.cli.brief import brief
from wxkf.cli.show import show_customer, show_replies
from wxkf.cli.texts import text
from wxkf.cli.trigger.plan import View, Wish, acts, before
from wxkf.cli.trigger.rooms import Room, at_simulator, here
from wxkf.client.settings import BASE_URL
from wxkf.clock import SystemClock
from wxkf.errors import ConfigError
from wxkf.messages.decode import decode_message
from wxkf.messages.inbound import Inbound
from wxkf.sim.values import Bubble, Entry
from wxkf.testing.words import words_of

_WITH_PEOPLE = (2, 3)  # in the queue, with a colleague
SIMULATOR = "http://127.0.0.1:8700"  # where `wxkf sim` listens unless told otherwise


@dataclass(frozen=True, slots=True)
class Options:
    """Who does it, with which account, how long an answer is waited for, and how all that is shown."""

    customer: str = ""
    account: str = ""
    patience: float = 10.0
    as_json: bool = False


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it. `failure` is what the bot's handler raised; `later` is what happened on the platform since."""

    before: View
    after: View
    failure: Exception | None
    later: Sequence[Entry]

    @property
    def answers(self) -> list[Bubble]:
        """What the bot said to it."""
        return [one for one in self.after.since(self.before) if one.who == "account"]

    @property
    def taken(self) -> Inbound | None:
        """The newest that a bot has fetched."""
        pages = [one.response or {} for one in self.later if one.title == "kf/sync_msg"]
        rows = [row for page in pages for row in page.get("msg_list", ())]
        return decode_message(json.dumps(rows[-1]).encode()) if rows else None

    @property
    def is_taken(self) -> bool:
        """Whether a bot has fetched it."""
        return any((one.title, one.errcode) == ("kf/sync_msg", 0) for one in self.later)

    @property
    def last_seen(self) -> str:
        """How far it got that nobody fetched."""
        rung = next((one.response or {} for one in reversed(self.later) if one.kind == "callback"), None)
        if rung is None:
            return text("where.log")
        return text("where.callback", outcome=rung.get("status") or rung.get("failure") or "…")


def simulator(given: str, env: Mapping[str, str]) -> str:
    """Tell which simulator is meant: the one given, the one that the settings name, the usual one.

    The real platform is never meant. Raises `ConfigError` for what is no address.
    """
    known = env.get("WXKF_BASE_URL", "").strip().rstrip("/")
    url = given.rstrip("/") or (known if known != BASE_URL else "") or SIMULATOR
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ConfigError(text("trigger.url", url=url))
    return url


async def trigger(wish: Wish, bot: Bot | None, url: str, options: Options, out: Console) -> int:
    """Do what was checked with a bot of one's own, or at a simulator.

    Returns the exit code: 1 where nobody took it, or the handler failed.
    """
    place: AbstractAsyncContextManager[Room] = (
        here(bot, options.customer) if bot else at_simulator(url, options.patience, SystemClock())
    )
    async with place as room:
        view = await room.view(options.account, options.customer, blank=wish.kind == "enter_session")
        played = await _play(room, view, wish, None if options.as_json else out)
    why = "" if played.failure or played.answers else _why_quiet(played, bot, url, options.patience)
    if options.as_json:
        print(json.dumps(_data(wish, played, why), ensure_ascii=out.options.ascii_only), file=out.file)
    else:
        _conclude(played, why, out)
    return int(bool(played.failure) or not (played.answers or played.is_taken))


async def _play(room: Room, start: View, wish: Wish, out: Console | None) -> Played:
    """Do it, and show it as it happens."""
    view, failure = start, None
    for step in before(wish, start) if room.is_fresh else ():
        await room.act(*step)
        failure = failure or await room.settle(view)
    view = await room.again(view)
    if out:
        _show(view, start, out)
    steps = acts(wish, view)
    for step in steps:
        await room.act(*step)
    begun, path = await room.again(view), steps[-1][0]
    if out:
        _show(begun, view, out)
        if all(one.who == "account" for one in begun.since(view)):  # nothing of it shows on the phone
            staff = view.session.get("servicer_userid") if path == "staff/end" else wish.servicer
            who = staff if staff and path.startswith("staff/") else view.nickname
            what = f"{wish.kind} {wish.value}" if path == f"staff/{wish.value}" else wish.kind
            show_customer(out, who, f"[{what}]", aside=True)
    failure = failure or await room.settle(view)
    after = await room.again(view)
    if out:
        _show(after, begun, out)
    return Played(view, after, failure, _since(await room.journal(), path))


def _since(journal: Sequence[Entry], path: str) -> Sequence[Entry]:
    """Give what happened after the last action of this path."""
    at = max((index for index, one in enumerate(journal) if (one.kind, one.title) == ("action", path)), default=-1)
    return journal[at + 1 :]


def _show(view: View, before: View, out: Console) -> None:
    for bubble in view.since(before):
        if bubble.who == "account":
            show_replies(out, [bubble])
        elif bubble.who == "system":
            show_customer(out, view.nickname, text("demo.enters"), aside=True)
        else:
            show_customer(out, bubble.servicer_userid or view.nickname, words_of(bubble))


def _conclude(played: Played, why: str, out: Console) -> None:
    """Say what there is to say besides the answer."""
    if played.failure:
        out.print(f"\n[red]✗[/] {escape(brief(played.failure))}", highlight=False, soft_wrap=True)
    elif why and played.is_taken:
        out.print(f"  [dim]{escape(text('trigger.quiet', why=why))}[/]", soft_wrap=True)
    elif why:
        out.print(f"\n[red]✗[/] {escape(why)}", highlight=False, soft_wrap=True)


def _why_quiet(played: Played, bot: Bot | None, url: str, patience: float) -> str:
    """Say why there is no answer, as far as that can be known."""
    if not played.is_taken:
        return text("trigger.not_taken", where=played.last_seen)
    if bot and (why := _why_not(bot, played.taken)):
        return why
    if played.after.session["state"] in _WITH_PEOPLE:
        return text("trigger.quiet.people")
    handler = bot.match(played.taken) if bot and played.taken else None
    if handler:
        return text("trigger.quiet.nothing", handler=name_of(handler))
    return text("trigger.quiet.silent", seconds=patience, url=url)


def _why_not(bot: Bot, event: Inbound | None) -> str:
    """Say why no handler takes an event; "" where one does."""
    kind = type(event).__name__
    if bot.is_empty:
        return text("demo.empty")
    if event is None or bot.match(event):
        return ""
    return text("trigger.quiet.filtered" if bot.is_for(type(event)) else "trigger.quiet.nobody", kind=kind)


def _data(wish: Wish, played: Played, why: str) -> dict[str, object]:
    answers = [{"msgtype": one.msgtype, "text": words_of(one), "body": one.body} for one in played.answers]
    failure = f"{type(played.failure).__name__}: {played.failure}" if played.failure else ""
    where = {"kind": wish.kind, **played.after.place}
    return {**where, "answers": answers, "taken": played.is_taken, "failure": failure, "why": why}
