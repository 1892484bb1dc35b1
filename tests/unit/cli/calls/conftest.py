"""The commands through the real entry point, in this process, against a real local server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.server import Script, serve
from kit.terminal import Run, runner
from wxkf.client.sync import Client


@pytest.fixture
def script() -> Iterator[Script]:
    """A platform that answers as scripted."""
    with serve() as served:
        yield served


@pytest.fixture
def cli(script: Script, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run a command as `wxkf` does, in a folder of its own, with the settings of the script."""
    for name in ("WXKF_TOKEN", "WXKF_AES_KEY", "WXKF_LOG"):
        monkeypatch.delenv(name, raising=False)
    settings = {"WXKF_BASE_URL": script.url, "WXKF_CORP_ID": "ww1", "WXKF_SECRET": "sec-ret", "WXKF_LANG": "en"}
    for name, value in {**settings, "COLUMNS": "120"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(Client.__init__.__kwdefaults__ or {}, "sleep", lambda _: None)  # between tries
    return runner(monkeypatch, capsys)
