"""The whole examination: find out, judge, in the order in which one thing needs another."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wxkf.cli.doctor.ask import ask
from wxkf.cli.doctor.callback import callback, refuses
from wxkf.cli.doctor.found import Knock, Question
from wxkf.cli.doctor.gate import GATES, gates
from wxkf.cli.doctor.knock import PATIENCE, Draw, check_url, knock, question
from wxkf.cli.doctor.line import Line, after, skipped
from wxkf.cli.doctor.local import can_ask, judge_crypto, judge_settings, settings
from wxkf.cli.doctor.people import people
from wxkf.client.settings import App

URL = "WXKF_CALLBACK_URL"


@dataclass(frozen=True, slots=True)
class Around:
    """What an examination takes from the world: the time, a clock in seconds, randomness, patience in seconds."""

    now: Callable[[], float] = time.time
    ticks: Callable[[], float] = time.perf_counter
    draw: Draw = secrets.token_bytes
    patience: float = PATIENCE


async def examine(
    env: Mapping[str, str], *, url: str = "", probe: bool = True, around: Around | None = None
) -> list[Line]:
    """Check everything. Raises `ConfigError` for a callback URL that is none."""
    around = around or Around()
    url = check_url(where) if (where := url or env.get(URL, "").strip()) else ""
    app, faults = settings(env)
    lines = [judge_settings(faults), judge_crypto(app, faults, around.now(), around.draw)]
    lines.append(await reach(app, url, around) if lines[-1].ok else after("callback", _why_not(lines)))
    if not can_ask(faults):
        return [*lines, *(after(check, "settings") for check in (*GATES, "accounts", "servicers", "staff"))]
    asked = await ask(app, probe=probe)
    return [*lines, *gates(asked), *people(asked)]


async def reach(app: App, url: str, around: Around, signed: Callable[[str], object] = str) -> Line:
    """Make the console's URL check; once more with no + in it, where a refusal may come from that.

    `signed` is told the signature of each question before it is put.
    """
    if not url:
        return skipped("callback", "skip.url")

    async def put(*, plus: bool) -> tuple[Question, Knock]:
        asked = question(app, around.now(), around.draw, plus=plus)
        signed(asked.signature)
        return asked, await knock(url, asked, ticks=around.ticks, patience=around.patience)

    asked, answer = await put(plus=True)
    second = (await put(plus=False))[1] if refuses(answer) else None
    return callback(asked, answer, without_plus=second)


def exit_code(lines: list[Line]) -> int:
    """Give 0 where nothing is red, 2 where the platform could not be asked at all, else 1."""
    verdicts = {line.check: line.ok for line in lines}
    if all(line.ok is not False for line in lines):
        return 0
    return 1 if verdicts["network"] else 2


def _why_not(lines: list[Line]) -> str:
    return "crypto" if lines[-1].ok is False else "settings"
