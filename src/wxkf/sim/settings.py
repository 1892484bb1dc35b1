"""What the platform's pages leave open, as settings, and its published numbers, as constants.

Every field of `Settings` is a rule that platform.md marks as inference or as unpublished; the default is the
documented one. Numbers that the pages state are not settings: a simulator that bends them teaches the wrong thing.
"""

from dataclasses import dataclass
from typing import Literal

DAY = 86_400
TOKEN_LIFE = 7_200  # access token, page 91039
COMMAND_TIMEOUT = 1.0  # seconds in which a provider answers a command (1.3)
TICKET_EVERY, TICKET_LIFE = 600, 1_800
AUTH_CODE_LIFE, PRE_AUTH_LIFE = 600, 1_200
CALLBACK_TOKEN_LIFE = 600  # page 94670
LOG_LIFE = 3 * DAY
MEDIA_LIFE = 3 * DAY
WINDOW = 2 * DAY  # sending, welcome and session alike
SENDS_PER_MESSAGE = 5
WELCOME_LIFE = 20
PAGE_MAX = 1_000
IMAGE_MAX = 2 * 1024 * 1024  # a larger one from a customer arrives as a text notice

Range = Literal["result", "call"]
Check = Literal["msgid", "media", "window", "quota", "state"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The rules that the platform's pages leave open. Defaults are platform.md's."""

    send_checks: tuple[Check, ...] = ("msgid", "media", "window", "quota", "state")
    """The order in which a send is examined (19.5). Put "msgid" last to have other refusals win over 95033."""
    refused_msgid_is_spent: bool = False
    """Whether a send that was refused after its msgid check uses that msgid up (16.1, 95033)."""
    ended_session: int = 95018
    """What sending into an ended session returns: 95018, which people see, or 95013."""
    never_consulted: int = 95031
    """What sending to a customer who never wrote returns; 95002 is for those who wrote too long ago."""
    bad_code: int = 41050
    """What a bad, used or expired code for send_msg_on_event returns (8)."""
    missing_code: int = 41049
    """What send_msg_on_event without a code returns (8)."""
    bad_cursor: int = 50100
    """What a cursor that this account never gave out returns (16.2)."""
    missing_suite_token: int = 40082
    """What a provider's call without suite_access_token returns (1.2)."""
    suite_token_is_kept: bool = True
    """Whether get_suite_token answers with the same token while it lives, as the other two tokens do (1.2)."""
    corp_token_of_customized: int = 40084
    """What get_corp_token returns to a 代开发 app, which is to call gettoken; 0 serves it (1.2)."""
    withdrawn_app: int = 48004
    """What the calls of an app return whose corp has taken its authorisation back (1.2)."""
    expired_token: int = 42001
    """What an access token past its life returns; 40014 is seen as well (1.1)."""
    missing_open_kfid: int = 60251
    """What a call without open_kfid returns; some pages suggest 40058."""
    wrong_verb: int = 40058
    """What GET instead of POST, or the reverse, returns."""
    bad_body: int = 40058
    """What a body that is not a JSON object returns."""
    limits_frequency: bool = True
    """Whether the published limits count: 10,000 calls a minute by corp and endpoint, 5 with debug=1 … (17). Off is
    for measuring how fast something is."""
    syncs_without_token_per_minute: int | None = None
    """The unpublished limit for sync_msg without a callback token; above it 45009. None is no limit."""
    untrusted_ip_gets_token: bool = True
    """Whether gettoken answers an address that is not trusted; one source saw 60020 there (1.1)."""
    out_of_range: Range = "result"
    """Where 60030 for a servicer shows: in its own row of result_list, or as the errcode of the whole call (3, 0)."""
    callback_timeout: float = 5.0
    """Seconds of wall time that the receiver of a callback has."""
    callback_attempts: int = 3
    """How often one callback is tried in total."""
    resend_on_bad_status: bool = False
    """Whether an answer other than 200 counts as a failed attempt (5.3)."""
    journal_limit: int = 2_000
    """How many journal entries are kept; older ones are dropped."""
