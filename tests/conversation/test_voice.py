"""Recordings in a conversation: heard by a transcriber, and what the bot says aloud."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kit.hidden import python_without
from kit.sounds import amr, heard, silk, tone
from wxkf import Bot, ConfigError, Context, LimitError, SyncContext, Text, Voice, VoiceError, out
from wxkf.bot.failures import SORRY
from wxkf.sim.world import Media
from wxkf.testing import Chat
from wxkf.voice import to_wav


class Ears:
    """A transcriber that tells the length and the pitch, and fails for so many times."""

    def __init__(self, *, fails: int = 0) -> None:
        self.heard, self._fails = list[tuple[float, int]](), fails

    async def transcribe(self, wav: bytes) -> str:
        if self._fails:
            self._fails -= 1
            raise OSError("the model is down")
        self.heard.append(heard(wav))
        return f" {self.heard[-1][1]} Hz\n"


def listening(ears: Ears) -> Bot:
    bot = Bot(transcriber=ears)

    @bot.on(Voice)
    async def answer(ctx: Context[Voice]) -> str:
        return f"您说的是：{await ctx.transcript()}"

    return bot


@pytest.mark.parametrize("record", [amr, silk], ids=["AMR", "Silk"])
async def test_a_recording_is_decoded_and_heard(record: Callable[[float], bytes]) -> None:
    ears = Ears()
    async with Chat(listening(ears)) as customer:
        assert await customer.sends_file("voice", record(2.0)) == ["您说的是：440 Hz"]
    assert ears.heard == [(2.0, 440)]


async def test_recordings_in_a_row_are_heard_once_each_and_in_order() -> None:
    ears, lines = Ears(), list[str]()
    bot = Bot(transcriber=ears)

    @bot.on(Text, Voice, gather=2.0)
    async def answer(ctx: Context[Text | Voice]) -> str:
        lines.extend([await ctx.transcript(), await ctx.transcript()])
        return f"{ctx.text}：{lines[0].replace(chr(10), '、')}"

    async with Chat(bot) as customer:
        place = customer.open_kfid, customer.external_userid
        customer.sim.customers.send_file(*place, "voice", amr(1, hertz=440))
        customer.sim.customers.send_file(*place, "voice", amr(1, hertz=880))
        assert await customer.says("听听") == ["听听：440 Hz、880 Hz"]
    assert (len(ears.heard), lines[0]) == (2, lines[1])


async def test_where_nothing_was_recorded_there_are_no_words() -> None:
    bot = Bot(transcriber=Ears())

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> str:
        return f"[{await ctx.transcript()}]"

    async with Chat(bot) as customer:
        assert await customer.says("在吗") == ["[]"]


async def test_a_plain_function_transcribes_in_a_thread_for_a_plain_handler() -> None:
    bot = Bot(transcriber=lambda wav: f"{len(wav)}")

    @bot.on(Voice)
    def answer(ctx: SyncContext[Voice]) -> str:
        return ctx.transcript()

    async with Chat(bot) as customer:
        assert await customer.sends_file("voice", amr(1)) == ["32044"]


async def test_a_transcriber_that_fails_is_asked_again_with_the_next_run() -> None:
    ears = Ears(fails=1)
    async with Chat(listening(ears), tolerate=True) as customer:
        assert await customer.sends_file("voice", amr(1)) == ["您说的是：440 Hz"]
    assert len(ears.heard) == 1


async def test_what_it_raises_reaches_the_developer() -> None:
    async with Chat(listening(Ears(fails=1))) as customer:
        with pytest.raises(OSError, match="the model is down"):
            await customer.sends_file("voice", amr(1))


async def test_a_run_after_a_failure_transcribes_again() -> None:
    ears = Ears()
    bot = Bot(transcriber=ears)

    @bot.on(Voice)
    async def answer(ctx: Context[Voice]) -> str:
        words = await ctx.transcript()
        if ctx.attempt == 1:
            raise LookupError("no such order")
        return words

    async with Chat(bot, tolerate=True) as customer:
        assert await customer.sends_file("voice", amr(1)) == ["440 Hz"]
    assert len(ears.heard) == 2


async def test_a_broken_recording_is_an_error_a_handler_can_answer() -> None:
    ears = Ears()
    bot = Bot(transcriber=ears)

    @bot.on(Voice)
    async def answer(ctx: Context[Voice]) -> str:
        try:
            return await ctx.transcript()
        except VoiceError:
            return "没听清，请再说一次。"

    async with Chat(bot) as customer:
        assert await customer.sends_file("voice", b"\x02#!SILK_V3" + bytes(100)) == ["没听清，请再说一次。"]
        assert await customer.sends_file("voice", b"<html>") == ["没听清，请再说一次。"]
    assert ears.heard == []


async def test_a_broken_recording_that_nobody_minds_is_not_tried_again() -> None:
    runs, bot = list[int](), Bot(transcriber=Ears())

    @bot.on(Voice)
    async def answer(ctx: Context[Voice]) -> str:
        runs.append(ctx.attempt)
        return await ctx.transcript()

    async with Chat(bot, tolerate=True) as customer:
        assert await customer.sends_file("voice", b"#!AMR\n") == [SORRY]
    assert runs == [1]


async def test_without_a_transcriber_a_sentence_says_what_to_do() -> None:
    bot = Bot()

    @bot.on(Voice)
    async def answer(ctx: Context[Voice]) -> str:
        return await ctx.transcript()

    async with Chat(bot) as customer:
        with pytest.raises(ConfigError, match=r"nobody to transcribe: Bot\(transcriber=…\)"):
            await customer.sends_file("voice", amr(1))


async def test_a_transcriber_that_gives_no_words_is_found_out() -> None:
    bot = Bot(transcriber=lambda wav: None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

    @bot.on(Voice)
    async def answer(ctx: Context[Voice]) -> str:
        return await ctx.transcript()

    async with Chat(bot) as customer:
        with pytest.raises(ConfigError, match="the transcriber returned NoneType, not a str"):
            await customer.sends_file("voice", amr(1))


def test_what_is_no_transcriber_is_refused_at_once() -> None:
    with pytest.raises(ConfigError, match=r"Ears is a class; make one of it: Bot\(transcriber=Ears\(\)\)"):
        Bot(transcriber=Ears)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with pytest.raises(ConfigError, match="str is no transcriber"):
        Bot(transcriber="whisper")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


# ── what the bot says aloud ───────────────────────────────────────────────────────────────────────────────────────────


def speaking(*speeches: out.Speech) -> Bot:
    bot, left = Bot(), list(speeches)

    @bot.on(Text)
    async def answer(ctx: Context[Text]) -> out.Speech:
        return left.pop(0)

    return bot


def sent(customer: Chat) -> Media:
    """Give the newest file on the customer's phone."""
    return customer.sim.platform.world.media[customer.screen[-1].body["media_id"]]


async def test_speech_is_sent_as_a_recording() -> None:
    async with Chat(speaking(out.Speech(tone(2), or_text="您好"))) as customer:
        assert await customer.says("念给我听") == ["[voice]"]
        assert heard(to_wav(sent(customer).data)) == (2.0, 440)


async def test_speech_of_more_than_a_minute_is_sent_as_a_file(tmp_path: Path) -> None:
    (tmp_path / "公告.wav").write_bytes(tone(61, rate=8_000))
    speeches = (
        out.Speech(tone(61, rate=8_000)),
        out.Speech(tmp_path / "公告.wav"),
        out.Speech(tone(61), filename="a.wav"),
    )
    async with Chat(speaking(*speeches)) as customer:
        names = list[str]()
        for _ in speeches:
            assert await customer.says("念给我听") == ["[file]"]
            names.append(sent(customer).filename)
            assert sent(customer).data.startswith(b"RIFF")
    assert names == ["speech.wav", "公告.wav", "a.wav"]


async def test_a_recording_that_the_platform_refuses_is_sent_as_a_file() -> None:
    async with Chat(speaking(out.Speech(tone(1)))) as customer:
        customer.sim.trouble.refuse("media/upload", 301017, times=1)
        assert await customer.says("念给我听") == ["[file]"]


async def test_speech_that_can_be_no_file_either_is_sent_as_words() -> None:
    speeches = (
        out.Speech(b"", or_text="您好"),
        out.Speech(tone(1), or_text="第" * 2000),
        out.Speech(Path("no.wav"), or_text="好"),
    )
    async with Chat(speaking(*speeches)) as customer:
        assert await customer.says("念给我听") == ["您好"]
        customer.sim.trouble.refuse("media/upload", 45001)
        assert "".join(await customer.says("念给我听")) == "第" * 2000
        assert await customer.says("念给我听") == ["好"]


async def test_speech_that_can_be_nothing_is_an_error() -> None:
    async with Chat(speaking(out.Speech(b""))) as customer:
        with pytest.raises(LimitError, match="must be at least 6 bytes"):
            await customer.says("念给我听")


WITHOUT = """
import asyncio
from kit.hidden import python_without
from kit.sounds import tone
audio, silk = tone(1), b"\\x02#!SILK_V3" + bytes(9)
from wxkf import Bot, ConfigError, Context, Text, Voice, out
from wxkf.testing import Chat

bot = Bot(transcriber=lambda wav: "")

@bot.on(Text)
async def answer(ctx: Context[Text]) -> out.Speech:
    return out.Speech(audio + ctx.text.encode(), or_text=ctx.text)  # uploaded once, otherwise

@bot.on(Voice)
async def words(ctx: Context[Voice]) -> str:
    return await ctx.transcript()

async def main() -> None:
    async with Chat(bot) as customer:
        print(await customer.says("您好"))
        customer.sim.trouble.refuse("media/upload", 45001)
        print(await customer.says("再说一遍"))
        try:
            await customer.sends_file("voice", silk)
        except ConfigError as error:
            print(error)

asyncio.run(main())
"""


def test_without_the_codecs_speech_is_a_file_or_words_and_recordings_say_what_is_missing() -> None:
    assert python_without("av", "pysilk", code=WITHOUT) == [
        "['[file]']",
        "['再说一遍']",
        "voice needs the extra: pip install 'wxkf[voice]'",
    ]
