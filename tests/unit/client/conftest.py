"""A scripted platform behind a real socket, and both clients behind one way to call them."""

from collections.abc import Iterator

import pytest

from kit.server import Script, serve
from unit.client.callers import CALLERS, Caller


@pytest.fixture
def platform() -> Iterator[Script]:
    """Serve a platform on a loopback port."""
    with serve() as script:
        yield script


@pytest.fixture(params=CALLERS, ids=lambda caller: caller.__name__)
def caller(request: pytest.FixtureRequest) -> Caller:
    """Call through each of the clients."""
    found: Caller = request.param
    return found
