"""Markdown made readable: what goes, what stays, and that no word is lost, whatever comes."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxkf.bot.plain import _NO_WORDS, _THINK, _WORD, plain

CASES = {
    "words": ("你好，明天发货。\n第二行", "你好，明天发货。\n第二行"),
    "thoughts": ("<think>用户想查订单\n\n**先查**</think>\n\n您的订单已发货", "您的订单已发货"),
    "thoughts cut short": ("好的<think>还没想完", "好的"),
    "heading and bold": ("## 订单\n您的**订单**已*发货*", "订单\n\n您的订单已发货"),
    "bold beside quotation marks": ("请点击**“订单”**查看，**注意：**先登录", "请点击“订单”查看，注意：先登录"),
    "struck": ("~~原价 99~~ 现价 59", "原价 99 现价 59"),
    "a list": ("可以：\n- 查订单\n- 退货\n  - 七天内\n* 找人工", "可以：\n\n· 查订单\n· 退货\n  · 七天内\n\n· 找人工"),
    "a numbered list": ("1. 打开\n2. 登录\n3) 完成", "1. 打开\n2. 登录\n\n3) 完成"),
    "tasks": ("- [x] 付款\n- [ ] 发货", "☑ 付款\n☐ 发货"),
    "a link": ("见[帮助中心](https://a.cn/help)", "见帮助中心 https://a.cn/help"),
    "a bare link": (
        "见 <https://a.cn/?a=1&b_c=2> 或 https://a.cn/x_y",
        "见 https://a.cn/?a=1&b_c=2 或 https://a.cn/x_y",
    ),
    "a picture": ("![尺码表](https://a.cn/s.png)", "尺码表 https://a.cn/s.png"),
    "code": (
        "运行 `pip install wxkf`：\n```python\nimport wxkf\n    x = a*b*c\n```\n好了",
        "运行 pip install wxkf：\n\nimport wxkf\n    x = a*b*c\n\n好了",
    ),
    "a quotation": ("> 原话\n> 第二行\n\n回答", "原话\n第二行\n\n回答"),
    "a table of two": ("| 尺码 | 身高 |\n|---|---|\n| M | 170 |\n| L | 175 |", "尺码：身高\nM：170\nL：175"),
    "a table of three": ("|名称|价格|库存|\n|--|--|--|\n|帽子|59|3|", "名称：帽子；价格：59；库存：3"),
    "a rule": ("上\n\n---\n\n下", "上\n\n下"),
    "no markdown": (
        "5*3*2=30，2**3**2，a_b_c，__init__，_private_，#1 和 # 号",
        "5*3*2=30，2**3**2，a_b_c，__init__，_private_，#1 和 # 号",
    ),
    "escapes": (r"价格 \*不含\* 税", "价格 *不含* 税"),
    "breaks": ("一<br>二<br/>三", "一\n二\n三"),
    "what looks like a reference": ("[1]: https://a.cn/x\n见[1]", "[1]: https://a.cn/x\n见[1]"),
    "an entity": ("A&amp;B", "A&amp;B"),
    "four blanks": ("**好**：\n\n    第一\n    第二", "好：\n\n第一\n第二"),
}


@pytest.mark.parametrize(("text", "readable"), CASES.values(), ids=CASES)
def test_it_reads_as_a_person_would_have_written_it(text: str, readable: str) -> None:
    assert plain(text) == readable


def words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text))


PIECES = st.sampled_from(
    [
        "**",
        "*",
        "_",
        "__",
        "~~",
        "`",
        "```",
        "\n",
        "\n\n",
        "- ",
        "1. ",
        "# ",
        "> ",
        "|",
        "|---|---|",
        "[",
        "](",
        ")",
        "](u)",
        "<",
        ">",
        "!",
        "&amp;",
        "\\",
        "    ",
        "<br>",
        "[ ] ",
        "[1]: ",
        "---",
        "字",
        "word",
        "42",
        " ",
        "“",
        "，",
        "http://a.cn/b_c",
    ]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join))
def test_no_word_is_lost_whatever_comes(text: str) -> None:
    told = _NO_WORDS.sub("", _THINK.sub("", text)).replace("<br>", "\n")
    assert not words(told) - words(plain(text))


@given(st.text(alphabet="字词，。：abc123 \n", max_size=60))
def test_what_is_no_markdown_comes_back_as_it_is(text: str) -> None:
    assert plain(text) == text
