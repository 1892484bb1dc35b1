"""What is done to a world as a whole: begin anew, keep, take up again, let time pass."""

from typing import Any

from wxkf.sim.actions.action import Actions, action
from wxkf.sim.ids import Ids
from wxkf.sim.kept import Kept, keep, unpack
from wxkf.sim.world import Reload, State, World

DEFAULT_ACCOUNT = "演示小店"
DEFAULT_CORP = "演示公司"


def begin(world: World) -> None:
    """Give an empty world its first corp, app and account."""
    app = world.add_app(world.add_corp(DEFAULT_CORP), DEFAULT_CORP)
    world.add_account(app, DEFAULT_ACCOUNT)


class Worlds(Actions):
    """The world itself. In the control API these stand at the top: POST /_sim/reset."""

    @action("now", noted=False)
    def clock(self, seconds: float) -> float:
        """Let time pass, by ten years at most. Returns the new time in seconds since the epoch."""
        self._world.clock.forward(seconds)
        return self._world.now()

    @action()
    def reset(self, seed: int = 0) -> None:
        """Begin anew with a corp, an app and an account; the same seed gives the same ids and credentials.

        Time, settings and callback URLs of the old world: time and settings stay, the URLs are gone.
        """
        world = self._world
        world.take_up(State(world.settings, Ids(seed)))
        begin(world)
        world.journal.clear()
        world.tell(Reload())

    @action("snapshot")
    def snapshot(self) -> Kept:
        """Keep the world as it is now. Returns an opaque object for `restore`; it holds the secrets."""
        return keep(self._world)

    @action()
    def restore(self, snapshot: dict[str, Any]) -> None:
        """Take up a world that was kept, its time included."""
        kept = unpack(snapshot)
        self._world.take_up(kept.state)
        self._world.clock.set(kept.now)
        self._world.tell(Reload())
