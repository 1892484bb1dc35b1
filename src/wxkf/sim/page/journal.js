// The journal: one line for each call, callback and action; open a line to read it whole. Only the newest lines are
// elements; what comes within one frame is drawn at once, and while it is paused nothing moves.

import { $, button, icon, label, make } from "/draw.js";
import { newest, on, world } from "/store.js";
import { tell } from "/toast.js";
import { dateTime, exactTime, word } from "/words.js";

const KEPT = 200;
const SIGNS = { call: "→", callback: "←", action: "•" };
const rows = new Map(); // number to element, oldest first
const view = { paused: false, search: "", since: 0, hidden: new Set(), upto: Infinity };

const pretty = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

function copy(text) {
  navigator.clipboard?.writeText(text).then(() => tell(word("copied")), () => {});
}

function block(title, value) {
  const text = pretty(value);
  const pre = make("pre", "", text);
  pre.tabIndex = 0;
  return make("div", "part", make("h3", "", word(title), label(button("icon tiny", () => copy(text), icon("copy")), word("copy"))), pre);
}

function details(entry) {
  if (entry.kind !== "callback") {
    const parts = [block("request", entry.request)];
    return entry.response ? [...parts, block("response", entry.response)] : parts;
  }
  const { xml, body, ...rest } = entry.request;
  return [
    block("decrypted", (xml ?? "").replace(/>(?=<[A-Z])/g, ">\n  ").replace("</xml>", "\n</xml>")), block("encrypted", body ?? ""),
    block("request", rest), block("response", entry.response ?? word("waiting")),
  ];
}

function summary({ kind, title, request, response }) {
  if (title === "clock") return dateTime(request.now);
  if (kind === "action") return request.text ?? request.nickname ?? request.kind ?? request.msgtype ?? request.userid ?? "";
  if (kind === "callback") return request.attempt > 1 ? `#${request.attempt}` : "";
  if (response?.msg_list) return `${response.msg_list.length} msg${response.has_more ? " · more" : ""}`;
  if (response?.errcode) return response.errmsg;
  const body = request.body ?? {};
  return body.text?.content ?? body.msgmenu?.head_content ?? body.msgtype ?? "";
}

function verdict(entry) {
  if (entry.kind === "action") return null;
  if (!entry.response) return make("span", "badge", "…");
  if (entry.kind === "callback") {
    const status = entry.response.status;
    return make("span", status === 200 ? "badge good" : "badge bad", String(status ?? entry.response.failure));
  }
  return make("span", entry.errcode ? "badge bad" : "badge good", String(entry.errcode));
}

function fill(row, entry) {
  const line = make("summary", "", make("span", `sign ${entry.kind}`, SIGNS[entry.kind]),
    make("code", "", entry.title), make("span", "about", summary(entry)));
  const badge = verdict(entry);
  if (badge) line.append(badge);
  if (entry.response?.faults) badge?.append(` ⚡ ${entry.response.faults.join(", ")}`);
  line.append(make("time", "", exactTime(entry.at)));
  const box = make("details", "", line);
  box.open = row.querySelector("details")?.open ?? false;
  const open = () => box.childElementCount === 1 && box.append(...details(entry));
  if (box.open) open();
  box.addEventListener("toggle", open);
  row.className = `entry ${entry.kind}`;
  row.replaceChildren(box);
}

const isShown = (entry) => entry.number > view.since && entry.number <= view.upto && !view.hidden.has(entry.kind)
  && (!view.search || `${entry.title} ${JSON.stringify(entry)}`.toLowerCase().includes(view.search));

function put(entry, row = make("li")) {
  if (!isShown(entry)) return;
  if (!rows.has(entry.number)) {
    if (rows.size && entry.number < rows.keys().next().value && rows.size >= KEPT) return; // its line is gone already
    rows.set(entry.number, row);
    $("entries").prepend(row);
  }
  fill(rows.get(entry.number), entry);
}

function dropOld() {
  while (rows.size > KEPT) {
    const [oldest, node] = rows.entries().next().value;
    rows.delete(oldest);
    node.remove();
  }
}

function drawNew() {
  const numbers = view.paused ? [] : [...world.changed].slice(-KEPT);
  world.changed.clear();
  for (const number of numbers) if (world.entries.has(number)) put(world.entries.get(number));
  dropOld();
  drawHead();
}

// A line that was open stays open.
function drawAnew() {
  const before = new Map(rows);
  rows.clear();
  world.changed.clear();
  $("entries").replaceChildren();
  const shown = [];
  for (const entry of [...world.entries.values()].reverse()) {
    if (isShown(entry)) shown.push(entry);
    if (shown.length === KEPT) break;
  }
  for (const entry of shown.reverse()) put(entry, before.get(entry.number));
  drawHead();
}

function drawHead() {
  $("nothing").hidden = rows.size > 0 || world.entries.size > 0;
  const text = view.paused ? word("paused")(Math.max(0, newest() - view.upto)) : word(world.live ? "live" : "lost");
  $("live").className = world.live ? (view.paused ? "live halted" : "live") : "live lost";
  $("live").lastElementChild.textContent = text;
}

function pause(paused) {
  Object.assign(view, { paused, upto: paused ? newest() : Infinity });
  $("pause").setAttribute("aria-pressed", String(paused));
  $("pause").replaceChildren(icon(paused ? "play" : "pause"));
  label($("pause"), word(paused ? "resume" : "pause"));
  $("pause").dataset.label = paused ? "resume" : "pause";
  if (!paused) drawAnew();
  drawHead();
}

for (const node of document.querySelectorAll("[data-kind][aria-pressed]")) {
  node.addEventListener("click", () => {
    const on_ = node.getAttribute("aria-pressed") !== "true";
    node.setAttribute("aria-pressed", String(on_));
    view.hidden[on_ ? "delete" : "add"](node.dataset.kind);
    drawAnew();
  });
}
$("search").addEventListener("input", () => { view.search = $("search").value.trim().toLowerCase(); drawAnew(); });
$("pause").addEventListener("click", () => pause(!view.paused));
$("pause").append(icon("pause"));
$("clear").append(icon("bin"));
$("clear").addEventListener("click", () => { view.since = newest(); drawAnew(); });

on("entries", drawNew);
on("words", drawAnew);
on("journal", () => {
  if (newest() < view.since) view.since = 0; // it begins anew at another server
  drawAnew();
});
on("live", drawHead);
