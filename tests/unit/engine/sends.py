"""What the tests of sending share: texts that are planned, and claims that come back."""

from kit.inboxes import NOW, Inbox
from wxkf.engine.outbox import send_step
from wxkf.engine.values import Again, Claim, Step, StepState
from wxkf.messages.outbound import Text

PLANNED, SENDING, ACCEPTED = StepState.PLANNED, StepState.SENDING, StepState.ACCEPTED
REFUSED, UNKNOWN = StepState.REFUSED, StepState.UNKNOWN
BUSY, NO_PERMISSION, QUOTA, DUPLICATE, LIMITED = -1, 48002, 95001, 95033, 45009
WRONG_SECRET, STALE_TOKEN = 40001, 42001


def texts(claim: Claim, *words: str) -> list[Step]:
    """Plan texts."""
    return [send_step(claim, position, Text(content=text)) for position, text in enumerate(words)]


async def reclaimed(inbox: Inbox, claim: Claim) -> Claim:
    """Let the claim come back, as after a crash."""
    await inbox.settle(claim, Again(NOW))
    return await inbox.claim_one()
