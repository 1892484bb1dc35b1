"""What an action is: a method that does what no API call can, and that is noted in the journal.

The methods marked here are at once the Python interface (`sim.customers.say(...)`) and, by their names, signatures
and docstrings, the control API (`POST /_sim/customers/say`) with its description. They raise `ValueError` with one
sentence where something is impossible.
"""

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Concatenate, ParamSpec, TypeVar

from wxkf.sim.values import Json
from wxkf.sim.world import World


class Actions:
    """A group of actions; `group` is its name in the control API."""

    group = ""

    def __init__(self, world: World) -> None:
        self._world = world


P = ParamSpec("P")
T = TypeVar("T")
A = TypeVar("A", bound=Actions)
Method = Callable[Concatenate[A, P], T]


def action(returns: str = "", *, noted: bool = True) -> Callable[[Method[A, P, T]], Method[A, P, T]]:
    """Mark a method; what it returns is called `returns` in JSON, or is an object already where that is "".

    One that is not `noted` shows in the journal by what it does.
    """

    def mark(method: Method[A, P, T]) -> Method[A, P, T]:
        bind = signature(method).bind

        @wraps(method)
        def act(self: A, /, *args: P.args, **kwargs: P.kwargs) -> T:
            result = method(self, *args, **kwargs)
            if not noted:
                return result
            world = self._world
            given = bind(self, *args, **kwargs)
            request = {key: _shown(value) for key, value in given.arguments.items() if key != "self"}
            world.journal.add(world.now(), "action", path_of(self, method.__name__), request, named(returns, result))
            return result

        vars(act)["__action__"] = returns
        return act

    return mark


def path_of(group: Actions, name: str) -> str:
    """Tell an action's name in the journal and its path under /_sim/."""
    return f"{group.group}/{name}" if group.group else name


def named(returns: str, result: object) -> Json:
    """Give a result as a JSON object."""
    if returns:
        return {returns: result}
    return result if isinstance(result, dict) else {}


def _shown(value: object) -> object:
    return f"{len(value)} bytes" if isinstance(value, bytes) else value
