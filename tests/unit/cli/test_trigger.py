"""`wxkf trigger`: whatever can happen reaches a bot, here or at a simulator that runs; and what cannot is told why."""

import asyncio
import importlib
import json
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kit.commands import wxkf
from kit.server import refusing
from kit.terminal import Run, runner
from wxkf import App, Bot, Context, EnterSession, SqliteStore, Text, out, picked
from wxkf.bot.service import Service
from wxkf.cli.trigger.command import SIMULATOR, simulator
from wxkf.cli.trigger.plan import EVENTS, KINDS, PICK
from wxkf.errors import ConfigError
from wxkf.serve import Server
from wxkf.sim import Simulator
from wxkf.sim.actions.inbound import FILES, SHAPES, check_shape, checked_file
from wxkf.sim.actions.samples import FILES as SAMPLE_FILES
from wxkf.sim.actions.samples import samples
from wxkf.web import Message, Receive, Send

pytestmark = pytest.mark.processes

BOTS = """
from wxkf import Bot, Context, EnterSession, Inbound, Text, out, says

seen = []
bot, fails, picky, empty = Bot(), Bot(), Bot(), Bot()

@bot.on(EnterSession)
async def greet(ctx: Context[EnterSession]) -> out.Menu:
    seen.append(ctx.event)
    return out.Menu("Hi", out.Click("hours", "Hours"))

@bot.on(Text)
async def answer(ctx: Context[Text]) -> str:
    seen.append(ctx.event)
    return f"You said: {ctx.text}"

@bot.on(Inbound)
async def other(ctx: Context[Inbound]) -> None:
    seen.append(ctx.event)

@bot.on_staff(Inbound)
async def colleague(ctx: Context[Inbound]) -> None:
    seen.append(ctx.event)

@picky.on(Text, where=says("y"))
async def pick(ctx: Context[Text]) -> str:
    return "y"

@fails.on(Text)
async def fail(ctx: Context[Text]) -> str:
    raise ValueError("out of paper [/A4]")
"""
VALUES = {"text": "Hello", PICK: "hours"}
CHANGES = [("session_status_change", action.partition("/")[2]) for action in EVENTS["session_status_change"]]
CASES = [(kind, VALUES.get(kind, "")) for kind in KINDS if kind != "session_status_change"] + CHANGES


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Run]:
    """The command in this process, beside a file with bots."""
    (tmp_path / "trigger_bots.py").write_text(BOTS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    monkeypatch.setenv("WXKF_LANG", "en")
    monkeypatch.delenv("WXKF_BASE_URL", raising=False)
    run = runner(monkeypatch, capsys)
    yield lambda *words, **env: run("trigger", *words, **env)
    sys.modules.pop("trigger_bots", None)


# ── here ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("kind", "value"), CASES)
def test_everything_the_simulator_knows_reaches_a_bot(run: Run, kind: str, value: str) -> None:
    done = run(kind, *([value] if value else []), "--bot", "trigger_bots")
    assert (done.code, done.err.count("Traceback")) == (0, 0)
    seen = importlib.import_module("trigger_bots").seen
    event = seen[-2] if value == "say" else seen[-1]  # what a colleague says comes after the session is theirs
    assert type(event).__struct_config__.tag == ("text" if kind == PICK else kind)
    if kind == PICK:
        assert event.text.menu_id == "hours"


def test_the_kinds_are_the_simulators_own(run: Run) -> None:
    listed = run().out.split()
    assert set(listed) == {*SHAPES, *FILES, *EVENTS, PICK}


def test_every_type_has_a_sample_that_the_simulator_takes() -> None:
    for kind, body in samples(0.0).items():
        check_shape(kind, body)
    for kind, data in SAMPLE_FILES.items():
        checked_file(kind, data, "", "")
    assert (set(samples(0.0)), set(SAMPLE_FILES)) == (set(SHAPES), set(FILES))


def test_the_answer_is_shown_with_what_came_before_it(run: Run) -> None:
    done = run("pick", "Hours", "--bot", "trigger_bots:bot", "--customer", "小红")
    assert [line for line in done.out.splitlines() if line] == [
        "小红 › enters the chat", "  ‹ Hi", "    [Hours]", "小红 › Hours", "  ‹ You said: Hours",
    ]  # fmt: skip


def test_a_handler_that_fails_is_told_in_short(run: Run) -> None:
    done = run("text", "Hello", "--bot", "trigger_bots:fails")
    assert done.code == 1
    told = done.out[done.out.index("✗") :].splitlines()
    assert told[0] == "✗ Traceback (most recent call last):"
    assert [line for line in told if "File" in line] == [told[1]]
    assert "trigger_bots.py" in told[1]
    assert "ValueError: out of paper [/A4]" in told


def test_what_is_told_in_short_is_not_logged_too(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    run("text", "Hello", "--bot", "trigger_bots:fails")
    assert "out of paper" not in caplog.text
    run("msg_send_fail", "--bot", "trigger_bots:bot")
    assert "was not delivered" in caplog.text  # what is no failure of a handler's is logged as ever


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("text", "x", "--bot", "trigger_bots:picky"), "there are handlers for a Text, but the where= of none of them"),
        (("image", "--bot", "trigger_bots:fails"), "no handler takes this Image; register one with @bot.on(Image)"),
        (("image", "--bot", "trigger_bots:bot"), "it is for other, and nothing came of it"),
        (
            ("session_status_change", "accept", "--bot", "trigger_bots:picky"),
            "no handler takes this SessionStatusChange",
        ),
        (("session_status_change", "accept", "--bot", "trigger_bots:bot"), "the session is with colleagues"),
        (("text", "x", "--bot", "trigger_bots:empty"), "The bot has no handlers"),
    ],
)
def test_why_there_is_no_answer(run: Run, words: tuple[str, ...], why: str) -> None:
    done = run(*words)
    assert (done.code, done.out.count(f"(no answer: {why}")) == (0, 1)


def test_a_file_of_ones_own_is_sent(run: Run, tmp_path: Path) -> None:
    (tmp_path / "menu.jpg").write_bytes(b"\xff\xd8\xff\xe0 jpeg")
    done = run("image", "--file", "menu.jpg", "--bot", "trigger_bots", "--json")
    assert (done.code, json.loads(done.out)["kind"]) == (0, "image")


def test_a_message_of_ones_own_is_sent(run: Run) -> None:
    body = '{"latitude": 1.5, "longitude": 2, "name": "here"}'
    assert run("location", body, "--bot", "trigger_bots").code == 0
    assert importlib.import_module("trigger_bots").seen[-1].location.name == "here"


@pytest.mark.parametrize(
    ("words", "english", "chinese"),
    [
        (("txet", "hi"), "there is no 'txet'; did you mean text?", "没有 'txet'；是否想写 text？"),
        (("bogus",), "there is no 'bogus'; these can happen: text", "没有 'bogus'；可以发生的有"),
        (("text",), "a text needs words", "text 需要文字"),
        (("pick",), "say what is picked", "请写明点哪一项"),
        (("pick", "no"), "no menu on the phone has an item 'no'; to pick there is: hours", "可选：hours"),
        (("image", "--file", "no.png"), "no.png: No such file", "no.png："),
        (("text", "hi", "--file", "bots.py"), "text holds no file", "text 不带文件"),
        (("image", "menu.png"), "image takes no 'menu.png'", "image 不接受 'menu.png'"),
        (("text", "hi", "--scene", "home"), "text has no scene", "text 没有 scene"),
        (("location", "{"), "the body of a location is a JSON object", "location 的内容须是 JSON 对象"),
        (("location", "[]"), "the body of a location is a JSON object", "location 的内容须是 JSON 对象"),
        (("location", "{}"), "that cannot happen now: location needs latitude", "现在不能这样做：location needs"),
        (("session_status_change",), "say which session_status_change: accept transfer end say", "请写明哪一种"),
        (("msg_send_fail", "3"), "'3' is no fail_type; these are: 0 1 2 4", "'3' 不是 fail_type"),
        (("text", "hi", "--account", "x"), "--bot brings a simulator of its own", "--bot 自带模拟平台"),
    ],
)
def test_what_is_wrong_is_said_in_both_languages(run: Run, words: tuple[str, ...], english: str, chinese: str) -> None:
    for language, sentence in (("en", english), ("zh", chinese)):
        done = run(*words, "--bot", "trigger_bots", WXKF_LANG=language)
        assert (done.code, sentence in done.err, "Traceback" in done.err) == (2, True, False), done.err


# ── at a simulator that runs ──────────────────────────────────────────────────────────────────────────────────────


def shop() -> Bot:
    """A bot that greets with a menu, tells the hours, and says nothing to a text that asks for it."""
    bot = Bot()

    @bot.on(EnterSession)
    async def greet(ctx: Context[EnterSession]) -> out.Menu:
        return out.Menu(f"Hi {ctx.event.scene}", out.Click("hours", "Hours"))

    @bot.on(Text, where=picked("hours"))
    async def hours(ctx: Context[Text]) -> str:
        await ctx.reply("Let me see")
        return "9 to 21"

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str | None:
        return None if ctx.text == "hush" else f"You said: {ctx.text}"

    return bot


@asynccontextmanager
async def platform(folder: Path, *, bot: bool = True) -> AsyncIterator[tuple[Simulator, str]]:
    """Serve a simulator, and a bot beside it."""
    sim = Simulator()
    async with Server(sim.app) as server:
        app = App(sim.corp_id, sim.secret, sim.token, sim.aes_key, server.url)
        try:
            if not bot:
                yield sim, server.url
                return
            async with (
                Service(shop(), app, SqliteStore(folder / "inbox.db")) as service,
                Server(service.callback) as at,
            ):
                sim.deliver_to_url(f"{at.url}/")
                await service.engine.quiet()
                yield sim, server.url
        finally:
            await sim.aclose()


async def triggered(url: str, *words: str) -> tuple[int, list[str], str]:
    """Run the command as a person does; the exit code, the lines and the errors."""
    done = await asyncio.to_thread(wxkf, "trigger", *words, "--sim", url)
    return done.returncode, [line for line in done.stdout.splitlines() if line], done.stderr


async def test_at_a_simulator_the_conversation_goes_on_from_command_to_command(tmp_path: Path) -> None:
    async with platform(tmp_path) as (sim, url):
        entered = await triggered(url, "enter_session", "--scene", "home")
        picked_ = await triggered(url, "pick", "hours")
        again = await triggered(url, "enter_session")
        named = await triggered(url, "text", "[b]Hello", "--customer", "小红", "--json")
        nicknames = [one.nickname for one in sim.platform.world.customers.values()]
    assert entered == (0, ["customer › enters the chat", "  ‹ Hi home", "    [Hours]"], "")
    assert picked_ == (0, ["customer › Hours", "  ‹ Let me see", "  ‹ 9 to 21"], "")
    assert again == (0, ["customer › enters the chat", "  ‹ Hi ", "    [Hours]"], "")
    told = json.loads(named[1][0])
    assert [one["text"] for one in told["answers"]] == ["You said: [b]Hello"]
    assert (told["taken"], told["failure"]) == (True, "")
    assert nicknames == ["customer", "customer", "小红"]


async def test_where_there_is_no_answer_it_is_said_how_far_it_got(tmp_path: Path) -> None:
    async with platform(tmp_path) as (_, url):
        code, lines, errors = await triggered(url, "text", "hush", "--timeout", "0.5")
    assert (code, errors) == (0, "")
    assert lines[-1].startswith("  (no answer: nothing within 0 s, but a bot has fetched it: wxkf tail")
    async with platform(tmp_path, bot=False) as (sim, url):
        nowhere = await triggered(url, "text", "Hello", "--timeout", "0.5")
        with refusing() as closed:
            sim.deliver_to_url(f"{closed}/")
            refused = await triggered(url, "text", "Hello", "--timeout", "0.5")
    assert (nowhere[0], "no callback was sent" in nowhere[1][-1]) == (1, True)
    assert (refused[0], "announced by a callback (no connection" in refused[1][-1]) == (1, True)


async def test_what_cannot_happen_there_is_told(tmp_path: Path) -> None:
    async with platform(tmp_path) as (sim, url):
        account = await triggered(url, "text", "Hello", "--account", "x")
        queue = await triggered(url, "session_status_change", "accept")
    assert (account[0], f"there are: {sim.open_kfid} (演示小店)" in account[2]) == (2, True)
    assert (queue[0], queue[2]) == (2, "wxkf: that cannot happen now: only a queued session can be accepted\n")


async def test_no_simulator_and_something_else_in_its_place_are_told() -> None:
    with refusing() as closed:
        nobody = await triggered(closed, "text", "Hello")

    async def other(_scope: Message, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"<html>"})

    async with Server(other) as server:
        wrong = await triggered(server.url, "text", "Hello")
    assert (nobody[0], nobody[2].startswith(f"wxkf: no simulator answers at {closed}: start one")) == (2, True)
    assert (wrong[0], f"what answers at {server.url} is no simulator" in wrong[2]) == (2, True)


def test_the_real_platform_is_never_meant() -> None:
    assert simulator("", {"WXKF_BASE_URL": "https://qyapi.weixin.qq.com/"}) == SIMULATOR
    assert simulator("", {}) == SIMULATOR
    assert simulator("", {"WXKF_BASE_URL": "http://sim:8700/"}) == "http://sim:8700"
    assert simulator("http://127.0.0.1:1/", {"WXKF_BASE_URL": "http://sim:8700"}) == "http://127.0.0.1:1"
    with pytest.raises(ConfigError, match="is no address such as"):
        simulator("localhost:8700", {})
