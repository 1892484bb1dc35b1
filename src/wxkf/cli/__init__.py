"""One command for the daily work: `wxkf`."""

import sys


def main() -> None:
    """Run the command line; a mistake in settings is one sentence and exit code 2, never a traceback."""
    from wxkf.cli.app import app
    from wxkf.cli.spelling import forgive
    from wxkf.errors import ConfigError, NotAuthorised, StoreError

    forgive(sys.stdout)
    try:
        app(prog_name="wxkf")
    except (ConfigError, NotAuthorised, StoreError) as error:
        print(f"wxkf: {error}", file=sys.stderr)
        sys.exit(2)
    except Exception as error:
        from wxkf.cli.reload import is_reloaded

        if not is_reloaded():
            raise
        from wxkf.cli.brief import brief

        print(brief(error), file=sys.stderr)  # who writes code and saves it wants to see their own
        sys.exit(1)
