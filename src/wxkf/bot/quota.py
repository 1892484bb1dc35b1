"""How much may still be said to a customer: five messages within 48 hours of what they wrote last (page 94677)."""

from dataclasses import dataclass

from wxkf.engine.values import Room

MOST = 5  # sends that one message of the customer pays for
WINDOW = 48 * 3_600.0  # seconds


@dataclass(frozen=True, slots=True)
class Quota:
    """What is left, as far as this inbox knows: `left` messages, `until` a time in seconds since the epoch.

    What was sent past the inbox (`ctx.client.send_msg`, another program) is not counted.
    """

    left: int
    until: float
    closed: str = ""

    @property
    def is_open(self) -> bool:
        """Whether anything may be sent now; `closed` says why not."""
        return not self.closed


def quota_of(room: Room, now: float) -> Quota:
    """Work out what is left."""
    if room.wrote_at is None:
        return Quota(0, 0.0, "the customer has not written to this account: only they can begin")
    until = room.wrote_at + WINDOW
    if now >= until:
        return Quota(0, until, "the customer has not written for 48 hours: they have to write first (95002)")
    left = max(0, MOST - room.sent)
    spent = f"{room.sent} messages were sent since the customer wrote: they have to write first (95001)"
    return Quota(left, until, "" if left else spent)
