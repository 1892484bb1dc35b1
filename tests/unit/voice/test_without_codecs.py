"""Where the extra `voice` is not installed: the packages are hidden from a fresh interpreter."""

from kit.hidden import python_without

DECODE = """
from wxkf import ConfigError
from wxkf.voice import to_wav, to_amr
for doing, given in ((to_wav, b"#!AMR\\n\\x04" + bytes(12)), (to_wav, b"\\x02#!SILK_V3"), (to_amr, b"RIFF....")):
    try:
        doing(given)
    except ConfigError as error:
        print(error)
    except Exception as error:
        print(type(error).__name__)
print(to_amr(b"#!AMR\\n\\x04" + bytes(12)) == b"#!AMR\\n\\x04" + bytes(12))
"""
SENTENCE = "voice needs the extra: pip install 'wxkf[voice]'"


def test_a_sentence_says_what_to_install_and_a_recording_still_goes_out() -> None:
    assert python_without("av", "pysilk", code=DECODE) == [SENTENCE, SENTENCE, SENTENCE, "True"]


def test_without_the_silk_decoder_amr_is_decoded() -> None:
    (silk, audio, same) = python_without("pysilk", code=DECODE)
    assert (silk, audio, same) == (SENTENCE, "VoiceError", "True")


def test_an_ffmpeg_without_the_encoder_is_said_to_be_another_version() -> None:
    code = """
from wxkf.voice.library import codec
try:
    codec("w", "no_such_codec", "none_either")
except Exception as error:
    print(type(error).__name__, error)
"""
    (said,) = python_without(code=code)
    assert said.startswith("NoCodec the package av ")
    assert said.endswith("has no codec no_such_codec: pip install 'wxkf[voice]'")


def test_voice_is_loaded_without_the_codecs() -> None:
    code = "import sys, wxkf.voice; wxkf.Bot; print(*(name in sys.modules for name in ('wxkf.voice', 'av', 'pysilk')))"
    assert python_without(code=code) == ["True False False"]
