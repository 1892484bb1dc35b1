"""Signatures as people read them: types by their own names, long ones as the source spells them, a line a parameter."""
# ruff: noqa: INP001 - beside a script, no package

import ast
import inspect
import re
import textwrap
from collections.abc import Callable
from functools import cache
from inspect import Parameter
from typing import Any, Final

_WIDE: Final = 100  # characters of a line
_LONG: Final = 48  # of a type; above that the source has a name for it
_GIVEN: Final = ("Context", "SyncContext", "OpenWork", "History", "Options")  # nobody calls these: they are handed out


def shortened(signature: str) -> str:
    """Give a signature without the modules of its types."""
    return re.sub(r"(?<!')\b(?:[a-z_]\w*\.)+(?=\w)", "", signature)


def fenced(name: str, one: Any) -> str:
    """Give a signature as a block of code; `py` and not `python`, which is for code that runs."""
    return f"```py\n{_written(name, one)}\n```\n"


def answer(function: Callable[..., Any]) -> str:
    """Give the type that a function returns."""
    return _type(function, "return", inspect.signature(function).return_annotation)


def _written(name: str, one: Any) -> str:
    function = one.__func__ if isinstance(one, classmethod | staticmethod) else one
    if inspect.isclass(one) and (name in _GIVEN or issubclass(one, Exception)):
        bases = ", ".join(base.__name__ for base in one.__bases__ if base.__module__.startswith("wxkf.errors"))
        return f"class {name}({bases})" if bases else f"class {name}"
    start = "async " if inspect.iscoroutinefunction(function) else ""
    given = list(_parameters(function))
    returned = "" if inspect.isclass(one) else answer(function)
    end = f" -> {returned}" if returned not in ("", "None") else ""
    line = f"{start}{name}({', '.join(given)}){end}"
    return line if len(line) <= _WIDE else f"{start}{name}(\n" + "".join(f"    {it},\n" for it in given) + f"){end}"


def _parameters(function: Callable[..., Any]) -> list[str]:
    found, starred = list[str](), False
    for it in inspect.signature(function).parameters.values():
        if it.name in ("self", "cls"):
            continue
        starred = starred or it.kind is Parameter.VAR_POSITIONAL
        if it.kind is Parameter.KEYWORD_ONLY and not starred:
            found.append("*")
            starred = True
        found.append(_parameter(function, it))
    return found


def _parameter(function: Callable[..., Any], it: Parameter) -> str:
    stars = {Parameter.VAR_POSITIONAL: "*", Parameter.VAR_KEYWORD: "**"}.get(it.kind, "")
    kind = "" if it.annotation is it.empty else f": {_type(function, it.name, it.annotation)}"
    default = "" if it.default is it.empty else f" = {_default(it.default)}"
    return f"{stars}{it.name}{kind}{default}"


def _default(value: object) -> str:
    shown = f'"{value}"' if type(value) is str else repr(value)
    return "…" if "<" in shown or len(shown) > _LONG else shown


def _type(function: Callable[..., Any], name: str, annotation: Any) -> str:
    words = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    words = _with_bars(re.sub(r"(?<!\w)[~+-](?=[A-Z]\w*)", "", shortened(words).strip("'\"")))
    return _in_source(function).get(name, words) if len(words) > _LONG or "<" in words else words


def _with_bars(words: str) -> str:
    """Write `Union[A, B]` and `Optional[A]`, which older Pythons make of an alias, as `A | B` and `A | None`."""
    found = re.fullmatch(r"(Union|Optional)\[(.+)\]", words)
    if not found:
        return words
    node = ast.parse(found[2], mode="eval").body
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return " | ".join([*map(ast.unparse, parts), *(["None"] if found[1] == "Optional" else [])])


@cache
def _in_source(function: Callable[..., Any]) -> dict[str, str]:
    """Give the types of a function as they are written, by the parameter's name; none of what Python has made."""
    try:
        lines = inspect.getsource(function.__init__ if inspect.isclass(function) else function)
    except (OSError, TypeError):
        return {}
    node = ast.parse(textwrap.dedent(lines)).body[0]
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return {}
    given = node.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))]
    types = {it.arg: it.annotation for it in every} | {"return": node.returns}
    return {name: ast.unparse(kind).strip("'\"") for name, kind in types.items() if kind is not None}
