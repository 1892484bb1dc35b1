"""Which apps a fleet should run, and where their callbacks come in: from settings and authorisations, as pure values.

An app of the settings stands for itself. A suite stands for every corp that authorised it, each as an app named
`suite/corp`, unless an app of the settings names that suite and that corp (a 代开发 app with a Token of its own).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from wxkf.bot.member import AppState, Phase
from wxkf.client.settings import App, Suite
from wxkf.errors import ConfigError
from wxkf.protocol.receivers import Door, Receivers
from wxkf.provider.events import AGAIN
from wxkf.provider.store import Authorisation

Owner = App | Suite


@dataclass(frozen=True, slots=True)
class Wanted:
    """What should run, what cannot run yet and why, and how to call each corp's app by suite and corp."""

    apps: dict[str, App]
    waiting: dict[str, AppState]
    by_corp: dict[tuple[str, str], str]
    doors: dict[str, Receivers[Owner]]

    def door(self, path: str) -> Receivers[Owner] | None:
        """Give the check for a path: its own if it has one, else that of all that name no path."""
        return self.doors.get(path) or self.doors.get("")


def wanted(apps: Sequence[App], suites: Sequence[Suite], corps: Sequence[Authorisation]) -> Wanted:
    """Work out what should run. Raises `ConfigError` for settings that contradict one another."""
    _check(apps, suites)
    active = {(corp.suite, corp.corp): corp.permanent_code for corp in corps if corp.active}
    own = {(app.suite, app.corp_id) for app in apps if app.suite}
    run, waiting = dict[str, App](), dict[str, AppState]()
    everybody = [*apps, *_authorised(suites, set(active) - own)]
    for app in everybody:
        if not app.suite or (app.suite, app.corp_id) in active:
            run[app.name] = replace(app, secret=active[app.suite, app.corp_id]) if app.suite else app
        else:
            reason = f"{app.corp_id} has not authorised {app.suite}"
            waiting[app.name] = AppState(app.name, Phase.WAITING, reason, AGAIN)
    by_corp = {(app.suite, app.corp_id): app.name for app in everybody if app.suite}
    return Wanted(run, waiting, by_corp, _doors([*everybody, *suites], {suite.suite_id: suite for suite in suites}))


def _check(apps: Sequence[App], suites: Sequence[Suite]) -> None:
    """Refuse settings that could not be told apart, now or whoever authorises later: a corp must never be the one
    whose coming breaks what runs.
    """
    names, corps = set[str](), set[tuple[str, str]]()
    for app in apps:
        if app.name in names:
            raise ConfigError(f"two apps are called {app.name}: give each a name of its own")
        if app.suite and (app.suite, app.corp_id) in corps:
            raise ConfigError(f"{app.name}: another app is of suite {app.suite} and {app.corp_id} already")
        names.add(app.name)
        corps.add((app.suite, app.corp_id))
        for suite in suites:
            _check_beside(app, suite)


def _check_beside(app: App, suite: Suite) -> None:
    own = corp_app(app.suite, app.corp_id)
    if app.name.startswith(corp_app(suite.suite_id, "")) and app.name != own:
        raise ConfigError(f"{app.name}: such a name is kept for the corps that authorise {suite.suite_id}")
    if app.suite != suite.suite_id and app.path == suite.path and set(app.pairs) & set(suite.pairs):
        raise ConfigError(
            f"{app.name} and {suite.suite_id} have the same Token and EncodingAESKey: give each its own, or a path of "
            "its own"
        )


def _authorised(suites: Iterable[Suite], pairs: set[tuple[str, str]]) -> Iterator[App]:
    """Make the apps that stand in no settings."""
    for suite in suites:
        for _, corp in sorted(pair for pair in pairs if pair[0] == suite.suite_id):
            name = corp_app(suite.suite_id, corp)
            yield App(corp, base_url=suite.base_url, name=name, path=suite.path, suite=suite.suite_id)


def corp_app(suite: str, corp: str) -> str:
    """Name the app that a suite has at a corp."""
    return f"{suite}/{corp}"


def _doors(owners: Iterable[Owner], suites: dict[str, Suite]) -> dict[str, Receivers[Owner]]:
    at = dict[str, list[Door[Owner]]]()
    for owner in owners:
        at.setdefault(owner.path, []).append(_door(owner, suites))
    return {path: Receivers(doors) for path, doors in at.items()}


def _door(owner: Owner, suites: dict[str, Suite]) -> Door[Owner]:
    if isinstance(owner, Suite):
        return Door(owner, owner.receivers, owner.pairs)
    pairs = owner.pairs or (suites[owner.suite].pairs if owner.suite in suites else ())
    return Door(replace(owner, secret=""), (owner.corp_id,), pairs, owner.agent_id)
