// The phone: bubbles as WeChat draws them. Each message type is one function in DRAW.

import { $, avatar, make } from "/draw.js";
import { friendlyTime, word } from "/words.js";

const GAP = 300; // seconds of silence after which the time is shown

const safeLink = (url) => /^https?:\/\//i.test(url);

function menuItem(item, tap) {
  const body = item[item.type];
  if (item.type === "text") return make("p", "line", body.content);
  if (item.type === "view" && safeLink(body.url)) {
    const link = make("a", "choice", body.content);
    link.href = body.url;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    return link;
  }
  const button = make("button", "choice", body.content);
  button.type = "button";
  if (item.type === "click") button.addEventListener("click", () => tap(body));
  else button.disabled = true;
  return button;
}

const DRAW = {
  text: (body) => make("div", "bubble", body.content),
  image(body) {
    const image = make("img", "bubble picture");
    image.alt = word("picture_alt");
    image.src = `/_sim/media?media_id=${encodeURIComponent(body.media_id)}`;
    image.addEventListener("load", scrollDown);
    return image;
  },
  msgmenu(body, tap) {
    const menu = make("div", "bubble menu");
    if (body.head_content) menu.append(make("p", "head", body.head_content));
    for (const item of body.list) menu.append(menuItem(item, tap));
    if (body.tail_content) menu.append(make("p", "tail", body.tail_content));
    return menu;
  },
};

function drawn(bubble, names, tap) {
  if (bubble.who === "system") return make("li", "system", word("entered"));
  const mine = bubble.who === "customer";
  const draw = DRAW[bubble.msgtype] ?? (() => make("div", "bubble", `[${bubble.msgtype}] ${word("unknown")}`));
  const row = make("li", mine ? "mine" : "theirs");
  const id = mine ? bubble.external_userid : bubble.open_kfid;
  row.append(avatar(id, mine ? names.customer : names.account), draw(bubble.body, tap));
  row.dataset.msgid = bubble.msgid;
  return row;
}

let last = null; // the bubble drawn last, to tell when time has passed

export function clearPhone() {
  $("bubbles").replaceChildren();
  last = null;
}

export function addBubble(bubble, names, now, tap) {
  const list = $("bubbles");
  if (last === null || bubble.at - last.at > GAP) list.append(make("li", "time", friendlyTime(bubble.at, now)));
  list.append(drawn(bubble, names, tap));
  last = bubble;
  scrollDown();
}

export function showTrail(msgid, parts) {
  document.querySelector(".trail")?.remove();
  const row = [...$("bubbles").children].find((node) => msgid && node.dataset.msgid === msgid);
  if (!row) return;
  const trail = make("p", "trail");
  for (const { text, good } of parts) trail.append(make("span", good ? "good" : "bad", text));
  row.append(trail);
  scrollDown();
}

export function scrollDown() {
  const list = $("bubbles");
  list.scrollTop = list.scrollHeight;
}
