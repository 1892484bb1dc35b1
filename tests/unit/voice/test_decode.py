"""Recordings of customers: what comes out of them, and that nothing in them can do harm."""

import struct
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kit.sounds import amr, heard, silk
from wxkf.errors import VoiceError
from wxkf.voice import to_wav

AMR, WIDE, SILK = b"#!AMR\n", b"#!AMR-WB\n", b"\x02#!SILK_V3"
SILENCE = bytes([15 << 3 | 4])  # a frame that holds nothing
A_BREATH = bytes([8 << 3 | 4]) + bytes(5)  # one that describes the silence
PACKET = silk(0.02)[len(SILK) :]


@pytest.mark.parametrize(
    "recording",
    [
        amr(2),
        silk(2),
        silk(2, rate=16_000),
        silk(2, rate=8_000),
        silk(2, tencent=False),
        amr(2)[:-7],
        silk(2)[:-7],
    ],
    ids=["AMR", "Silk", "Silk 16k", "Silk 8k", "plain Silk", "AMR cut off", "Silk cut off"],
)
def test_a_recording_is_heard_as_it_was_spoken(recording: bytes) -> None:
    assert heard(to_wav(recording)) == (2.0, 440)


def test_pauses_last_as_long_as_they_did() -> None:
    assert heard(to_wav(amr(1) + (A_BREATH + SILENCE * 7) * 6 + A_BREATH + SILENCE))[0] == 2.0


def test_wide_amr_is_decoded() -> None:
    seconds, _ = heard(to_wav(WIDE + (bytes([2 << 3 | 4]) + bytes(32)) * 50 + bytes([14 << 3 | 4])))
    assert seconds == 1.0


@pytest.mark.parametrize(
    ("recording", "why"),
    [
        (b"", "it is neither AMR nor Silk, it begins with nothing"),
        (b"ID3\x03", "it is neither AMR nor Silk, it begins with 49 44 33 03"),
        (b"\x02" + amr(0.1), "it is neither AMR nor Silk"),
        (AMR, "there is no sound in it"),
        (AMR + b"\x3c", "there is no sound in it"),
        (AMR + bytes([11 << 3]) * 500, "there is no sound in it"),
        (SILK, "there is no sound in it"),
        (SILK + b"\x00\x00" * 500, "there is no sound in it"),
        (SILK + b"\xff\xff" + PACKET, "there is no sound in it"),
        (SILK + b"\xff\x7f" + bytes(40_000), "a Silk packet in it has 32767 bytes, more than 960"),
        (SILK + b"\x20\x00" + b"\xff" * 32, "its Silk cannot be decoded"),
        (AMR + SILENCE * 15_001, "it lasts more than 300 seconds"),
        (SILK + PACKET * 15_001, "it lasts more than 300 seconds"),
        (AMR + bytes(2 << 20), "it has 2097158 bytes, more than 2097152"),
    ],
)
def test_what_is_no_recording_is_refused_with_a_sentence(recording: bytes, why: str) -> None:
    with pytest.raises(VoiceError) as caught:
        to_wav(recording)
    assert str(caught.value).startswith(f"this recording cannot be decoded: {why}")


garbage = st.one_of(
    st.binary(max_size=400),
    st.builds(bytes.__add__, st.sampled_from([AMR, WIDE, SILK]), st.binary(max_size=2000)),
    st.lists(st.binary(min_size=1, max_size=960), max_size=20).map(
        lambda packets: SILK + b"".join(struct.pack("<h", len(packet)) + packet for packet in packets)
    ),
    st.tuples(st.sampled_from([amr(0.5), silk(0.5)]), st.integers(9, 700), st.binary(max_size=20)).map(
        lambda it: it[0][: it[1]] + it[2] + it[0][it[1] + len(it[2]) :]
    ),
)


@settings(max_examples=200, deadline=None)
@given(garbage)
@example(SILK + b"\x01\x00\x00" * 3)
def test_whatever_was_sent_is_decoded_or_refused(recording: bytes) -> None:
    with suppress(VoiceError):
        heard(to_wav(recording))
