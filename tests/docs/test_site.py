"""The site: what is in its navigation, and what its hooks make of a page. CI builds all of it, strictly."""

import re
import runpy
from types import SimpleNamespace

import pytest

import wxkf
from kit.pages import DOCS, blocks, page, pages, without_code

HOOKS = runpy.run_path(str(DOCS / "site" / "hooks.py"))
CONTENTS = HOOKS["contents"]
NAVIGATION = (DOCS.parent / "mkdocs.yml").read_text(encoding="utf-8")


def fit(name: str, repository: str | None = None) -> str:
    """Give a page as the site gets it."""
    made = HOOKS["on_page_markdown"](
        page(name),
        page=SimpleNamespace(file=SimpleNamespace(src_uri=f"{name}.md"), meta={}),
        config=SimpleNamespace(repo_url=repository),
    )
    assert isinstance(made, str)
    return made


def test_every_page_is_in_the_navigation_once() -> None:
    english = [f"{name}.md" for name in pages() if not name.endswith(".zh")]
    assert sorted(name for _, name in CONTENTS.entries() if name) == sorted(english)


def test_every_title_is_translated() -> None:
    titles = {title for title, _ in CONTENTS.entries()} - {"Start"}  # of llms.txt alone
    translated = set(re.findall(r"^ {12}(.+): \S", NAVIGATION, re.MULTILINE))
    assert titles == translated


def test_every_public_name_is_in_the_reference() -> None:
    names = {name for name in dir(wxkf) if name not in ("__version__", "out")}
    for index in ("reference/index", "reference/index.zh"):
        assert names <= set(re.findall(r"^\| \[?`(\w+)`", page(index), re.MULTILINE))


def test_llms_txt_is_in_its_form() -> None:
    title, blank, summary, *rest = CONTENTS.llms().splitlines()
    assert (title, blank, summary[:2]) == ("# wxkf", "", "> ")
    below = rest[rest.index("## Start") :]
    assert all(line == "" or line.startswith("## ") or re.fullmatch(r"- \[.+\]\(\S+\.md\): .+", line) for line in below)
    assert CONTENTS.full().count("<!-- ") >= len([line for line in below if line.startswith("- ")])


@pytest.mark.parametrize("name", pages())
def test_a_page_for_the_site_leads_out_of_it_nowhere(name: str) -> None:
    made = fit(name)
    assert not re.search(r"^\[(中文|English)\]\(", made, re.MULTILINE)
    assert "```mermaid" not in made
    for target in re.findall(r"\]\((?!https?:)([^)#\s]+)", without_code(made)):
        assert DOCS in (DOCS / f"{name}.md").parent.joinpath(target).resolve().parents


def test_what_is_not_on_the_site_is_on_the_code_host_if_that_is_known() -> None:
    assert "(https://code.example/blob/main/examples/adapters)" in fit("adapters", "https://code.example/")
    assert "runs: examples/adapters, each held" in fit("adapters").replace("\n", " ")


def test_a_line_of_chinese_ends_without_a_blank_and_code_stays_as_it_is() -> None:
    made = fit("when.zh")
    assert not re.search(r"[\u4e00-\u9fff，。]\n[\u4e00-\u9fff]", without_code(made))
    assert blocks(made, "python") == blocks(page("when.zh"), "python")


def test_a_diagram_becomes_lines() -> None:
    assert re.search(r"^0 new +→ +2 queued +trans$", fit("simulator-states"), re.MULTILINE)
