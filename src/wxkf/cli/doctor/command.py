"""`wxkf doctor`: examine, show, exit."""

from rich.console import Console

from wxkf.cli import dotenv
from wxkf.cli.doctor.examine import examine, exit_code
from wxkf.cli.doctor.show import show


async def doctor(*, url: str, as_json: bool, probe: bool, out: Console) -> int:
    """Examine what environment and `.env` say. Returns the exit code; raises `ConfigError` for a bad URL or file."""
    lines = await examine(dotenv.here(), url=url, probe=probe)
    if as_json:
        out.print_json(data=[line.as_data() for line in lines], ensure_ascii=out.options.ascii_only)
    else:
        show(lines, out)
    return exit_code(lines)
