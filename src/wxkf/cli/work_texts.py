"""What `wxkf new`, `wxkf trigger` and reloading say, in English and Chinese."""

from typing import Final

TEXTS: Final = {
    "new": (
        "Start a project of your own: a bot, its test, Dockerfile and compose file. Touches nothing that is there.",
        "新建你自己的项目：机器人、测试、Dockerfile 和 compose 文件。不会改动已有的任何内容。",
    ),
    "new.folder": ("The folder to make; its name is the project's.", "要创建的文件夹，项目与它同名。"),
    "new.lang": (
        "Language of comments, README and greeting; as the commands speak by default.",
        "注释、README 和欢迎语的语言；默认与命令行相同。",
    ),
    "new.bad_name": (
        "{name!r} cannot be a project's name: letters, digits and - . _ between them, for example shop",
        "{name!r} 不能用作项目名：只能用英文字母、数字，中间可有 - . _，例如 shop",
    ),
    "new.taken": (
        "a project called {name!r} could not depend on the package of that name; call it shop, for example",
        "名为 {name!r} 的项目无法依赖同名的包：请换个名字，例如 shop",
    ),
    "new.not_empty": (
        "{folder} exists and is not empty; nothing was changed. Give a new name, or an empty folder",
        "{folder} 已存在且不为空，没有作任何改动。请换个名字，或用空文件夹",
    ),
    "new.unwritable": ("{folder} cannot be written: {why}", "{folder} 无法写入：{why}"),
    "new.ready": ("{folder} is ready: {files}. Next:", "{folder} 已就绪：{files}。接下来："),
    "new.hello": ("Hello", "你好"),
    "new.next.test": ("its test", "运行它的测试"),
    "new.next.demo": (
        "talk to it in the browser; what you save takes effect at once",
        "在浏览器里和它聊天，保存即生效",
    ),
    "new.next.trigger": ("one message and its answer, here in the terminal", "在终端里发一条消息，看它的回答"),
    "new.next.setup": ("a real account, step by step", "逐步接入真实账号"),
    "new.source": (
        "the wxkf that made this project; without these lines the published one is taken, as in a container",
        "生成本项目的 wxkf；删去这几行即改用已发布的版本，在容器里也须如此",
    ),
    "reload": (
        "Begin anew whenever a .py, .toml or .env file of this folder changes; nothing is lost by it.",
        "此文件夹中的 .py、.toml 或 .env 文件一有改动就重新启动，不会丢消息。",
    ),
    "reload.changed": ("{file} has changed", "{file} 有改动"),
    "reload.ended": (
        "Ended with exit code {code}. The next change begins it anew.",
        "已退出（退出码 {code}）。下次改动后重新启动。",
    ),
    "trigger": (
        "Let a customer or a colleague do something, and see what the bot answers: at a wxkf sim that runs, or here.",
        "让顾客或同事做一件事，看机器人如何回答：在运行中的 wxkf sim 上，或用 --bot 就地进行。",
    ),
    "trigger.what": (
        "What happens: text, image, location …, pick (an item of a menu), enter_session …; without it, all are listed.",
        "发生什么：text、image、location……，pick（点菜单项），enter_session……；不写则列出全部。",
    ),
    "trigger.value": (
        "The words of a text; what is picked, by id or words; another message's body as JSON; a fail_type.",
        "text 的文字；pick 的菜单项（id 或文字）；其他消息的 JSON 内容；fail_type。",
    ),
    "trigger.bot": (
        "A bot as module:name: run it here with a simulator of its own, which is gone afterwards.",
        "机器人，写作 模块:变量：在本进程内运行，自带一个用完即弃的模拟平台。",
    ),
    "trigger.file": (
        "The file of an image, voice, video or file; a small sample by default.",
        "图片、语音、视频或文件的文件路径；默认用小样例。",
    ),
    "trigger.scene": ("The scene of the link that is entered by.", "进入会话所用链接的 scene。"),
    "trigger.scene_param": ("Its scene_param.", "对应的 scene_param。"),
    "trigger.servicer": ("Which colleague it is.", "由哪位接待人员操作。"),
    "trigger.who": (
        "The customer, by name or external_userid; new if there is none. The newest by default, a new one to greet.",
        "顾客的名字或 external_userid，没有则新建。默认最新一位；进入会话时默认新来一位。",
    ),
    "trigger.account": (
        "The account, by open_kfid or name. The first by default.",
        "客服账号的 open_kfid 或名称。默认第一个。",
    ),
    "trigger.sim": (
        "The simulator's address; WXKF_BASE_URL, or http://127.0.0.1:8700, by default.",
        "模拟平台的地址；默认取 WXKF_BASE_URL，否则 http://127.0.0.1:8700。",
    ),
    "trigger.timeout": ("Seconds to wait for an answer.", "等待回答的秒数。"),
    "trigger.customer": ("customer", "顾客"),
    "trigger.kind": (
        "there is no {kind!r}; did you mean {near}? These can happen: {kinds}",
        "没有 {kind!r}；是否想写 {near}？可以发生的有：{kinds}",
    ),
    "trigger.kind.far": ("there is no {kind!r}; these can happen: {kinds}", "没有 {kind!r}；可以发生的有：{kinds}"),
    "trigger.no_file_kind": (
        "{kind} holds no file; --file goes with {kinds}",
        "{kind} 不带文件；--file 只用于 {kinds}",
    ),
    "trigger.no_scene": (
        "{kind} has no scene; --scene and --scene-param go with enter_session",
        "{kind} 没有 scene；--scene 和 --scene-param 只用于 enter_session",
    ),
    "trigger.no_value": (
        "{kind} takes no {value!r}; a file is given by --file",
        "{kind} 不接受 {value!r}；文件请用 --file 指定",
    ),
    "trigger.needs.text": ("a text needs words: wxkf trigger text Hello", "text 需要文字：wxkf trigger text 你好"),
    "trigger.needs.pick": (
        "say what is picked, by its id or its words: wxkf trigger pick hours",
        "请写明点哪一项，用 id 或文字：wxkf trigger pick hours",
    ),
    "trigger.which": ("say which {kind}: {choices}", "请写明哪一种 {kind}：{choices}"),
    "trigger.fail_type": ("{value!r} is no fail_type; these are: {choices}", "{value!r} 不是 fail_type；有：{choices}"),
    "trigger.json": (
        "the body of a {kind} is a JSON object: {why}",
        "{kind} 的内容须是 JSON 对象：{why}",
    ),
    "trigger.no_item": (
        "no menu on the phone has an item {item!r}; to pick there is: {there}",
        "手机上的菜单没有 {item!r} 这一项；可选：{there}",
    ),
    "trigger.nothing_to_recall": ("there is no message that could be taken back", "没有可以撤回的消息"),
    "trigger.url": (
        "{url!r} is no address such as http://127.0.0.1:8700",
        "{url!r} 不是 http://127.0.0.1:8700 这样的地址",
    ),
    "trigger.nobody": (
        "no simulator answers at {url}: start one with `wxkf sim`, or let a bot answer right here with --bot bot:bot",
        "{url} 没有模拟平台应答：用 `wxkf sim` 启动一个，或用 --bot bot:bot 让机器人就地回答",
    ),
    "trigger.no_sim": (
        "what answers at {url} is no simulator of wxkf, or was not started for other machines (--host)",
        "{url} 的应答不是 wxkf 的模拟平台，或它没有对其他机器开放（--host）",
    ),
    "trigger.no_account": (
        "there is no account {account!r}; there are: {there}",
        "没有客服账号 {account!r}；已有：{there}",
    ),
    "trigger.refused": ("that cannot happen now: {why}", "现在不能这样做：{why}"),
    "trigger.not_with_bot": (
        "--bot brings a simulator of its own, with one account: leave out --sim and --account",
        "--bot 自带模拟平台和唯一的账号：请去掉 --sim 和 --account",
    ),
    "trigger.quiet": ("(no answer: {why})", "（没有回答：{why}）"),
    "trigger.quiet.people": (
        "the session is with colleagues, or in their queue",
        "会话由接待人员处理，或在排队",
    ),
    "trigger.quiet.nobody": (
        "no handler takes this {kind}; register one with @bot.on({kind})",
        "没有处理函数接收这个 {kind}；用 @bot.on({kind}) 注册",
    ),
    "trigger.quiet.filtered": (
        "there are handlers for a {kind}, but the where= of none of them lets this one through",
        "有处理 {kind} 的函数，但它们的 where= 都不放行这一条",
    ),
    "trigger.quiet.nothing": ("it is for {handler}, and nothing came of it", "由 {handler} 处理，但没有发出任何内容"),
    "trigger.quiet.silent": (
        "nothing within {seconds:.0f} s, but a bot has fetched it: wxkf tail --since 1m, or look at {url}/",
        "{seconds:.0f} 秒内没有动静，但机器人已取走：wxkf tail --since 1m，或打开 {url}/",
    ),
    "trigger.not_taken": (
        "No bot has fetched it: {where}. Is one running, and is its address the --callback of wxkf sim?",
        "没有机器人取走它：{where}。机器人在运行吗？wxkf sim 的 --callback 是它的地址吗？",
    ),
}
