"""Stores that share an access token: between the clients of a process, between processes, between machines.

    MemoryTokenStore    the clients of one process
    SqliteTokenStore    the processes of one machine; may be the inbox's own file
    RedisTokenStore     any number of machines (extra `redis`)

Your own is an object with the three methods of `TokenStore`.
"""

from wxkf.client.renewal import TokenStore
from wxkf.client.stores.memory import MemoryTokenStore
from wxkf.client.stores.redis import RedisTokenStore
from wxkf.client.stores.sqlite import SqliteTokenStore

__all__ = ["MemoryTokenStore", "RedisTokenStore", "SqliteTokenStore", "TokenStore"]
