"""A long text in parts: each within the platform's bound, together the whole, cut where a reader would pause."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxkf.bot.quota import MOST
from wxkf.bot.text import MOST_BYTES, in_parts, split
from wxkf.messages import outbound as out
from wxkf.messages.events import EnterSession
from wxkf.messages.inbound import Inbound as Said

WHOLE = MOST * MOST_BYTES - 3 * MOST  # bytes that fit however unluckily characters meet the cuts
WORDS = st.sampled_from(
    ["好", "a", "é", "🙂", "word ", "3.5", "，", "。", "！”", ". ", "；", "\n", "\n\n", " ", "\ud800"]
)
RUNS = st.builds(lambda word, times: word * times, WORDS, st.integers(1, 900))
LONG = st.lists(RUNS | st.text(max_size=50), max_size=30).map("".join)


def bare(text: str) -> str:
    """Give a text without its whitespace, as UTF-8 can say it."""
    return "".join(text.encode("utf-8", "replace").decode().split())


@given(LONG)
def test_every_piece_is_one_the_platform_takes_whole(text: str) -> None:
    pieces = split(text)
    assert len(pieces) <= MOST
    assert all(0 < len(piece.encode()) <= MOST_BYTES for piece in pieces)


@given(LONG)
def test_nothing_is_lost_or_reordered_unless_the_last_piece_says_so(text: str) -> None:
    said, whole = bare("".join(split(text))), bare(text)
    assert said == whole or (said.endswith("…") and whole.startswith(said.removesuffix("…")))


@given(LONG)
def test_what_fits_is_said_whole(text: str) -> None:
    fits = text.encode("utf-8", "replace")[:WHOLE].decode("utf-8", "ignore")
    assert bare("".join(split(fits))) == bare(fits)


@given(st.text(max_size=MOST_BYTES // 4))
def test_a_short_text_stays_as_it_is(text: str) -> None:
    assert split(text) == ([text] if text else [])


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("a" * 2048, [2048]),
        ("a" * 2049, [2048, 1]),
        ("好" * 683, [682, 1]),
        ("🙂" * 512, [512]),
        ("🙂" * 513, [512, 1]),
        ("a" + "🙂" * 512, [512, 1]),
        ("a" * 5 * 2048, [2048] * 5),
        ("a" * 2048 + " " * 9000, [2048]),
        ("a" * 5 * 2048 + "\n" * 9, [2048] * 5),
    ],
)
def test_no_character_is_cut(text: str, sizes: list[int]) -> None:
    assert [len(piece) for piece in split(text)] == sizes


@pytest.mark.parametrize("beyond", [1, 2, 5000])
def test_what_does_not_fit_ends_in_an_ellipsis(beyond: int) -> None:
    pieces = split("a" * (5 * 2048 + beyond))
    assert [len(piece.encode()) for piece in pieces] == [2048] * 5
    assert [piece.endswith("…") for piece in pieces] == [False] * 4 + [True]


@pytest.mark.parametrize("size", [1200, 2000])
@pytest.mark.parametrize(
    ("end", "kept"),
    [
        ("\n\n", ""),
        ("\n", ""),
        ("。", "。"),
        ("！”", "！”"),
        ("? ", "?"),
        (". ", "."),
        ("；", "；"),
        ("，", "，"),
        (": ", ":"),
        (" ", ""),
    ],
)
def test_a_cut_is_made_where_a_reader_would_pause(end: str, kept: str, size: int) -> None:
    assert split("a" * size + end + "b" * 1500) == ["a" * size + kept, "b" * 1500]


@pytest.mark.parametrize(
    ("better", "worse"), [("\n", "。"), ("\n", "，"), ("\n", " "), ("。", "，"), ("。", " "), (". ", ", ")]
)
def test_a_better_pause_wins_over_a_later_one(better: str, worse: str) -> None:
    first, second = split("a" * 1100 + better + "b" * 500 + worse + "c" * 1000)
    assert (first.rstrip(better.strip()), second[0]) == ("a" * 1100, "b")


def test_of_two_equal_pauses_the_later_wins() -> None:
    assert split("a" * 1100 + "。" + "b" * 500 + "。" + "c" * 1000)[1] == "c" * 1000


@pytest.mark.parametrize("end", ["\n", "。", "，"])
def test_a_pause_in_the_first_half_is_passed_over(end: str) -> None:
    first, _ = split("a" * 500 + end + "b" * 2000)
    assert len(first.encode()) == MOST_BYTES


@pytest.mark.parametrize("end", ["\n", "。", "，"])
def test_a_pause_is_passed_over_when_the_whole_would_no_longer_fit(end: str) -> None:
    text = ("好" * 400 + end) * 8
    assert bare("".join(split(text))) == bare(text)


def test_lone_surrogates_become_question_marks() -> None:
    assert split("a\ud800b") == ["a?b"]


@pytest.mark.parametrize("message", [out.Image(media_id="m"), out.Menu("好" * 1000)])
def test_only_texts_are_cut(message: out.Outbound) -> None:
    assert in_parts(message, Said()) == ([message], "")


def test_a_greeting_is_one_message_whatever_its_length() -> None:
    (greeting,), unsent = in_parts("您好。" * 1000, EnterSession())
    assert isinstance(greeting, out.Text)
    assert greeting.content.endswith("…")
    assert len(greeting.content.encode()) <= MOST_BYTES
    assert greeting.content.removesuffix("…") + unsent == "您好。" * 1000
    assert len(in_parts("您好。" * 1000, Said())[0]) == 5
