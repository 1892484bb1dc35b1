"""Where the commands take their settings from: the environment, and beneath it `.env` in the working directory."""

import os
from collections.abc import Mapping
from pathlib import Path

from wxkf.cli.dotenv import beneath


def settings() -> Mapping[str, str]:
    """Give the settings. Raises `ConfigError` for a line of the file that is none."""
    return beneath(os.environ, Path(".env"))
