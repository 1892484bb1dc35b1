"""Health and readiness as an ASGI app."""

import json
from typing import Any

import pytest

from kit.inboxes import NOW
from wxkf.client.asgi import ask
from wxkf.engine.status import Pulse, Status
from wxkf.engine.views import Overview, Pause
from wxkf.health import HealthApp
from wxkf.sim import SimClock
from wxkf.testing.clock import MovableClock

CUSTOMER = "wm-customer-not-to-be-shown"


class Engine:
    """Something to ask."""

    def __init__(self) -> None:
        self.alive, self.answers, self.asked = True, True, 0

    async def status(self) -> Status:
        self.asked += 1
        overview = Overview(3, NOW - 9, 1, 0, 0, 0, 0, (Pause("ww1", "wk1", CUSTOMER, NOW),))
        return Status(NOW, (Pulse(self.alive, True, True, 2),), overview if self.answers else None)


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(SimClock.frozen(NOW))


async def get(app: HealthApp, path: str, verb: str = "GET") -> tuple[int, Any]:
    found = await ask(app, verb, path, "", b"")
    assert found.headers["content-type"] == "application/json"
    return found.status, json.loads(found.body or b"null")


async def test_both_answer_200_with_what_a_monitor_wants(engine: Engine, clock: MovableClock) -> None:
    for path in ("/healthz", "/readyz"):
        status, data = await get(HealthApp(engine.status, clock=clock), path)
        assert status == 200
        known = (data["alive"], data["ready"], data["waiting"], data["lag"], data["in_flight"], data["accounts"])
        assert known == (True, True, 3, 9.0, 1, 2)
        assert CUSTOMER not in json.dumps(data)


async def test_what_is_not_ready_is_not_started_again(engine: Engine, clock: MovableClock) -> None:
    engine.answers = False
    app = HealthApp(engine.status, clock=clock)
    assert (await get(app, "/healthz"))[0] == 200
    assert await get(app, "/readyz") == (
        503,
        {
            "alive": True,
            "ready": False,
            "why": ["the store does not answer"],
            "accounts": 2,
            "stalled": [],
            "failing": [],
        },
    )


async def test_what_is_not_alive_is_neither(engine: Engine, clock: MovableClock) -> None:
    engine.alive = False
    app = HealthApp(engine.status, clock=clock)
    assert ((await get(app, "/healthz"))[0], (await get(app, "/readyz"))[0]) == (503, 503)


async def test_however_many_ask_it_is_counted_once_a_second(engine: Engine, clock: MovableClock) -> None:
    app = HealthApp(engine.status, clock=clock)
    for _ in range(20):
        await get(app, "/readyz")
    assert engine.asked == 1
    clock.forward(seconds=1)
    await get(app, "/healthz")
    assert engine.asked == 2


async def test_other_requests_are_for_the_app_beside(engine: Engine) -> None:
    async def beside(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 418, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    assert (await ask(HealthApp(engine.status, beside), "POST", "/callback", "", b"")).status == 418
    assert await get(HealthApp(engine.status), "/callback") == (404, {})
    assert engine.asked == 0


async def test_head_has_no_body_and_other_verbs_are_405(engine: Engine) -> None:
    app = HealthApp(engine.status)
    assert await get(app, "/healthz", "HEAD") == (200, None)
    assert await get(app, "/healthz", "POST") == (405, {})
