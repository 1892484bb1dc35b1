"""One command for the daily work: `wxkf`."""

import sys


def main() -> None:
    """Run the command line; a mistake in settings is one sentence and exit code 2, never a traceback.

    What somebody's own module raises is shown without the way there through ours.
    """
    from wxkf.cli.app import app
    from wxkf.cli.brief import brief, place
    from wxkf.cli.spelling import forgive
    from wxkf.errors import ConfigError, NotAuthorised, StoreError

    forgive(sys.stdout)
    try:
        app(prog_name="wxkf")
    except (ConfigError, NotAuthorised, StoreError) as error:
        at = place(error)
        print(f"wxkf: {at}: {error}" if at else f"wxkf: {error}", file=sys.stderr)
        sys.exit(2)
    except Exception as error:
        from wxkf.cli.reload import is_reloaded

        if not (is_reloaded() or place(error)):
            raise
        print(brief(error), file=sys.stderr)  # who writes code wants to see their own
        sys.exit(1)
