"""Fixtures of the crash tests."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kit.killed import Street

REST = ("media", "window", "quota", "state")


@pytest.fixture(params=["msgid first"])
async def street(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Street]:
    """A simulator over HTTP that checks the msgid of a send before anything else, or after."""
    if sys.platform == "win32":
        pytest.skip("Windows has no SIGKILL")
    checks = ("msgid", *REST) if request.param == "msgid first" else (*REST, "msgid")
    async with Street(tmp_path, send_checks=checks).opened() as street:
        yield street
