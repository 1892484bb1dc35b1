"""What the doctor says, English and Chinese, each sentence once. The platform's codes have their words elsewhere.

A red line's key has `.cause` and `.remedy` beside it; so has advice.
"""

from typing import Final

from wxkf.errors.codes import Words

WORDS: Final[dict[str, tuple[str, str]]] = {
    # ── names of the checks ───────────────────────────────────────────────────────────────────────────────────
    "check.settings": ("Settings", "配置"),
    "check.crypto": ("Callback keys", "回调密钥"),
    "check.callback": ("Callback address", "回调地址"),
    "check.network": ("Network", "网络"),
    "check.corp_id": ("Corp id", "企业 ID"),
    "check.secret": ("Secret", "Secret"),
    "check.token": ("Access token", "access_token"),
    "check.ip": ("Trusted IP", "企业可信IP"),
    "check.console": ("Console", "所属后台"),
    "check.api": ("API permission", "API 权限"),
    "check.accounts": ("Accounts", "客服账号"),
    "check.servicers": ("Visible range", "可见范围"),
    "check.staff": ("On duty", "接待人员"),
    # ── skipped ───────────────────────────────────────────────────────────────────────────────────────────────
    "skip.after": ("not checked: {first} comes first", "未检查：先解决「{first}」"),
    "skip.url": (
        "not checked: give its public address, --url https://…/callback or WXKF_CALLBACK_URL",
        "未检查：请用 --url https://…/callback 或 WXKF_CALLBACK_URL 给出公网地址",
    ),
    "skip.probe": ("{account}: not tried (--no-probe)", "{account}：未试探（--no-probe）"),
    "skip.nobody": (
        "{account}: nobody is listed by name, so nobody to try",
        "{account}：没有按成员添加的接待人员，无从试探",
    ),
    "skip.standalone": (
        "{account}: the platform has no servicer API here (standalone, 独立版)",
        "{account}：此处没有接待人员接口（独立版）",
    ),
    # ── settings and keys ─────────────────────────────────────────────────────────────────────────────────────
    "settings.fine": ("all there", "齐全"),
    "settings.bad": ("{faults}", "{faults}"),
    "settings.bad.cause": (
        "Neither the environment nor .env has them, or what stands there was cut off or copied with something else.",
        "环境变量和 .env 中都没有，或复制时被截断、带入了其他字符。",
    ),
    "settings.bad.remedy": (
        "{where} `wxkf setup` asks for them and writes .env.",
        "{where}也可运行 wxkf setup 填写并生成 .env。",
    ),
    "settings.missing": ("{name} is not set", "缺少 {name}"),
    "settings.malformed": ("{name} is malformed", "{name} 格式不对"),
    "where.WXKF_CORP_ID": ("Corp id: console → 我的企业 → 企业ID.", "企业 ID 见管理后台 → 我的企业 → 企业ID。"),
    "where.WXKF_SECRET": ("Secret: console → 应用管理 → the app.", "Secret 见管理后台 → 应用管理 → 该应用。"),
    "where.WXKF_TOKEN": ("Token: the app → 接收消息 → 设置API接收.", "Token 见该应用 → 接收消息 → 设置API接收。"),
    "where.WXKF_AES_KEY": ("EncodingAESKey: beside the Token.", "EncodingAESKey 与 Token 在同一处。"),
    "where.WXKF_BASE_URL": (
        "WXKF_BASE_URL begins with https://; leave it out for the real platform.",
        "WXKF_BASE_URL 以 https:// 开头；使用正式平台时不用设置。",
    ),
    "crypto.fine": ("a sealed message came back the same", "加密再解密，内容一致"),
    "crypto.token": ("WXKF_TOKEN must be 1 to 32 letters and digits", "WXKF_TOKEN 须为 1 到 32 位字母和数字"),
    "crypto.token.cause": ("It was cut off, or copied with a blank or a quote.", "可能被截断，或带入了空格、引号。"),
    "crypto.token.remedy": (
        "Copy Token again: console → 应用管理 → the app → 接收消息 → 设置API接收.",
        "重新复制 Token：管理后台 → 应用管理 → 该应用 → 接收消息 → 设置API接收。",
    ),
    "crypto.key": (
        "WXKF_AES_KEY must be 43 letters and digits, this one has {count} characters",
        "WXKF_AES_KEY 须为 43 位字母和数字，当前 {count} 个字符",
    ),
    "crypto.key.cause": ("It was cut off, or copied with a blank or a quote.", "可能被截断，或带入了空格、引号。"),
    "crypto.key.remedy": (
        "Copy EncodingAESKey again, without a = at its end: console → 应用管理 → the app → 接收消息 → 设置API接收.",
        "重新复制 EncodingAESKey（末尾不带 =）：管理后台 → 应用管理 → 该应用 → 接收消息 → 设置API接收。",
    ),
    "crypto.broken": ("a sealed message did not come back the same", "加密再解密，内容不一致"),
    "crypto.broken.cause": ("The cryptography of this Python does not work.", "当前 Python 的加密库工作不正常。"),
    "crypto.broken.remedy": ("Install the `cryptography` package anew.", "请重新安装 cryptography。"),
    # ── the platform ──────────────────────────────────────────────────────────────────────────────────────────
    "network.fine": ("{host} answers", "{host} 可以访问"),
    "network.curl": (
        "On this machine: `curl -v {url}/cgi-bin/gettoken` must bring JSON. Allow outgoing TCP 443.",
        "在本机运行 curl -v {url}/cgi-bin/gettoken，应返回 JSON。请放行出站 TCP 443。",
    ),
    "corp_id.fine": ("{corp_id}, known to the platform", "{corp_id}，平台已认可"),
    "secret.fine": ("accepted", "已通过"),
    "token.fine": ("valid for another {seconds} s", "剩余有效期 {seconds} 秒"),
    "token.short": ("valid for another {seconds} s only", "剩余有效期仅 {seconds} 秒"),
    "token.short.cause": (
        "The platform gives the same token to everybody until it runs out; this one is about to.",
        "有效期内平台总是返回同一个 access_token，当前这个即将到期。",
    ),
    "token.short.remedy": (
        "Run again in a minute. If it is short again, a proxy in between keeps old answers.",
        "一分钟后再检查；如果仍然很短，说明中间有代理缓存了旧的返回。",
    ),
    "ip.fine": ("calls from this server are accepted", "本服务器的调用已被接受"),
    "ip.bad": ("calls come from {ip}", "请求来自 {ip}"),
    "ip.bad.unknown": ("the platform does not trust this server's address", "平台不信任本服务器的 IP"),
    "ip.bad.remedy": (
        "Add {ip}. {remedy}",
        "需加入的 IP：{ip}。{remedy}",
    ),
    "console.fine": ("the secret is of the console that owns the accounts", "Secret 与客服账号属于同一后台"),
    "api.fine": ("on, and the app may call", "已开启，应用可调用"),
    "accounts.fine": (
        "{count} of {total} managed by this app: {names}",
        "共 {total} 个，由本应用管理 {count} 个：{names}",
    ),
    "accounts.none": ("the corp has no account", "企业还没有客服账号"),
    "accounts.none.cause": ("Nobody has created one yet.", "尚未创建。"),
    "accounts.none.remedy": (
        "Console → 微信客服 → 客服账号 → 创建账号, then 通过API管理微信客服账号 → 企业内部开发: assign it to the app.",
        "管理后台 → 微信客服 → 客服账号 → 创建账号，然后在「通过API管理微信客服账号 → 企业内部开发」中分配给本应用。",
    ),
    "accounts.unmanaged": (
        "none of {total} is managed by this app: {names}",
        "共 {total} 个，没有一个由本应用管理：{names}",
    ),
    "servicers.fine": ("{account}: all {count} in range", "{account}：{count} 人都在可见范围内"),
    "servicers.row": ("{userid} {code} {meaning}", "{userid} {code} {meaning}"),
    "servicers.bad": ("{account}: {rows}", "{account}：{rows}"),
    "servicers.call": (
        "{account}: {meaning}; which of the {count} the platform does not say",
        "{account}：{meaning}；平台没有说明是 {count} 人中的哪位",
    ),
    "servicers.lost": ("{account}: {meaning}", "{account}：{meaning}"),
    "servicers.lost.again": ("Then run it again.", "之后再运行一次。"),
    "servicers.unread": ("{account}: {meaning}", "{account}：{meaning}"),
    "staff.fine": (
        "{serving} serving, {stopped} stopped, {suspended} suspended",
        "接待中 {serving} 人，停止接待 {stopped} 人，暂时挂起 {suspended} 人",
    ),
    "staff.departments": (
        "{serving} serving, {stopped} stopped, {suspended} suspended; of {departments} departments it cannot be told",
        "接待中 {serving} 人，停止接待 {stopped} 人，暂时挂起 {suspended} 人；另有 {departments} 个部门无法得知",
    ),
    "staff.idle": (
        "nobody serves now: {stopped} stopped, {suspended} suspended",
        "当前无人接待：停止接待 {stopped} 人，暂时挂起 {suspended} 人",
    ),
    "staff.idle.cause": ("All servicers have stopped or paused.", "所有接待人员都已停止接待或挂起。"),
    "staff.idle.remedy": (
        "A bot alone works. To hand over, have somebody press 开始接待 in WeCom.",
        "只用机器人不受影响。需要转人工时，请接待人员在企业微信中点「开始接待」。",
    ),
    "staff.nobody": ("no servicers", "没有接待人员"),
    "staff.nobody.cause": (
        "The accounts have none, so a session cannot go to a person.",
        "客服账号未配置接待人员，会话无法转人工。",
    ),
    "staff.nobody.remedy": (
        "A bot alone works. To hand over, add people: console → 微信客服 → the account → 接待人员.",
        "只用机器人不受影响。需要转人工时，在管理后台 → 微信客服 → 该账号 → 接待人员 中添加。",
    ),
    # ── the callback address ──────────────────────────────────────────────────────────────────────────────────
    "callback.fine": ("right answer after {ms} ms", "{ms} 毫秒内回答正确"),
    "callback.dns": ("the host name does not resolve", "域名解析失败"),
    "callback.dns.cause": (
        "The name is misspelt, or its DNS record is missing or too new.",
        "域名写错，或解析记录缺失、刚添加未生效。",
    ),
    "callback.dns.remedy": (
        "Set an A record for the host to this server's public address.",
        "为该域名添加指向服务器公网 IP 的 A 记录。",
    ),
    "callback.connect": ("no connection", "无法建立连接"),
    "callback.connect.cause": (
        "Nothing listens there, or a firewall is in the way.",
        "该端口没有服务在监听，或被防火墙拦截。",
    ),
    "callback.connect.remedy": (
        "Start the bot and its HTTPS proxy, and open the port in firewall and security group.",
        "启动机器人及其 HTTPS 反向代理，并在防火墙和安全组中放行端口。",
    ),
    "callback.tls": ("TLS failed ({detail})", "TLS 握手失败（{detail}）"),
    "callback.tls.cause": (
        "The certificate is self-signed, expired, incomplete or for another name.",
        "证书为自签名、已过期、证书链不完整或域名不符。",
    ),
    "callback.tls.remedy": (
        "Install a certificate of a public authority with its whole chain, e.g. by Caddy or certbot.",
        "安装公共机构签发的完整证书链，例如用 Caddy 或 certbot 自动申请。",
    ),
    "callback.timeout": ("no answer within {seconds:.0f} s", "{seconds:.0f} 秒内没有回答"),
    "callback.timeout.cause": (
        "A firewall swallows the packets, or the server hangs. The platform waits 1 s for the URL check.",
        "防火墙丢弃数据包，或服务卡住。平台验证 URL 时只等 1 秒。",
    ),
    "callback.timeout.remedy": (
        "Open the port in firewall and security group; see whether the bot runs.",
        "在防火墙和安全组中放行端口，并确认机器人正在运行。",
    ),
    "callback.broken": ("the connection broke ({detail})", "连接中断（{detail}）"),
    "callback.broken.cause": (
        "What listens there does not speak HTTP, or crashed.",
        "该端口的服务不是 HTTP，或已崩溃。",
    ),
    "callback.broken.remedy": (
        "Check port and scheme of the URL, and the log of the proxy.",
        "检查 URL 的端口和协议，并查看反向代理日志。",
    ),
    "callback.redirect": ("HTTP {status}: it sends elsewhere", "HTTP {status}：被重定向"),
    "callback.redirect.cause": (
        "Usually http instead of https, or a slash at the end. The console is not known to follow.",
        "多为 http 未写成 https，或末尾斜杠不一致。后台不保证跟随跳转。",
    ),
    "callback.redirect.remedy": (
        "Give the address it ends at, both here and in the console.",
        "在此处和后台都填写跳转后的最终地址。",
    ),
    "callback.missing": ("HTTP {status}: nothing at this path", "HTTP {status}：该路径不存在"),
    "callback.missing.cause": (
        "The proxy or another web server answers, not the bot.",
        "回答的是反向代理或其他网站，不是机器人。",
    ),
    "callback.missing.remedy": (
        "Let the proxy pass this path on to the bot, or correct the URL.",
        "让反向代理将该路径转发给机器人，或更正 URL。",
    ),
    "callback.method": ("HTTP {status}: GET is not allowed", "HTTP {status}：不接受 GET"),
    "callback.method.cause": ("The URL check is a GET, the callbacks are POSTs.", "验证 URL 用 GET，推送消息用 POST。"),
    "callback.method.remedy": ("Let the proxy and the program take both.", "让反向代理和程序同时接受两者。"),
    "callback.gateway": ("HTTP {status}: the proxy finds no bot", "HTTP {status}：反向代理连不上机器人"),
    "callback.gateway.cause": (
        "The bot behind the proxy is down, or listens on another port.",
        "反向代理后的机器人未运行，或监听的端口不同。",
    ),
    "callback.gateway.remedy": (
        "Start the bot; compare its port with the one in the proxy.",
        "启动机器人，并核对反向代理中的端口。",
    ),
    "callback.failed": ("HTTP {status}: the server failed", "HTTP {status}：服务器出错"),
    "callback.failed.cause": ("The program at this address has an error of its own.", "该地址的程序自身出错。"),
    "callback.failed.remedy": ("Read its log at the time of this check.", "查看它此刻的日志。"),
    "callback.gate": ("HTTP {status}: access denied", "HTTP {status}：禁止访问"),
    "callback.gate.cause": (
        "A login, a firewall (WAF) or an address list stands before the bot.",
        "机器人前面有登录、WAF 或 IP 白名单。",
    ),
    "callback.gate.remedy": (
        "Let this path through without login; the platform's addresses are in getcallbackip.",
        "放行该路径且不要求登录；平台的回调 IP 见 getcallbackip。",
    ),
    "callback.refused": ("HTTP {status}: the check was refused", "HTTP {status}：验证被拒绝"),
    "callback.refused.cause": (
        "The bot that runs there has another Token, EncodingAESKey or corp id than these settings.",
        "正在运行的机器人与此处配置的 Token、EncodingAESKey 或企业 ID 不一致。",
    ),
    "callback.refused.remedy": (
        "Give both the same WXKF_TOKEN, WXKF_AES_KEY and WXKF_CORP_ID, and start the bot again.",
        "统一 WXKF_TOKEN、WXKF_AES_KEY 和 WXKF_CORP_ID，并重启机器人。",
    ),
    "callback.plus": ("HTTP {status}: a + in echostr does not survive", "HTTP {status}：echostr 中的 + 没有原样保留"),
    "callback.plus.cause": (
        "The program or the proxy decodes the query twice, so + becomes a blank and the signature fails.",
        "程序或反向代理对 query 解码了两次，+ 变成空格，签名不符。",
    ),
    "callback.plus.remedy": (
        "Decode once; in the program, turn blanks in echostr back into +.",
        "只解码一次；或在程序中将 echostr 里的空格还原为 +。",
    ),
    "callback.quoted": ("the plaintext is in quotes", "明文外多了引号"),
    "callback.quoted.cause": ("The program answers JSON.", "程序以 JSON 返回。"),
    "callback.quoted.remedy": (
        "Answer the bare text as text/plain, no JSON.",
        "以 text/plain 直接返回明文，不要用 JSON。",
    ),
    "callback.altered": ("the plaintext has something around it", "明文前后多了内容"),
    "callback.altered.cause": ("A blank, a line break or a BOM was added.", "多了空格、换行或 BOM。"),
    "callback.altered.remedy": ("Answer the plaintext and not one byte more.", "只返回明文，一个字节也不要多。"),
    "callback.echoed": ("echostr came back as it was sent", "原样返回了 echostr"),
    "callback.echoed.cause": ("It was not decrypted.", "没有解密。"),
    "callback.echoed.remedy": (
        "Decrypt echostr with the EncodingAESKey and answer what is in it.",
        "用 EncodingAESKey 解密 echostr，返回其中的明文。",
    ),
    "callback.wrong": ("another answer than the plaintext", "返回的不是明文"),
    "callback.wrong.cause": ("Something else than the bot answers at this address.", "该地址上回答的不是机器人。"),
    "callback.wrong.remedy": (
        "Let this path reach the bot; open it in a browser to see who answers.",
        "让该路径到达机器人；可用浏览器打开看看是谁在回答。",
    ),
    "callback.slow": ("right answer, but after {ms} ms", "回答正确，但用了 {ms} 毫秒"),
    "callback.slow.cause": ("The platform waits 1 s for the URL check.", "平台验证 URL 时只等 1 秒。"),
    "callback.slow.remedy": (
        "Keep the bot warm and near; do no work before the answer. Run again: a first TLS handshake is slow.",
        "让服务常驻、靠近用户，回答前不做其他工作。可再试一次：首次 TLS 握手较慢。",
    ),
    # ── around the lines ──────────────────────────────────────────────────────────────────────────────────────
    "show.cause": ("Why", "原因"),
    "show.remedy": ("What to do", "处理"),
    "show.green": ("All fine.", "一切正常。"),
    "show.red": ("{count} to mend.", "有 {count} 项需要处理。"),
    "show.skipped": ("{count} not checked.", "{count} 项未检查。"),
    "show.env": ("settings: {where}", "配置来源：{where}"),
}


def say(key: str, **values: object) -> Words:
    """Give one sentence in both languages, its values filled in."""
    return fill(WORDS[key], **values)


def fill(sentence: tuple[str, str], **values: object) -> Words:
    """Fill the values into both languages; a value that is `Words` is given in each."""
    both = []
    for at, said in enumerate(sentence):
        here = {name: value[at] if isinstance(value, Words) else value for name, value in values.items()}
        both.append(said.format(**here) if values else said)
    return Words(*both)
