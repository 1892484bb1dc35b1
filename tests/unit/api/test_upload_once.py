"""`media.upload_once`: the same file is uploaded once in two and a half days, whatever its cache does."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from kit.server import Script, says
from unit.api.real import client
from unit.api.wire import Mode, both, done
from unit.client.callers import Hand
from wxkf.api.uploads import LIFE, MemoryCache
from wxkf.errors import LimitError, MediaError

A, B = b"123456", b"1234567"


@pytest.fixture
def numbered(platform: Script) -> Script:
    """Give M1, M2, … to what is uploaded."""
    given = iter(range(1, 100))
    platform.otherwise["media/upload"] = lambda _: says(type="file", media_id=f"M{next(given)}", created_at="1")
    return platform


def once(one: Any, media: Any = A, **options: Any) -> Any:
    return done(one.media.upload_once(**{"type": "file", "media": media, **options}))


@both
async def test_the_same_file_is_uploaded_once(mode: Mode, numbered: Script, tmp_path: Path) -> None:
    (tmp_path / "media.bin").write_bytes(A)
    async with client(mode, numbered.url) as one:
        assert [await once(one), await once(one), await once(one, tmp_path / "media.bin")] == ["M1"] * 3
        assert await once(one.with_options(timeout=5)) == "M1"
        assert await once(one, fresh=True) == "M2"
        assert await once(one) == "M2"
    assert len(numbered.asked_for("media/upload")) == 2


@both
async def test_what_shows_as_another_file_is_another(mode: Mode, numbered: Script) -> None:
    async with client(mode, numbered.url) as one:
        others: list[dict[str, Any]] = [
            {},
            {"media": B},
            {"filename": "b.bin"},
            {"content_type": "text/plain"},
            {"media": b"\x89PNG\r\n\x1a\n", "type": "image", "filename": "media.bin"},
            {"media": b"\x89PNG\r\n\x1a\n", "type": "file", "filename": "media.bin", "content_type": "image/png"},
        ]
        found = [await once(one, **other) for other in others]
    assert found == [f"M{number}" for number in range(1, 7)]


@both
async def test_corps_and_platforms_share_nothing_in_one_cache(mode: Mode, numbered: Script) -> None:
    cache = MemoryCache(Hand().now)
    async with (
        client(mode, numbered.url, upload_cache=cache) as one,
        client(mode, numbered.url + "/", upload_cache=cache) as two,
    ):
        assert [await once(one), await once(two), await once(one)] == ["M1", "M2", "M1"]


@both
async def test_it_is_uploaded_anew_before_it_dies(mode: Mode, numbered: Script) -> None:
    hand = Hand()
    async with client(mode, numbered.url, hand=hand) as one:
        await once(one)
        hand.time += LIFE - 1
        assert await once(one) == "M1"
        hand.time += 1
        assert await once(one) == "M2"
    assert LIFE < 3 * 86_400


@both
async def test_a_cache_that_fails_costs_an_upload_and_not_the_call(
    mode: Mode, numbered: Script, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def get(self, key: str) -> str | None:
            raise ConnectionError("redis://:S3cret@host")

        def set(self, key: str, media_id: str, until: float) -> None:
            raise ConnectionError("redis://:S3cret@host")

    async with client(mode, numbered.url, upload_cache=Broken()) as one:
        assert await once(one) == "M1"
    assert [record.levelname for record in caplog.records if "upload cache" in record.getMessage()] == ["WARNING"] * 2
    assert "S3cret" not in caplog.text


async def test_a_cache_may_be_async(numbered: Script) -> None:
    kept = dict[str, tuple[str, float]]()

    class Redis:
        async def get(self, key: str) -> str | None:
            await asyncio.sleep(0)
            return kept.get(key, (None, 0))[0]

        async def set(self, key: str, media_id: str, until: float) -> None:
            await asyncio.sleep(0)
            kept[key] = media_id, until

    hand = Hand()
    async with client("async", numbered.url, hand=hand, upload_cache=Redis()) as one:
        assert [await once(one), await once(one)] == ["M1", "M1"]
    assert list(kept.values()) == [("M1", hand.time + LIFE)]


@both
async def test_a_refused_upload_is_not_remembered(mode: Mode, numbered: Script) -> None:
    numbered.tell("media/upload", says(errcode=40004, errmsg="invalid media type"))
    async with client(mode, numbered.url) as one:
        with pytest.raises(MediaError):
            await once(one)
        assert await once(one) == "M1"
        with pytest.raises(LimitError, match="at most 20971520"):
            await once(one, bytes((20 << 20) + 1))


def test_the_memory_holds_so_many_and_lets_go_of_what_nobody_asked_for() -> None:
    cache = MemoryCache(lambda: 0.0, most=2)
    for key in ("a", "b"):
        cache.set(key, key.upper(), 1.0)
    assert cache.get("a") == "A"
    cache.set("c", "C", 1.0)
    assert [cache.get(key) for key in ("a", "b", "c")] == ["A", None, "C"]
    cache.set("a", "past", 0.0)
    assert cache.get("a") is None


def test_the_memory_is_safe_for_threads() -> None:
    cache = MemoryCache(lambda: 0.0, most=4)

    def use(_: int) -> bool:
        for number in range(3000):
            cache.set(str(number % 9), "M", 1.0)
            if cache.get(str(number % 7)) not in ("M", None):
                return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(use, range(4)))
