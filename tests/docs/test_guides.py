"""The pages' code runs as it stands, and both languages show the same."""

import pytest

from kit.pages import Reader, blocks, page, pages, shape

ELSEWHERE = {  # whose code is run by tests of its own, since it wants more than a folder
    "adapters": "tests/adapters: frameworks and servers",
    "errors": "test_generated.py: a platform that refuses, and words in two languages",
    "parity": "test_catalog.py: settings",
    "run": "test_run.py: a project, and a server",
}
WITH_CODE = [name for name in pages() if not name.endswith(".zh") and blocks(page(name), "python")]
GUIDES = [name for name in WITH_CODE if name not in ELSEWHERE]


def test_pages_with_code_are_found() -> None:
    assert set(WITH_CODE) > {"bot", "engine", *ELSEWHERE}


@pytest.mark.parametrize("name", GUIDES)
def test_both_languages_show_the_same_code(name: str) -> None:
    english, chinese = (blocks(page(one), "python") for one in (name, f"{name}.zh"))
    assert [shape(block) for block in english] == [shape(block) for block in chinese]


@pytest.mark.parametrize("tongue", ["", ".zh"])
@pytest.mark.parametrize("name", GUIDES)
async def test_the_code_runs(name: str, tongue: str, request: pytest.FixtureRequest) -> None:
    await Reader(f"{name}{tongue}", request).reads()
