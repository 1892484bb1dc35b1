"""aiohttp's pool of connections, but that trouble with a proxy's tunnel is told from trouble with the platform.

aiohttp raises the same errors for a proxy that answers nonsense to CONNECT as for a platform that answers nonsense to
the request. Only the first of them means that the request never left.
"""

from typing import Any

from aiohttp import ClientHttpProxyError, ClientResponseError, ServerDisconnectedError, TCPConnector
from aiohttp.connector import Connection

from wxkf.client.faults import Fault


class Connector(TCPConnector):
    """Connects; raises `Fault` where the errors of aiohttp would leave open when it happened."""

    async def connect(self, *args: Any, **kwargs: Any) -> Connection:
        """Give a connection, new or kept."""
        try:
            return await super().connect(*args, **kwargs)
        except ClientHttpProxyError:
            raise
        except (ClientResponseError, ServerDisconnectedError) as error:
            raise Fault("proxy_refused", type(error).__name__, sent=False) from None
