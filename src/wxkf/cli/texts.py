"""What the command line says, in English and Chinese, each sentence once.

`WXKF_LANG=en|zh` decides, then the usual locale variables; anything but Chinese gets English.
"""

import os
from collections.abc import Mapping
from typing import Literal

from wxkf.cli.inbox_texts import TEXTS as _INBOX
from wxkf.cli.work_texts import TEXTS as _WORK

Language = Literal["en", "zh"]

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
    "sim": (
        "The platform in a box: a stand-in for any client in any language, with a phone, a staff desk and a journal.",
        "装进盒子里的微信客服平台：任何语言的客户端都能接入，带手机、接待台和日志页面。",
    ),
    "sim.callback": ("Where to send callbacks: your bot's callback URL.", "回调发往何处：你的机器人的回调 URL。"),
    "sim.port": ("Port to listen on; 0 takes a free one.", "监听端口；0 表示任取空闲端口。"),
    "sim.state": ("Keep the world in this file and take it up again.", "把模拟世界存入此文件，下次接着用。"),
    "sim.seed": (
        "Seed of a new world: the same seed gives the same ids and keys (0 by default).",
        "新世界的种子：相同的种子得到相同的 id 和密钥（默认 0）。",
    ),
    "sim.title": ("the platform in a box", "装进盒子里的微信客服平台"),
    "sim.page": ("page", "页面"),
    "sim.base": ("base address", "接口地址"),
    "sim.corp_id": ("corp id", "企业 ID"),
    "sim.secret": ("secret", "Secret"),
    "sim.token": ("token", "Token"),
    "sim.aes_key": ("AES key", "EncodingAESKey"),
    "sim.open_kfid": ("account", "客服账号"),
    "sim.nowhere": (
        "Callbacks go nowhere yet: --callback http://127.0.0.1:8000/callback sends them to your bot.",
        "回调暂未发出：加上 --callback http://127.0.0.1:8000/callback 发给你的机器人。",
    ),
    "sim.refused": (
        "{url} does not pass the URL check yet: it must answer the decrypted echostr within a second. Trying on …",
        "{url} 尚未通过 URL 验证：须在一秒内返回解密后的 echostr。继续尝试……",
    ),
    "sim.verified": ("{url} passed the URL check; callbacks go there.", "{url} 已通过 URL 验证，回调将发往该地址。"),
    "sim.open": (
        "Warning: {host} lets other machines in. Whoever reaches this port reads the keys above and acts for everyone.",
        "警告：{host} 允许其他机器访问。能连到此端口的人可读取以上密钥，并以任何人的身份操作。",
    ),
    "sim.kept": ("The world is kept in {file}.", "模拟世界保存在 {file}。"),
    "where.log": ("on the platform; no callback was sent", "在平台上；还没有发出回调"),
    "where.callback": ("announced by a callback ({outcome}), not pulled yet", "已回调通知（{outcome}），尚未拉取"),
    "where.pulled": ("pulled from the platform, not in the inbox", "已从平台拉取，未存入收件箱"),
    "where.stored": ("in the inbox, waiting for its turn", "在收件箱中，等待处理"),
    "where.handler": ("in the handler, which has not returned", "在处理函数中，函数尚未返回"),
    "where.dead": ("given up: {reason}", "已放弃：{reason}"),
    "where.said_nothing": (
        "handled; the handler said nothing, or none takes it, or colleagues have the session",
        "已处理；处理函数什么也没说，或没有函数接收它，或会话在接待人员处",
    ),
    "where.step": ("handled; {path} is {state} {result}", "已处理；{path} 的状态是 {state} {result}"),
    "run": (
        "Run a bot on a real account (WXKF_CORP_ID, WXKF_SECRET, WXKF_TOKEN, WXKF_AES_KEY).",
        "用真实账号运行机器人（WXKF_CORP_ID, WXKF_SECRET, WXKF_TOKEN, WXKF_AES_KEY）。",
    ),
    "run.bot": ("The bot as module:name, e.g. hello:bot.", "机器人，写作 模块:变量，例如 hello:bot。"),
    "run.role": (
        "all: one process. engine: the bot, which gets callbacks from web processes. web: hands them on to the engine.",
        "all：单进程；engine：运行机器人，接收 web 进程转来的回调；web：只收回调并转给 engine。",
    ),
    "run.engine": ("With --role web: the engine's address.", "用于 --role web：engine 的地址。"),
    "run.inside": (
        "The engine takes callbacks on {url}, from `wxkf run --role web` or an app of yours. Ctrl-C stops.",
        "engine 在 {url} 接收由 `wxkf run --role web` 或你的应用转来的回调。按 Ctrl-C 停止。",
    ),
    "run.web": (
        "Listening on {url}, handing callbacks on to {engine}. The console's callback URL must reach it. Ctrl-C stops.",
        "正在监听 {url}，回调转给 {engine}。管理后台填写的回调 URL 须能到达此处。按 Ctrl-C 停止。",
    ),
    "run.host": ("Address to listen on.", "监听地址。"),
    "run.port": ("Port to listen on.", "监听端口。"),
    "run.database": ("The inbox file.", "收件箱文件。"),
    "run.log": ("How to log: text, or json, one object a line.", "日志格式：text 文本，或 json 每行一个对象。"),
    "run.ready": (
        "Listening on {url}. The console's callback URL must reach it over HTTPS. Ctrl-C stops.",
        "正在监听 {url}。管理后台填写的回调 URL 须能以 HTTPS 到达此处。按 Ctrl-C 停止。",
    ),
    "run.beside": (
        "Listening on {url}, at work for {platform}, which sends its callbacks to {url}/callback. Ctrl-C stops.",
        "正在监听 {url}，服务于 {platform}，它的回调应发到 {url}/callback。按 Ctrl-C 停止。",
    ),
    "run.stopping": (
        "Stopping. {count} messages are still being answered, {seconds:.0f} s at most; Ctrl-C again cuts that short.",
        "正在停止。还有 {count} 条消息在处理，最多再等 {seconds:.0f} 秒；再按一次 Ctrl-C 立即中断。",
    ),
    "run.poll": (
        "Take no callbacks: ask for news, as often as the platform allows. Needs no public address, Token or key.",
        "不收回调：主动查询新消息，频率以平台允许为限。不需要公网地址、Token 和 EncodingAESKey。",
    ),
    "run.polls": (
        "No callbacks come: news is noticed within {seconds} s for each account. Health on {url}. Ctrl-C stops.",
        "不收回调：每个客服账号最晚 {seconds} 秒发现新消息。健康检查在 {url}。按 Ctrl-C 停止。",
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
    "doctor": (
        "Check a real account's set-up step by step, and say what to do. Exit code 0 fine, 1 not, 2 nothing reached.",
        "逐项检查真实账号的配置，并说明如何处理。退出码：0 正常，1 有问题，2 无法访问平台。",
    ),
    "doctor.url": (
        "The callback's public address; asked as the console does (or WXKF_CALLBACK_URL).",
        "回调的公网地址，按管理后台的方式验证（或用 WXKF_CALLBACK_URL）。",
    ),
    "doctor.probe": (
        "Try servicers by adding those already there, which changes nothing.",
        "通过重复添加已有接待人员来试探可见范围，不会产生改动。",
    ),
    "setup": (
        "Set up a real account: make the keys, walk through the console, tick each step, give the link as a QR code.",
        "配置真实账号：生成密钥，逐步完成后台设置，每步自动打勾，最后给出客服链接二维码。",
    ),
    "setup.env": ("The settings file to write.", "要写入的配置文件。"),
    "setup.yes": ("Replace other values in that file without asking.", "文件中已有不同的值时直接替换，不询问。"),
    "version": ("Print the version and exit.", "显示版本并退出。"),
}

_CALLS = {
    "calls.panel": ("The platform's calls", "平台接口"),
    "calls.account": ("Accounts: list, add, change, delete.", "客服账号：列出、添加、修改、删除。"),
    "calls.servicer": ("Servicers: who answers for an account.", "接待人员：谁为账号接待客户。"),
    "calls.session": ("Sessions: who has a customer, and handing them on.", "会话：客户由谁接待，以及转接。"),
    "calls.customer": ("Customers, and the upgrade service.", "客户，以及升级服务。"),
    "calls.message": ("Messages: read, send, recall.", "消息：读取、发送、撤回。"),
    "calls.link": ("The link that opens a chat.", "客服账号链接。"),
    "calls.knowledge": ("The knowledge base: groups and questions.", "机器人知识库：分组与问答。"),
    "calls.media": ("Files: up and down.", "素材：上传与下载。"),
    "calls.stats": ("Statistics of up to 180 days, drawn here.", "统计：最近 180 天，直接在终端画图。"),
    "calls.corp": ("The corp's own: token, addresses, qualification.", "企业：凭证、IP 段、资质。"),
    "calls.idconvert": ("Conversions of ids.", "ID 转换。"),
    "calls.externalcontact": ("Conversions of customers' ids.", "客户 ID 转换。"),
    "calls.batch": ("Conversions of members' ids.", "成员 ID 转换。"),
    "calls.service": ("A provider's tokens and codes.", "服务商的凭证与授权码。"),
    "calls.call": (
        "Call any endpoint by its path, those wxkf does not know included.",
        "按路径调用任意接口，包括 wxkf 还不认识的。",
    ),
    "calls.all": ("Read every page.", "读取全部分页。"),
    "calls.json": ("Print the platform's answer as JSON, for programs.", "输出平台返回的 JSON，供程序使用。"),
    "calls.show_secrets": ("Show tokens and codes instead of ***.", "显示凭证和授权码，不以 *** 代替。"),
    "calls.yes": ("Do it without asking.", "不再询问，直接执行。"),
    "calls.output": (
        "Where to put the file; - for standard output; under its own name here by default.",
        "保存位置；- 表示标准输出；默认用文件原名存到当前目录。",
    ),
    "calls.from_env": ("Not on the command line: {name} or @file.", "不写在命令行上：用 {name} 或 @文件。"),
    "calls.errors": ("Common errors: {codes} (wxkf explain {first})", "常见错误：{codes}（wxkf explain {first}）"),
    "calls.many": ("Repeatable, or comma separated, or @file.", "可重复，可用逗号分隔，也可用 @文件。"),
    "calls.done": ("done", "已完成"),
    "calls.empty": ("{name}: none", "{name}：无"),
    "calls.more": ("There is more: --cursor {cursor}", "还有更多：--cursor {cursor}"),
    "calls.more_all": ("There is more: --all, or --cursor {cursor}", "还有更多：--all，或 --cursor {cursor}"),
    "calls.overwrite": ("Replace a file that is there.", "覆盖已有的文件。"),
    "calls.saved": ("{path}: {size} bytes", "{path}：{size} 字节"),
    "calls.exists": (
        "{path} exists; give another name with --output, or --overwrite",
        "{path} 已存在；请用 --output 指定其他名称，或加 --overwrite",
    ),
    "calls.failed": ("{count} of {total} failed", "{total} 项中有 {count} 项失败"),
    "calls.sure": ("This cannot be undone. Go on?", "此操作不可撤销，继续吗？"),
    "calls.unsure": (
        "{path} cannot be undone and nobody can be asked here; say --yes",
        "{path} 不可撤销，而这里无法询问；请加 --yes",
    ),
    "calls.not_text": ("this is no UTF-8 text", "不是 UTF-8 文本"),
    "calls.no_file": ("{path}: {why}", "{path}：{why}"),
    "calls.choice": ("{given} is not one of {choices}", "{given} 不是 {choices} 之一"),
    "calls.number": ("these must be whole numbers, not {given}", "必须是整数，而不是 {given}"),
    "calls.json_wrong": ("this is no JSON ({why})", "不是 JSON（{why}）"),
    "calls.object": ("this must be a JSON object or list", "必须是 JSON 对象或列表"),
    "calls.secret": (
        "a secret does not belong on the command line, where the shell keeps it; set {name}, or give @file or -",
        "凭证不应写在命令行上，否则会留在 shell 历史里；请设置 {name}，或用 @文件 或 -",
    ),
    "calls.missing": ("{option} is needed", "缺少 {option}"),
    "calls.with_all": ("{option} does not go with --all", "{option} 不能与 --all 同用"),
    "calls.unset": (
        "{names} must be set, in the environment or in a .env file here; `wxkf demo` prints a set to try with",
        "缺少 {names}。请在环境变量或当前目录的 .env 文件中设置；`wxkf demo` 会给出一组可试用的值",
    ),
    "calls.refused": ("{path} was refused", "{path} 被拒绝"),
    "calls.ip": ("The platform saw this address: {ip}", "平台看到的本机 IP：{ip}"),
    "calls.unknown_outcome": (
        "It may have arrived: look before you repeat it.",
        "请求可能已经到达：重试之前请先查看结果。",
    ),
    "calls.again": ("Try again in a moment; look for a proxy in between.", "请稍后重试；检查中间是否有代理。"),
    "calls.unreachable": (
        "Nothing was sent. Check the network, a proxy, and WXKF_BASE_URL.",
        "没有发出请求。请检查网络、代理和 WXKF_BASE_URL。",
    ),
    "stats.since": ("The first day, e.g. 2026-09-01.", "起始日期，例如 2026-09-01。"),
    "stats.until": ("The last day; yesterday by default.", "结束日期；默认昨天。"),
    "stats.days": ("How many days, up to 180.", "天数，最多 180。"),
    "stats.csv": ("Print comma separated values, a line a day.", "输出 CSV，每天一行。"),
    "stats.date": ("{given} is not a date; write it as 2026-09-01", "{given} 不是日期；请写成 2026-09-01"),
    "stats.both": ("give --days or --since, not both", "--days 和 --since 只能给一个"),
    "stats.backwards": ("--since is after --until", "--since 晚于 --until"),
    "stats.range": (
        "the platform has days from {first} to {last} (yesterday)",
        "平台只有 {first} 到 {last}（昨天）的数据",
    ),
    "stats.nothing": ("no data in these days", "这些天没有数据"),
    "stats.title": (
        "{first} to {last}, {days} days, {known} with data",
        "{first} 至 {last}，{days} 天，有数据 {known} 天",
    ),
    "stats.column": ("one column is {days} days", "一格为 {days} 天"),
    "stats.metric": ("Metric", "指标"),
    "stats.total": ("Total", "合计"),
    "stats.mean": ("A day", "日均"),
    "stats.most": ("Most", "最高"),
}
_TEXTS |= _CALLS | _INBOX | _WORK


def language(env: Mapping[str, str] = os.environ) -> Language:
    """Tell which language to speak."""
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
