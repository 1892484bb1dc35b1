"""Who hears a callback, and at which URL: an app, a suite's commands, a suite's data (platform.md 1.3, 5.6)."""

from wxkf.sim.world import App, World

Hearer = int | str  # agent_id, suite_id, or suite_id/data
_DATA = "/data"


def hearer_of(world: World, app: App) -> Hearer:
    """Tell who hears an app's events: a third-party app's go to its suite's data URL."""
    suite = world.suites.get(app.suite_id)
    return data_of(suite.suite_id) if suite is not None and suite.kind == "third_party" else app.agent_id


def data_of(suite_id: str) -> Hearer:
    """Name the hearer of a suite's data callbacks."""
    return suite_id + _DATA


def url_of(world: World, hearer: Hearer) -> str:
    """Find a hearer's URL, "" where it has none."""
    if isinstance(hearer, int):
        app = world.apps.get(hearer)
        return app.callback_url if app else ""
    suite = world.suites.get(hearer.removesuffix(_DATA))
    if suite is None:
        return ""
    return suite.data_url if hearer.endswith(_DATA) else suite.command_url
