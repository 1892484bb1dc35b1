"""`wxkf new`: makes the project and says what to type next."""

import json
import shlex
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import url2pathname

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape

from wxkf.cli.new.make import make
from wxkf.cli.texts import Language, both, language, text

_NEXT: Final = {
    "uv run pytest": "new.next.test",
    "uv run wxkf demo bot:bot --reload": "new.next.demo",
    "uv run wxkf trigger text {hello} --bot bot:bot": "new.next.trigger",
    "uv run wxkf setup --url https://example.com/callback": "new.next.setup",
}


def new(folder: Path, tongue: Language | None, out: Console) -> int:
    """Make a project. Returns the exit code. Raises `ConfigError`."""
    tongue = tongue or language()
    names = make(folder, tongue, source_of(_direct_url(), tongue))
    out.print(f"[green]✓[/] {escape(text('new.ready', folder=folder, files=', '.join(names)))}\n", highlight=False)
    if folder.resolve() != Path.cwd():
        out.print(f"  cd {escape(shlex.quote(str(folder)))}", highlight=False, soft_wrap=True)
    steps = {words.format(hello=both("new.hello")[tongue == "zh"]): text(key) for words, key in _NEXT.items()}
    wide = max(map(cell_len, steps))
    for words, why in steps.items():
        gap = " " * (wide - cell_len(words))
        out.print(f"  {escape(words)}{gap}  [dim]{escape(why)}[/]", highlight=False, soft_wrap=True)
    return 0


def source_of(direct_url: str | None, tongue: Language) -> str:
    """Say where uv finds this wxkf, if that is a place of this machine; `direct_url` is what its installer noted."""
    about = json.loads(direct_url) if direct_url else {}
    parts = urlsplit(str(about.get("url", "")))
    if parts.scheme != "file":
        return ""
    path = json.dumps(url2pathname(parts.path), ensure_ascii=False)
    editable = ", editable = true" if about.get("dir_info", {}).get("editable") else ""
    return f"\n[tool.uv.sources]\n# {both('new.source')[tongue == 'zh']}\nwxkf = {{ path = {path}{editable} }}\n"


def _direct_url() -> str | None:
    try:
        return distribution("wxkf").read_text("direct_url.json")
    except PackageNotFoundError:
        return None
