"""The doctor's questions to the platform, as few as can be, and none again that a refusal has settled.

A wrong secret is asked once: in a loop it would get this server's IP banned for an hour. The probe adds people who
are in the list already, which the platform answers with `ignored` and which changes nothing (page 94646).
"""

from collections.abc import Iterator

from wxkf.api.account import KfAccount
from wxkf.cli.doctor.found import Asked, Desk
from wxkf.client.aio import AsyncClient
from wxkf.client.settings import App
from wxkf.errors import ApiError, WxkfError
from wxkf.protocol.flow import RetryPolicy

PATIENT = RetryPolicy(tries=2)
_A_CALL = 100


async def ask(app: App, *, probe: bool) -> Asked:
    """Ask for a token, the accounts, and who serves those that the app manages."""
    async with AsyncClient.of(app, retry=PATIENT) as client:
        return await ask_with(client, app, probe=probe)


async def ask_with(client: AsyncClient, app: App, *, probe: bool, life: int | None = None) -> Asked:
    """Ask by a client that exists already; with the `life` of a token that came before, not for a token again."""
    desks = list[Desk]()
    try:
        if life is None:
            life = (await client.gettoken(corpid=app.corp_id, corpsecret=app.secret)).expires_in
        accounts = tuple([account async for account in client.account.iter()])
    except WxkfError as error:
        return Asked(app.corp_id, app.base_url, life, error=error)
    for account in accounts:
        if account.manage_privilege:
            desks.append(await _desk(client, account, probe=probe))
    return Asked(app.corp_id, app.base_url, life, accounts, tuple(desks))


async def _desk(client: AsyncClient, account: KfAccount, *, probe: bool) -> Desk:
    try:
        rows = (await client.servicer.list(open_kfid=account.open_kfid)).servicer_list
    except WxkfError as error:
        return Desk(account, list_error=error)
    desk = Desk(account, rows)
    if not probe:
        return desk
    try:
        return Desk(account, rows, results=await _probe(client, desk))
    except ApiError as error:
        return Desk(account, rows, results={}, probe_error=error)
    except WxkfError as error:
        return Desk(account, rows, list_error=error)


async def _probe(client: AsyncClient, desk: Desk) -> dict[str, int]:
    results = dict[str, int]()
    for users in _pieces(desk.users):
        answer = await client.servicer.add(open_kfid=desk.account.open_kfid, userid_list=users)
        results |= {row.userid: row.errcode for row in answer.result_list if row.userid}
    return results


def _pieces(users: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for at in range(0, len(users), _A_CALL):
        yield users[at : at + _A_CALL]
