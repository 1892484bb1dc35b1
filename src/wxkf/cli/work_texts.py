"""What `wxkf new` says, in English and Chinese."""

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
}
