"""The settings file: read like everybody's, written so that nothing else in it changes and nobody else can read it."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxkf.cli import dotenv
from wxkf.errors import ConfigError

PRINTABLE = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), max_size=40)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("A=1", {"A": "1"}),
        ("export A=1", {"A": "1"}),
        ("  A = 1  ", {"A": "1"}),
        ("A=", {"A": ""}),
        ("A='1 # 2'", {"A": "1 # 2"}),
        ('A="1 \\"2\\" \\$3"  # why', {"A": '1 "2" $3'}),
        ("A=1 # why", {"A": "1"}),
        ("A=a#b", {"A": "a#b"}),
        ("A=b=c", {"A": "b=c"}),
        ("# A=1", {}),
        ("", {}),
        ("A=1\nA=2", {"A": "2"}),
        ("\ufeffA=1\r\n", {"A": "1"}),
    ],
)
def test_a_line_means_what_it_means_elsewhere(tmp_path: Path, line: str, expected: dict[str, str]) -> None:
    file = tmp_path / ".env"
    file.write_text(line, encoding="utf-8")

    assert dotenv.read(file) == expected


def test_where_there_is_no_file_there_are_no_settings(tmp_path: Path) -> None:
    assert dotenv.read(tmp_path / ".env") == {}


@pytest.mark.parametrize("line", ["hunter2", "A='hunter2", 'A="hunter2', "1A=hunter2"])
def test_a_line_that_is_no_setting_is_named_by_its_number_and_not_shown(tmp_path: Path, line: str) -> None:
    file = tmp_path / ".env"
    file.write_text(f"# mine\n{line}\n")

    with pytest.raises(ConfigError, match="line 2") as caught:
        dotenv.read(file)

    assert "hunter2" not in str(caught.value)


def test_bytes_that_are_no_text_and_a_folder_are_told_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"A=\xff")

    with pytest.raises(ConfigError, match="UTF-8"):
        dotenv.read(file)
    with pytest.raises(ConfigError, match="cannot be read"):
        dotenv.read(tmp_path)


def test_only_the_named_lines_change(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# ours\nexport OTHER='kept as it is' # yes\nA=old\n\nB=2\n")

    dotenv.write(file, {"A": "new", "C": "3"})

    assert file.read_text() == "# ours\nexport OTHER='kept as it is' # yes\nA=new\n\nB=2\nC=3\n"


def test_the_file_is_for_its_owner_alone_even_if_the_old_one_was_not(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("A=1\n")
    file.chmod(0o644)

    dotenv.write(file, {"A": "2"})

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == [".env"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("A=1\n")
    link = tmp_path / ".env"
    link.symlink_to(tmp_path / "real")

    dotenv.write(link, {"A": "2"})

    assert link.is_symlink()
    assert (tmp_path / "real").read_text() == "A=2\n"


def test_where_nothing_can_be_written_the_sentence_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        dotenv.write(tmp_path / "missing" / ".env", {"A": "1"})


@pytest.mark.parametrize("value", ["a\nWXKF_SECRET=b", "a\rb", "a\0b"])
def test_a_value_cannot_bring_a_line_of_its_own(tmp_path: Path, value: str) -> None:
    with pytest.raises(ConfigError, match="A holds"):
        dotenv.write(tmp_path / ".env", {"A": value})

    assert not (tmp_path / ".env").exists()


@given(values=st.dictionaries(st.from_regex("[A-Z_][A-Z0-9_]{0,8}", fullmatch=True), PRINTABLE, max_size=4))
def test_what_was_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, values: dict[str, str]) -> None:
    file = tmp_path_factory.mktemp("env") / ".env"

    dotenv.write(file, values)

    assert dotenv.read(file) == values


def test_the_environment_counts_more_than_the_file_where_it_says_something(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("A=1\nB=2\nC=3\n")

    assert dotenv.beneath({"A": "9", "B": " ", "D": "4"}, file) == {"A": "9", "B": "2", "C": "3", "D": "4"}
