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
CODE_LIFE = 20  # of the welcome code and of the closing code; the others live as long as the window
RECALL_LIFE = 120  # page of recall_msg
CARDS_PER_WINDOW = 1
PAGE_MAX = 1_000
ACCOUNTS = 5_000  # of a corp
ACCOUNTS_UNVERIFIED = 10
KNOWLEDGE_PAGE = 500  # a page of list_group and list_intent where no limit is given
STATISTIC_SPAN = 31  # days in one call, page 95489
STATISTIC_DAYS = 180  # how far back
STATISTIC_READY = 6 * 3_600  # when yesterday's numbers are there
STATISTICS_BEGIN = 1_646_928_000  # 2022-03-11 in Shanghai
MIB = 1024 * 1024
RECEIVED_MAX = {"image": 2 * MIB, "voice": 2 * MIB, "video": 10 * MIB, "file": 20 * MIB}
"""The largest file from a customer, by kind; a larger one arrives as a text notice (6.2)."""
TRANSITIONS = ((0, 1), (0, 2), (0, 3), (0, 4), (1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 3), (3, 4))
"""From which state to which service_state/trans leads (4.1); 3 to 3 is another servicer."""
INFERRED_TRANSITIONS = ((0, 1), (0, 4), (1, 4), (2, 4))
"""Those among them that the page does not list."""

Mode = Literal["wecom", "standalone"]
Range = Literal["result", "call"]
Check = Literal["msgid", "media", "window", "quota", "state"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The rules that the platform's pages leave open. Defaults are platform.md's."""

    send_checks: tuple[Check, ...] = ("msgid", "media", "window", "quota", "state")
    """The order in which a send is examined (19.5). Put "msgid" last to have other refusals win over 95033."""
    refused_msgid_is_spent: bool = False
    """Whether a send that was refused after its msgid check uses that msgid up (16.1, 95033)."""
    transitions: tuple[tuple[int, int], ...] = TRANSITIONS
    """What service_state/trans may do, as pairs of from and to; anything else is 95016, or 95013 from 4 (4.1)."""
    session_seconds: int | None = WINDOW
    """After how long without a consultation a session ends by itself; None is never (4.1)."""
    one_reply_code: bool = False
    """Whether a session gives one reply code at all, rather than one on its first way into 2 and one into 3 (4.3)."""
    missing_servicer: int = 40058
    """What service_state/trans into 3 without servicer_userid returns; 41009 is as likely (4.3)."""
    ended_session: int = 95018
    """What sending into an ended session returns: 95018, which people see, or 95013."""
    never_consulted: int = 95031
    """What sending to a customer who never wrote returns; 95002 is for those who wrote too long ago."""
    bad_code: int = 41050
    """What a bad, used or expired code for send_msg_on_event returns (8)."""
    code_out_of_state: int = 95018
    """What a code returns when the session has left the state it was given in; 95013 is as likely (8)."""
    code_wrong_type: int = 40008
    """What a message type that a code does not allow returns; 95009 is as likely (8)."""
    code_costs_a_send: bool = False
    """Whether what is sent by a code counts toward the five (8)."""
    menu_items_on_event: int = 10
    """How many menu items go with a code; the page still has the old limit (8)."""
    missing_code: int = 41049
    """What send_msg_on_event without a code returns (8)."""
    own_words_needed: tuple[Mode, ...] = ("standalone",)
    """In which mode a tap on a menu opens no window of its own, so that sending after it is 95024 (16.1)."""
    business_card_in: tuple[Mode, ...] = ("wecom", "standalone")
    """In which mode business_card can be sent; elsewhere 40008. The WeCom page of 2026 no longer lists it (7)."""
    associated_miniprograms: tuple[str, ...] | None = None
    """The appids that the corp has associated; others are refused. None takes any (7)."""
    bad_miniprogram: int = 90206
    """What another appid returns; 90207 and 90208 have no stated difference (16.2)."""
    unverified_capacity: int | None = None
    """How many customers a corp that is not verified may talk to; above it 95003. Unpublished; None is no limit."""
    recall_in: tuple[Mode, ...] = ("wecom", "standalone")
    """In which mode recall_msg exists; elsewhere 48002. Only the standalone pages have it, but both were seen (9)."""
    recalled_again: int = 95028
    """What recalling a message that is recalled already returns (9)."""
    phone_recall_seconds: int = RECALL_LIFE
    """How long a customer or a servicer can take a message back in the client."""
    rejected_messages_arrive: bool = False
    """Whether a customer whose messages are rejected (拒收客户消息) still reaches the stream (6.4)."""
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
    no_account_yet: int = 48007
    """What an app without any account gets for account/add: the page only says that it must have one (2.1)."""
    media_encrypted: bool = False
    """Whether pieces of a file must be multiples of 16 bytes, as for those that are stored encrypted (15)."""
    whole_download_max: int = 20 * MIB
    """Above so many bytes a file is handed out in pieces only, 830002 otherwise (15)."""
    wrong_verb: int = 40058
    """What GET instead of POST, or the reverse, returns."""
    bad_body: int = 40058
    """What a body that is not a JSON object returns."""
    limits_frequency: bool = True
    """Whether the published limits count: 10,000 calls a minute by corp and endpoint, 5 with debug=1 … (17). Off is
    for measuring how fast something is."""
    bad_statistic_range: int = 40058
    """What statistics for days out of their range return; 60267 is as likely (12)."""
    bad_knowledge: int = 40058
    """What a full or unknown group, a name that is taken, the default group or an unknown intent return (13)."""
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
