"""The way in, step by step: which of its gates does the platform's answer speak of?

Strategy: the platform checks one thing after another and names the first that is wrong. So a refusal blames one gate;
those the answer proves are green, those behind the blamed one are skipped. `BLAME` says which code means which gate.
"""

from typing import Final

from wxkf.cli.doctor.found import Asked
from wxkf.cli.doctor.line import Line, advice, after, fine, refused, unanswered
from wxkf.cli.doctor.words import say
from wxkf.client.settings import check_address
from wxkf.errors import ApiError, WxkfError, codes
from wxkf.errors.codes import Words

GATES: Final = ("network", "corp_id", "secret", "token", "ip", "console", "api")
"""In the order in which one needs the other."""

BLAME: Final = {
    **dict.fromkeys((40013, 41002, 301007), "corp_id"),
    **dict.fromkeys((40001, 40091, 41004, 45031, 50003, 301002), "secret"),
    60020: "ip",
    **dict.fromkeys((95011, 95012), "console"),
    **dict.fromkeys((43009, 48001, 48002, 48004, 48006, 48007, 50006, 60011, 60031, 95017, 95023), "api"),
}
_SHORT: Final = 60  # seconds; the platform normally gives 7200, and the rest of them to whoever asks later


def blamed(asked: Asked) -> str | None:
    """Tell which gate the platform's refusal speaks of; "accounts" when it spoke of none, after the last."""
    if asked.error is None:
        return None
    if not isinstance(asked.error, ApiError):
        return "network"
    return BLAME.get(asked.error.errcode, "token" if asked.life is None else "accounts")


def gates(asked: Asked) -> list[Line]:
    """Give a line for each gate."""
    shut, lines = blamed(asked), list[Line]()
    proven = _proven(asked, shut)
    for gate in GATES:
        if gate == shut and asked.error is not None:
            lines.append(_red(gate, asked, asked.error))
        else:
            lines.append(_green(gate, asked) if gate in proven else after(gate, shut or "network"))
    return lines


def _proven(asked: Asked, shut: str | None) -> tuple[str, ...]:
    """Tell which gates are known to be open: by a token that came, and by what was complained of behind them."""
    if asked.life is None:
        return GATES[:2] if shut == "secret" else GATES[:1]
    if shut in GATES:
        return GATES[: GATES.index(shut)]
    return GATES if asked.error is None else GATES[: GATES.index("ip")]


def _green(gate: str, asked: Asked) -> Line:
    if gate == "token":
        return _token(asked.life or 0)
    values = {"host": check_address(asked.base_url), "corp_id": asked.corp_id}
    return fine(gate, f"{gate}.fine", **values)


def _token(life: int) -> Line:
    return (fine if life >= _SHORT else advice)(
        "token", "token.fine" if life >= _SHORT else "token.short", seconds=life
    )


def _red(gate: str, asked: Asked, error: WxkfError) -> Line:
    if not isinstance(error, ApiError):
        return unanswered(gate, error, say("network.curl", url=asked.base_url.rstrip("/")))
    if error.errcode != 60020:
        return refused(gate, error.errcode)
    if not error.ip:
        return refused(gate, error.errcode, say("ip.bad.unknown"))
    remedy: Words = say("ip.bad.remedy", ip=error.ip, remedy=codes.find(error.errcode).remedy)
    return refused(gate, error.errcode, say("ip.bad", ip=error.ip), remedy)
