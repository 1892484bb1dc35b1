"""To whom a customer is handed over, and whether anybody is there: by the list of servicers (page 94645)."""

import logging
from collections.abc import Iterable, Sequence
from typing import Literal

from wxkf.api.servicer import Servicer
from wxkf.client.aio import AsyncClient
from wxkf.errors import ConfigError

log = logging.getLogger("wxkf.bot")

IfNobody = Literal["queue", "stay"]
POOL = ""
NOBODY = "-"  # no userid has a hyphen alone


async def candidates(
    client: AsyncClient, open_kfid: str, to: str | Sequence[str], if_nobody: IfNobody
) -> tuple[str, ...]:
    """List whom to try, in order: userids, `POOL` for the queue; nothing where nobody is there and the bot goes on."""
    if if_nobody not in ("queue", "stay"):
        raise ConfigError(f'if_nobody is "queue" or "stay", not {if_nobody!r}')
    wanted = (to,) if isinstance(to, str) else tuple(to)
    if if_nobody == "queue" and len(wanted) == 1:
        return wanted if wanted == (POOL,) else (*wanted, POOL)  # the platform says who is not there
    listed = (await client.servicer.list(open_kfid=open_kfid)).servicer_list
    there = [one for one in wanted if (is_anybody_there(listed) if one == POOL else one in serving(listed))]
    return tuple(there) if if_nobody == "stay" else (*there, POOL)


def serving(listed: Iterable[Servicer]) -> set[str]:
    """Tell who takes customers now."""
    return {one.userid for one in listed if one.userid and not one.status}


def is_anybody_there(listed: Sequence[Servicer]) -> bool:
    """Tell whether anybody may take a customer from the queue; of a department the platform does not say it."""
    return bool(serving(listed)) or any(not one.userid for one in listed)
