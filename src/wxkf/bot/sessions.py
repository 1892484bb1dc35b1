"""Who has a session: asked only where something says that it may be a colleague, so a bot alone pays nothing for it.

A standalone account (独立版) has no servicers and no session calls; there the session is always the bot's.
"""

import logging
from typing import Literal

from wxkf.api.service_state import ServiceState
from wxkf.client.aio import AsyncClient
from wxkf.errors import ConfigError, PermissionDenied

log = logging.getLogger("wxkf.bot")

Mode = Literal["auto", "wecom", "standalone"]
_THE_BOTS = ServiceState(service_state=1)
_NO_SUCH_CALL = (48001, 48002, 48005)


class Sessions:
    """Reads sessions. In mode "auto" an account whose sessions may not be read is taken for standalone."""

    def __init__(self, mode: Mode) -> None:
        if mode not in ("auto", "wecom", "standalone"):
            raise ConfigError(f'mode is "auto", "wecom" or "standalone", not {mode!r}')
        self._mode = mode
        self._standalone = set[str]()

    def is_standalone(self, open_kfid: str) -> bool:
        """Whether this account has no servicers, as far as is known."""
        return self._mode == "standalone" or open_kfid in self._standalone

    async def read(
        self, client: AsyncClient, open_kfid: str, external_userid: str, *, people: bool = False
    ) -> ServiceState:
        """Tell who has the session. Raises `ApiError`. Where `people` were seen, an account is not standalone."""
        if self.is_standalone(open_kfid):
            return _THE_BOTS
        try:
            return await client.service_state.get(open_kfid=open_kfid, external_userid=external_userid)
        except PermissionDenied as error:
            if self._mode == "wecom" or error.errcode not in _NO_SUCH_CALL:
                raise
            if people:
                return _THE_BOTS
            self._standalone.add(open_kfid)
            log.warning("%s is taken for standalone (独立版), where sessions are the bot's: %s", open_kfid, error)
            return _THE_BOTS

    def check_has_people(self, open_kfid: str) -> None:
        """Raise `ConfigError` for an account that nobody can be handed over to."""
        if self.is_standalone(open_kfid):
            raise ConfigError(
                f"{open_kfid} is a standalone account (独立版): it has no servicers to hand over to and no session to "
                'end; if it is not, say Bot(mode="wecom")'
            )
