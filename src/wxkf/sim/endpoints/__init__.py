"""The endpoints, one file a resource. Importing this package fills the table."""

from wxkf.sim.endpoints import message, provider, send, servicer, tokens
from wxkf.sim.endpoints.table import TABLE, Endpoint

__all__ = ["TABLE", "Endpoint", "message", "provider", "send", "servicer", "tokens"]
