"""What can be told with no network: are the settings there, do the callback's keys work."""

import re
from collections.abc import Mapping
from typing import Final

from wxkf.cli.doctor.knock import Draw, question
from wxkf.cli.doctor.line import Line, after, fault, fine, joined
from wxkf.cli.doctor.words import say
from wxkf.client.settings import BASE_URL, App, check_address
from wxkf.errors import CallbackError, ConfigError
from wxkf.protocol.callback import Receiver
from wxkf.protocol.crypto import check_token

_NAMES: Final = ("WXKF_CORP_ID", "WXKF_SECRET", "WXKF_TOKEN", "WXKF_AES_KEY")
_TO_ASK: Final = ("WXKF_CORP_ID", "WXKF_SECRET", "WXKF_BASE_URL")
_SHAPES: Final = {"WXKF_CORP_ID": re.compile(r"[A-Za-z0-9_-]{2,64}"), "WXKF_SECRET": re.compile(r"[!-~]{8,512}")}
"""Loose on purpose: what was cut off or copied with something else is caught, what is merely new is not."""


def settings(env: Mapping[str, str]) -> tuple[App, dict[str, str]]:
    """Read the settings as they are, and name those that are "missing" or "malformed"."""
    corp_id, secret, token, aes_key = (env.get(name, "").strip() for name in _NAMES)
    app = App(corp_id, secret, token, aes_key, env.get("WXKF_BASE_URL", "").strip() or BASE_URL)
    faults = {name: "missing" for name in _NAMES if not env.get(name, "").strip()}
    shaped = (name for name in _SHAPES if name not in faults and not _SHAPES[name].fullmatch(env[name].strip()))
    faults |= dict.fromkeys(shaped, "malformed")
    try:
        check_address(app.base_url)
    except ConfigError:
        faults["WXKF_BASE_URL"] = "malformed"
    return app, faults


def can_ask(faults: Mapping[str, str]) -> bool:
    """Tell whether the settings suffice to ask the platform."""
    return not any(name in faults for name in _TO_ASK)


def judge_settings(faults: Mapping[str, str]) -> Line:
    """Name each setting that is missing or malformed, and where it is found."""
    if not faults:
        return fine("settings", "settings.fine")
    named = joined([say(f"settings.{kind}", name=name) for name, kind in faults.items()], ("; ", "；"))
    where = joined([say(f"where.{name}") for name in faults])
    return fault("settings", "settings.bad", faults=named, where=where)


def judge_crypto(app: App, faults: Mapping[str, str], now: float, draw: Draw) -> Line:
    """Seal a question with the settings and read it as the callback would."""
    if any(name in faults for name in ("WXKF_CORP_ID", "WXKF_TOKEN", "WXKF_AES_KEY")):
        return after("crypto", "settings")
    try:
        check_token(app.token)
    except ConfigError:
        return fault("crypto", "crypto.token")
    try:
        receiver = Receiver(app.token, app.aes_key, app.corp_id)
        asked = question(app, now, draw)
        whole = receiver.verify_url(asked.query) == asked.expected
    except ConfigError:
        return fault("crypto", "crypto.key", count=len(app.aes_key))
    except CallbackError:
        whole = False
    return fine("crypto", "crypto.fine") if whole else fault("crypto", "crypto.broken")
