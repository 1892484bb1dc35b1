"""The set-up against the simulated platform: each step is ticked as soon as its switch is thrown, in order, gently."""

import asyncio
import string
from collections.abc import Callable, Coroutine
from io import StringIO
from pathlib import Path

import aiohttp
import pytest
from rich.console import Console

from kit.ports import free_port
from unit.cli.clinic import Clinic, clinic
from wxkf.cli import dotenv
from wxkf.cli.setup.choose import CHECKED
from wxkf.cli.setup.command import Options, prepare, setup
from wxkf.cli.setup.steps import STEPS
from wxkf.cli.setup.words import WORDS

Action = Callable[[], object]


class Admin:
    """A clock that stands in for a person: whenever the set-up waits, the next switch is thrown and time passes."""

    def __init__(self, *actions: Action) -> None:
        self.at, self.waits, self.left = 1_000.0, list[float](), list(actions)

    def now(self) -> float:
        return self.at

    def elapsed(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        assert self.left, "the set-up goes on waiting, but everything was done"
        done = self.left.pop(0)()
        if isinstance(done, Coroutine):
            await done
        if not event.is_set():
            self.waits.append(seconds)
            self.at += seconds


class Desk:
    """One set-up in a folder of its own, its output kept."""

    def __init__(self, it: Clinic, folder: Path) -> None:
        self.it, self.path = it, folder / ".env"
        self.out = Console(file=StringIO(), width=100)
        self.env = {name: it.env[name] for name in ("WXKF_BASE_URL", "WXKF_CORP_ID", "WXKF_SECRET")}
        self.port = 0

    async def run(self, admin: Admin, url: str = "") -> int:
        """Run it to its end."""
        options = Options(self.path, url, "127.0.0.1", self.port, yes=False)
        values = prepare(options, self.env, self.out)
        self.it.platform.console.seal_with(values["WXKF_TOKEN"], values["WXKF_AES_KEY"])
        async with asyncio.timeout(30):
            code = await setup(options, values, self.out, admin)
        assert not admin.left, "it ended before everything was done"
        return code

    @property
    def said(self) -> str:
        """All that was printed."""
        assert isinstance(self.out.file, StringIO)
        return self.out.file.getvalue()

    @property
    def ticks(self) -> list[str]:
        """The numbers of the steps, as they were ticked."""
        return [line[3] for line in self.said.splitlines() if line.startswith("✓  ")]

    @property
    def address(self) -> str:
        """Where the callback is served."""
        return "http://127.0.0.1:" + self.said.split("http://127.0.0.1:")[-1].split("/callback")[0] + "/callback"

    async def check_url(self) -> None:
        """Save the URL in the console."""
        self.it.sim.deliver_to_url(self.address)
        while not await self.it.sim.verify_url():
            pass  # a busy machine may need more than the console's second


def shut(it: Clinic) -> None:
    """Switch everything off, as on a new app."""
    it.platform.console.switches.trusted_ips, it.platform.console.switches.app_listed = set(), False
    it.platform.console.manage(it.kf, False)
    it.platform.console.add_member("lisi", visible=False)


async def test_the_steps_are_ticked_in_order_as_the_console_is_switched_on(tmp_path: Path) -> None:
    async with clinic() as it:
        shut(it)
        desk, console = Desk(it, tmp_path), it.platform.console.switches
        admin = Admin(
            desk.check_url,
            lambda: setattr(console, "trusted_ips", None),
            lambda: setattr(console, "app_listed", True),
            lambda: it.platform.console.manage(it.kf),
            lambda: it.platform.console.add_member("lisi"),
        )
        code = await desk.run(admin)

    assert code == 0
    assert desk.ticks == [str(number) for number in range(1, len(STEPS) + 1)]
    for words in ("calls come from 127.0.0.1 (60020)", "(48002)", "none of 1 is managed", "lisi 60030"):
        assert words in desk.said
    assert "https://work.weixin.qq.com/kf/kfc" in desk.said
    assert "█▀▀▀▀▀█" in desk.said
    assert "routing, robot and satisfaction survey stop" in desk.said


async def test_it_asks_gently(tmp_path: Path) -> None:
    async with clinic() as it:
        shut(it)
        desk = Desk(it, tmp_path)
        admin = Admin(*[lambda: None] * 9, lambda: _open(it), desk.check_url)
        assert await desk.run(admin) == 0

        assert it.calls("gettoken") <= 2  # the doctor's own look, and the client's token
    assert all(5 <= seconds <= 30 for seconds in admin.waits)
    assert admin.waits[8] > admin.waits[0]


def _open(it: Clinic) -> None:
    it.platform.console.switches.trusted_ips, it.platform.console.switches.app_listed = None, True
    it.platform.console.manage(it.kf)
    it.platform.console.add_member("lisi")


async def test_a_limit_makes_it_wait_a_minute(tmp_path: Path) -> None:
    async with clinic() as it:
        it.platform.trouble.refuse("kf/account/list", 45009, times=1)
        desk = Desk(it, tmp_path)
        admin = Admin(desk.check_url, lambda: None)
        assert await desk.run(admin) == 0

    assert admin.waits == [60.0]


async def test_a_wrong_secret_is_asked_once_and_not_kept(tmp_path: Path) -> None:
    async with clinic() as it:
        desk = Desk(it, tmp_path)
        desk.env["WXKF_SECRET"] = "not-this-one"
        code = await desk.run(Admin())

        assert it.calls("gettoken") == 1
    assert code == 1
    assert "40001" in desk.said
    assert "nothing more is asked" in desk.said
    assert "WXKF_SECRET" not in dotenv.read(desk.path)
    assert "not-this-one" not in desk.said


async def test_a_secret_that_turns_wrong_on_the_way_ends_it(tmp_path: Path) -> None:
    async with clinic() as it:
        shut(it)
        desk = Desk(it, tmp_path)

        def disable() -> None:
            it.platform.console.switches.app_enabled = False

        assert await desk.run(Admin(disable)) == 1
    assert "Enable the app" in desk.said


async def test_what_was_made_is_kept_and_the_next_run_goes_on(tmp_path: Path) -> None:
    async with clinic() as it:
        shut(it)
        first = Desk(it, tmp_path)
        first.path.write_text("OTHER=1 # ours\n")
        with pytest.raises(AssertionError, match="goes on waiting"):
            await first.run(Admin(first.check_url, lambda: None, lambda: None))
        kept = dotenv.read(first.path)
        _open(it)
        again = Desk(it, tmp_path)
        assert await again.run(Admin()) == 0  # the URL check came in the first run, and is not waited for again

    assert kept["OTHER"] == "1"
    assert kept[CHECKED] == "yes"
    assert {name: kept[name] for name in ("WXKF_CORP_ID", "WXKF_SECRET")} == {
        "WXKF_CORP_ID": it.sim.corp_id,
        "WXKF_SECRET": it.sim.secret,
    }
    assert dotenv.read(again.path) == kept
    assert first.path.read_text().startswith("OTHER=1 # ours\n")
    assert first.path.stat().st_mode & 0o777 == 0o600


async def test_the_public_address_is_looked_at_from_outside_and_that_look_ticks_no_url_check(tmp_path: Path) -> None:
    async with clinic() as it:
        desk = Desk(it, tmp_path)

        def nothing_ticked() -> None:
            assert "2" not in desk.ticks

        wrong = it.url  # a bot with other keys answers there
        admin = Admin(nothing_ticked, nothing_ticked, desk.check_url)
        assert await desk.run(admin, url=wrong) == 0

    assert "the check was refused" in desk.said
    assert desk.ticks.index("1") < desk.ticks.index("2")
    assert dotenv.read(desk.path)["WXKF_CALLBACK_URL"] == wrong


async def test_a_look_of_our_own_that_finds_us_is_no_url_check(tmp_path: Path) -> None:
    async with clinic() as it:
        desk = Desk(it, tmp_path)
        desk.port = free_port()

        def only_the_server() -> None:
            assert "1" in desk.ticks
            assert "2" not in desk.ticks

        admin = Admin(only_the_server, desk.check_url)
        assert await desk.run(admin, url=f"http://127.0.0.1:{desk.port}/callback") == 0

    assert "2" in desk.ticks


async def test_only_who_has_the_keys_ticks_the_url_check(tmp_path: Path) -> None:
    async with clinic() as it:
        desk = Desk(it, tmp_path)

        async def knock(query: str, status: int) -> None:
            async with aiohttp.ClientSession() as session, session.get(f"{desk.address}?{query}") as answer:
                assert answer.status == status
            assert "2" not in desk.ticks

        async def notice() -> None:
            it.sim.deliver_to_url(desk.address)
            it.platform.customers.say(it.kf, it.platform.customers.add("小王"), "在吗")
            await it.sim.quiet()

        admin = Admin(
            lambda: knock("", 400),
            lambda: knock("msg_signature=1&timestamp=2&nonce=3&echostr=4", 400),
            lambda: knock("a=1&a=2", 400),
            notice,
        )
        assert await desk.run(admin) == 0

    assert "2" in desk.ticks


async def test_a_link_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    async with clinic() as it:
        it.platform.trouble.refuse("kf/add_contact_way", 45009)
        desk = Desk(it, tmp_path)
        assert await desk.run(Admin(desk.check_url)) == 0

    assert "The link cannot be made now: kf/add_contact_way was refused with 45009" in desk.said


@pytest.mark.parametrize("key", WORDS)
def test_both_languages_say_everything_and_fill_in_the_same_values(key: str) -> None:
    english, chinese = ({name for _, name, *_ in string.Formatter().parse(said) if name} for said in WORDS[key])

    assert all(WORDS[key])
    assert english == chinese
