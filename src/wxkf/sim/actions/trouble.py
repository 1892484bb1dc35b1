"""What goes wrong on the platform's side, on demand."""

from collections.abc import Container

from wxkf.sim.actions.action import Actions, action
from wxkf.sim.endpoints.table import TABLE
from wxkf.sim.endpoints.tokens import revoke_token
from wxkf.sim.faults import EVERY, KINDS, Fault, Kind, Place
from wxkf.sim.letters import NAMES

_PATHS: dict[Place, Container[str]] = {
    "sync": {"kf/sync_msg"},
    "send": {"kf/send_msg", "kf/send_msg_on_event"},
    "callback": NAMES,
}
"""What the faults of a place may name; those of calls any path."""


class Trouble(Actions):
    """Faults."""

    group = "faults"

    @action("fault")
    def add(
        self,
        kind: Kind,
        *,
        path: str = EVERY,
        errcode: int = 0,
        seconds: float = 0.0,
        fail_type: int = 0,
        times: int | None = None,
        chance: float = 1.0,
    ) -> int:
        """Let something go wrong from now on: always, so many times, or by chance. Returns the fault's number.

        Of calls ("*" is every one that carries a token): busy (-1), refuse (errcode), token_revoked, http_500,
        cut_before and cut_after (the platform has acted by then), slow (seconds). Of callbacks ("*" or an event's
        name): callback_lost, callback_duplicate, callback_late (seconds of the world's clock), callback_reordered.
        Of sync_msg: empty_page, replayed_page, short_page, bad_cursor. Of sends: send_fail (fail_type).
        """
        fault = Fault(0, kind, path, errcode, "", seconds, fail_type, times, chance)
        if kind in KINDS:
            _known(path, _PATHS.get(KINDS[kind][0], TABLE))
        return self._world.faults.add(fault)

    @action()
    def remove(self, fault: int) -> None:
        """End one fault."""
        self._world.faults.remove(fault)

    @action()
    def clear(self) -> None:
        """End all faults."""
        self._world.faults.drop(lambda _: True)

    @action()
    def refuse(self, path: str, errcode: int, *, about: str = "", times: int | None = None) -> None:
        """Refuse a path ("kf/send_msg"; "*" is every business call), so many times or until `accept`."""
        _known(path)
        faults = self._world.faults
        number = faults.add(Fault(0, "refuse", path, errcode, about, times=times))
        faults.drop(lambda one: one.fault != number and _refuses(one, path))

    @action()
    def accept(self, path: str) -> None:
        """End a scripted refusal; none is fine too."""
        self._world.faults.drop(lambda one: _refuses(one, path))

    @action()
    def revoke_token(self, *, agent_id: int = 0) -> None:
        """Make an app's access token invalid before its time; calls with it return 40014."""
        apps = self._world.apps
        if agent_id and agent_id not in apps:
            raise ValueError("there is no such app")
        revoke_token(self._world, apps[agent_id or next(iter(apps))])


def _known(path: str, paths: Container[str] = TABLE) -> None:
    if path != EVERY and path not in paths:
        raise ValueError(f"nothing is called {path!r} here that this fault could hit; paths look like kf/send_msg")


def _refuses(fault: Fault, path: str) -> bool:
    return fault.kind == "refuse" and fault.path == path
