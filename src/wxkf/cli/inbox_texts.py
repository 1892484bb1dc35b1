"""What `wxkf inbox` and `wxkf tail` say, in English and Chinese."""

from typing import Final

TEXTS: Final = {
    "inbox": (
        "See how the inbox stands, look into messages, run them again, skip, pause, forget. Exit code 1 for trouble.",
        "查看收件箱状况：浏览消息、重新处理、跳过、暂停、删除客户数据。有问题时退出码为 1。",
    ),
    "inbox.database": (
        "The inbox file (or WXKF_DATABASE).",
        "收件箱文件（或用 WXKF_DATABASE）。",
    ),
    "inbox.list": (
        "List messages: waiting, dead (given up), unknown (may not have arrived), or all (the newest first).",
        "列出消息：waiting 待处理，dead 已放弃，unknown 可能未送达，all 全部（最新的在前）。",
    ),
    "inbox.kind": ("Which ones.", "哪一类。"),
    "inbox.app": ("Of this app only.", "只看此应用。"),
    "inbox.limit": ("How many at most.", "最多条数。"),
    "inbox.show": (
        "Show a message, and what was done about it step by step.",
        "显示一条消息，以及对它做过的每一步。",
    ),
    "inbox.msgid": ("The msgid, or enough of its beginning.", "msgid，或足以区分的开头部分。"),
    "inbox.retry": (
        "Handle a dead message again, or send again what may not have arrived.",
        "重新处理已放弃的消息，或重发可能未送达的内容。",
    ),
    "inbox.skip": (
        "Let go of a message: it is not answered, or counts as settled. Asks before.",
        "跳过一条消息：不再回答，或视为已了结。执行前会询问。",
    ),
    "inbox.yes": ("Do not ask.", "不再询问。"),
    "inbox.pause": (
        "Hand out no messages of an app, an account or a customer; they are still stored.",
        "暂停处理某个应用、客服账号或客户的消息；消息仍会入库。",
    ),
    "inbox.resume": ("Hand out again what was paused.", "恢复处理。"),
    "inbox.pause.to_people": (
        "Hand over whoever writes to people (待接入池) instead of letting them wait.",
        "不让客户等待，而是把来消息的客户转给人工（待接入池）。",
    ),
    "inbox.pause.note": ("What they are told before that.", "转人工之前对客户说的话。"),
    "inbox.now_to_people": (
        "The bot is silent for {what}: who writes is handed over to people. wxkf inbox resume {what}",
        "机器人已停答：{what}，来消息的客户转人工。恢复：wxkf inbox resume {what}",
    ),
    "inbox.pause.app": ("The app, as the overview names it.", "应用名，见总览。"),
    "inbox.pause.account": ("One of its accounts; all by default.", "其中一个客服账号；默认全部。"),
    "inbox.pause.customer": ("One customer (external_userid).", "某一位客户（external_userid）。"),
    "inbox.forget": (
        "Delete all that is stored of a customer. Asks before.",
        "删除某位客户的全部数据。执行前会询问。",
    ),
    "inbox.forget.customer": ("The external_userid.", "客户的 external_userid。"),
    "inbox.audit": ("List what operators did, newest first.", "列出运维操作记录，最新的在前。"),
    # ── the overview ──
    "inbox.at_work": ("engine at work", "引擎运行中"),
    "inbox.idle": ("no engine at work: nothing is pulled or answered", "没有引擎在运行：不会拉取，也不会回答"),
    "inbox.waiting": ("waiting", "待处理"),
    "inbox.in_flight": ("in flight", "处理中"),
    "inbox.dead": ("dead", "已放弃"),
    "inbox.unknown": ("unknown", "结果未知"),
    "inbox.failed": ("failed", "未送达"),
    "inbox.timers": ("timers", "定时器"),
    "inbox.paused": ("paused", "已暂停"),
    "inbox.apps": (
        "app,waiting,lag,in flight,dead,unknown,failed",
        "应用,待处理,延迟,处理中,已放弃,结果未知,未送达",
    ),
    "inbox.all_answered": ("nobody waits for an answer", "没有客户在等待回答"),
    "inbox.oldest": ("the oldest since {since}, {lag} ago", "最早未回答的一条：{since}，已等待 {lag}"),
    "inbox.why.dead": (
        "not answered, failed too often: wxkf inbox list dead",
        "多次失败，没有回答：wxkf inbox list dead",
    ),
    "inbox.why.unknown": (
        "sent, may not have arrived: wxkf inbox list unknown",
        "已发出，是否到达未知：wxkf inbox list unknown",
    ),
    "inbox.why.failed": (
        "taken, then not delivered: wxkf inbox list unknown",
        "已受理，但未送达：wxkf inbox list unknown",
    ),
    "inbox.paused_since": (
        "paused since {since}: wxkf inbox resume {what}",
        "自 {since} 起暂停：wxkf inbox resume {what}",
    ),
    "inbox.to_people_since": (
        "who writes is handed over to people, since {since}: wxkf inbox resume {what}",
        "自 {since} 起，来消息的客户转人工：wxkf inbox resume {what}",
    ),
    "inbox.because": ("{did}: {more}", "{did}：{more}"),
    "inbox.code": ("{code}, {meaning}", "{code}，{meaning}"),
    "inbox.fine": ("Nothing needs you.", "一切正常，无需处理。"),
    # ── where a message stands ──
    "inbox.state.dead": ("given up: {reason}", "已放弃：{reason}"),
    "inbox.state.handling": ("in the handler's hands", "处理函数正在处理"),
    "inbox.state.paused": ("paused", "已暂停"),
    "inbox.state.behind": ("waits behind an earlier message of this customer", "排在该客户更早的消息之后"),
    "inbox.state.retrying": ("attempt {attempts} failed, the next at {due}", "第 {attempts} 次失败，{due} 再试"),
    "inbox.state.parked": ("waits until {due}", "等到 {due}"),
    "inbox.state.waiting": ("waits for its turn", "等待处理"),
    "inbox.state.history": ("from before the start: not to be answered", "启用之前的消息：不需要回答"),
    "inbox.state.unknown": ("handled; part of the answer may not have arrived", "已处理；部分回答可能未到达"),
    "inbox.state.failed": ("handled; part of the answer was not delivered", "已处理；部分回答未送达"),
    "inbox.state.refused": ("handled; part of the answer was refused", "已处理；部分回答被平台拒绝"),
    "inbox.state.answered": ("answered", "已回答"),
    "inbox.state.skipped": ("skipped: nobody answered it", "已跳过，没有回答"),
    "inbox.state.skipped.dead": ("given up ({reason}), then skipped", "已放弃（{reason}），后被跳过"),
    "inbox.state.retried": ("handled once more as {msgid}", "已重新处理：{msgid}"),
    "inbox.state.retried.dead": ("given up ({reason}), then retried as {msgid}", "已放弃（{reason}），后重试：{msgid}"),
    "inbox.state.handled": ("handled, nothing was said", "已处理，没有回复"),
    # ── what was done about it ──
    "inbox.step.send": ("reply", "回复"),
    "inbox.step.code": ("answer to the event", "事件响应消息"),
    "inbox.step.trans": ("session to {state}", "会话转为{state}"),
    "inbox.step.timer": ("timer set for {due}", "设定定时器：{due}"),
    "inbox.step.choice": ("decided, for every run of the handler", "已选定，重跑时不变"),
    "inbox.session.0": ("new", "未处理"),
    "inbox.session.1": ("the bot", "机器人接待"),
    "inbox.session.2": ("the queue", "待接入池"),
    "inbox.session.3": ("a colleague", "人工接待"),
    "inbox.session.4": ("its end", "已结束"),
    "inbox.did.planned": ("still to be sent", "待发送"),
    "inbox.did.sending": ("being sent; whether it arrived is not known yet", "正在发送，尚不知是否到达"),
    "inbox.did.accepted": ("taken by the platform", "平台已受理"),
    "inbox.did.set": ("set", "已设定"),
    "inbox.did.refused": ("refused", "被拒绝"),
    "inbox.did.unknown": ("may have arrived, nobody knows", "可能已到达，无法确认"),
    "inbox.did.failed": ("taken, then not delivered", "已受理，但未送达"),
    "inbox.result.sent again": ("sent again with a later message", "已另行重发"),
    "inbox.result.skipped": ("an operator has settled it", "已由操作者了结"),
    "inbox.result.not repeated": ("cut short by a crash, and not repeated", "因中断而结果未知，没有重发"),
    "inbox.result.not seen through": ("the handler went on without it", "处理函数没有等它完成"),
    "inbox.nothing_done": ("Nothing was done about it yet.", "还没有做过任何处理。"),
    "inbox.timer": ("timer", "定时器"),
    "inbox.outside": ("from outside", "主动发送"),
    "inbox.came": ("came", "到达"),
    "inbox.sent": ("{at}, sent {sent}", "{at}，发送于 {sent}"),
    "inbox.account": ("account", "客服账号"),
    "inbox.customer": ("customer", "客户"),
    "inbox.from.0": ("a timer of ours", "我方定时器"),
    "inbox.from.3": ("the customer", "客户"),
    "inbox.from.4": ("the platform", "平台事件"),
    "inbox.from.5": ("a colleague", "接待人员"),
    "inbox.from": ("from", "来自"),
    "inbox.says": ("says", "内容"),
    "inbox.of_app": ("{account} of {app}", "{account}（{app}）"),
    "inbox.do.dead": (
        (
            "wxkf inbox retry {msgid}\n  has it handled again, behind what waits already;\n"
            "wxkf inbox skip {msgid}\n  takes it off the list."
        ),
        "wxkf inbox retry {msgid}\n  重新处理，排在已有消息之后；\nwxkf inbox skip {msgid}\n  从列表中去掉。",
    ),
    "inbox.do.dead.again": (
        "It had said something already ({count} sends): retry says that once more.",
        "它已经发出过 {count} 条：重试会再说一遍。",
    ),
    "inbox.do.failed": (
        (
            "It did not arrive; the fail_type says why.\nwxkf inbox retry {msgid}\n  sends it again, which helps once "
            "the customer has written or lets you write;\nwxkf inbox skip {msgid}"
        ),
        (
            "确定未送达，原因见 fail_type。\nwxkf inbox retry {msgid}\n  再发一次，须等客户再次来信或重新允许；\n"
            "wxkf inbox skip {msgid}"
        ),
    ),
    "inbox.do.unknown": (
        (
            "Ask the customer or look into the chat. If the words are not there:\nwxkf inbox retry {msgid}\n"
            "  sends them again; if they are:\nwxkf inbox skip {msgid}"
        ),
        (
            "请先询问客户或查看聊天记录。若对方没有收到：\nwxkf inbox retry {msgid}\n"
            "  再发一次；若已收到：\nwxkf inbox skip {msgid}"
        ),
    ),
    "inbox.do.behind": ("What it waits for: wxkf inbox list waiting", "查看它在等什么：wxkf inbox list waiting"),
    "inbox.do.refused": ("What that means: wxkf explain {codes}", "含义与处理：wxkf explain {codes}"),
    "inbox.do.paused": ("wxkf inbox resume {what}", "wxkf inbox resume {what}"),
    # ── what is done ──
    "inbox.nothing": ("None.", "没有。"),
    "inbox.retried": ("Put at the end of its conversation as {msgid}.", "已排到该会话末尾，新 msgid：{msgid}。"),
    "inbox.sure.skip": ("Skip it? Nobody will answer it.", "跳过这条消息？它将不会得到回答。"),
    "inbox.skipped": ("Skipped.", "已跳过。"),
    "inbox.now_paused": (
        "Paused: {what}. Messages are stored and wait. wxkf inbox resume {what}",
        "已暂停：{what}。消息照常入库并等待。恢复：wxkf inbox resume {what}",
    ),
    "inbox.pause.stranger": (
        "{id} is not known here yet; if it is mistyped, resume it",
        "这里还没有见过 {id}；如果写错了，请恢复",
    ),
    "inbox.resumed": ("Goes on: {what}.", "已恢复：{what}。"),
    "inbox.no_app": (
        "there is no app {app!r} in this inbox; there are: {apps}",
        "收件箱中没有应用 {app!r}；已有：{apps}",
    ),
    "inbox.sure.forget": (
        "Delete {count} messages of {customer} and all that was done about them? This cannot be undone.",
        "删除 {customer} 的 {count} 条消息及其全部处理记录？此操作不可撤销。",
    ),
    "inbox.stranger": ("nothing is stored of {customer}", "没有 {customer} 的数据"),
    "inbox.forgotten.journal": (
        "{path} still has it, since somebody is reading the inbox: it goes when more is written.",
        "有人正在读收件箱，{path} 里暂时还有这些数据，之后写入时会被覆盖。",
    ),
    "inbox.forgotten.copy": (
        "{path}, the copy from before an upgrade, still has what it had then: delete it.",
        "升级前的副本 {path} 里仍有当时的数据，请删除。",
    ),
    "inbox.forgotten": ("Deleted: {count} messages.", "已删除 {count} 条消息。"),
    "inbox.unsure": ("nobody can be asked here; say --yes", "这里无法询问；请加 --yes"),
    "inbox.left": ("left as it was", "未作改动"),
    "inbox.audit.columns": ("when,who,did,what", "时间,操作者,操作,对象"),
    "inbox.seconds": ("{s} s", "{s} 秒"),
    "inbox.minutes": ("{m} min {s} s", "{m} 分 {s} 秒"),
    "inbox.hours": ("{h} h {m} min", "{h} 小时 {m} 分"),
    "inbox.days": ("{d} d {h} h", "{d} 天 {h} 小时"),
    # ── tail ──
    "tail": (
        "Follow the inbox: every message in, every answer out, as it happens.",
        "实时跟踪收件箱：每条到达的消息和每条发出的回答。",
    ),
    "tail.since": (
        "Begin this long ago or at this time: 30s, 10m, 2h, 1d, 14:30, 2026-11-25T14:30.",
        "从多久以前或某一时刻开始：30s、10m、2h、1d、14:30、2026-11-25T14:30。",
    ),
    "tail.json": ("Print one JSON object a line, for programs.", "每行输出一个 JSON 对象，供程序使用。"),
    "tail.following": ("Following {file}. Ctrl-C ends.", "正在跟踪 {file}。按 Ctrl-C 结束。"),
    "tail.wrong_since": (
        "--since {given!r} is no time: write 10m, 2h, 14:30 or 2026-11-25T14:30",
        "--since {given!r} 不是时间：请写 10m、2h、14:30 或 2026-11-25T14:30",
    ),
    "tail.dead": ("given up: {reason}", "已放弃：{reason}"),
}
