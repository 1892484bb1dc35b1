"""Statistics (统计): days from yesterday back to 180 days ago; today's are there tomorrow after 06:00."""

from wxkf.api.fields import OPEN_KFID
from wxkf.api.resource import Emit, M, Pages, Resource, endpoint, paged
from wxkf.messages.answer import Answer, Part
from wxkf.protocol.call import Call, post
from wxkf.protocol.limits import Between, Span

_DAY, _SHANGHAI = 86_400, 8 * 3_600  # no daylight saving there since 1991
_WINDOW = 31 * _DAY
_SECONDS = Between(0, 2**32 - 1)
_TIMES = {"start_time": _SECONDS, "end_time": _SECONDS, "": Span("start_time", "end_time", most=31)}


class CorpStatistic(Part, frozen=True, kw_only=True):
    """What a day brought. Rates are fractions of 1 and None where they cannot be computed."""

    session_cnt: int = 0
    customer_cnt: int = 0
    customer_msg_cnt: int = 0
    upgrade_service_customer_cnt: int = 0
    ai_session_reply_cnt: int = 0
    ai_transfer_rate: float | None = None
    ai_knowledge_hit_rate: float | None = None
    msg_rejected_customer_cnt: int = 0


class ServicerStatistic(Part, frozen=True, kw_only=True):
    """What a day brought to servicers; "investgate" is the platform's spelling. Satisfaction is 0 under the API."""

    session_cnt: int = 0
    customer_cnt: int = 0
    customer_msg_cnt: int = 0
    reply_rate: float | None = None
    first_reply_average_sec: float | None = None
    satisfaction_investgate_cnt: int = 0
    satisfaction_participation_rate: float | None = None
    satisfied_rate: float | None = None
    middling_rate: float | None = None
    dissatisfied_rate: float | None = None
    upgrade_service_customer_cnt: int = 0
    upgrade_service_member_invite_cnt: int = 0
    upgrade_service_member_customer_cnt: int = 0
    upgrade_service_groupchat_invite_cnt: int = 0
    upgrade_service_groupchat_customer_cnt: int = 0
    msg_rejected_customer_cnt: int = 0


class ComponentStatistic(Part, frozen=True, kw_only=True):
    """What a day brought, as component apps (微信客服组件) see it."""

    session_cnt: int = 0
    servicer_session_cnt: int = 0
    customer_cnt: int = 0
    customer_msg_cnt: int = 0
    ai_session_reply_cnt: int = 0
    reply_rate: float | None = None
    first_reply_average_sec: float | None = None
    satisfaction_investgate_cnt: int = 0
    satisfaction_participation_rate: float | None = None
    satisfied_rate: float | None = None
    middling_rate: float | None = None
    dissatisfied_rate: float | None = None


class CorpDay(Part, frozen=True, kw_only=True):
    """One day; `statistic` is None while there is nothing to show."""

    stat_time: int
    statistic: CorpStatistic | None = None


class ServicerDay(Part, frozen=True, kw_only=True):
    """One day; `statistic` is None while there is nothing to show."""

    stat_time: int
    statistic: ServicerStatistic | None = None


class ComponentDay(Part, frozen=True, kw_only=True):
    """One day; `statistic` is None while there is nothing to show."""

    stat_time: int
    statistic: ComponentStatistic | None = None


class CorpStatistics(Answer, frozen=True, kw_only=True):
    """One entry a day."""

    statistic_list: tuple[CorpDay, ...] = ()


class ServicerStatistics(Answer, frozen=True, kw_only=True):
    """One entry a day."""

    statistic_list: tuple[ServicerDay, ...] = ()


class ComponentStatistics(Answer, frozen=True, kw_only=True):
    """One entry a day."""

    statistic_list: tuple[ComponentDay, ...] = ()


class StatisticResource(Resource[M]):
    """The statistics directly under `kf/`. Times are epoch seconds, rounded down to midnight in Shanghai."""

    @endpoint
    def get_corp_statistic(self, *, open_kfid: str, start_time: int, end_time: int) -> Call[CorpStatistics]:
        """Read an account's figures, up to 31 days a call, both ends included (获取「客户数据统计」企业汇总数据).

        Not in standalone mode. Page 95489.
        """
        return _corp(open_kfid, start_time, end_time)

    @paged
    def iter_corp_statistic(self, *, open_kfid: str, start_time: int, end_time: int) -> Pages[CorpDay]:
        """Go through an account's days, 31 of them a call."""
        for first, last in windows(start_time, end_time):
            page = yield _corp(open_kfid, first, last)
            yield Emit(page.statistic_list)

    @endpoint
    def get_servicer_statistic(
        self, *, open_kfid: str, start_time: int, end_time: int, servicer_userid: str | None = None
    ) -> Call[ServicerStatistics]:
        """Read the figures of a servicer, or of all together, 31 days a call (获取「客户数据统计」接待人员明细数据).

        Not in standalone mode. Page 95490.
        """
        return _servicer(open_kfid, start_time, end_time, servicer_userid)

    @paged
    def iter_servicer_statistic(
        self, *, open_kfid: str, start_time: int, end_time: int, servicer_userid: str | None = None
    ) -> Pages[ServicerDay]:
        """Go through the days of a servicer, or of all together, 31 of them a call."""
        for first, last in windows(start_time, end_time):
            page = yield _servicer(open_kfid, first, last, servicer_userid)
            yield Emit(page.statistic_list)

    @endpoint
    def get_statistic(self, *, start_time: int, end_time: int) -> Call[ComponentStatistics]:
        """Read the figures of all accounts; for component apps (微信客服组件) only. Page 99367."""
        return _component(start_time, end_time)

    @paged
    def iter_statistic(self, *, start_time: int, end_time: int) -> Pages[ComponentDay]:
        """Go through the days of all accounts, 31 of them a call; for component apps (微信客服组件) only."""
        for first, last in windows(start_time, end_time):
            page = yield _component(first, last)
            yield Emit(page.statistic_list)


def windows(start_time: int, end_time: int) -> list[tuple[int, int]]:
    """Cut a closed interval into closed ones of 31 days at most, without a day twice or missing.

    They begin at midnight in Shanghai, to which the platform rounds: days are counted from there.
    """
    midnight = start_time - (start_time + _SHANGHAI) % _DAY
    starts = range(midnight, end_time + 1, _WINDOW)
    cut = [(first, min(first + _WINDOW - _DAY, end_time)) for first in starts]
    return cut or [(start_time, end_time)]  # backwards: the call's own limit says so


def _corp(open_kfid: str, start_time: int, end_time: int) -> Call[CorpStatistics]:
    fields = {"open_kfid": open_kfid, "start_time": start_time, "end_time": end_time}
    limits = {**OPEN_KFID, **_TIMES}
    return post("kf/get_corp_statistic", CorpStatistics, repeat="safe", fields=fields, limits=limits)


def _component(start_time: int, end_time: int) -> Call[ComponentStatistics]:
    fields = {"start_time": start_time, "end_time": end_time}
    return post("kf/get_statistic", ComponentStatistics, repeat="safe", fields=fields, limits=_TIMES)


def _servicer(open_kfid: str, start_time: int, end_time: int, servicer_userid: str | None) -> Call[ServicerStatistics]:
    fields = {
        "open_kfid": open_kfid,
        "servicer_userid": servicer_userid,
        "start_time": start_time,
        "end_time": end_time,
    }
    limits = {**OPEN_KFID, **_TIMES}
    return post("kf/get_servicer_statistic", ServicerStatistics, repeat="safe", fields=fields, limits=limits)
