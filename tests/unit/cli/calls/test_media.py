"""Files up and down from the command line."""

import json
from pathlib import Path

import pytest

from kit.server import Said, Script, says
from kit.terminal import Run
from wxkf.cli.calls.media import progress

PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
FILE = Said(b"\xff\xd8\xffpicture", headers={"Content-Disposition": "attachment; filename*=UTF-8''%E5%9B%BE.jpg"})


def test_a_file_goes_up_under_its_own_name(cli: Run, script: Script, tmp_path: Path) -> None:
    (tmp_path / "图 1.png").write_bytes(PNG)
    script.tell("media/upload", says(type="image", media_id="M", created_at="1780300800"))
    done = cli("media", "upload", "图 1.png", "--type", "image")
    assert (done.code, done.err) == (0, "")
    assert "M\n" in done.out
    [asked] = script.asked_for("media/upload")
    assert asked.query["type"] == "image"
    assert PNG in asked.body
    assert "图 1.png".encode() in asked.body


def test_standard_input_goes_up(cli: Run, script: Script) -> None:
    assert cli("media", "upload", "-", "--type", "file", "--filename", "a.txt", stdin=b"some bytes").code == 0
    assert b"some bytes" in script.asked_for("media/upload")[0].body


def test_a_wrong_file_is_a_sentence(cli: Run, script: Script, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"GIF89a and more")
    assert "media must be a JPG or PNG" in cli("media", "upload", "a.png", "--type", "image").err
    done = cli("media", "upload", "none.png", "--type", "image")
    assert (done.code, "none.png: No such file" in done.err) == (2, True)
    done = cli("media", "upload", "a.png", "--type", "picture")
    assert (done.code, "picture is not one of image, voice, video, file" in done.err) == (2, True)
    assert not script.asked_for("media/upload")


def test_a_file_comes_down_under_its_name_and_over_nothing(cli: Run, script: Script, tmp_path: Path) -> None:
    script.tell("media/get", *[FILE] * 4)
    assert cli("media", "get", "M").out == "图.jpg: 10 bytes\n"
    assert (tmp_path / "图.jpg").read_bytes() == FILE.body
    (tmp_path / "b.jpg").write_bytes(b"mine")
    again = cli("media", "get", "M", "-o", "b.jpg")
    assert (again.code, "b.jpg" in again.err, (tmp_path / "b.jpg").read_bytes()) == (2, True, b"mine")
    named = cli("media", "get", "M", "-o", "b.jpg", "--overwrite", "--json")
    assert json.loads(named.out) == {"path": "b.jpg", "filename": "图.jpg", "content_type": "", "size": 10}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.jpg", "图.jpg"]


def test_a_file_comes_down_to_standard_output_or_a_folder(cli: Run, script: Script, tmp_path: Path) -> None:
    text = Said(b"plain words", headers={"Content-Disposition": "attachment; filename=a.txt"})
    script.tell("media/get", text, text)
    assert cli("media", "get", "M", "--output", "-").out == "plain words"
    assert cli("media", "get", "M", "-o", str(tmp_path)).code == 0
    assert (tmp_path / "a.txt").read_bytes() == b"plain words"


def test_a_refusal_leaves_no_file(cli: Run, script: Script, tmp_path: Path) -> None:
    script.tell("media/get", says(errcode=40007, errmsg="invalid media_id"))
    done = cli("media", "get", "M", "-o", "x")
    assert done.code == 1
    assert "40007" in done.err
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_a_sentence(cli: Run, script: Script) -> None:
    script.tell("media/get", FILE)
    done = cli("media", "get", "M", "-o", "no/such/x")
    assert done.code == 2
    assert "no/such" in done.err


def test_a_bar_shows_how_far_it_is_where_somebody_looks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    with progress("a[b].png") as told:
        told(500, 1000)
    assert "a[b].png" in (shown := capsys.readouterr().err)
    assert "0.5/1.0 kB" in shown or "500/1000 bytes" in shown
