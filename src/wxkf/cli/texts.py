"""What the command line says, in English and Chinese, each sentence once.

`WXKF_LANG=en|zh` decides, then the usual locale variables; anything but Chinese gets English.
"""

import os
from collections.abc import Mapping

_TEXTS = {
    "about": (
        "WeChat Customer Service (微信客服): try it, run it.",
        "微信客服：先试，再上线。",
    ),
    "demo": (
        "Try a bot with no account: simulator, phone page and bot, all on this machine.",
        "无需账号即可试用：模拟平台、手机页面和机器人都在本机。",
    ),
    "demo.bot": (
        "Your bot as module:name; a small built-in one by default.",
        "你的机器人，写作 模块:变量；默认用内置示例。",
    ),
    "demo.say": (
        "Let the customer say this, wait for the answer, exit (repeatable; no browser).",
        "让顾客说这句话，等到回答后退出（可重复；不开浏览器）。",
    ),
    "demo.browser": ("Open the page in a browser.", "在浏览器中打开页面。"),
    "demo.port": ("Port of the page; a free one by default.", "页面端口；默认取空闲端口。"),
    "demo.ready": ("Open this page and write to the bot:", "打开此页面，给机器人发消息："),
    "demo.stop": ("Ctrl-C stops.", "按 Ctrl-C 停止。"),
    "demo.stopped": ("Stopped.", "已停止。"),
    "demo.enters": ("enters the chat", "进入会话"),
    "demo.quiet": ("(no greeting)", "（没有欢迎语）"),
    "demo.done": ("{count} of {count} answered.", "{count} 句都已回答。"),
    "demo.silent": (
        "No answer to “{text}” within {seconds:.0f} s. Last seen: {where}.",
        "“{text}” 在 {seconds:.0f} 秒内没有回答。最后位置：{where}。",
    ),
    "demo.failed": (
        "“{text}” was not answered as it should. Last seen: {where}.",
        "“{text}” 没有得到应有的回答。最后位置：{where}。",
    ),
    "demo.timeout": ("Seconds to wait for each answer.", "每句话等待回答的秒数。"),
    "demo.empty": ("The bot has no handlers: it will not answer anything.", "机器人没有处理函数，不会回答任何消息。"),
    "demo.env": ("Your own code can use this platform too:", "你自己的代码也可以使用这个模拟平台："),
    "where.log": ("on the platform; no callback was sent", "在平台上；还没有发出回调"),
    "where.callback": ("announced by a callback ({outcome}), not pulled yet", "已回调通知（{outcome}），尚未拉取"),
    "where.pulled": ("pulled from the platform, not in the inbox", "已从平台拉取，未存入收件箱"),
    "where.stored": ("in the inbox, waiting for its turn", "在收件箱中，等待处理"),
    "where.handler": ("in the handler, which has not returned", "在处理函数中，函数尚未返回"),
    "where.dead": ("given up: {reason}", "已放弃：{reason}"),
    "where.said_nothing": (
        "handled; the handler had nothing to say, or no handler matches",
        "已处理；处理函数没有返回内容，或没有匹配的处理函数",
    ),
    "where.step": ("handled; {path} is {state} {result}", "已处理；{path} 的状态是 {state} {result}"),
    "run": (
        "Run a bot on a real account (WXKF_CORP_ID, WXKF_SECRET, WXKF_TOKEN, WXKF_AES_KEY).",
        "用真实账号运行机器人（WXKF_CORP_ID, WXKF_SECRET, WXKF_TOKEN, WXKF_AES_KEY）。",
    ),
    "run.bot": ("The bot as module:name, e.g. hello:bot.", "机器人，写作 模块:变量，例如 hello:bot。"),
    "run.host": ("Address to listen on.", "监听地址。"),
    "run.port": ("Port to listen on.", "监听端口。"),
    "run.database": ("The inbox file.", "收件箱文件。"),
    "run.ready": (
        "Listening on {url}. The console's callback URL must reach it over HTTPS. Ctrl-C stops.",
        "正在监听 {url}。管理后台填写的回调 URL 须能以 HTTPS 到达此处。按 Ctrl-C 停止。",
    ),
    "run.config": (
        "Serve the apps and suites of this TOML file instead, and follow its changes.",
        "改为服务此 TOML 文件中的各应用，文件改动即时生效。",
    ),
    "run.fleet": (
        "Listening on {url} for what {config} names; changes of the file take effect at once. Ctrl-C stops.",
        "正在监听 {url}，服务 {config} 中的应用；文件改动即时生效。按 Ctrl-C 停止。",
    ),
    "provider": (
        "What a provider (服务商) keeps: authorised corps, the platform's commands.",
        "服务商数据：已授权企业、平台指令。",
    ),
    "provider.file": ("The provider's file.", "服务商数据文件。"),
    "provider.list": ("List the corps that authorised.", "列出授权企业。"),
    "provider.events": ("List the platform's commands, newest first.", "列出平台指令，最新的在前。"),
    "provider.purge": (
        "Delete all that is kept of a corp that withdrew: authorisation, commands, messages.",
        "删除已取消授权企业的全部数据：授权、指令、消息。",
    ),
    "provider.suite": ("The suite id.", "应用的 SuiteId。"),
    "provider.corp": ("The corp id.", "企业的 CorpID。"),
    "provider.limit": ("How many at most.", "最多条数。"),
    "provider.config": (
        "The settings file, if it names an app for this corp.",
        "配置文件（若其中为该企业单独命名了应用）。",
    ),
    "provider.yes": ("Do not ask.", "不再询问。"),
    "provider.sure": ("Delete all that is kept of {corp} under {suite}?", "确定删除 {suite} 下 {corp} 的全部数据？"),
    "provider.purged": ("Deleted: {rows} rows, {messages} messages.", "已删除：{rows} 行记录，{messages} 条消息。"),
    "provider.nothing": ("Nothing there yet.", "还没有记录。"),
    "provider.columns.list": ("suite,corp,name,state,since", "应用,企业,名称,状态,时间"),
    "provider.columns.events": ("id,received,suite,command,corp,state,why", "编号,收到时间,应用,指令,企业,状态,说明"),
    "provider.active": ("authorised", "已授权"),
    "provider.withdrawn": ("withdrawn", "已取消"),
    "explain": (
        "Explain the platform's codes, offline: numbers, `fail_type 6`, or a pasted error; without any, list all.",
        "离线解释平台的错误码：可输入数字、`fail_type 6`，或粘贴整段报错；不带参数则列出全部。",
    ),
    "explain.words": (
        "Codes, e.g. 95018 60020; `fail_type 6`; or a whole errmsg, in quotes.",
        "错误码，例如 95018 60020；`fail_type 6`；或整段 errmsg（加引号）。",
    ),
    "explain.json": ("Print JSON, for programs.", "输出 JSON，供程序使用。"),
    "explain.meaning": ("Meaning", "含义"),
    "explain.cause": ("Why", "原因"),
    "explain.remedy": ("What to do", "处理"),
    "explain.retry": ("Try again", "重试"),
    "explain.source": ("Source", "来源"),
    "explain.unknown": ("not in wxkf's tables.", "wxkf 未收录。"),
    "explain.near": ("Near: {codes}", "相近的：{codes}"),
    "explain.query": ("The platform's page: {url}", "官方查询页：{url}"),
    "explain.nothing": (
        "There is no code in these words. Give a number, or paste text with errcode or ?e=…",
        "没有找到错误码。请输入数字，或粘贴带有 errcode 或 ?e=… 的内容。",
    ),
    "explain.sample": (
        "Codes of the sample library for callbacks; the platform never sends them.",
        "官方回调加解密示例库的错误码，平台接口不会返回。",
    ),
    "explain.fails": (
        "Why an accepted message did not arrive (event msg_send_fail).",
        "消息已受理但未送达的原因（msg_send_fail 事件）。",
    ),
    "explain.hint": ("More on one: wxkf explain 95018", "查看详情：wxkf explain 95018"),
    "version": ("Print the version and exit.", "显示版本并退出。"),
}


def language(env: Mapping[str, str] = os.environ) -> str:
    """Tell which language to speak, "en" or "zh"."""
    for name in ("WXKF_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if env.get(name):
            return "zh" if env[name].lower().startswith("zh") else "en"
    return "en"


def both(key: str) -> tuple[str, str]:
    """Give one sentence in English and in Chinese."""
    return _TEXTS[key]


def text(key: str, **values: object) -> str:
    """Give one sentence in the user's language, with its values filled in."""
    said = _TEXTS[key][language() == "zh"]
    return said.format(**values) if values else said
