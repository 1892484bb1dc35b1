"""The proof in short: each point once, a small storm, one freeze, a blocked loop."""

import pytest

from proof.bot import POINTS
from proof.rounds import ORDERS, at_point, block, freeze, storm
from proof.street import Toll

pytestmark = pytest.mark.proof


def check(toll: Toll) -> None:
    """See that no customer was wronged."""
    assert (toll.lost, toll.twice, toll.disordered) == (0, 0, 0), toll.words
    assert toll.messages


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("point", POINTS)
async def test_killed_at_a_named_point(point: str, order: str) -> None:
    toll = await at_point(point, order, 0)
    check(toll)
    assert toll.deaths, "the point was never reached, so nothing is proved"


@pytest.mark.parametrize("order", ORDERS)
async def test_killed_at_random_again_and_again(order: str) -> None:
    check(await storm(8, order, 0))


async def test_frozen_for_twice_the_lease() -> None:
    check(await freeze("msgid first", 0))


async def test_a_blocked_event_loop_keeps_its_lease() -> None:
    check(await block(2.0, 0))
