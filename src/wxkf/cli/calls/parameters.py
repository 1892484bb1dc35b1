"""The options of a command, out of a declaration's signature.

Names are the platform's. Positional are the file to upload, what a declaration itself takes by position, and the one
required field of a call that has no other; the account is always `--open-kfid`, so that it never has to be guessed.
Secrets come from the environment, a file or standard input: what stands on a command line is kept by the shell.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

import typer
from rich.markup import escape

from wxkf.cli.calls import words
from wxkf.cli.calls.limits import words as limit_words
from wxkf.cli.calls.meanings import listed, meanings
from wxkf.cli.calls.reading import Reading, content, is_hook, read, reading_of
from wxkf.cli.calls.tree import Endpoint
from wxkf.cli.texts import both, language, text
from wxkf.protocol.limits import Between, Bytes, Chars, Items, OneOf

_SECRETS: Final = {
    "corpsecret": "WXKF_SECRET",
    "permanent_code": "WXKF_PERMANENT_CODE",
    "provider_access_token": "WXKF_PROVIDER_ACCESS_TOKEN",
    "provider_secret": "WXKF_PROVIDER_SECRET",
    "suite_access_token": "WXKF_SUITE_ACCESS_TOKEN",
    "suite_secret": "WXKF_SUITE_SECRET",
    "suite_ticket": "WXKF_SUITE_TICKET",
}
_METAVARS: Final = {
    "data": "JSON",
    "file": "FILE",
    "ids": "ID,…",
    "message": "TEXT|JSON",
    "phrases": "TEXT|JSON",
}
_FROM_ENV: Final = {("gettoken", "corpid"): "WXKF_CORP_ID"}
_NEVER_ALONE: Final = "open_kfid"


@dataclass(frozen=True, slots=True)
class Option:
    """One field of a call on the command line. `variable` is the setting it comes from where it is not given."""

    name: str
    reading: Reading
    required: bool
    default: Any
    positional: bool
    path: str
    limit: object = None
    variable: str = ""

    @property
    def secret(self) -> bool:
        """Whether it must not stand on the command line."""
        return self.name in _SECRETS

    @property
    def shown(self) -> str:
        """What a person writes."""
        return self._metavar() if self.positional else f"--{self.name.replace('_', '-')}"

    @property
    def choices(self) -> Sequence[Any]:
        """The values it may have, where they are few."""
        return self.reading.choices or (self.limit.values if isinstance(self.limit, OneOf) else ())

    def help(self, tongue: int) -> str:
        """Say what it is, and its limit."""
        said = [words.field(self.path, self.name)[tongue]]
        if isinstance(self.limit, Bytes | Chars | Between | Items):
            said.append(f"{limit_words(self.limit, tongue)}{'.。'[tongue]}")
        if self.choices and (values := listed(self.path, self.name, tongue)):
            said.append(f"{values}{'.。'[tongue]}")
        if self.reading.kind == "ids":
            said.append(both("calls.many")[tongue])
        if self.variable:
            said.append(both("calls.from_env")[tongue].format(name=self.variable))
        return ("" if tongue else " ").join(said)

    def value(self, given: Any, settings: Callable[[], Mapping[str, str]]) -> Any:
        """Read what was given, or the setting that stands for it. Raises `typer.BadParameter`."""
        if self.secret and given is not None:
            if given != "-" and not given.startswith("@"):
                self._refuse(text("calls.secret", name=self.variable))
            return content(given).strip()
        if given is None and self.variable:
            given = settings().get(self.variable) or None
        if given is None or (self.reading.many and not given):
            if self.required:
                self._refuse(text("calls.missing", option=self.shown))
            return None
        return read(self.reading, given, self.shown)

    def _refuse(self, why: str) -> None:
        raise typer.BadParameter(why, param_hint=f"'{self.shown}'")

    def parameter(self) -> inspect.Parameter:
        """Give it as the command line's library wants it."""
        kind: Any = list[str] if self.reading.many else self.reading.native
        must = self.required and not self.variable
        made: dict[str, Any] = {
            "help": escape(self.help(int(language() == "zh"))),
            "metavar": self._metavar(),
            "show_default": False,
        }
        if self.choices:
            made["autocompletion"] = self._complete
        info = typer.Argument(**made) if self.positional else typer.Option(self.shown, **made)
        default = inspect.Parameter.empty if must else None
        annotation: Any = Annotated[kind if must else kind | None, info]
        return inspect.Parameter(self.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)

    def _metavar(self) -> str:
        if self.choices:
            return "|".join(map(str, self.choices))
        if self.secret:
            return "@FILE"
        if self.positional and self.reading.kind != "file":
            return self.name.removesuffix("_list").upper()
        return _METAVARS.get(self.reading.kind) or ("N" if self.reading.native is int else "TEXT")

    def _complete(self, incomplete: str) -> list[tuple[str, str]]:
        known = meanings(self.path, self.name)
        tongue = int(language() == "zh")
        found = [(str(one), known[one][tongue] if one in known else "") for one in self.choices]
        return [one for one in found if one[0].startswith(incomplete)]


def options(one: Endpoint) -> list[Option]:
    """Give the options of an endpoint, the required ones first, as a person reads them."""
    declared = [parameter for parameter in one.single.parameters if not is_hook(parameter.annotation)]
    alone = [parameter.name for parameter in declared if parameter.default is parameter.empty]
    made = [_option(one, parameter, alone) for parameter in declared]
    return sorted(made, key=lambda option: (not option.positional, not option.required))


def _option(one: Endpoint, parameter: inspect.Parameter, required: Sequence[str]) -> Option:
    name, path = parameter.name, one.call.path if one.group else ""
    reading = reading_of(parameter.annotation)
    variable = _SECRETS.get(name) or _FROM_ENV.get((path, name), "")
    alone = required == [name] and name != _NEVER_ALONE and not variable
    positional = alone or reading.kind == "file" or parameter.kind is not parameter.KEYWORD_ONLY
    must = name in required
    default = None if must else parameter.default
    return Option(name, reading, must, default, positional, path, one.call.limits.get(name), variable)
