"""Every token store there is, and a Redis."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.redis import Redis, serve
from wxkf.client.stores import MemoryTokenStore, RedisTokenStore, SqliteTokenStore, TokenStore


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """A Redis server."""
    with serve(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(params=["memory", "sqlite", "redis"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> TokenStore:
    """Each of the stores, empty."""
    if request.param == "memory":
        return MemoryTokenStore()
    if request.param == "sqlite":
        return SqliteTokenStore(tmp_path / "tokens.db")
    server: Redis = request.getfixturevalue("redis")
    return RedisTokenStore(server.url, prefix=f"{tmp_path.name}:")
