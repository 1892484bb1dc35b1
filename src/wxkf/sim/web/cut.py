"""A connection that is cut on purpose: promise a body that never comes, so that a server can only drop the line.

In process the exception reaches the caller as a broken connection does. Uvicorn would print it as a fault of ours; a
filter on its logger knows better.
"""

import logging

from wxkf.sim.web.asgi import Send, start


class Cut(ConnectionResetError):
    """The line was cut by a fault of `wxkf.sim.faults`."""


class _NotOurs(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and isinstance(record.exc_info[1], Cut))


logging.getLogger("uvicorn.error").addFilter(_NotOurs())


async def promise(send: Send) -> None:
    """Send a head that announces one byte; whoever raises now cuts the line."""
    await start(send, 200, "application/json; charset=UTF-8", (), 1)
