"""The command line speaks both languages, completely."""

import string

import pytest

from wxkf.cli.texts import _TEXTS, language


@pytest.mark.parametrize("key", _TEXTS)
def test_both_languages_say_everything_and_fill_in_the_same_values(key: str) -> None:
    english, chinese = ({name for _, name, *_ in string.Formatter().parse(said) if name} for said in _TEXTS[key])

    assert all(_TEXTS[key])
    assert english == chinese


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "WXKF_LANG": "zh"}, "zh"),
    ],
)
def test_the_language_follows_the_locale_unless_told(env: dict[str, str], expected: str) -> None:
    assert language(env) == expected
