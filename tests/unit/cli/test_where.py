"""Where a message was last seen, in a few words of either language."""

import pytest

from wxkf.cli.where import last_seen
from wxkf.engine.values import Step, StepState
from wxkf.engine.views import Trace


def step(state: StepState, result: str = "") -> Step:
    """Make a step of `send_msg`."""
    return Step(0, "kf/send_msg", b"{}", state, result)


def trace(*steps: Step, claimed: bool = False, handled: bool = True, dead: str = "") -> Trace:
    """Make a trace, of a message that is handled unless told."""
    return Trace(claimed, handled, dead, steps)


@pytest.mark.parametrize(
    ("platform", "found", "english", "chinese"),
    [
        ("in the log, no callback sent", None, "on the platform; no callback was sent", "还没有发出回调"),
        ("callback sent (HTTP 502), not pulled", None, "announced by a callback (HTTP 502), not", "（HTTP 502）"),
        ("pulled by sync_msg", None, "pulled from the platform, not in the inbox", "未存入收件箱"),
        ("", trace(handled=False), "in the inbox, waiting for its turn", "等待处理"),
        ("", trace(handled=False, claimed=True), "in the handler, which has not returned", "函数尚未返回"),
        ("", trace(dead="ValueError: x"), "given up: ValueError: x", "已放弃：ValueError: x"),
        ("", trace(), "the handler said nothing", "什么也没说"),
        ("", trace(step(StepState.ACCEPTED, "m1")), "kf/send_msg is accepted m1", "accepted m1"),
        ("", trace(step(StepState.REFUSED, "95001")), "kf/send_msg is refused 95001", "refused 95001"),
        ("", trace(step(StepState.UNKNOWN)), "kf/send_msg is unknown", "unknown"),
    ],
)
def test_it_is_said_in_either_language(
    monkeypatch: pytest.MonkeyPatch, platform: str, found: Trace | None, english: str, chinese: str
) -> None:
    monkeypatch.setenv("WXKF_LANG", "en")
    assert english in last_seen(platform, found)
    monkeypatch.setenv("WXKF_LANG", "zh")
    assert chinese in last_seen(platform, found)


@pytest.mark.parametrize(
    ("found", "failed"),
    [
        (trace(), False),
        (trace(step(StepState.ACCEPTED)), False),
        (trace(step(StepState.ACCEPTED), step(StepState.PLANNED)), False),
        (trace(step(StepState.ACCEPTED), step(StepState.REFUSED)), True),
        (trace(step(StepState.UNKNOWN)), True),
        (trace(step(StepState.ACCEPTED), dead="ValueError: x"), True),
    ],
)
def test_a_message_has_failed_when_it_was_given_up_or_part_of_the_answer_did_not_leave(
    found: Trace, failed: bool
) -> None:
    assert found.failed is failed
