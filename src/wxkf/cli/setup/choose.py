"""What the set-up works with: the settings that are there, the keys that are missing, what a person is asked.

Everything goes into `.env` as soon as it is known. A name that stands there already keeps its value, unless the
environment says otherwise and the change is agreed to; names that are not ours are never touched.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from wxkf.cli import dotenv
from wxkf.cli.doctor.examine import URL
from wxkf.cli.doctor.knock import check_url
from wxkf.cli.setup.keys import Pick, make_aes_key, make_token
from wxkf.errors import ConfigError

CREDENTIALS: Final = ("WXKF_CORP_ID", "WXKF_SECRET")
KEYS: Final = {"WXKF_TOKEN": make_token, "WXKF_AES_KEY": make_aes_key}
KEPT: Final = (*CREDENTIALS, *KEYS, "WXKF_BASE_URL", URL)
CHECKED: Final = "WXKF_URL_CHECKED"
"""Where `.env` remembers that the console has checked the URL with these keys: it asks only once."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who can be asked, if anybody: `ask(name)` for a setting, `agree(names)` to a change."""

    ask: Callable[[str], str]
    agree: Callable[[list[str]], bool]


def choose(path: Path, env: Mapping[str, str], url: str, person: Person | None, pick: Pick) -> dict[str, str]:
    """Give all settings; keys are made and written at once, credentials asked for and not written yet.

    Raises `ConfigError` where something is missing and there is nobody to ask, or a change is not agreed to.
    """
    stored, said = dotenv.read(path), dotenv.beneath(env, path)
    if url:
        said[URL] = check_url(url)
    made = {name: make(pick) for name, make in KEYS.items() if not said.get(name, "").strip()}
    values = {name: value for name in KEPT if (value := {**said, **made}.get(name, "").strip())}
    changed = [name for name in KEPT if stored.get(name) and name in values and stored[name] != values[name]]
    if changed and not (person and person.agree(changed)):
        raise ConfigError(f"{path} holds another {', '.join(changed)}; nothing was changed (--yes replaces)")
    keys = {name: values[name] for name in values if name not in CREDENTIALS}
    rekeyed = any(stored.get(name) != values[name] for name in KEYS)
    dotenv.write(path, keys | ({CHECKED: "no"} if rekeyed else {}))
    return values | _credentials(values, path, person) | {CHECKED: "" if rekeyed else stored.get(CHECKED, "")}


def _credentials(values: Mapping[str, str], path: Path, person: Person | None) -> dict[str, str]:
    missing = [name for name in CREDENTIALS if name not in values]
    if missing and person is None:
        names = " and ".join(missing)
        raise ConfigError(
            f"{names} {'is' if len(missing) == 1 else 'are'} missing and there is no terminal to ask in: "
            f"set {'it' if len(missing) == 1 else 'them'} in the environment or in {path}"
        )
    return {name: person.ask(name).strip() for name in missing if person}
