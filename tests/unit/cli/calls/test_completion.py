"""What the shell is offered when somebody presses Tab."""

import shlex

import pytest

from kit.commands import wxkf


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("wxkf kn", {"knowledge"}),
        ("wxkf knowledge list-", {"list-group", "list-intent"}),
        ("wxkf servicer list --open", {"--open-kfid"}),
        ("wxkf media upload a.png --type v", {"voice", "video"}),
        ("wxkf message sync-msg --voice-format ", {"0", "1"}),
        ("wxkf call kf/x --verb G", {"GET"}),
        ("wxkf ex", {"explain", "externalcontact"}),
    ],
)
def test_bash_completes_groups_commands_options_and_values(line: str, offered: set[str]) -> None:
    words = len(shlex.split(line)) - (not line.endswith(" "))
    done = wxkf(_WXKF_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=str(words))
    assert set(done.stdout.split()) == offered


def test_zsh_says_what_a_value_means() -> None:
    line = "wxkf session trans --service-state "
    done = wxkf(_WXKF_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS=line, WXKF_LANG="zh")
    assert "由人工接待" in done.stdout


def test_the_script_for_the_shell_is_printed() -> None:
    assert (
        "_WXKF_COMPLETE=complete_bash"
        in wxkf("--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1").stdout
    )
