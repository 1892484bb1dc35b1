// The page's words in two languages. The browser's language decides until a person toggles.

const ZH = {
  tagline: "微信客服，装进盒子里", phone: "手机", journal: "调用日志", views: "视图", clock: "模拟时钟",
  forward_minute: "快进一分钟", forward_hour: "快进一小时", forward_window: "快进 48 小时",
  theme: "切换深浅色", language: "Switch to English", other: "EN",
  back: "返回入口", enter_again: "通过链接再次进入", messages: "聊天记录", picture: "发送图片",
  message: "消息", message_hint: "发消息…", send: "发送", service: "微信客服", nickname: "我的昵称",
  scene: "场景值 scene（可选）", enter: "进入会话", customers: "选择顾客",
  enter_hint: "相当于在微信里打开客服链接，会触发 enter_session 事件。", new_customer: "新顾客",
  someone: "小明", live: "实时", lost: "重新连接中", filter: "筛选",
  calls: "接口调用", callbacks: "回调", actions: "操作",
  nothing: "还没有动静。进入会话，说句话，每一次回调和接口调用都会出现在这里。",
  request: "请求", response: "响应", decrypted: "回调明文", encrypted: "回调密文", waiting: "等待响应…",
  entered: "你已进入会话", yesterday: "昨天", picture_alt: "图片", unknown: "此消息类型暂未绘制",
  states: ["未处理", "智能助手接待中", "排队中", "人工接待中", "未开始 / 已结束"],
  sends: (n) => `还可回复 ${n} 条`, shut: "窗口未开", until: (t) => `${t} 前有效`,
  rung: "已回调", failed: "回调失败", pulled: "已拉取", sent: "已送达平台",
  failure: "没有成功：",
};
const EN = {
  tagline: "WeChat Customer Service in a box", phone: "Phone", journal: "Journal", views: "Views", clock: "Simulated clock",
  forward_minute: "Forward one minute", forward_hour: "Forward one hour", forward_window: "Forward 48 hours",
  theme: "Light or dark", language: "切换到中文", other: "中",
  back: "Back to the entrance", enter_again: "Enter through the link again", messages: "Messages", picture: "Send a picture",
  message: "Message", message_hint: "Message…", send: "Send", service: "WeChat Customer Service", nickname: "My nickname",
  scene: "scene (optional)", enter: "Enter the chat", customers: "Choose a customer",
  enter_hint: "Like opening the service link inside WeChat: it fires enter_session.", new_customer: "New",
  someone: "Ming", live: "live", lost: "reconnecting", filter: "Filter",
  calls: "Calls", callbacks: "Callbacks", actions: "Actions",
  nothing: "Nothing yet. Enter the chat and say something: every callback and every call will show up here.",
  request: "Request", response: "Response", decrypted: "Callback, decrypted", encrypted: "Callback, encrypted", waiting: "waiting…",
  entered: "You entered the chat", yesterday: "Yesterday", picture_alt: "Picture", unknown: "This message type is not drawn yet",
  states: ["new", "with the assistant", "queued", "with a person", "not begun / ended"],
  sends: (n) => `${n} ${n === 1 ? "reply" : "replies"} left`, shut: "window shut", until: (t) => `until ${t}`,
  rung: "callback", failed: "callback failed", pulled: "pulled", sent: "on the platform",
  failure: "That did not work: ",
};

const KEY = "wxkf-language";
let chosen = localStorage.getItem(KEY) ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");

export const word = (name) => (chosen === "zh" ? ZH : EN)[name];
export const locale = () => (chosen === "zh" ? "zh-CN" : "en-GB");

export function toggleLanguage() {
  chosen = chosen === "zh" ? "en" : "zh";
  localStorage.setItem(KEY, chosen);
}

export function putWords() {
  document.documentElement.lang = locale();
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = word(node.dataset.word);
  for (const node of document.querySelectorAll("[data-hint]")) node.placeholder = word(node.dataset.hint);
  for (const node of document.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", word(node.dataset.label));
    if (node.tagName === "BUTTON") node.title = word(node.dataset.label);
  }
  document.getElementById("language").textContent = word("other");
}

const format = (options) => (at) => new Intl.DateTimeFormat(locale(), { timeZone: "Asia/Shanghai", hour12: false, ...options }).format(at * 1000);
export const clockTime = format({ hour: "2-digit", minute: "2-digit" });
export const exactTime = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const monthDay = format({ month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
const day = format({ year: "numeric", month: "2-digit", day: "2-digit" });
export const dateTime = format({ month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });

export function friendlyTime(at, now) {
  if (day(at) === day(now)) return clockTime(at);
  if (day(at) === day(now - 86400)) return `${word("yesterday")} ${clockTime(at)}`;
  return monthDay(at);
}
