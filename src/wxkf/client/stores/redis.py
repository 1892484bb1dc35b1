"""Tokens shared by machines, in Redis (extra `redis`): three scripts, so that each verb is one step for everybody.

The lease is a key that expires by the server's clock. Both keys of an app carry the same hash tag, so they live on one
node of a cluster. What nobody renewed for a week is forgotten.
"""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from wxkf.errors import ConfigError

if TYPE_CHECKING:
    import redis

_LEASE = """
    if redis.call('EXISTS', KEYS[2]) == 1 then return false end
    local fence = redis.call('HINCRBY', KEYS[1], 'fence', 1)
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    redis.call('SET', KEYS[2], fence, 'PX', ARGV[1])
    return fence
"""
_WRITE = """
    if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then return 0 end
    redis.call('HSET', KEYS[1], 'value', ARGV[1])
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
    redis.call('DEL', KEYS[2])
    return 1
"""
_FORGOTTEN = 7 * 86_400_000  # milliseconds
_PATIENCE = 2.0  # seconds: without Redis a token is fetched all the same, so nobody waits for it long


class RedisTokenStore:
    """A `TokenStore` in Redis: `redis://…`, `rediss://…`, or a `redis.Redis` of your own. Raises `redis.RedisError`."""

    def __init__(self, where: "str | redis.Redis", *, prefix: str = "wxkf:token:") -> None:
        self._where, self._prefix = where, prefix

    def __repr__(self) -> str:
        return "RedisTokenStore()"  # an address may hold a password

    def read(self, key: str) -> bytes | None:
        """See `TokenStore.read`."""
        found: bytes | None = self._redis.execute_command("HGET", self._keys(key)[0], "value", NEVER_DECODE=True)
        return found

    def lease(self, key: str, seconds: float) -> int | None:
        """See `TokenStore.lease`."""
        fence: int | None = self._redis.eval(_LEASE, 2, *self._keys(key), round(seconds * 1000), _FORGOTTEN)
        return fence

    def write(self, key: str, value: bytes, fence: int) -> bool:
        """See `TokenStore.write`."""
        return bool(self._redis.eval(_WRITE, 2, *self._keys(key), value, fence, _FORGOTTEN))

    def _keys(self, key: str) -> tuple[str, str]:
        return f"{self._prefix}{{{key}}}", f"{self._prefix}{{{key}}}:lease"

    @cached_property
    def _redis(self) -> Any:
        if not isinstance(self._where, str):
            return self._where
        try:
            import redis
        except ImportError:
            raise ConfigError("the Redis token store needs the package redis: pip install 'wxkf[redis]'") from None
        return redis.Redis.from_url(self._where, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE)
