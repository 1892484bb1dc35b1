"""Tell in words where a message was last seen, from what the platform and the inbox know."""

from wxkf.cli.texts import text
from wxkf.engine.views import Trace


def last_seen(platform: str, trace: Trace | None) -> str:
    """Say how far a message got; `platform` is the simulator's own word, `trace` the inbox's."""
    if trace is not None:
        return _in_the_inbox(trace)
    if platform.startswith("pulled"):
        return text("where.pulled")
    if platform.startswith("callback"):
        return text("where.callback", outcome=platform.partition("(")[2].partition(")")[0])
    return text("where.log")


def _in_the_inbox(trace: Trace) -> str:
    if trace.dead:
        return text("where.dead", reason=trace.dead)
    if not trace.handled:
        return text("where.handler" if trace.claimed else "where.stored")
    if trace.steps:
        step = trace.steps[-1]
        return text("where.step", path=step.path, state=step.state.value, result=step.result).rstrip()
    return text("where.said_nothing")
