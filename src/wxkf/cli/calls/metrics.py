"""The figures of the statistics: their names in both languages, and how a number of days is put together."""

from collections.abc import Mapping
from typing import Final, Literal

Kind = Literal["count", "rate", "seconds"]

_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "session_cnt": ("sessions", "咨询会话数"),
    "servicer_session_cnt": ("sessions with servicers", "人工会话数"),
    "customer_cnt": ("customers", "咨询客户数"),
    "customer_msg_cnt": ("messages of customers", "客户消息数"),
    "upgrade_service_customer_cnt": ("customers handed over", "升级服务客户数"),
    "ai_session_reply_cnt": ("sessions answered by AI", "智能回复会话数"),
    "ai_transfer_rate": ("handed to people by AI", "转人工率"),
    "ai_knowledge_hit_rate": ("knowledge base hits", "知识命中率"),
    "msg_rejected_customer_cnt": ("customers rejecting", "拒收消息客户数"),
    "reply_rate": ("replied", "人工回复率"),
    "first_reply_average_sec": ("first reply, seconds", "平均首次响应秒数"),
    "satisfaction_investgate_cnt": ("surveys sent", "满意度评价发送数"),
    "satisfaction_participation_rate": ("surveys answered", "满意度参评率"),
    "satisfied_rate": ("satisfied", "“满意”评价占比"),
    "middling_rate": ("middling", "“一般”评价占比"),
    "dissatisfied_rate": ("dissatisfied", "“不满意”评价占比"),
    "upgrade_service_member_invite_cnt": ("invited to a member", "专员服务邀请数"),
    "upgrade_service_member_customer_cnt": ("took a member", "添加专员的客户数"),
    "upgrade_service_groupchat_invite_cnt": ("invited to a group", "客户群服务邀请数"),
    "upgrade_service_groupchat_customer_cnt": ("joined a group", "加入客户群的客户数"),
}


def name(metric: str, tongue: int) -> str:
    """Give a metric's name; its field's for one wxkf does not know."""
    return _NAMES[metric][tongue] if metric in _NAMES else metric


def kind(metric: str) -> Kind:
    """Tell how a metric is counted: sums for counts, means for the others."""
    if metric.endswith("_rate"):
        return "rate"
    return "seconds" if metric.endswith("_sec") else "count"


def said(metric: str, value: float | None) -> str:
    """Write a figure: rates in per cent, counts with thousands."""
    if value is None:
        return "–"
    if kind(metric) == "rate":
        return f"{value:.1%}"
    return f"{value:,.0f}" if kind(metric) == "count" and float(value).is_integer() else f"{value:,.1f}"
