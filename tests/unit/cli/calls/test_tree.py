"""Every endpoint is exactly one command, and each says in both languages what it does."""

import re
import subprocess
import sys
from collections import Counter

import pytest

from kit import tables
from wxkf.cli.calls import words
from wxkf.cli.calls.build import title
from wxkf.cli.calls.mount import GROUPS
from wxkf.cli.calls.parameters import options
from wxkf.cli.calls.perform import FINAL
from wxkf.cli.calls.tree import declarations, endpoints

ALL = endpoints()
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_every_declared_call_has_exactly_one_command() -> None:
    single = [one for one in declarations() if not one.pages]
    assert len(single) == len(ALL)
    assert Counter((one.single.place, one.single.name) for one in ALL.values()) == Counter(
        (one.place, one.name) for one in single
    )


def test_every_documented_operation_has_a_command() -> None:
    paths = Counter(one.call.path for one in ALL.values() if one.group)
    assert set(paths) == {one.path for one in tables.operations()}
    assert max(paths.values()) == 1


def test_every_iterator_is_an_all_option_or_a_statistic() -> None:
    iterators = {one.name for one in declarations() if one.pages and not one.cuts}
    assert iterators == {one.all.name for one in ALL.values() if one.all}


def test_the_groups_that_are_mounted_are_those_of_the_tree() -> None:
    assert set(GROUPS) == {one.group for one in ALL.values()} - {""}


@pytest.mark.parametrize("name", ALL)
def test_every_command_and_option_says_what_it_is_in_both_languages(name: str) -> None:
    one = ALL[name]
    assert title(one, 0)[0].isupper()
    assert CHINESE.search(title(one, 1))
    for option in options(one):
        if one.group == "stats" and option.name in ("start_time", "end_time"):
            continue  # --since, --until and --days stand for these
        assert option.help(0)
        assert CHINESE.search(option.help(1))
        assert not CHINESE.search(option.help(0))


def test_the_tables_of_words_hold_nothing_that_is_not_there() -> None:
    used = {(option.path, option.name) for one in ALL.values() for option in options(one)}
    assert set(words.FIELDS) <= {name for _, name in used}
    assert set(words.OF_ONE) <= used
    paths = {one.call.path if one.group else "" for one in ALL.values()}
    assert {*words.NAMES, *words.TITLES, *FINAL} <= paths


@pytest.mark.parametrize("words", [("--help",), ("explain", "95018"), ("--version",)])
def test_what_calls_nothing_imports_no_client(words: tuple[str, ...]) -> None:
    heavy = ("aiohttp", "urllib3", "msgspec", "asyncio", "uvicorn", "cryptography", "wxkf.api")
    code = f"""
import sys
sys.argv = ["wxkf", *{words!r}]
from wxkf.cli import main
try:
    main()
finally:
    print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"
    assert done.stdout
