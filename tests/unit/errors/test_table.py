"""The table of codes is complete, in both languages, and says what platform.md says.

The numbers are transcribed from the platform's table, section by section, not taken from the code.
"""

import inspect
import re

import pytest

import wxkf.errors
from wxkf.errors import ApiError, codes
from wxkf.errors.codes import Code, Words

KF = [
    *range(95000, 95010), *range(95011, 95034), 701008, 60251, 60252, 60253, 511020,
]  # fmt: skip
COMMON = [
    -1, 6000, 40001, 40003, 40004, 40005, 40006, 40007, 40008, 40009, 40011, 40013, 40014, 40031, 40032, 40035, 40058,
    40063, 40039, 40091, 40096, 40123, 40145, 40146, 40201, 40204, 40206, 41001, 41002, 41004, 41006, 41009, 41049,
    41050, 41051, 41096, 42001, 42009, 43009, 44001, 44004, 45001, 45002, 45007, 45009, 45033, 45034, 45035, 45036,
    48001, 48002, 48003, 48004, 48005, 48006, 48007, 48010, 50002, 50003, 50006, 50100, 60011, 60021, 60030, 60031,
    60020, 60111, 82004, 85002, 84061, 90206, 90207, 90208, 301002, 301007, 830001, 830002, 830003,
]  # fmt: skip
ELSEWHERE = [40078, 40080, 40082, 40083, 40084, 40085, 42007, 45031, 60267, 301016, 301017, 301019]
AGAIN = {-1, 6000, 41096, 45033, 45035, 45036}
TOKEN = {40001, 40014, 42001}
SUITE_TOKEN = {40082, 42009}
OKF = {95024, 95025, 95028, 95029}
FAIL_TYPES = [0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]

ALL = [*codes.table().values(), *codes.sample_library().values()]


def test_every_documented_code_is_there_and_no_other() -> None:
    assert list(codes.table()) == sorted([*KF, *COMMON, *ELSEWHERE])
    assert sum(len(codes.group(name)) for name in codes.GROUPS) == len(codes.table())
    assert list(codes.sample_library()) == list(range(-40001, -40012, -1))
    assert list(codes.fail_types()) == FAIL_TYPES
    assert [fail.number for fail in codes.fail_types().values() if fail.old] == [7, 9]


@pytest.mark.parametrize("code", ALL, ids=lambda code: str(code.number))
def test_a_code_speaks_both_languages(code: Code) -> None:
    for words in (code.meaning, code.cause, code.remedy):
        _speaks_both(words)
    assert not code.meaning.en.endswith(".")
    assert not code.meaning.zh.endswith("。")
    for said in (code.cause, code.remedy):
        assert said.en.endswith(".")
        assert said.zh.endswith("。")


@pytest.mark.parametrize("number", FAIL_TYPES)
def test_a_fail_type_speaks_both_languages(number: int) -> None:
    fail = codes.fail_types()[number]

    _speaks_both(fail.meaning)
    _speaks_both(fail.remedy)


def _speaks_both(words: Words) -> None:
    assert words.en
    assert re.search(r"[\u4e00-\u9fff]", words.zh)
    assert not re.search(r"[\u4e00-\u9fff][,;:?!]|  |\.$", words.zh)


def test_retry_classes_are_those_of_the_platform() -> None:
    classes = {number: code.retry for number, code in codes.table().items() if code.retry != "never"}

    assert classes == {
        **dict.fromkeys(AGAIN, "again"),
        **dict.fromkeys(TOKEN, "token"),
        **dict.fromkeys(SUITE_TOKEN, "suite_token"),
        45009: "window",
    }


def test_sources_are_marked() -> None:
    sources = {number: code.source for number, code in codes.table().items() if code.source != "O26"}

    assert sources == {**dict.fromkeys(OKF, "OKF"), 60267: "I"}
    assert {code.source for code in codes.sample_library().values()} == {"S"}


def test_the_three_windows_of_45009_are_named() -> None:
    remedy = codes.find(45009).remedy

    assert all(said in remedy.en for said in ("60 seconds", "60 minutes", "midnight"))
    assert all(said in remedy.zh for said in ("60 秒", "60 分钟", "当天"))


@pytest.mark.parametrize(
    ("number", "click"),
    [
        (48002, "管理后台 → 微信客服 → API → 可调用接口的应用"),
        (48007, "通过API管理微信客服账号 → 企业内部开发 → 可管理的客服账号"),
        (60020, "企业可信IP"),
        (95012, "微信客服管理后台 → 开发配置"),
    ],
)
def test_remedies_name_the_clicks_of_the_console(number: int, click: str) -> None:
    assert click in codes.find(number).remedy.zh


def test_every_name_in_the_tables_has_its_words() -> None:
    legend = codes.legend()

    assert {code.retry for code in ALL} == set(legend["retry"])
    assert {code.source for code in ALL} <= set(legend["source"])
    assert {code.family for code in codes.table().values()} == set(legend["family"])
    for kind in legend.values():
        for words in kind.values():
            _speaks_both(Words(words.en, words.zh.rstrip("。") + "。"))


def test_the_families_are_the_classes_and_say_the_same() -> None:
    families = {family.__name__: inspect.getdoc(family) for family in ApiError.__subclasses__()}

    assert {name: words.en for name, words in codes.legend()["family"].items()} == families


def test_the_tree_in_the_docstring_names_every_class() -> None:
    classes = [name for name, thing in vars(wxkf.errors).items() if isinstance(thing, type) and name.isidentifier()]
    errors = [name for name in classes if issubclass(getattr(wxkf.errors, name), wxkf.errors.WxkfError)]

    assert sorted(re.findall(r"── (\w+)", wxkf.errors.__doc__ or "")) == sorted({*errors, "LimitError"} - {"WxkfError"})
