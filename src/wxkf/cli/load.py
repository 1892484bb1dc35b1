"""Find the bot that `module:name` speaks of."""

import inspect
import re
import sys
from importlib import import_module
from pathlib import Path

from wxkf.bot.app import Bot
from wxkf.errors import ConfigError

_MODULE = re.compile(r"[^.:/\\\s]+(\.[^.:/\\\s]+)*")


def load_bot(spec: str) -> Bot:
    """Import `module:name` (name is `bot` when left out), from the current folder first; or call what makes it.

    Raises `ConfigError` when there is no such module, name or bot; errors inside the module come through as they are.
    """
    module_name, _, name = spec.partition(":")
    name = name or "bot"
    if module_name.endswith(".py"):
        module_name = module_name.removesuffix(".py").removeprefix("./").replace("/", ".").replace("\\", ".")
    if not _MODULE.fullmatch(module_name):
        hint = "; run it in its folder" if Path(spec).is_absolute() or spec.startswith("..") else ""
        raise ConfigError(f"{spec!r} is not of the form module:name{hint}")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        module = import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name and (module_name == error.name or module_name.startswith(f"{error.name}.")):
            raise ConfigError(f"there is no module {module_name!r} in {here} or among the installed packages") from None
        raise
    found = getattr(module, name, None)
    if inspect.isfunction(found) and not inspect.signature(found).parameters:
        found = found()  # one that makes it: `def shop() -> Bot` builds what it needs when it is run
    if not isinstance(found, Bot):
        have = [key for key, value in vars(module).items() if isinstance(value, Bot)]
        hint = f"; it has {', '.join(have)}" if have else "; make one with `bot = Bot()`"
        raise ConfigError(f"{module_name} has no Bot named {name!r}{hint}")
    return found
