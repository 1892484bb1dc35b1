"""What happened on one day with one account, kept so that the statistics can tell it (platform.md 12).

Whoever makes a thing happen says so with one word, a `Fact`; how each fact changes a day is the table `FACTS`.
Customers and sessions are kept by name, so that each counts once a day and several accounts can be added up. The
pages name the numbers without saying how they are counted: a session counts on every day on which something was said
in it or it was assigned, an answer only on the day of its question (inference).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from wxkf.sim.settings import DAY, STATISTIC_DAYS

Fact = Literal[
    "customer_wrote",
    "assistant_replied",
    "assigned",
    "servicer_replied",
    "rejected",
    "member_offered",
    "groupchat_offered",
]
_SHANGHAI = 8 * 3_600  # no summer time since 1991


@dataclass(slots=True)
class Tally:
    """One day of an account, or of one servicer there."""

    customer_messages: int = 0
    customers: set[str] = field(default_factory=set)
    sessions: set[str] = field(default_factory=set)
    assisted: set[str] = field(default_factory=set)  # sessions that the assistant, so the API, replied in
    served: set[str] = field(default_factory=set)  # sessions that a person had
    asked: dict[str, float] = field(default_factory=dict)  # session: when the customer first wrote to a person
    answered: dict[str, float] = field(default_factory=dict)  # session: seconds until that person wrote
    rejected: set[str] = field(default_factory=set)  # customers
    member_offers: int = 0
    member_customers: set[str] = field(default_factory=set)
    groupchat_offers: int = 0
    groupchat_customers: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Day:
    """One day of an account: everything, and each servicer's share."""

    whole: Tally = field(default_factory=Tally)
    servicers: dict[str, Tally] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Happening:
    """When a fact happened, and with whom; `servicer_userid` is "" where no person served."""

    at: float
    customer: str
    session: str
    servicer_userid: str


def day_of(at: float) -> int:
    """Number the Shanghai day that a moment lies in."""
    return int(at + _SHANGHAI) // DAY


def midnight(day: int) -> int:
    """Tell when a Shanghai day begins."""
    return day * DAY - _SHANGHAI


def note(days: dict[int, Day], fact: Fact, happening: Happening) -> None:
    """Put a fact into its day, and forget the days that no statistic tells any more."""
    number = day_of(happening.at)
    day = days.get(number)
    if day is None:
        for old in [one for one in days if one < number - STATISTIC_DAYS]:
            del days[old]
        day = days[number] = Day()
    apply = FACTS[fact]
    apply(day.whole, happening)
    if userid := happening.servicer_userid:
        share = day.servicers.get(userid)
        if share is None:
            share = day.servicers[userid] = Tally()
        apply(share, happening)


def total(tallies: Iterable[Tally]) -> Tally:
    """Add several accounts up; who consulted two of them is one customer."""
    whole = Tally()
    for tally in tallies:
        for one in fields(Tally):
            mine: Any = getattr(whole, one.name)
            theirs: Any = getattr(tally, one.name)
            setattr(whole, one.name, mine + theirs if isinstance(mine, int) else mine | theirs)
    return whole


def _customer_wrote(tally: Tally, it: Happening) -> None:
    tally.customer_messages += 1
    tally.customers.add(it.customer)
    tally.sessions.add(it.session)
    if it.servicer_userid:
        tally.served.add(it.session)
        tally.asked.setdefault(it.session, it.at)


def _assistant_replied(tally: Tally, it: Happening) -> None:
    tally.sessions.add(it.session)
    tally.assisted.add(it.session)


def _assigned(tally: Tally, it: Happening) -> None:
    tally.sessions.add(it.session)
    tally.served.add(it.session)


def _servicer_replied(tally: Tally, it: Happening) -> None:
    _assigned(tally, it)
    if it.session in tally.asked:
        tally.answered.setdefault(it.session, it.at - tally.asked[it.session])


def _rejected(tally: Tally, it: Happening) -> None:
    tally.rejected.add(it.customer)


def _member_offered(tally: Tally, it: Happening) -> None:
    tally.member_offers += 1
    tally.member_customers.add(it.customer)


def _groupchat_offered(tally: Tally, it: Happening) -> None:
    tally.groupchat_offers += 1
    tally.groupchat_customers.add(it.customer)


FACTS: dict[Fact, Callable[[Tally, Happening], None]] = {
    "customer_wrote": _customer_wrote,
    "assistant_replied": _assistant_replied,
    "assigned": _assigned,
    "servicer_replied": _servicer_replied,
    "rejected": _rejected,
    "member_offered": _member_offered,
    "groupchat_offered": _groupchat_offered,
}
"""What a fact changes in a day, the account's and the servicer's alike."""
