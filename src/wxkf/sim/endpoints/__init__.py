"""The endpoints, one file a resource. Importing this package fills the table."""

from wxkf.sim.endpoints import (
    account,
    corp,
    customer,
    idconvert,
    knowledge,
    media,
    media_jobs,
    message,
    provider,
    send,
    service_state,
    servicer,
    statistic,
    tokens,
)
from wxkf.sim.endpoints.table import TABLE, Endpoint

__all__ = [
    "TABLE",
    "Endpoint",
    "account",
    "corp",
    "customer",
    "idconvert",
    "knowledge",
    "media",
    "media_jobs",
    "message",
    "provider",
    "send",
    "service_state",
    "servicer",
    "statistic",
    "tokens",
]
