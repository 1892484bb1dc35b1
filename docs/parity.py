"""The tables of docs/parity.md, from tests/contract/parity, where a test calls every line."""
# ruff: noqa: INP001 - beside a script, no package

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parents[1] / "tests" / "contract" / "parity"
TONGUES: Final = ("en", "zh")
THERE: Final = {"right": ("", ""), "partial": ("in part", "部分"), "wrong": ("**wrong**", "**有误**")}


def load(name: str) -> dict[str, Any]:
    """Load one of the two tables."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def function_rows(tongue: int) -> Iterator[tuple[str, ...]]:
    """Give one row a function of the Go SDK."""
    for row in load("go")["function"]:
        yield f"`{row['name']}`", f"`{row['ours']}(...)`", row[TONGUES[tongue]]


def type_rows(tongue: int) -> Iterator[tuple[str, ...]]:
    """Give one row a type of the Go SDK."""
    for row in load("go")["type"]:
        fields = ", ".join(f"{theirs} → `{ours}`" for theirs, ours in row["fields"].items())
        ours = (row["ours"], row.get("ours_zh", row["ours"]))[tongue]
        code = f"`{ours}`" if "." in ours else ours
        yield f"`{row['name']}`", code, fields, row.get(TONGUES[tongue], "")


def wechatpy_rows(where: str, tongue: int) -> Iterator[tuple[str, ...]]:
    """Give one row a method of one of wechatpy's two classes."""
    for row in load("wechatpy")[where]:
        shown = row.get("shown") or ", ".join(f"{name}=" for name in row["send"])
        remark = row[TONGUES[tongue]]
        yield f"`{where}.{row['name']}`", f"`{row['ours']}({shown})`", THERE[row["there"]][tongue], remark
