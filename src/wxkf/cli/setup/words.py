"""What the set-up says, English and Chinese, each sentence once."""

from typing import Final

from wxkf.cli.doctor.show import mine
from wxkf.cli.doctor.words import fill

WORDS: Final[dict[str, tuple[str, str]]] = {
    "ask.corp_id": ("Corp id (console → 我的企业 → 企业ID)", "企业 ID（管理后台 → 我的企业 → 企业ID）"),
    "ask.secret": (
        "Secret (console → 应用管理 → your app; hidden while you type)",
        "Secret（管理后台 → 应用管理 → 你的应用；输入时不显示）",
    ),
    "ask.replace": ("{path} has another {names}. Replace?", "{path} 中的 {names} 不同，是否替换？"),
    "made": (
        "Token and EncodingAESKey made and kept in {path} (mode 0600).",
        "已生成 Token 和 EncodingAESKey，保存在 {path}（权限 0600）。",
    ),
    "kept": ("Going on with {path}.", "沿用 {path} 中的配置。"),
    "git": (
        "{path} is not ignored by git: add it to .gitignore, or the secrets get committed.",
        "{path} 未被 git 忽略：请加入 .gitignore，否则密钥会被提交。",
    ),
    "routing": (
        "Mind: with step 5 the console's own routing, robot and satisfaction survey stop for these accounts.",
        "注意：完成第 5 步后，后台自带的接待规则、机器人和满意度评价对这些账号不再生效。",
    ),
    "steps": (
        "In the WeCom console, https://work.weixin.qq.com/wework_admin/ :",
        "在企业微信管理后台 https://work.weixin.qq.com/wework_admin/ 中操作：",
    ),
    "step.server": ("The callback server is up: {where}", "回调服务已启动：{where}"),
    "step.url": (
        "应用管理 (apps) → your app → 接收消息 (receive) → 设置API接收 (API): fill in, tick 微信客服消息和事件, save",
        "应用管理 → 你的应用 → 接收消息 → 设置API接收：填写三项，勾选「微信客服消息和事件」，保存",
    ),
    "step.ip": (
        "应用管理 (apps) → your app → 企业可信IP (trusted IP): add {ip}; takes about a minute",
        "应用管理 → 你的应用 → 企业可信IP：添加 {ip}，约 1 分钟后生效",
    ),
    "step.callable": (
        "微信客服 (customer service) → API → 可调用接口的应用 (apps that may call): add the app",
        "微信客服 → API → 可调用接口的应用：添加该应用",
    ),
    "step.managed": (
        "微信客服 → API → 通过API管理微信客服账号 (managed by API) → 企业内部开发 (in-house): assign the accounts",
        "微信客服 → API → 通过API管理微信客服账号 → 企业内部开发：分配客服账号",
    ),
    "step.range": (
        "应用管理 (apps) → your app → 可见范围 (visible range): everybody who serves",
        "应用管理 → 你的应用 → 可见范围：包含所有接待人员",
    ),
    "ip.here": ("this server's address", "本服务器的公网 IP"),
    "server.local": (
        "{local}; let your HTTPS proxy pass the public URL on to it",
        "{local}，请让 HTTPS 反向代理把公网 URL 转发到这里",
    ),
    "server.public": ("{url} → {local}", "{url} → {local}"),
    "enter": ("To enter there:", "填写内容："),
    "enter.file": (
        "URL, Token and EncodingAESKey to enter there: see {path}.",
        "需填写的 URL、Token 和 EncodingAESKey 见 {path}。",
    ),
    "enter.url": ("https://<your host>/callback", "https://<你的域名>/callback"),
    "waiting": (
        "Each step is ticked as soon as it works. Ctrl-C stops; run again to go on.",
        "每一步生效后自动打勾。按 Ctrl-C 停止，再次运行可继续。",
    ),
    "now": ("Now: {found}", "当前：{found}"),
    "stopped": (
        "Stopped. What was made is in {path}; run `wxkf setup` again to go on.",
        "已停止。已生成的内容保存在 {path}，再次运行 wxkf setup 可继续。",
    ),
    "malformed": ("{found}. {remedy}", "{found}。{remedy}"),
    "wrong": (
        "Corp id or secret is wrong; nothing more is asked, since repeated wrong secrets ban this server's IP.",
        "企业 ID 或 Secret 有误。不再继续请求，反复使用错误的 Secret 会导致服务器 IP 被封。",
    ),
    "done": (
        "All steps are done. Customers open this link or scan it with WeChat:",
        "全部完成。客户可打开以下链接，或用微信扫码：",
    ),
    "next": ("Next: wxkf doctor, then wxkf run hello:bot", "接下来：wxkf doctor，然后 wxkf run hello:bot"),
    "link.none": ("The link cannot be made now: {why}", "暂时无法生成链接：{why}"),
}


def tell(key: str, **values: object) -> str:
    """Give one sentence in the user's language."""
    return mine(fill(WORDS[key], **values))
