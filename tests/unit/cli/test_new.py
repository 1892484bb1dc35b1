"""`wxkf new`: what it makes works as it stands, in both languages, and nothing that was there is touched."""

import ast
import asyncio
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]  # its stubs are not worth a package

from kit.commands import PATIENCE, environment, wxkf
from wxkf.cli import dotenv
from wxkf.cli.new.command import source_of
from wxkf.client.settings import App
from wxkf.errors import ConfigError
from wxkf.serve import Server
from wxkf.web import Message, Receive, Send

pytestmark = pytest.mark.processes

FILES = {
    "bot.py", "test_bot.py", "pyproject.toml", "README.md", "Dockerfile", "compose.yaml",
    ".dockerignore", ".env.example", ".gitignore",
}  # fmt: skip
SPOKEN = {"en": ("Hours", "9:00 to 21:00, every day."), "zh": ("营业时间", "每天 9:00 到 21:00。")}


@pytest.fixture(scope="module", params=["en", "zh"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project, fresh from the command."""
    folder = tmp_path_factory.mktemp(request.param)
    done = wxkf("new", "shop", "--lang", request.param, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "shop"


def code_lines(source: str) -> int:
    """Count the lines that somebody wrote: no blank ones, no docstring."""
    tree = ast.parse(source)
    docstring = tree.body[0].end_lineno or 0
    return sum(bool(line.strip()) for line in source.splitlines()[docstring:])


def shape(source: str) -> str:
    """Give the code without what is said in it."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not re.fullmatch("[a-z]+", node.value):
            node.value = ""
    return ast.dump(tree)


def instructions(dockerfile: str) -> dict[str, str]:
    """Read a Dockerfile: the last of each instruction."""
    lines = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", dockerfile, flags=re.MULTILINE)).splitlines()
    return dict(line.split(" ", 1) for line in lines if line)


def test_all_files_are_there_and_bear_the_name(made: Path) -> None:
    assert {file.name for file in made.iterdir()} >= FILES
    assert not any("PROJECT" in made.joinpath(file).read_text(encoding="utf-8") for file in FILES)
    assert made.joinpath("README.md").read_text(encoding="utf-8").startswith("# shop\n")


def test_its_own_test_passes_and_warns_of_nothing(made: Path) -> None:
    words = (sys.executable, "-W", "error", "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider")
    done = subprocess.run(
        words, cwd=made, env=environment(), capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
    assert (done.stderr, "warning" in done.stdout) == ("", False)


def test_it_answers(made: Path) -> None:
    language = made.parent.name[:2]
    asked, answer = SPOKEN[language]
    done = wxkf("demo", "bot:bot", "--say", asked, cwd=made)
    assert done.returncode == 0, done.stdout
    assert f"‹ {answer}" in done.stdout


def test_the_code_is_short(made: Path) -> None:
    assert code_lines(made.joinpath("bot.py").read_text(encoding="utf-8")) <= 20


def test_python_takes_it_and_its_settings(made: Path) -> None:
    settings = tomllib.loads(made.joinpath("pyproject.toml").read_text(encoding="utf-8"))
    assert settings["project"]["name"] == "shop"
    assert settings["project"]["requires-python"] == ">=3.11"
    assert [one.partition(">")[0] for one in settings["project"]["dependencies"]] == ["wxkf"]
    assert settings["tool"]["pytest"]["ini_options"]["asyncio_mode"] == "auto"


def test_the_container_runs_the_bot_as_nobody_in_particular(made: Path) -> None:
    found = instructions(made.joinpath("Dockerfile").read_text(encoding="utf-8"))
    assert json.loads(found["CMD"]) == ["wxkf", "run", "bot:bot"]
    assert found["USER"] not in ("root", "0")
    assert found["STOPSIGNAL"] == "SIGTERM"
    assert f"WXKF_DATABASE={found['VOLUME']}/wxkf.db" in found["ENV"]


async def test_the_health_check_tells_well_from_ill(made: Path) -> None:
    found = instructions(made.joinpath("Dockerfile").read_text(encoding="utf-8"))
    _, program, code = json.loads(found["HEALTHCHECK"].partition("CMD")[2])
    assert program == "-c"
    seen = list[str]()

    async def health(scope: Message, _receive: Receive, send: Send) -> None:
        seen.append(scope["path"])
        status = 200 if len(seen) == 1 else 503
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    async with Server(health) as server:
        asked = code.replace("http://127.0.0.1:8000", server.url)
        codes = [await _exit_code(asked) for _ in range(2)]
    assert seen == ["/healthz", "/healthz"]
    assert codes == [0, 1]


async def _exit_code(code: str) -> int:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stderr=subprocess.DEVNULL)
    return await process.wait()


def test_compose_keeps_the_inbox_and_gives_it_time_to_stop(made: Path) -> None:
    dockerfile = instructions(made.joinpath("Dockerfile").read_text(encoding="utf-8"))
    composed = yaml.safe_load(made.joinpath("compose.yaml").read_text(encoding="utf-8"))
    bot = composed["services"]["bot"]
    assert bot["volumes"] == [f"inbox:{dockerfile['VOLUME']}"]
    assert list(composed["volumes"]) == ["inbox"]
    assert bot["env_file"] == ".env"
    assert bot["restart"] == "unless-stopped"
    assert int(bot["stop_grace_period"].removesuffix("s")) > 15
    assert bot["ports"] == [f"127.0.0.1:8000:{dockerfile['EXPOSE']}"]


def test_the_settings_to_fill_in_are_those_that_are_needed(made: Path) -> None:
    with pytest.raises(ConfigError) as missing:
        App.from_env({})
    assert set(dotenv.read(made / ".env.example")) == set(re.findall(r"WXKF_\w+", str(missing.value)))


def test_secrets_and_inboxes_stay_out_of_git_and_of_the_image(made: Path) -> None:
    if not (made / ".git").exists():
        subprocess.run(("git", "init", "-q"), cwd=made, check=True)
    for name in (".env", "wxkf.db", "wxkf.db-wal", "wxkf.db.lock"):
        assert subprocess.run(("git", "check-ignore", "-q", name), cwd=made, check=False).returncode == 0
    assert subprocess.run(("git", "check-ignore", "-q", "bot.py"), cwd=made, check=False).returncode == 1
    assert made.joinpath(".dockerignore").read_text(encoding="utf-8").splitlines()[0] == "*"


def test_both_languages_have_the_same_code(tmp_path: Path) -> None:
    for language in SPOKEN:
        assert wxkf("new", language, "--lang", language, cwd=tmp_path).returncode == 0
    english, chinese = (tmp_path / language for language in SPOKEN)
    for name in ("bot.py", "test_bot.py"):
        assert shape(english.joinpath(name).read_text()) == shape(chinese.joinpath(name).read_text())
    for read in (
        lambda path: instructions((path / "Dockerfile").read_text()),
        lambda path: yaml.safe_load((path / "compose.yaml").read_text()),
    ):
        assert read(english) == read(chinese)


@pytest.mark.parametrize(
    ("language", "name", "words"),
    [
        ("en", "小店", "'小店' cannot be a project's name: letters, digits"),
        ("zh", "小店", "'小店' 不能用作项目名"),
        ("en", "-shop", "No such option"),
        ("en", "shop-", "cannot be a project's name"),
        ("en", "WXKF", "a project called 'WXKF' could not depend on the package of that name"),
        ("zh", "pytest_asyncio", "名为 'pytest_asyncio' 的项目无法依赖同名的包"),
    ],
)
def test_a_name_that_no_project_can_have_is_refused(tmp_path: Path, language: str, name: str, words: str) -> None:
    done = wxkf("new", name, cwd=tmp_path, WXKF_LANG=language)
    assert (done.returncode, words in done.stderr, "Traceback" in done.stderr) == (2, True, False)
    assert not list(tmp_path.iterdir())


def test_nothing_that_is_there_is_touched(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "bot.py").write_text("mine")
    done = wxkf("new", "shop", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        2, "wxkf: shop exists and is not empty; nothing was changed. Give a new name, or an empty folder\n",
    )  # fmt: skip
    assert [(file.name, file.read_text()) for file in (tmp_path / "shop").iterdir()] == [("bot.py", "mine")]


def test_a_file_of_that_name_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "shop").write_text("mine")
    done = wxkf("new", "shop", cwd=tmp_path)
    assert (done.returncode, "shop cannot be written" in done.stderr) == (2, True)


def test_an_empty_folder_will_do_and_the_next_commands_are_told(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    done = wxkf("new", ".", cwd=tmp_path / "shop")
    assert done.returncode == 0
    assert "  uv run wxkf demo bot:bot --reload " in done.stdout
    assert "  cd " not in done.stdout
    assert "  cd 'two words/shop'\n" in wxkf("new", "two words/shop", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    ("noted", "source"),
    [
        (None, {}),
        ('{"url": "https://example.com/x.git", "vcs_info": {"vcs": "git"}}', {}),
        ('{"url": "file:///a%20b/wxkf", "dir_info": {"editable": true}}', {"path": "/a b/wxkf", "editable": True}),
        ('{"url": "file:///dist/wxkf-0.1.0.whl", "archive_info": {}}', {"path": "/dist/wxkf-0.1.0.whl"}),
    ],
)
def test_a_wxkf_of_this_machine_is_found_by_uv(noted: str | None, source: dict[str, object]) -> None:
    if os.sep == "\\" and source:
        source = {**source, "path": str(source["path"]).replace("/", "\\")}
    read = tomllib.loads(source_of(noted, "zh"))
    assert read.get("tool", {}).get("uv", {}).get("sources", {}).get("wxkf", {}) == source
