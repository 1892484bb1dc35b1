"""The endpoints, one file a resource. Importing this package fills the table."""

from wxkf.sim.endpoints import message, send, service_state, servicer, tokens
from wxkf.sim.endpoints.table import TABLE, Endpoint

__all__ = ["TABLE", "Endpoint", "message", "send", "service_state", "servicer", "tokens"]
