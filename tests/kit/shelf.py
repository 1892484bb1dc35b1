"""Files that the scripted server of `kit.server` hands out as `media/get` does: whole, or the piece asked for."""

import re
from collections.abc import Mapping

from kit.server import Asked, Said, Script, says

MIB = 1 << 20


def content(size: int) -> bytes:
    """Make bytes of which no 16 are like those before, so that a piece out of place shows."""
    return b"".join(b"%015x\n" % at for at in range(size // 16 + 1))[:size]


class Shelf:
    """Holds files by media_id. `ranges=False` answers with the whole, whatever piece was asked for."""

    def __init__(
        self, platform: Script, files: Mapping[str, bytes], *, name: str = "a.pdf", ranges: bool = True
    ) -> None:
        self.files, self.name, self.ranges = dict(files), name, ranges
        self.beyond = Said(status=416)
        self._platform = platform
        platform.otherwise["media/get"] = self._get

    @property
    def asked(self) -> list[str]:
        """The ranges asked for."""
        return [asked.headers.get("Range", "") for asked in self._platform.asked_for("media/get")]

    def _get(self, asked: Asked) -> Said:
        whole = self.files.get(asked.query["media_id"])
        if whole is None:
            return says(errcode=40007, errmsg="invalid media_id")
        headers = {"Content-Type": "application/pdf", "Content-disposition": f'attachment; filename="{self.name}"'}
        found = re.fullmatch(r"bytes=(\d+)-(\d*)", asked.headers.get("Range", ""))
        if found is None or not self.ranges:
            return Said(whole, headers=headers)
        first, last = int(found[1]), min(int(found[2] or len(whole)), len(whole) - 1)
        if first >= len(whole):
            return self.beyond
        return Said(whole[first : last + 1], 206, {**headers, "Content-Range": f"bytes {first}-{last}/{len(whole)}"})
