"""What every token store promises: one lease at a time, and no write under a lease that another one followed."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from kit.redis import Redis
from wxkf.client.stores import MemoryTokenStore, RedisTokenStore, SqliteTokenStore, TokenStore

KEY, OTHER = "https://qyapi.weixin.qq.com|ww1|0123", "https://qyapi.weixin.qq.com|ww1|4567"


def test_an_empty_store_holds_nothing(store: TokenStore) -> None:
    assert store.read(KEY) is None


def test_what_is_written_under_a_lease_is_read_byte_for_byte(store: TokenStore) -> None:
    fence = store.lease(KEY, 10)
    assert store.write(KEY, b"\x00{\xff\xfe}", fence)
    assert store.read(KEY) == b"\x00{\xff\xfe}"
    assert store.read(OTHER) is None


def test_one_lease_at_a_time_for_each_key(store: TokenStore) -> None:
    first = store.lease(KEY, 10)
    assert isinstance(first, int)
    assert store.lease(KEY, 10) is None
    assert store.lease(OTHER, 10) is not None
    assert store.write(KEY, b"one", first)
    second = store.lease(KEY, 10)
    assert second > first


def test_whoever_lost_the_lease_writes_nothing(store: TokenStore) -> None:
    late = store.lease(KEY, 0.001)
    soon = None
    while soon is None:  # until the first has run out
        soon = store.lease(KEY, 10)
    assert store.write(KEY, b"in time", soon)
    assert not store.write(KEY, b"too late", late)
    assert store.read(KEY) == b"in time"


def test_a_write_does_not_end_a_later_lease(store: TokenStore) -> None:
    late = store.lease(KEY, 0.001)
    while store.lease(KEY, 10) is None:
        pass
    assert not store.write(KEY, b"too late", late)
    assert store.lease(KEY, 10) is None


def test_a_fence_nobody_was_given_writes_nothing(store: TokenStore) -> None:
    assert not store.write(KEY, b"forged", 7)
    assert store.read(KEY) is None


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that is not there yet."""
    return tmp_path / "tokens.db"


def test_the_file_is_for_its_owner_only(path: Path) -> None:
    SqliteTokenStore(path).lease(KEY, 1)
    for name in ("tokens.db", "tokens.db-wal", "tokens.db-shm"):
        file = path.with_name(name)
        assert not file.exists() or stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_token_in_the_inbox_disturbs_no_inbox(path: Path) -> None:
    """The inbox's file may hold it, whoever comes first."""
    with sqlite3.connect(path) as inbox:
        inbox.execute("PRAGMA user_version = 1")
    store = SqliteTokenStore(path)
    assert store.write(KEY, b"x", store.lease(KEY, 1) or 0)
    with sqlite3.connect(path) as inbox:
        assert inbox.execute("PRAGMA user_version").fetchone() == (1,)


def test_a_clock_set_back_does_not_prolong_a_lease(path: Path) -> None:
    time = [10_000.0]
    store = SqliteTokenStore(path, now=lambda: time[0])
    assert store.lease(KEY, 15) == 1
    time[0] -= 3600
    assert store.lease(KEY, 15) == 2
    time[0] += 14
    assert store.lease(KEY, 15) is None


def test_a_store_survives_a_fork(path: Path) -> None:
    store = SqliteTokenStore(path)
    store.write(KEY, b"before", store.lease(KEY, 1) or 0)
    if (child := os.fork()) == 0:
        os._exit(0 if store.read(KEY) == b"before" else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_what_nobody_renews_is_forgotten_by_redis(redis: Redis) -> None:
    import redis as library

    store = RedisTokenStore(redis.url, prefix="forgotten:")
    store.write(KEY, b"x", store.lease(KEY, 10) or 0)
    with library.Redis.from_url(redis.url) as client:
        (name,) = client.keys("forgotten:*")
        assert 0 < client.ttl(name) <= 7 * 86_400


def test_a_redis_client_of_ones_own_serves_too(redis: Redis) -> None:
    import redis as library

    with library.Redis.from_url(redis.url, decode_responses=True) as client:
        store = RedisTokenStore(client, prefix="own:")
        assert store.write(KEY, b"\xff", store.lease(KEY, 10) or 0)
        assert store.read(KEY) == b"\xff"


def test_without_the_package_the_remedy_is_named() -> None:
    program = "import sys; sys.modules['redis'] = None; from wxkf.client.stores import RedisTokenStore as R; R('redis://x').read('k')"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": ":".join(sys.path)}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "pip install 'wxkf[redis]'" in done.stderr


def test_memory_counts_by_a_clock_that_never_goes_back() -> None:
    time = [0.0]
    store = MemoryTokenStore(lambda: time[0])
    assert [store.lease(KEY, 5), store.lease(KEY, 5)] == [1, None]
    time[0] = 5
    assert store.lease(KEY, 5) == 2
