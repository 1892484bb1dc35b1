"""The tables of docs/simulator.md: what people do in the simulator, and which of its rules are inference."""
# ruff: noqa: INP001 - beside a script, no package

import ast
import inspect
from collections.abc import Iterator
from itertools import pairwise

from wxkf.sim import Settings, Simulator
from wxkf.sim import settings as home
from wxkf.sim.web.routes import routes_of


def action_rows() -> Iterator[tuple[str, ...]]:
    """Give one row an action: its path, its parameters, what it does."""
    for path, route in sorted(routes_of(Simulator().platform).items(), key=lambda it: ("/" in it[0], it[0])):
        required = {one.name for one in _fields(route.shape) if one.required}
        names = " ".join(f"`{name}`" if name in required else f"_`{name}`_" for name in route.shape.__struct_fields__)
        yield f"`{path}`", names, " ".join(route.about.split())


def setting_rows() -> Iterator[tuple[str, ...]]:
    """Give one row a setting: its name, its default, its docstring."""
    about, defaults = _docstrings(), Settings()
    for name in Settings.__dataclass_fields__:
        yield f"`{name}`", f"`{_shown(getattr(defaults, name))}`", about.get(name, "")


def _fields(shape: type) -> tuple[object, ...]:
    from msgspec.structs import fields

    return fields(shape)


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _docstrings() -> dict[str, str]:
    """Read the text below each field, which Python itself forgets."""
    (body,) = (node.body for node in ast.parse(inspect.getsource(home)).body if isinstance(node, ast.ClassDef))
    found = dict[str, str]()
    for node, below in pairwise(body):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and isinstance(below, ast.Expr):
            found[node.target.id] = " ".join(str(ast.literal_eval(below.value)).split())
    return found
