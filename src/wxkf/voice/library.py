"""The codecs of the extra `voice`, loaded when a recording is there, and what both directions do with them."""

from importlib import import_module
from typing import Any

from wxkf.errors import ConfigError


class NoCodec(ConfigError):
    """The extra `voice` is not installed, or another version of it that cannot do this."""


def library(name: str) -> Any:
    """Load a codec's package. Raises `NoCodec`."""
    try:
        return import_module(name)
    except ImportError:
        raise NoCodec("voice needs the extra: pip install 'wxkf[voice]'") from None


def codec(way: str, *names: str) -> Any:
    """Open the first of these codecs that FFmpeg has, for "r" or "w". Raises `NoCodec`."""
    av = library("av")
    for name in names:
        try:
            return av.CodecContext.create(name, way)
        except ValueError:  # PyAV's word for a codec it does not have
            continue
    raise NoCodec(f"the package av {av.__version__} has no codec {names[0]}: pip install 'wxkf[voice]'")
