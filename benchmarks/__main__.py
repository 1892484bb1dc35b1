"""Run the benchmarks named on the command line, or all: `uv run --group bench python -m benchmarks callback page`."""

import sys
from importlib import import_module

from benchmarks.racing import pin

NAMES = ("callback", "page", "imports", "client", "memory", "media", "sim", "screen", "engine", "bot", "doorbell")


def main(wanted: list[str]) -> None:
    """Run them one after the other on one core."""
    if unknown := set(wanted) - set(NAMES):
        raise SystemExit(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    pin()
    for name in wanted or NAMES:
        import_module(f"benchmarks.{name}").run()


if __name__ == "__main__":
    main(sys.argv[1:])
