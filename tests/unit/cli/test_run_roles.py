"""`wxkf run --role web` before an engine, and where each role listens; `tests/adapters` runs both roles together."""

import json
import re
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from kit.commands import started, wxkf
from kit.ports import free_port
from kit.server import refusing, serve
from wxkf.cli.roles import Place, Role

pytestmark = pytest.mark.processes

WEB = ("run", "--role", "web", "--host", "127.0.0.1")


def get(url: str) -> tuple[int, bytes]:
    """Ask as a monitor, or the platform, does."""
    try:
        with urlopen(url, timeout=30) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.read()


def test_a_web_process_without_its_engine_lives_and_takes_nothing(tmp_path: Path) -> None:
    with refusing() as engine, started(*WEB, "--port", "0", "--engine", engine, cwd=tmp_path) as web:
        (url,) = re.findall(r"Listening on (http://\S+:\d+), ", web.said_until(f"handing callbacks on to {engine}"))
        assert get(f"{url}/healthz") == (200, b'{"alive": true}')
        assert [get(f"{url}/{path}")[0] for path in ("readyz", "callback?msg_signature=x")] == [503, 503]
        code, _, errors = web.interrupted()
    assert code == 0
    assert f"the engine at {engine} gave no answer: the connection was refused" in errors
    assert "Traceback" not in errors
    assert list(tmp_path.iterdir()) == []


def test_a_web_process_is_ready_when_its_engine_is(tmp_path: Path) -> None:
    with serve() as engine, started(*WEB, "--port", "0", WXKF_ENGINE=engine.url, WXKF_LANG="zh", cwd=tmp_path) as web:
        (url,) = re.findall(r"正在监听 (http://\S+:\d+)，", web.said_until("回调转给"))
        status, said = get(f"{url}/readyz")
        assert (status, json.loads(said)["errmsg"]) == (200, "ok")
    assert [(asked.verb, asked.path) for asked in engine.asked] == [("GET", "/readyz")]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("run",), "say which bot, for example: wxkf run hello:bot (only --role web needs none)"),
        (("run", "--role", "engine"), "say which bot"),
        ((*WEB, "--engine", "8001"), "the engine's address must be like http://127.0.0.1:8001, not '8001'"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_2(words: tuple[str, ...], sentence: str, tmp_path: Path) -> None:
    done = wxkf(*words, cwd=tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert sentence in done.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_web_process_does_not_go_round_in_circles(host: str, tmp_path: Path) -> None:
    port = free_port()
    done = wxkf(*WEB, "--port", str(port), "--engine", f"http://{host}:{port}", cwd=tmp_path)
    assert (done.returncode, f"http://{host}:{port} is this process itself" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("role", "host", "port", "place"),
    [
        ("all", None, None, ("0.0.0.0", 8000)),
        ("web", None, None, ("0.0.0.0", 8000)),
        ("engine", None, None, ("127.0.0.1", 8001)),
        ("engine", "10.0.0.5", 0, ("10.0.0.5", 0)),
    ],
)
def test_only_an_engine_listens_on_loopback(
    role: Role, host: str | None, port: int | None, place: tuple[str, int]
) -> None:
    assert Place.of(role, host, port)[1:] == place
