"""Write the pages that come from the code: `uv run python docs/generate.py`; with --check only tell which are stale.

The prose of a page stands in docs/parts with `{{name}}` where a table's rows go; the rows stand in the code. One
function a page, one entry in `PAGES`; tests/docs/test_generated.py holds the files against what is made here.
"""
# ruff: noqa: INP001 - a script, no package

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from wxkf.errors import codes
from wxkf.errors.codes import Code
from wxkf.errors.network import faults

HERE: Final = Path(__file__).parent
sys.path.insert(0, str(HERE))  # for whoever loads this file from elsewhere, as the tests do

import calls  # noqa: E402 - see above
import commands  # noqa: E402
import contents  # noqa: E402
import names  # noqa: E402
import parity  # noqa: E402
import said  # noqa: E402
import simulator  # noqa: E402
import states  # noqa: E402

NOTICE: Final = "<!-- made by docs/generate.py from docs/parts/{}; do not edit -->\n\n"


def errors_page(tongue: int) -> str:
    """Make the page on errors, in English (0) or Chinese (1)."""
    legend = codes.legend()
    parts = {name: _code_rows(codes.group(name), tongue) for name in (*codes.GROUPS, "callback")}
    parts["families"] = rows((f"`{name}`", words[tongue], _members(name)) for name, words in legend["family"].items())
    parts["retries"] = rows((f"`{name}`", words[tongue]) for name, words in legend["retry"].items())
    parts["sources"] = rows((name, words[tongue]) for name, words in legend["source"].items())
    fails = codes.fail_types().values()
    parts["fails"] = rows((f"{fail.number}", fail.meaning[tongue], fail.remedy[tongue]) for fail in fails)
    parts["faults"] = rows(
        (f"`{fault.kind}`", fault.meaning[tongue], fault.cause[tongue], fault.remedy[tongue])
        for fault in faults().values()
    )
    return fill(("errors.md", "errors.zh.md")[tongue], parts)


def _members(family: str) -> str:
    return " ".join(f"[{code.number}](#e{code.number})" for code in codes.table().values() if code.family == family)


def _code_rows(table: Mapping[int, Code], tongue: int) -> str:
    return rows(_code_row(code, tongue) for code in table.values())


def _code_row(code: Code, tongue: int) -> tuple[str, ...]:
    retry = f", `{code.retry}`" if code.retry != "never" else ""
    return (
        f'<a id="e{code.number}"></a>**{code.number}**',
        code.meaning[tongue],
        code.cause[tongue],
        code.remedy[tongue],
        f"`{code.family}`{retry}, {code.source}",
    )


def endpoints_page(tongue: int) -> str:
    """Make the page on endpoints."""
    found = calls.declared()
    single = [one for one in found if not one.pages]
    parts = {
        "kf": rows(calls.endpoint_rows([one for one in single if one.call.path.startswith("kf/")], tongue)),
        "beside": rows(calls.endpoint_rows([one for one in single if not one.call.path.startswith("kf/")], tongue)),
        "iterators": rows(calls.iterator_rows([one for one in found if one.pages], tongue)),
        "several": rows(calls.several_rows(tongue)),
    }
    return fill(("endpoints.md", "endpoints.zh.md")[tongue], parts)


def messages_page(tongue: int) -> str:
    """Make the page on messages and events."""
    parts = {
        "common": rows(said.common_rows()),
        "messages": rows(said.message_rows()),
        "events": rows(said.event_rows()),
        "callbacks": rows(said.notice_rows("notice")),
        "commands": rows(said.notice_rows("provider")),
        "outbound": rows(said.outbound_rows(tongue)),
        "items": rows(said.item_rows(tongue)),
        "here": rows(said.here_rows()),
    }
    return fill(("messages.md", "messages.zh.md")[tongue], parts)


def parity_page(tongue: int) -> str:
    """Make the page for those who come from another SDK."""
    parts = {name: rows(parity.wechatpy_rows(name, tongue)) for name in ("kf", "kf_message")}
    parts["functions"] = rows(parity.function_rows(tongue))
    parts["types"] = rows(parity.type_rows(tongue))
    parts["version"] = parity.load("wechatpy")["version"]
    return fill(("parity.md", "parity.zh.md")[tongue], parts)


def commands_page(tongue: int) -> str:
    """Make the page on commands."""
    return fill(("commands.md", "commands.zh.md")[tongue], {"sections": commands.sections(tongue)})


def states_page(tongue: int) -> str:
    """Make the page on the simulator's sessions."""
    parts = {
        "states": rows(states.state_rows(tongue)),
        "by_api": states.api_diagram(tongue),
        "matrix": rows(states.matrix_rows()),
        "by_itself": states.cause_diagram(tongue),
        "changes": rows(states.change_rows(tongue)),
        "events": rows(states.event_rows(tongue)),
        "codes": rows(states.code_rows(tongue)),
        "fails": rows(states.fail_rows(tongue)),
    }
    return fill(("simulator-states.md", "simulator-states.zh.md")[tongue], parts)


def rows(cells: Iterable[tuple[str, ...]]) -> str:
    """Write the rows of a Markdown table."""
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells)


def fill(name: str, parts: Mapping[str, str]) -> str:
    """Put the parts into the prose of a page. Raises `KeyError` for a place that no part is made for."""
    prose = (HERE / "parts" / name).read_text(encoding="utf-8")
    return NOTICE.format(name) + re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], prose)


def simulator_page(tongue: int) -> str:
    """Make the page on the simulator, in English (0) or Chinese (1)."""
    parts = {"actions": rows(simulator.action_rows()), "settings": rows(simulator.setting_rows())}
    return fill(("simulator.md", "simulator.zh.md")[tongue], parts)


def names_page(tongue: int) -> str:
    """Make the table of all public names."""
    parts = {room: rows(names.index_rows(room)) for room in names.ROOMS} | {"messages": rows(names.message_rows())}
    return fill(("reference/index.md", "reference/index.zh.md")[tongue], parts)


def reference_page(room: str) -> str:
    """Make a page of the reference; docstrings are English, so it is."""
    return fill(f"reference/{room}.md", {"described": names.described(room).rstrip()})


PAGES: Final[dict[str, Callable[[], str]]] = {
    "errors.md": partial(errors_page, 0),
    "errors.zh.md": partial(errors_page, 1),
    "endpoints.md": partial(endpoints_page, 0),
    "endpoints.zh.md": partial(endpoints_page, 1),
    "commands.md": partial(commands_page, 0),
    "commands.zh.md": partial(commands_page, 1),
    "messages.md": partial(messages_page, 0),
    "messages.zh.md": partial(messages_page, 1),
    "parity.md": partial(parity_page, 0),
    "parity.zh.md": partial(parity_page, 1),
    "simulator.md": partial(simulator_page, 0),
    "simulator.zh.md": partial(simulator_page, 1),
    "simulator-states.md": partial(states_page, 0),
    "simulator-states.zh.md": partial(states_page, 1),
    "reference/index.md": partial(names_page, 0),
    "reference/index.zh.md": partial(names_page, 1),
    **{f"reference/{room}.md": partial(reference_page, room) for room in names.ROOMS},
    "llms.txt": contents.llms,  # last: it reads the others
}
"""What is made, by file name."""


def main(words: list[str]) -> int:
    """Write what is not what the code says now, or with --check only name it. Returns the exit code."""
    check, stale = "--check" in words, False
    for name, make in PAGES.items():
        path, made = HERE / name, make()
        if not path.exists() or path.read_text(encoding="utf-8") != made:
            print(name)
            stale = True
            if not check:
                path.parent.mkdir(exist_ok=True)
                path.write_text(made, encoding="utf-8", newline="\n")
    return int(check and stale)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
