"""What an admin does in the console: corps, apps, accounts, members, who serves, the switches."""

import re
from typing import Any, get_type_hints

import msgspec

from wxkf.sim.actions.action import Actions, action
from wxkf.sim.actions.people import both
from wxkf.sim.admission import Switches
from wxkf.sim.letters import auth_change
from wxkf.sim.urls import check_callback
from wxkf.sim.values import Json
from wxkf.sim.world import App, Corp, Member, Servicer, Upgrade

_KINDS: dict[str, Any] = get_type_hints(Switches)


class Console(Actions):
    """The admin console. Where no app is named (`agent_id` 0), the first one is meant."""

    group = "console"

    @property
    def switches(self) -> Switches:
        """What is switched on for the first app; set it as you like."""
        return self._app(0).switches

    @action()
    def add_corp(self, name: str) -> Json:
        """Found a company with an app of its own. Returns the app's credentials."""
        return self._credentials(self._world.add_app(self._world.add_corp(name), name))

    @action()
    def add_app(self, name: str, *, corp_id: str = "") -> Json:
        """Make another app, of the first corp if none is named. Returns its credentials."""
        corp = self._corp(corp_id)
        return self._credentials(self._world.add_app(corp, name))

    @action("open_kfid")
    def add_account(self, name: str, *, agent_id: int = 0) -> str:
        """Open an account that the app manages. Returns its open_kfid."""
        return self._world.add_account(self._app(agent_id), name).open_kfid

    @action()
    def manage(self, open_kfid: str, managed: bool = True, *, agent_id: int = 0) -> None:
        """Put an account under API management by an app (通过API管理微信客服账号), or take it away."""
        account, app = self._world.accounts.get(open_kfid), self._app(agent_id)
        if account is None or account.corp_id != app.corp_id:
            raise ValueError("there is no such account")
        if managed != (app.agent_id in account.managers):
            (account.managers.add if managed else account.managers.discard)(app.agent_id)
            self._world.write(auth_change(app.agent_id, open_kfid, managed))

    @action()
    def reset_secret(self, secret: str, *, agent_id: int = 0) -> None:
        """Give an app another secret (重置 Secret); tokens that were handed out live on."""
        self._app(agent_id).secret = secret

    @action()
    def set_callback(self, url: str, *, agent_id: int = 0) -> None:
        """Enter the URL of an app's callbacks, which must answer its check first (page 90930); "" takes it away."""
        app = self._app(agent_id)
        check_callback(self._world, app, url)
        app.callback_url = url

    @action()
    def seal_with(self, token: str, aes_key: str, *, agent_id: int = 0) -> None:
        """Enter another Token and EncodingAESKey for an app's callback (设置API接收)."""
        app = self._app(agent_id)
        if not re.fullmatch("[0-9A-Za-z]{1,32}", token) or not re.fullmatch("[0-9A-Za-z]{43}", aes_key):
            raise ValueError("a Token is 1 to 32 letters and digits, an EncodingAESKey 43 of them")
        app.token, app.aes_key = token, aes_key

    @action()
    def switch(self, name: str, value: bool | str | list[str] | None, *, agent_id: int = 0) -> None:
        """Set one of an app's switches: app_enabled, trusted_ips, api_on, app_listed, mode, secret_of, app_kind."""
        switches = self._app(agent_id).switches
        if name not in _KINDS:
            raise ValueError(f"a switch is one of {', '.join(_KINDS)}")
        try:
            setattr(switches, name, msgspec.convert(value, _KINDS[name]))
        except msgspec.ValidationError as error:
            raise ValueError(f"{name} cannot be that: {error}") from None

    @action()
    def verify(self, verified: bool = True, *, corp_id: str = "") -> None:
        """Let a corp be verified (企业认证), or not."""
        corp = self._corp(corp_id)
        corp.verified = verified

    @action()
    def add_member(
        self, userid: str, *, visible: bool = True, active: bool = True, licensed: bool = True, corp_id: str = ""
    ) -> None:
        """Let a member of a corp appear, or change one: in the visible range, active in WeCom, with a licence."""
        self._corp(corp_id).members[userid] = Member(visible=visible, active=active, licensed=licensed)

    @action()
    def configure_upgrade(
        self,
        userid_list: list[str],
        *,
        department_id_list: list[int] | None = None,
        chat_id_list: list[str] | None = None,
        exclusive: bool = False,
        corp_id: str = "",
    ) -> None:
        """Set to whom customers may be led on (升级服务); `exclusive` is 专属服务, which shuts the API out (95015)."""
        corp = self._corp(corp_id)
        corp.upgrade = Upgrade(userid_list, department_id_list or [], chat_id_list or [], exclusive)

    @action()
    def bind_channels(self, bound: bool = True, *, corp_id: str = "") -> None:
        """Bind a Channels account (视频号) to a corp, or take it away."""
        self._corp(corp_id).wechat_channels_binding = bound

    @action()
    def end_media_job(self, jobid: str, *, errcode: int = 0) -> None:
        """End a media/upload_by_url now: well, or with an errcode such as 830003."""
        for corp in self._world.corps.values():
            if job := corp.media_jobs.get(jobid):
                job.done_at, job.errcode = self._world.now(), errcode
                return
        raise ValueError("there is no such job")

    @action()
    def add_servicer(self, open_kfid: str, userid: str, *, status: int = 0, stop_type: int = 0) -> None:
        """Let a member serve, or change how: as an admin in the console, so whatever the app may see."""
        if status not in (0, 1) or stop_type not in (0, 1):
            raise ValueError("status and stop_type are 0 or 1")
        if open_kfid not in self._world.accounts:
            raise ValueError("there is no such account")
        account = self._world.accounts[open_kfid]
        self._world.corps[account.corp_id].members.setdefault(userid, Member())
        account.servicers[userid] = Servicer(status, stop_type)

    @action()
    def set_state(self, open_kfid: str, external_userid: str, state: int, *, servicer_userid: str = "") -> None:
        """Put a session into a state 0 to 4, whatever the rules say, as if it had begun now."""
        if state not in range(5):
            raise ValueError("a session state is a number from 0 to 4")
        account = both(self._world, open_kfid, external_userid)[0]
        account.conversation(external_userid).force(state, self._world.now(), servicer_userid)

    def _corp(self, corp_id: str) -> Corp:
        corp = self._world.corps.get(corp_id or next(iter(self._world.corps)))
        if corp is None:
            raise ValueError("there is no such corp")
        return corp

    def _app(self, agent_id: int) -> App:
        apps = self._world.apps
        if agent_id and agent_id not in apps:
            raise ValueError("there is no such app")
        return apps[agent_id or next(iter(apps))]

    def _credentials(self, app: App) -> Json:
        keys = ("corp_id", "agent_id", "secret", "token", "aes_key")
        return {key: getattr(app, key) for key in keys}
