"""Audio of one's own as a recording: what it sounds like, what it may last, and what is refused."""

from io import BytesIO
from pathlib import Path

import av
import pytest

from kit.sounds import amr, heard, tone
from wxkf.errors import FileError, VoiceError
from wxkf.protocol.files import amr_seconds
from wxkf.voice import to_amr, to_wav


def packed(wav: bytes, form: str, codec: str) -> bytes:
    """Give a WAV in another form."""
    whole = BytesIO()
    with av.open(BytesIO(wav), "r") as given, av.open(whole, "w", format=form) as made:
        stream = made.add_stream(codec, rate=16_000)
        assert isinstance(stream, av.AudioStream)
        for frame in given.decode(audio=0):
            made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
    return whole.getvalue()


@pytest.mark.parametrize(
    "audio",
    [
        tone(2),
        tone(2, rate=44_100, channels=2),
        tone(2, rate=8_000),
        packed(tone(2, rate=16_000), "mp3", "libmp3lame"),
        packed(tone(2, rate=16_000), "ogg", "libopus"),
        packed(tone(2, rate=16_000), "mp4", "aac"),
        packed(tone(2, rate=16_000), "adts", "aac"),
        packed(tone(2, rate=16_000), "flac", "flac"),
    ],
    ids=["WAV", "stereo", "8k", "MP3", "Ogg", "M4A", "AAC", "FLAC"],
)
def test_any_audio_becomes_a_recording(audio: bytes) -> None:
    made = to_amr(audio)
    assert made.startswith(b"#!AMR\n")
    assert abs(amr_seconds(made) - 2) < 0.2  # some forms add a moment of silence
    assert abs(heard(to_wav(made))[1] - 440) <= 40


@pytest.mark.parametrize(("seconds", "frames"), [(0.001, 1), (0.02, 1), (0.021, 2), (60, 3000)])
def test_a_recording_lasts_as_long_as_the_audio(seconds: float, frames: int) -> None:
    assert amr_seconds(to_amr(tone(seconds, rate=8_000))) == frames / 50


@pytest.mark.parametrize("seconds", [60.01, 90])
def test_more_than_a_minute_is_refused(seconds: float) -> None:
    with pytest.raises(VoiceError, match="cannot be sent as a voice: it lasts more than 60 seconds"):
        to_amr(tone(seconds, rate=8_000))


def test_a_recording_stays_what_it_is(tmp_path: Path) -> None:
    recording = amr(2)
    (tmp_path / "hello.amr").write_bytes(recording)
    assert to_amr(recording) == to_amr(tmp_path / "hello.amr") == recording


def test_a_path_is_read(tmp_path: Path) -> None:
    (tmp_path / "hello.wav").write_bytes(tone(2))
    assert to_amr(tmp_path / "hello.wav") == to_amr(tone(2))
    with pytest.raises(FileError, match=r"cannot read no\.wav to upload it: No such file"):
        to_amr(tmp_path / "no.wav")


@pytest.mark.parametrize(
    ("audio", "why"),
    [
        (b"", "FFmpeg cannot read it"),
        (b"not audio at all" * 10, "FFmpeg cannot read it"),
        (b"#!AMR\n", "there is no sound in it"),
        (tone(0), "there is no sound in it"),
        (tone(1)[:30], "FFmpeg cannot read it"),
    ],
)
def test_what_is_no_audio_is_refused_with_a_sentence(audio: bytes, why: str) -> None:
    with pytest.raises(VoiceError, match=f"this audio cannot be sent as a voice: {why}"):
        to_amr(audio)


def test_audio_that_names_other_files_does_not_open_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    Path("secret.wav").write_bytes(tone(2))
    with pytest.raises(VoiceError, match="FFmpeg cannot read it"):
        to_amr(b"ffconcat version 1.0\nfile secret.wav\n")
