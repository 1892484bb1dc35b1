"""The line between an app and the platform: what the transport's faults do to a call.

Nothing waits and nothing is cut here: an `Answer` says what is to be done with it, and the web side does it.
"""

from wxkf.sim.values import Answer
from wxkf.sim.world import World

_GATEWAY = b"<html><body><h1>500 Internal Server Error</h1></body></html>"


def stopped(world: World, path: str, *, every: bool) -> Answer | None:
    """Stop a call before the rules hear of it, if that is to happen."""
    fault = world.strike(path, "cut_before", "http_500", every=every)
    if fault is None:
        return None
    if fault.kind == "cut_before":
        return Answer({}, cut=True)
    return Answer({}, content=_GATEWAY, content_type="text/html", status=500)


def spoilt(world: World, path: str, answer: Answer, *, every: bool) -> Answer:
    """Delay or lose an answer on its way back, if that is to happen: what was done is done."""
    slow, cut = world.strike(path, "slow", every=every), world.strike(path, "cut_after", every=every)
    if slow is None and cut is None:
        return answer
    return Answer(
        answer.envelope,
        content=answer.content,
        content_type=answer.content_type,
        headers=answer.headers,
        status=answer.status,
        delay=slow.seconds if slow else 0.0,
        cut=answer.cut or cut is not None,
    )
