"""The endpoints, one file a resource. Importing this package fills the table."""

from wxkf.sim.endpoints import knowledge, message, provider, send, service_state, servicer, statistic, tokens
from wxkf.sim.endpoints.table import TABLE, Endpoint

__all__ = [
    "TABLE", "Endpoint", "knowledge", "message", "provider", "send", "service_state", "servicer", "statistic", "tokens",
]  # fmt: skip
