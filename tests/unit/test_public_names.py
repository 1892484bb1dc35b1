"""The public names: said twice, for people and for type checkers, so the two are held against each other."""

import ast
import inspect
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import wxkf

PUBLIC = [name for name in dir(wxkf) if name != "__version__"]
HEAVY = ["aiohttp", "urllib3", "typer", "rich", "sqlite3", "uvicorn", "cryptography", "msgspec", "asyncio"]

FRAMEWORKS = ["django", "fastapi", "flask", "quart", "starlette", "werkzeug"]


def names_for_type_checkers() -> list[str]:
    tree = ast.parse(Path(wxkf.__file__).read_text("utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    imports = (node for node in block.body if isinstance(node, ast.ImportFrom))
    named = [alias.asname or alias.name for node in imports for alias in node.names]
    given = [ast.unparse(node.targets[0]) for node in block.body if isinstance(node, ast.Assign)]
    return [name for name in (*named, *given) if not name.startswith("_")]


def python(code: str) -> str:
    """Run code in a fresh interpreter."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def _is_ours(member: str, value: object) -> bool:
    return not member.startswith("_") and getattr(value, "__module__", "").startswith("wxkf")


def test_the_names_at_run_time_are_those_the_type_checkers_see() -> None:
    assert wxkf.__all__ == sorted([*names_for_type_checkers(), "__version__"])
    assert dir(wxkf) == wxkf.__all__


@pytest.mark.parametrize("name", PUBLIC)
def test_every_name_loads_and_says_what_it_is(name: str) -> None:
    value = getattr(wxkf, name)
    assert inspect.getdoc(value)
    assert getattr(wxkf, name) is value


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_method_has_a_docstring(name: str) -> None:
    members = inspect.getmembers_static(getattr(wxkf, name))
    own = [(member, value) for member, value in members if _is_ours(member, value)]
    assert [member for member, value in own if not inspect.getdoc(value)] == []


def test_a_name_that_is_none_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Foo'"):
        wxkf.Foo  # noqa: B018
    assert not hasattr(wxkf, "_HOME")


def test_the_version_is_the_packages() -> None:
    assert wxkf.__version__ == version("wxkf")


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = f"import sys; old = set(sys.modules); import wxkf; print(sorted(set({HEAVY}) & (set(sys.modules) - old)))"
    assert python(code).strip() == "[]"


@pytest.mark.parametrize(
    ("name", "unwanted"),
    [
        ("ApiError", ["aiohttp", "urllib3", "typer", "rich", "sqlite3", "uvicorn", "cryptography"]),
        ("Client", ["aiohttp", "typer", "rich", "sqlite3", "uvicorn"]),
        ("AsyncClient", ["urllib3", "typer", "rich", "sqlite3", "uvicorn"]),
        ("CallbackApp", ["aiohttp", "urllib3", "typer", "rich", "sqlite3", "uvicorn"]),
        ("Forward", ["aiohttp", "urllib3", "typer", "rich", "sqlite3", "uvicorn"]),
        ("SyncCallbackApp", ["aiohttp", "urllib3", "typer", "rich", "sqlite3", "uvicorn", "asyncio"]),
        ("load_settings", ["aiohttp", "urllib3", "typer", "rich", "sqlite3", "uvicorn"]),
        ("Fleet", ["urllib3", "typer", "rich", "uvicorn"]),
        ("Bot", ["urllib3", "typer", "rich", "uvicorn"]),
    ],
)
def test_a_name_loads_only_what_it_needs(name: str, unwanted: list[str]) -> None:
    assert python(f"import sys, wxkf; wxkf.{name}; print(sorted(set({unwanted}) & set(sys.modules)))").strip() == "[]"


def test_no_module_of_ours_loads_a_web_framework() -> None:
    code = f"""
import sys
from importlib import import_module
from pkgutil import walk_packages
import wxkf
for module in walk_packages(wxkf.__path__, "wxkf."):
    if not module.name.endswith("__main__"):
        import_module(module.name)
print("wxkf.web.forward" in sys.modules, sorted(set({FRAMEWORKS}) & set(sys.modules)))
"""
    assert python(code).strip() == "True []"
