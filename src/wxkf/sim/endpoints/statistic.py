"""Statistics (platform.md 12): get_corp_statistic, get_servicer_statistic and, for component apps, get_statistic.

Each number is one row of a table: its name and how a day's tally gives it, None where it cannot be worked out and so
stays away. No assistant of the platform's own answers here and no survey is sent: what counts those is 0 or away.
"""

from collections.abc import Callable, Mapping

from wxkf.sim.endpoints.lookups import managed_account_of
from wxkf.sim.endpoints.table import Call, endpoint
from wxkf.sim.refusal import Refusal
from wxkf.sim.settings import STATISTIC_DAYS, STATISTIC_READY, STATISTIC_SPAN, STATISTICS_BEGIN
from wxkf.sim.tally import Day, Tally, day_of, midnight, total
from wxkf.sim.values import Json

Measure = Callable[[Tally], float | None]
_UINT32 = 2**32 - 1


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _zero(_: Tally) -> float:
    return 0


def _never(_: Tally) -> None:
    return None


CONSULTED: dict[str, Measure] = {
    "session_cnt": lambda it: len(it.sessions),
    "customer_cnt": lambda it: len(it.customers),
    "customer_msg_cnt": lambda it: it.customer_messages,
}
REPLIED: dict[str, Measure] = {
    "reply_rate": lambda it: _rate(len(it.answered), len(it.asked)),
    "first_reply_average_sec": lambda it: sum(it.answered.values()) / len(it.answered) if it.answered else None,
}
SATISFIED: dict[str, Measure] = {
    "satisfaction_investgate_cnt": _zero,  # the page's spelling
    "satisfaction_participation_rate": _never,
    "satisfied_rate": _never,
    "middling_rate": _never,
    "dissatisfied_rate": _never,
}
UPGRADED: dict[str, Measure] = {
    "upgrade_service_customer_cnt": lambda it: len(it.member_customers | it.groupchat_customers)
}
CORP: dict[str, Measure] = {
    **CONSULTED,
    **UPGRADED,
    "ai_session_reply_cnt": lambda it: len(it.assisted),
    "ai_transfer_rate": lambda it: _rate(len(it.assisted & it.served), len(it.assisted)),
    "ai_knowledge_hit_rate": _never,
    "msg_rejected_customer_cnt": lambda it: len(it.rejected),
}
SERVICER: dict[str, Measure] = {
    **CONSULTED,
    **REPLIED,
    **SATISFIED,
    **UPGRADED,
    "upgrade_service_member_invite_cnt": lambda it: it.member_offers,
    "upgrade_service_member_customer_cnt": lambda it: len(it.member_customers),
    "upgrade_service_groupchat_invite_cnt": lambda it: it.groupchat_offers,
    "upgrade_service_groupchat_customer_cnt": lambda it: len(it.groupchat_customers),
    "msg_rejected_customer_cnt": lambda it: len(it.rejected),
}
COMPONENT: dict[str, Measure] = {
    **CONSULTED,
    "servicer_session_cnt": lambda it: len(it.served),
    "ai_session_reply_cnt": lambda it: len(it.assisted),
    **REPLIED,
    **SATISFIED,
}


@endpoint("POST", "kf/get_corp_statistic")
def get_corp_statistic(call: Call) -> Json:
    """Tell an account's days."""
    days = managed_account_of(call).days
    return _told(call, CORP, lambda day: _whole(days, day))


@endpoint("POST", "kf/get_servicer_statistic")
def get_servicer_statistic(call: Call) -> Json:
    """Tell one servicer's days with an account, or everybody's."""
    days = managed_account_of(call).days
    userid = call.fields.text("servicer_userid", limit=64)
    if not userid:
        return _told(call, SERVICER, lambda day: _whole(days, day))
    if userid not in call.corp.members:
        raise Refusal(60111)
    return _told(call, SERVICER, lambda day: days[day].servicers.get(userid) if day in days else None)


@endpoint("POST", "kf/get_statistic")
def get_statistic(call: Call) -> Json:
    """Tell the days of all accounts that a component app (微信客服组件) acts for."""
    mine = [one for one in call.world.accounts.values() if call.app.agent_id in one.managers]

    def everything(day: int) -> Tally | None:
        parts = [tally for account in mine if (tally := _whole(account.days, day))]
        return total(parts) if parts else None

    return _told(call, COMPONENT, everything)


def _whole(days: Mapping[int, Day], day: int) -> Tally | None:
    return days[day].whole if day in days else None


def _told(call: Call, measures: dict[str, Measure], tally_of: Callable[[int], Tally | None]) -> Json:
    finished = day_of(call.now - STATISTIC_READY)  # this day is not told yet, nor is any after it
    rows: list[Json] = []
    for day in _asked(call):
        tally = tally_of(day) if day_of(STATISTICS_BEGIN) <= day < finished else None
        row: Json = {"stat_time": midnight(day)}
        if tally is not None:
            numbers = {name: measure(tally) for name, measure in measures.items()}
            row["statistic"] = {name: number for name, number in numbers.items() if number is not None}
        rows.append(row)
    return {"statistic_list": rows}


def _asked(call: Call) -> range:
    """Read the closed interval, each end rounded down to its midnight in Shanghai."""
    first, last = (day_of(call.fields.number(key, -1, 0, _UINT32)) for key in ("start_time", "end_time"))
    today = day_of(call.now)
    reasons = (
        (first <= last, "end_time lies before start_time"),
        (last - first < STATISTIC_SPAN, f"more than {STATISTIC_SPAN} days"),
        (last < today, "today is told tomorrow"),
        (first >= today - STATISTIC_DAYS, f"more than {STATISTIC_DAYS} days ago"),
    )
    for fine, about in reasons:
        if not fine:
            raise Refusal(call.world.settings.bad_statistic_range, about)
    return range(first, last + 1)
