"""A scripted platform behind a real socket."""

from collections.abc import Iterator

import pytest

from kit.server import Script, serve


@pytest.fixture
def platform() -> Iterator[Script]:
    """Serve a platform on a loopback port."""
    with serve() as script:
        yield script
