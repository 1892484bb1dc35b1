// The phone: the chat of the chosen customer with the chosen account. Bubbles are added one by one and drawn anew only
// when one of them changed, the chat was changed or the words were.

import { $, avatar, button, make } from "/draw.js";
import { lookAtChat } from "/live.js";
import { drawBody } from "/messages.js";
import { post } from "/server.js";
import { accountOf, chatOf, choose, customerOf, here, keyOf, me, now, on, world } from "/store.js";
import { openSheet } from "/sheet.js";
import { clockTime, friendlyTime, locale, word } from "/words.js";

const GAP = 300; // seconds of silence after which the time is shown
const RECALL = 120; // seconds within which a message can be taken back
const drawn = { key: "", count: 0, last: null };
let following = true; // the end of the chat is in sight, and stays so

function recalled(bubble) {
  const mine = bubble.who === "customer";
  const line = make("li", "system", word(mine ? "recalled_mine" : "recalled_theirs"));
  if (mine && bubble.was?.content) {
    line.append(button("linkish", () => { $("text").value = bubble.was.content; $("text").dispatchEvent(new Event("input")); $("text").focus(); }, word("edit_again")));
  }
  return line;
}

function row(bubble) {
  if (bubble.recalled) return recalled(bubble);
  if (bubble.who === "system") return make("li", "system", word("entered"));
  const mine = bubble.who === "customer";
  const node = make("li", mine ? "mine" : "theirs");
  const face = mine ? avatar(bubble.external_userid, customerOf()?.nickname ?? "") : avatar(bubble.open_kfid, accountOf()?.name ?? "");
  const tap = (index) => post("customers/tap", { ...here(), msgid: bubble.msgid, index });
  const body = make("div", "body", drawBody(bubble, tap));
  if (bubble.who === "staff") body.prepend(make("span", "who", bubble.servicer_userid));
  node.append(face, body);
  if (mine && now() - bubble.at < RECALL) {
    node.tabIndex = 0;
    body.append(button("recall", () => post("customers/recall", { ...here(), msgid: bubble.msgid }), word("recall")));
  }
  node.dataset.msgid = bubble.msgid;
  return node;
}

function drawBubbles() {
  const chat = me.inside ? chatOf() : null;
  const list = $("bubbles");
  const key = chat ? `${keyOf(me)} ${chat.edits} ${chat.dropped} ${locale()}` : "";
  const anew = key !== drawn.key;
  if (anew) {
    list.replaceChildren();
    Object.assign(drawn, { key, count: 0, last: null });
  }
  for (const bubble of chat?.bubbles.slice(drawn.count) ?? []) {
    if (drawn.last === null || bubble.at - drawn.last.at > GAP) list.append(make("li", "time", friendlyTime(bubble.at, now())));
    list.append(row(bubble));
    following ||= bubble.who === "customer";
    drawn.last = bubble;
  }
  following ||= anew;
  drawn.count = chat?.bubbles.length ?? 0;
  followOn();
}

export function scrollDown() {
  following = true;
  followOn();
}

function followOn() {
  const list = $("bubbles");
  if (following) list.scrollTop = list.scrollHeight;
}

// Pictures grow when they have come, and the list shrinks under the panel: whoever was at the end stays there.
$("bubbles").addEventListener("scroll", () => {
  const list = $("bubbles");
  following = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
});
for (const name of ["load", "loadedmetadata"]) $("bubbles").addEventListener(name, followOn, true);
new ResizeObserver(followOn).observe($("bubbles"));

function drawSession() {
  const session = chatOf()?.session;
  if (!session) return $("session").replaceChildren();
  const state = make("span", `state s${session.state}`, `${session.state} ${word("states")[session.state]}`);
  const rest = session.window_ends === null
    ? [make("span", "", word("shut"))]
    : [make("span", "", word("sends")(session.sends_left)), make("span", "", word("until")(friendlyTime(session.window_ends, now())))];
  if (session.blocked) rest.push(make("span", "bad", word("blocked")));
  return $("session").replaceChildren(state, ...rest);
}

// How far the newest customer message has got, told from the journal alone.
function drawTrail() {
  $("bubbles").querySelector(".trail")?.remove();
  const newest = me.inside ? chatOf()?.bubbles.at(-1) : null;
  if (newest?.who !== "customer" || newest.recalled) return;
  const entries = [...world.entries.values()].slice(-300);
  const said = entries.findIndex((it) => it.kind === "action" && it.response?.msgid === newest.msgid);
  const later = said < 0 ? [] : entries.slice(said);
  const parts = [[word("sent"), "good"]];
  const rejected = chatOf().session?.rejected; // what staff do not hear is not rung for
  const rung = !rejected && later.findLast((it) => it.kind === "callback" && it.request.open_kfid === me.open_kfid && it.response);
  if (rung) parts.push(rung.errcode ? [word("failed"), "bad"] : [`${word("rung")} ${rung.response.status}`, rung.response.status === 200 ? "good" : "bad"]);
  if (later.some((it) => it.response?.msg_list?.some?.((one) => one.msgid === newest.msgid))) parts.push([word("pulled"), "good"]);
  const trail = make("p", "trail", ...parts.map(([text, kind]) => make("span", kind, text)));
  $("bubbles").lastElementChild?.append(trail);
  followOn();
}

function drawChat() {
  $("chat").hidden = !me.inside;
  $("account-name").textContent = accountOf()?.name ?? "";
  if (me.inside) lookAtChat(me);
}

export function enterAgain() {
  return post("customers/enter", { ...here(), scene: $("scene").value, scene_param: $("scene-param").value });
}

$("back").addEventListener("click", () => choose({ inside: false }));
$("chat-more").addEventListener("click", () => {
  const blocked = chatOf()?.session?.blocked ?? false;
  openSheet([
    [word("enter_again"), enterAgain],
    [word(blocked ? "unblock" : "block"), () => post("customers/reject", { ...here(), rejected: !blocked })],
    [word("change_person"), () => choose({ inside: false })],
  ]);
});

on("people chosen words", drawChat);
on("bubbles chosen words people", drawBubbles);
on("sessions chosen words", drawSession);
on("bubbles journal entries chosen words", drawTrail);
on("tick", () => { $("bar-time").textContent = clockTime(now()); });
