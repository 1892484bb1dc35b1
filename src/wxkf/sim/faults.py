"""Trouble on demand: refusals scripted by path."""

from dataclasses import dataclass, field

from wxkf.sim.refusal import Refusal

EVERY = "*"


@dataclass(slots=True)
class Scripted:
    """A refusal that happens so many times, or until it is ended where `left` is None."""

    errcode: int
    about: str
    left: int | None


@dataclass(slots=True)
class Faults:
    """Refusals scripted by path; "*" is every business call, so not gettoken."""

    refusals: dict[str, Scripted] = field(default_factory=dict)

    def refuse(self, path: str, errcode: int, about: str, times: int | None) -> None:
        """Refuse a path from now on, so many times or until `accept`."""
        if times is not None and times < 1:
            raise ValueError("a refusal happens at least once")
        self.refusals[path] = Scripted(errcode, about, times)

    def accept(self, path: str) -> None:
        """End a scripted refusal; none is fine too."""
        self.refusals.pop(path, None)

    def check(self, path: str, *, business: bool) -> None:
        """Refuse if that was scripted."""
        if not self.refusals:
            return
        for key in (path, EVERY) if business else (path,):
            if (found := self.refusals.get(key)) is None:
                continue
            if found.left is not None:
                found.left -= 1
                if not found.left:
                    del self.refusals[key]
            raise Refusal(found.errcode, found.about)
