"""What a command sends, prints and exits with."""

import io
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from kit.commands import COMMAND, PATIENCE, environment
from kit.server import CUT, Said, Script, refusing, says
from kit.terminal import Run
from wxkf.cli.calls.parameters import Option, options
from wxkf.cli.calls.perform import FINAL as FINAL_PATHS
from wxkf.cli.calls.show import show
from wxkf.cli.calls.tree import Endpoint, endpoints

ACCOUNT = {"open_kfid": "wk1", "name": "演示小店", "avatar": "https://a.b/c", "manage_privilege": True, "new_field": 7}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
KF = ("--open-kfid", "wk1")


def _words(option: Option) -> list[str]:
    """Give what somebody might type for an option that is needed."""
    special = {"auth_code": "a" * 64, "md5": "d" * 32, "type": "1", "service_state": "1"}
    given = {"file": "picture.png", "data": '{"x": 1}'}.get(option.reading.kind)
    given = given or str(option.choices[0] if option.choices else special.get(option.name, "7"))
    return [given] if option.positional else [option.shown, given]


MORE = {
    "servicer add": ["--userid-list", "a"],
    "servicer del": ["--userid-list", "a"],
    "customer upgrade-service": ["--member", '{"userid": "a"}'],
    "media get": ["--output", "file"],
}
ANSWERS = {
    "media/get": Said(b"bytes", headers={"Content-Disposition": "attachment; filename=a.bin"}),
    "service/get_corp_token": says(access_token="t", expires_in=1),
}


@pytest.mark.parametrize("name", endpoints())
def test_every_command_sends_its_call(name: str, cli: Run, script: Script, tmp_path: Path) -> None:
    one = endpoints()[name]
    (tmp_path / "picture.png").write_bytes(PNG)
    needed = [option for option in options(one) if option.required and option.name not in ("start_time", "end_time")]
    words = [word for option in needed if not option.variable for word in _words(option)]
    yes = ["--yes"] if one.call.path in FINAL_PATHS else []
    if one.call.path in ANSWERS:
        script.tell(one.call.path, ANSWERS[one.call.path])
    done = cli(
        *name.split(),
        *words,
        *MORE.get(name, []),
        *yes,
        "--json",
        **{one.variable: "s3cret" for one in needed if one.variable},
    )

    path = one.call.path if one.group else "7"
    assert done.code == 0, done.err
    assert script.asked_for(path)[-1].verb == one.call.verb
    assert isinstance(json.loads(done.out), dict | list)


@pytest.mark.parametrize("name", endpoints())
@pytest.mark.parametrize("tongue", ["en", "zh"])
def test_every_command_has_help(name: str, tongue: str, cli: Run) -> None:
    done = cli(*name.split(), "--help", WXKF_LANG=tongue)
    assert done.code == 0
    assert f"Usage: wxkf {name} " in done.out
    assert all(option.shown in done.out for option in _shown(endpoints()[name]))


def _shown(one: Endpoint) -> list[Option]:
    return [option for option in options(one) if option.name not in ("start_time", "end_time")]


def test_a_list_is_a_table_where_it_fits_and_blocks_where_it_does_not(cli: Run, script: Script) -> None:
    wide = {**ACCOUNT, "open_kfid": "wk" + "k" * 40}
    script.tell("kf/account/list", says(account_list=[ACCOUNT]), says(account_list=[wide]))

    lines = cli("account", "list").out.splitlines()
    assert lines[0].split() == ["open_kfid", "name", "avatar", "manage_privilege", "new_field"]
    assert lines[2].split() == ["wk1", "演示小店", "a.b/…", "✓", "7"]
    narrow = cli("account", "list", COLUMNS="60").out
    assert f"open_kfid         {wide['open_kfid']}\n" in narrow
    assert "avatar            https://a.b/c\n" in narrow


def test_columns_of_chinese_stand_under_each_other(cli: Run, script: Script) -> None:
    from rich.cells import cell_len

    script.tell("kf/knowledge/list_group", says(group_list=[
        {"group_id": "g1", "name": "售后", "is_default": 0}, {"group_id": "g2", "name": "发货与物流", "is_default": 1},
    ]))  # fmt: skip
    head, _, first, second = cli("knowledge", "list-group", WXKF_LANG="zh").out.splitlines()
    places = [cell_len(line[: line.index(word)]) for line, word in ((head, "is_d"), (first, "0 否"), (second, "1 是"))]
    assert len(set(places)) == 1


def test_json_is_the_raw_answer_and_nothing_else(cli: Run, script: Script) -> None:
    script.tell("kf/account/list", says(account_list=[ACCOUNT]))
    done = cli("account", "list", "--limit", "5", "--json")
    assert json.loads(done.out) == {"errcode": 0, "errmsg": "ok", "account_list": [ACCOUNT]}
    assert "演示小店" in done.out
    assert not done.err
    assert script.asked_for("kf/account/list")[0].json == {"limit": 5}


@pytest.mark.parametrize(("tongue", "words"), [("en", "account_list: none"), ("zh", "account_list：无")])
def test_an_empty_list_says_so(cli: Run, script: Script, tongue: str, words: str) -> None:
    script.tell("kf/account/list", says(account_list=[]))
    assert cli("account", "list", WXKF_LANG=tongue).out.strip() == words


def test_all_reads_every_page(cli: Run, script: Script) -> None:
    page = [{**ACCOUNT, "open_kfid": f"wk{number}"} for number in range(130)]
    script.tell("kf/account/list", says(account_list=page[:100]), says(account_list=page[100:]))
    found = json.loads(cli("account", "list", "--all", "--json").out)["account_list"]
    assert found == page
    assert [asked.json["offset"] for asked in script.asked_for("kf/account/list")] == [0, 100]


def test_what_only_one_page_can_have_does_not_go_with_all(cli: Run, script: Script) -> None:
    done = cli("account", "list", "--all", "--limit", "3")
    assert done.code == 2
    assert "--limit does not go with --all" in done.err
    assert not script.asked


def test_where_there_is_more_it_says_how_to_go_on(cli: Run, script: Script) -> None:
    script.tell("kf/knowledge/list_group", says(group_list=[{"group_id": "g"}], has_more=1, next_cursor="c2"))
    assert "There is more: --all, or --cursor c2" in cli("knowledge", "list-group").out


@pytest.mark.parametrize(
    ("message", "sent"),
    [
        ("您好", {"msgtype": "text", "text": {"content": "您好"}}),
        ("[微笑]", {"msgtype": "text", "text": {"content": "[微笑]"}}),
        ("@@all", {"msgtype": "text", "text": {"content": "@all"}}),
        ("-", {"msgtype": "text", "text": {"content": "from stdin"}}),
        ('{"image": {"media_id": "M"}}', {"msgtype": "image", "image": {"media_id": "M"}}),
        ("@m.json", {"msgtype": "link", "link": {"url": "https://x.y", "title": "t", "thumb_media_id": "m"}}),
    ],
)
def test_a_message_is_words_or_json(cli: Run, script: Script, tmp_path: Path, message: str, sent: Any) -> None:
    link = {"msgtype": "link", "link": {"url": "https://x.y", "title": "t", "thumb_media_id": "m"}}
    (tmp_path / "m.json").write_text(json.dumps(link), encoding="utf-8")
    words = ("message", "send-msg", "--touser", "wm1", *KF, "--message", message)
    assert cli(*words, stdin=b"from stdin").code == 0
    assert script.asked_for("kf/send_msg")[0].json == {"touser": "wm1", "open_kfid": "wk1", **sent}


@pytest.mark.parametrize(
    ("message", "why"), [("{broken", "this is no JSON"), ("@none.json", "none.json: No such file")]
)
def test_a_broken_message_is_not_sent_as_words(cli: Run, script: Script, message: str, why: str) -> None:
    done = cli("message", "send-msg", "--touser", "wm1", *KF, "--message", message)
    assert done.code == 2
    assert why in done.err
    assert not script.asked


def test_ids_may_be_repeated_comma_separated_or_in_a_file(cli: Run, script: Script, tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text("d\ne, f\n", encoding="utf-8")
    cli("customer", "batchget", "a,b", "c", "@ids.txt", "--need-enter-session-context", "1")
    cli("servicer", "add", *KF, "--department-id-list", "1,2", "--department-id-list", "3")
    sent = [asked.json for asked in script.asked if "gettoken" not in asked.path]
    assert sent[0] == {"external_userid_list": [*"abcdef"], "need_enter_session_context": 1}
    assert sent[1] == {"open_kfid": "wk1", "department_id_list": [1, 2, 3]}
    done = cli("servicer", "add", *KF, "--department-id-list", "1,x")
    assert (done.code, "these must be whole numbers, not 1,x" in done.err) == (2, True)


def test_knowledge_takes_words(cli: Run, script: Script) -> None:
    words = ("--group-id", "g", "--question", "几点开门？", "--answers", "九点。", "--similar-questions", "何时, 开门")
    assert cli("knowledge", "add-intent", *words).code == 0
    assert script.asked_for("kf/knowledge/add_intent")[0].json == {
        "group_id": "g",
        "question": {"text": {"content": "几点开门？"}},
        "similar_questions": {"items": [{"text": {"content": "何时, 开门"}}]},
        "answers": [{"text": {"content": "九点。"}}],
    }


def test_a_broken_limit_is_a_sentence_and_exit_2(cli: Run, script: Script) -> None:
    done = cli("knowledge", "add-group", "一" * 13)
    assert done.code == 2
    assert "kf/knowledge/add_group was not sent: name must be at most 12 characters, this one has 13" in done.err
    assert not script.asked_for("kf/knowledge/add_group")


@pytest.mark.parametrize(("tongue", "first"), [("en", "Meaning"), ("zh", "含义")])
def test_a_refusal_is_explained(cli: Run, script: Script, tongue: str, first: str) -> None:
    errmsg = "not allow, hint: [1666], from ip: 10.1.2.3, more info at https://x"
    script.tell("kf/account/list", says(errcode=60020, errmsg=errmsg))
    done = cli("account", "list", "--json", WXKF_LANG=tongue)
    assert (done.code, done.out) == (1, "")
    assert "kf/account/list" in done.err.splitlines()[0]
    lines = [line.strip("│ ").split("  ")[0] for line in done.err.splitlines() if line.startswith("│")]
    assert lines[0] == first
    assert {"60020", "10.1.2.3", "hint", "1666"} <= set(done.err.replace("：", " ").split())
    assert "Traceback" not in done.err


def test_without_a_platform_it_says_what_to_look_at(cli: Run) -> None:
    with refusing() as url:
        done = cli("message", "recall-msg", "--msgid", "m", *KF, WXKF_BASE_URL=url)
    assert done.code == 1
    assert "the connection was refused" in done.err
    assert "Nothing was sent. Check the network, a proxy, and WXKF_BASE_URL." in done.err


@pytest.mark.parametrize(
    ("words", "path", "remedy"),
    [
        (("message", "recall-msg", "--msgid", "m"), "kf/recall_msg", "It may have arrived: look before you repeat it."),
        (("servicer", "list"), "kf/servicer/list", "Try again in a moment"),
    ],
)
def test_a_cut_connection_says_whether_it_matters(
    cli: Run, script: Script, words: tuple[str, ...], path: str, remedy: str
) -> None:
    script.tell(path, *[CUT] * 9)
    done = cli(*words, *KF)
    assert done.code == 1
    assert remedy in done.err


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"WXKF_SECRET": ""}, "WXKF_SECRET must be set, in the environment or in a .env file here"),
        ({"WXKF_BASE_URL": "ftp://x"}, "WXKF_BASE_URL: the base address must begin with https://"),
    ],
)
def test_a_setting_that_is_wrong_is_a_sentence_and_exit_2(cli: Run, env: Mapping[str, str], sentence: str) -> None:
    done = cli("account", "list", **env)
    assert done.code == 2
    assert done.err.startswith(f"wxkf: {sentence}")


def test_settings_that_are_missing_are_named_in_chinese_too(cli: Run) -> None:
    done = cli("account", "list", WXKF_CORP_ID="", WXKF_SECRET="", WXKF_LANG="zh")
    assert done.err.startswith("wxkf: 缺少 WXKF_CORP_ID, WXKF_SECRET。请在环境变量或")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the device is Linux's")
def test_a_full_disk_is_one_sentence(script: Script) -> None:
    settings = {"WXKF_BASE_URL": script.url, "WXKF_CORP_ID": "ww1", "WXKF_SECRET": "sec-ret"}
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "account", "list"],
            env=environment(**settings), stdout=full, stderr=subprocess.PIPE, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
    assert "wxkf: No space left on device" in done.stderr
    assert "None" not in done.stderr


def test_settings_come_from_a_file_where_the_environment_has_none(cli: Run, script: Script, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# mine\nexport WXKF_SECRET='from file'\nWXKF_CORP_ID=other # not used\n")
    assert cli("account", "list", WXKF_SECRET="").code == 0
    assert script.asked_for("gettoken")[0].query == {"corpid": "ww1", "corpsecret": "from file"}
    (tmp_path / ".env").write_text("WXKF_SECRET\n")
    done = cli("account", "list", WXKF_SECRET="")
    assert (done.code, done.err) == (2, "wxkf: .env, line 1: neither NAME=value nor a comment\n")


FINAL = [
    (("account", "del", *KF), "kf/account/del"),
    (("knowledge", "del-group", "g"), "kf/knowledge/del_group"),
    (("session", "trans", *KF, "--external-userid", "wm", "--service-state", "4"), "kf/service_state/trans"),
    (("call", "kf/account/del", '{"open_kfid": "wk1"}'), "kf/account/del"),
]


@pytest.mark.parametrize(("words", "path"), FINAL)
def test_what_cannot_be_undone_is_asked_about(cli: Run, script: Script, words: tuple[str, ...], path: str) -> None:
    done = cli(*words)
    assert done.code == 2
    assert f"{path} cannot be undone and nobody can be asked here; say --yes" in done.err
    assert cli(*words, person=True, stdin=b"n\n").code == 1
    assert not script.asked
    asked = cli(*words, person=True, stdin=b"y\n")
    assert (asked.code, asked.out) == (0, f"✓ {path} done\n")
    assert "This cannot be undone. Go on? [y/N]" in asked.err
    assert cli(*words, "--yes").code == 0
    assert len(script.asked_for(path)) == 2


def test_a_session_that_goes_on_is_not_asked_about(cli: Run) -> None:
    assert cli("session", "trans", *KF, "--external-userid", "wm", "--service-state", "2").code == 0


def test_secrets_are_veiled_unless_asked_for(cli: Run, script: Script) -> None:
    assert cli("corp", "gettoken").out.split() == ["access_token", "***", "expires_in", "7200"]
    assert "TOKEN" not in cli("corp", "gettoken", "--json").out
    assert json.loads(cli("corp", "gettoken", "--json", "--show-secrets").out)["access_token"] == "TOKEN-3"
    assert all(asked.query == {"corpid": "ww1", "corpsecret": "sec-ret"} for asked in script.asked)


def test_secrets_stand_in_settings_or_files_not_on_the_command_line(cli: Run, script: Script, tmp_path: Path) -> None:
    words = ("service", "get-pre-auth-code")
    done = cli(*words, "--suite-access-token", "s3cret")
    assert done.code == 2
    assert "a secret does not belong on the command line" in " ".join(done.err.replace("│", " ").split())
    assert "--suite-access-token is needed" in cli(*words).err
    (tmp_path / "token").write_text("from-file\n")
    assert cli(*words, "--suite-access-token", "@token").code == 0
    assert cli(*words, WXKF_SUITE_ACCESS_TOKEN="from-env", WXKF_CORP_ID="", WXKF_SECRET="").code == 0
    assert [asked.query["suite_access_token"] for asked in script.asked] == ["from-file", "from-env"]


@pytest.mark.parametrize(("tongue", "words"), [("en", "3 with a servicer"), ("zh", "3 由人工接待")])
def test_states_say_what_they_mean(cli: Run, script: Script, tongue: str, words: str) -> None:
    script.tell("kf/service_state/get", says(service_state=3, servicer_userid="zhang"))
    out = cli("session", "get", *KF, "--external-userid", "wm", WXKF_LANG=tongue).out
    assert words in out


def test_messages_are_a_line_each(cli: Run, script: Script) -> None:
    common = {"open_kfid": "wk1", "external_userid": "wm1", "send_time": 1_780_300_800}
    event = {"event_type": "enter_session", "open_kfid": "wk1", "external_userid": "wm2", "welcome_code": "CODE"}
    script.tell("kf/sync_msg", says(has_more=0, next_cursor="c", msg_list=[
        {**common, "msgid": "m1", "origin": 3, "msgtype": "text", "text": {"content": "在吗？"}},
        {"msgid": "m2", "send_time": 1_780_300_801, "origin": 4, "msgtype": "event", "event": event},
        {**common, "msgid": "m3", "origin": 5, "servicer_userid": "li", "msgtype": "brand_new", "brand_new": {"a": 1}},
    ]))  # fmt: skip
    lines = cli("message", "sync-msg", *KF, WXKF_LANG="zh").out.splitlines()[2:]
    assert [line.split()[2:-1] for line in lines] == [
        ["3", "客户", "text", "在吗？", "wm1", "–"],
        ["4", "系统事件", "enter_session", "welcome_code=***", "wm2", "–"],
        ["5", "接待人员", "brand_new", "a=1", "wm1", "li"],
    ]


def test_items_that_failed_one_by_one_are_explained_and_exit_1(cli: Run, script: Script) -> None:
    results = [{"userid": "a", "errcode": 0, "errmsg": "ok"}, {"userid": "b", "errcode": 95020, "errmsg": "no"}]
    script.tell("kf/servicer/add", says(result_list=results))
    done = cli("servicer", "add", *KF, "--userid-list", "a,b", WXKF_LANG="zh")
    assert done.code == 1
    assert "2 项中有 1 项失败" in done.out


def test_any_endpoint_can_be_called(cli: Run, script: Script) -> None:
    script.tell("kf/new", says(list=[{"a": 1}], token="t"))
    done = cli("call", "kf/new", '{"x": 1}', "--json")
    assert json.loads(done.out) == {"errcode": 0, "errmsg": "ok", "list": [{"a": 1}], "token": "***"}
    assert script.asked_for("kf/new")[0].json == {"x": 1}
    cli("call", "kf/old", '{"x": 1}', "--verb", "GET")
    assert script.asked_for("kf/old")[0].query["x"] == "1"
    assert cli("call", "kf/old", "--verb", "PUT").code == 2


def test_names_cannot_steer_the_terminal(cli: Run, script: Script) -> None:
    hostile = {"external_userid": "wm\x1b[2J", "nickname": "\x9b31m小\u202e明", "enter\x07": {"x\x1b": 1}}
    script.tell("kf/customer/batchget", says(customer_list=[hostile, hostile], invalid_external_userid=["\x1b]0;x"]))
    done = cli("customer", "batchget", "a")
    assert done.code == 0
    assert "小�明" in done.out
    assert not set("\x1b\x9b\x07\u202e") & set(done.out)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
)


@given(JSON, st.integers(20, 200))
def test_whatever_comes_can_be_shown(value: Any, width: int) -> None:
    out = Console(width=width, file=io.StringIO())
    rows = [{"a": value, "errcode": value, "service_state": value}, {"a": 1}]
    show("kf/new", {"errcode": 0, "list": rows, "bare": [value], "has_more": value, "c": value}, out, pages=True)
    show("kf/sync_msg", {"msg_list": [{"msgtype": "text", "text": value, "send_time": value}]}, out, pages=True)
