"""What happens between corps and a provider (服务商): suites appear, corps authorise them and take it back."""

from wxkf.sim.actions.action import Actions, action
from wxkf.sim.grants import new_auth_code, new_ticket
from wxkf.sim.letters import Letter, auth_change
from wxkf.sim.notice import keys_of
from wxkf.sim.suites import Suite, SuiteKind
from wxkf.sim.urls import check_callback
from wxkf.sim.values import Json
from wxkf.sim.world import App, Member


class Providers(Actions):
    """A provider with its suites, and the corps that use them. An authorised suite is one more app of the corp."""

    group = "provider"

    @action()
    def add_suite(self, name: str, *, kind: SuiteKind = "third_party") -> Json:
        """Make a third-party app, or with "customized" the template of 代开发 apps. Returns all its credentials."""
        provider, suite = self._world.add_suite(name, kind)
        return {
            "suite_id": suite.suite_id,
            "suite_secret": suite.secret,
            "token": suite.token,
            "aes_key": suite.aes_key,
            "provider_corp_id": provider.corp_id,
            "provider_secret": provider.secret,
        }

    @action()
    def set_callback(self, suite_id: str, command_url: str, *, data_url: str = "") -> None:
        """Enter a suite's URLs for commands (指令回调) and for data; each must answer its check first."""
        suite = self._suite(suite_id)
        for url in (command_url, data_url):
            check_callback(self._world, suite, url)
        suite.command_url, suite.data_url = command_url, data_url
        self._world.write()

    @action("ticket")
    def push_ticket(self, suite_id: str) -> str:
        """Push a suite_ticket now rather than with the next ten minutes. Returns it."""
        letter = new_ticket(self._world, self._suite(suite_id))
        self._world.write(letter)
        return letter.facts[0][1]

    @action()
    def authorize(self, suite_id: str, corp_id: str, *, state: str = "", pre_auth_code: str = "") -> Json:
        """Let a corp authorise a suite. Returns the app's agent_id and callback keys, and the auth_code of create_auth.

        With a `pre_auth_code` it begins on the provider's own site: the auth_code comes back there, not by create_auth.
        """
        world, suite = self._world, self._suite(suite_id)
        if corp_id not in world.corps:
            raise ValueError("there is no such corp")
        if pre_auth_code and world.now() > suite.pre_auth_codes.pop(pre_auth_code, 0.0):
            raise ValueError("there is no such pre_auth_code, or its 20 minutes are over (42007)")
        app = world.app_of(suite_id, corp_id)
        if app is not None and app.authorised:
            raise ValueError("the corp has authorised this suite already; change_auth tells of changes")
        if app is None:
            app = world.add_app(world.corps[corp_id], suite.name)
            app.suite_id, app.switches.app_kind = suite_id, suite.kind
        app.secret, app.authorised = world.ids.word(64), True
        letter = new_auth_code(world, suite, app, "create_auth", state)
        if not pre_auth_code:
            world.write(letter)
        keys = keys_of(world, app)
        return {
            "agent_id": app.agent_id,
            "token": keys.token,
            "aes_key": keys.aes_key,
            "auth_code": letter.facts[0][1],
        }

    @action()
    def change_auth(self, suite_id: str, corp_id: str) -> None:
        """Tell the provider that a corp changed what it authorised."""
        self._app(suite_id, corp_id)
        self._world.write(Letter(suite_id, "change_auth", (("AuthCorpId", corp_id), ("State", ""))))

    @action()
    def withdraw(self, suite_id: str, corp_id: str) -> None:
        """Let a corp take its authorisation back: the app's accounts are taken from it and its calls refused."""
        world, app = self._world, self._app(suite_id, corp_id)
        app.authorised = False
        for account in world.accounts.values():
            if app.agent_id in account.managers:
                account.managers.discard(app.agent_id)
                world.write(auth_change(app.agent_id, account.open_kfid, False))
        world.write(Letter(suite_id, "cancel_auth", (("AuthCorpId", corp_id),)))

    @action()
    def reset_permanent_code(self, suite_id: str, corp_id: str) -> None:
        """Reset the secret of a 代开发 app: its permanent code is another one, to be fetched with a new auth_code."""
        world, suite, app = self._world, self._suite(suite_id), self._app(suite_id, corp_id)
        if suite.kind != "customized":
            raise ValueError("only the secret of a 代开发 app can be reset")
        app.secret = world.ids.word(64)
        world.write(new_auth_code(world, suite, app, "reset_permanent_code"))

    @action()
    def set_licence(self, corp_id: str, userid: str, licensed: bool) -> None:
        """Give a member an account licence (互通账号) or take it away; provider's apps are refused without (701008)."""
        corp = self._world.corps.get(corp_id)
        if corp is None:
            raise ValueError("there is no such corp")
        corp.members.setdefault(userid, Member()).licensed = licensed

    def _suite(self, suite_id: str) -> Suite:
        suite = self._world.suites.get(suite_id)
        if suite is None:
            raise ValueError("there is no such suite")
        return suite

    def _app(self, suite_id: str, corp_id: str) -> App:
        self._suite(suite_id)
        app = self._world.app_of(suite_id, corp_id)
        if app is None or not app.authorised:
            raise ValueError("the corp has not authorised this suite")
        return app
