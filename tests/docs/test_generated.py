"""The pages made from the code are what the code says now, and the code they show runs."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from wxkf import Client
from wxkf.errors import ApiError

DOCS = Path(__file__).parents[2] / "docs"
MADE = runpy.run_path(str(DOCS / "generate.py"))


@pytest.mark.parametrize("name", MADE["PAGES"])
def test_a_page_is_up_to_date(name: str) -> None:
    made = MADE["PAGES"][name]()

    assert (DOCS / name).read_text(encoding="utf-8") == made, "run: uv run python docs/generate.py"


@pytest.mark.parametrize("name", ["errors.md", "errors.zh.md"])
def test_links_within_the_page_on_errors_lead_somewhere(name: str) -> None:
    page = (DOCS / name).read_text(encoding="utf-8")

    assert set(re.findall(r"\(#([^)]+)\)", page)) <= set(re.findall(r'id="([^"]+)"', page))
    assert "{{" not in page


@pytest.mark.parametrize(
    ("name", "errcode", "expected"),
    [
        ("errors.md", 0, "sent"),
        ("errors.md", 95001, "the customer has to write first"),
        ("errors.md", 95018, "a colleague is talking to them, or it is over"),
        ("errors.md", 44004, "the text is empty. Send at least one character."),
        ("errors.zh.md", 95001, "须等客户先发言"),
        ("errors.zh.md", 44004, "文本内容为空。至少发送一个字符。"),
    ],
)
def test_the_code_on_the_page_runs(name: str, errcode: int, expected: str) -> None:
    [shown] = re.findall(r"```python\n(.*?)```", (DOCS / name).read_text(encoding="utf-8"), re.DOTALL)
    space: dict[str, Any] = {}
    exec(shown, space)

    assert space["tell"](_Refusing(errcode), "wm1", "wk1", "hi") == expected


class _Refusing:
    def __init__(self, errcode: int) -> None:
        self._errcode = errcode

    def send_msg(self, *, touser: str, open_kfid: str, message: str) -> None:
        assert (touser, open_kfid, message) == ("wm1", "wk1", "hi")
        if self._errcode:
            raise ApiError.of(self._errcode, "no", "kf/send_msg")


def test_the_page_uses_the_client_that_exists() -> None:
    assert callable(Client.send_msg)
