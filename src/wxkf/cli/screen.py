"""Whether a person could see a browser window that this process opens."""

import os
import sys


def has_screen() -> bool:
    """Tell whether a browser window can show; without a screen Python would start one inside this terminal."""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
