"""The control API's actions as routes: each method of `wxkf.sim.actions` under its path, with its arguments' shape."""

from inspect import Parameter, Signature, getdoc, signature
from typing import Any, get_type_hints

import msgspec

from wxkf.sim.actions.action import Actions, named, path_of
from wxkf.sim.platform import Platform
from wxkf.sim.values import Json


class Route:
    """One method: `shape` is its arguments as a struct, `returned` the names and types of its result."""

    def __init__(self, group: Actions, name: str) -> None:
        self._method = getattr(group, name)
        self._returns = self._method.__action__
        self.path, self.about = path_of(group, name), getdoc(self._method) or ""
        hints = get_type_hints(self._method)
        parameters = signature(self._method).parameters.values()
        self.shape = msgspec.defstruct(_name_of(self.path), [_field(one, hints) for one in parameters], **_STRICT)
        self.returned = {self._returns: hints["return"]} if self._returns else {}

    def run(self, body: bytes) -> Json:
        """Decode the arguments and act. Raises `ValueError` with a sentence."""
        given = msgspec.json.decode(body or b"{}", type=self.shape)
        return named(self._returns, self._method(**{key: getattr(given, key) for key in self.shape.__struct_fields__}))


_STRICT: Any = {"forbid_unknown_fields": True, "kw_only": True}


def routes_of(platform: Platform) -> dict[str, Route]:
    """List the actions by their paths under /_sim/."""
    found = (
        Route(group, name)
        for group in platform.groups
        for name in dir(type(group))
        if hasattr(getattr(type(group), name), "__action__")
    )
    return {route.path: route for route in found}


def _name_of(path: str) -> str:
    return "".join(part.capitalize() for part in path.replace("/", "_").split("_"))


def _field(parameter: Parameter, hints: dict[str, Any]) -> tuple[str, Any] | tuple[str, Any, Any]:
    name = parameter.name
    return (name, hints[name]) if parameter.default is Signature.empty else (name, hints[name], parameter.default)
