"""What goes wrong on the platform's side, on demand."""

from wxkf.sim.actions.action import Actions, action
from wxkf.sim.endpoints.tokens import revoke_token


class Trouble(Actions):
    """Faults."""

    group = "faults"

    @action()
    def refuse(self, path: str, errcode: int, *, about: str = "", times: int | None = None) -> None:
        """Refuse a path ("kf/send_msg"; "*" is every business call), so many times or until `accept`."""
        self._world.faults.refuse(path, errcode, about, times)

    @action()
    def accept(self, path: str) -> None:
        """End a scripted refusal."""
        self._world.faults.accept(path)

    @action()
    def revoke_token(self, *, agent_id: int = 0) -> None:
        """Make an app's access token invalid before its time; calls with it return 40014."""
        apps = self._world.apps
        if agent_id and agent_id not in apps:
            raise ValueError("there is no such app")
        revoke_token(self._world, apps[agent_id or next(iter(apps))])
