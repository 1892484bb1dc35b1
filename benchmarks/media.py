"""What 20 MB of media cost in memory: up from a path, down to a path, each in a fresh process against a local server.

The platform stands in a process of its own. Every lane runs once small, so that imports, connections and token are
there, then with the file; what is told is the peak of resident memory above where it stood before, by the kernel's
high-water mark, set back in between (Linux).
"""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qs, urlsplit

from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

SIZE, MOST, ROUNDS = 20 << 20, 30, 3  # bytes, MB, fresh processes a lane
_SMALL = 1 << 10


def run() -> None:
    """Run every lane in fresh processes and print the peaks."""
    table = Table("", box=MARKDOWN)
    for head in ("peak above before", "reach", ""):
        table.add_column(head, justify="right")
    with TemporaryDirectory() as folder, _served() as url:
        for lane in LANES:
            peak = median(_peak(lane, url, folder) for _ in range(ROUNDS))
            ours = lane.startswith("wxkf")
            verdict = ("yes" if peak <= MOST else "no") if ours else ""
            table.add_row(lane, f"{peak:.1f} MB", f"≤ {MOST} MB" if ours else "", verdict)
    Console().print(f"Media of {SIZE >> 20} MB, resident memory, median of {ROUNDS} processes:", table, sep="\n")


def _peak(lane: str, url: str, folder: str) -> float:
    command = [sys.executable, "-m", "benchmarks.media", lane, url, folder]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own
    return float(done.stdout)


async def _ours(url: str, folder: Path, size: int, *, up: bool) -> None:
    from wxkf import Client

    with Client("ww1", "secret", base_url=url) as client:
        if up:
            client.media.upload(type="file", media=_file(folder, size))
        else:
            client.media.download(media_id=str(size), to=folder / "got", overwrite=True)


async def _ours_async(url: str, folder: Path, size: int, *, up: bool) -> None:
    from wxkf import AsyncClient

    async with AsyncClient("ww1", "secret", base_url=url) as client:
        if up:
            await client.media.upload(type="file", media=_file(folder, size))
        else:
            await client.media.download(media_id=str(size), to=folder / "got", overwrite=True)


async def _theirs(url: str, folder: Path, size: int, *, up: bool) -> None:
    """Upload only: the address that wechatpy downloads from is fixed in its code."""
    from wechatpy.work import WeChatClient

    client = WeChatClient("ww1", "secret", access_token="T")  # noqa: S106 - a stand-in's
    client.API_BASE_URL = f"{url}/cgi-bin/"
    with _file(folder, size).open("rb") as file:
        client.media.upload("file", file)


LANES: dict[str, tuple[Callable[..., Coroutine[Any, Any, None]], bool]] = {
    "wxkf, Client, up": (_ours, True),
    "wxkf, Client, down": (_ours, False),
    "wxkf, AsyncClient, up": (_ours_async, True),
    "wxkf, AsyncClient, down": (_ours_async, False),
    "wechatpy, up": (_theirs, True),
}


def _file(folder: Path, size: int) -> Path:
    path = folder / f"{size}.bin"
    if not path.exists():
        with path.open("wb") as file:
            file.truncate(size)
    return path


def _measure(lane: str, url: str, folder: Path) -> float:
    """Run a lane and tell its peak in MB above what was resident before."""
    work, up = LANES[lane]
    asyncio.run(work(url, folder, _SMALL, up=up))
    Path("/proc/self/clear_refs").write_text("5")
    before = _status("VmRSS")
    asyncio.run(work(url, folder, SIZE, up=up))
    return (_status("VmHWM") - before) / 1024


def _status(name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None  # noqa: S101 - every Linux has it
    return int(found[1])


class _Platform(BaseHTTPRequestHandler):
    """Swallows uploads and hands out as many zeros as the media_id says, by Range or whole."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        path, query = urlsplit(self.path)[2:4]
        if path != "/cgi-bin/media/get":
            return self._say(200, {"Content-Type": "application/json"}, json.dumps(_ANSWER).encode())
        size = int(parse_qs(query)["media_id"][0])
        headers = {"Content-Type": "application/pdf", "Content-disposition": 'attachment; filename="a.pdf"'}
        span = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if span is None:
            return self._say(200, headers, bytes(size))
        first, last = int(span[1]), min(int(span[2]), size - 1)
        return self._say(206, headers | {"Content-Range": f"bytes {first}-{last}/{size}"}, bytes(last - first + 1))

    def do_POST(self) -> None:
        left = int(self.headers["Content-Length"])
        while left > 0:
            left -= len(self.rfile.read(min(left, 1 << 16)))
        self.do_GET()

    def _say(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet."""


_ANSWER = {"errcode": 0, "errmsg": "ok", "access_token": "T", "expires_in": 7200, "media_id": "M", "created_at": "1"}


@contextmanager
def _served() -> Iterator[str]:
    """Start the platform in a process of its own and give its address."""
    command = [sys.executable, "-m", "benchmarks.media", "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own
        assert server.stdout is not None  # noqa: S101 - for the type checkers
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def _serve() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Platform) as server:
        print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        _serve()
    else:
        print(_measure(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
