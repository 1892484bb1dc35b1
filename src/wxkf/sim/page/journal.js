// The journal: one line for each call, callback and action; open a line to read it whole. Old lines are dropped.

import { $, make } from "/draw.js";
import { exactTime, word } from "/words.js";

const KEPT = 200;
const SIGNS = { call: "→", callback: "←", action: "•" };
const rows = new Map();

const pretty = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

function block(title, value) {
  const pre = make("pre", "", pretty(value));
  pre.tabIndex = 0;
  return make("div", "part", make("h3", "", word(title)), pre);
}

function details(entry) {
  if (entry.kind !== "callback") {
    const parts = [block("request", entry.request)];
    return entry.response ? [...parts, block("response", entry.response)] : parts;
  }
  const { xml, body, ...rest } = entry.request;
  return [
    block("decrypted", xml.replace(/>(?=<[A-Z])/g, ">\n  ").replace("</xml>", "\n</xml>")), block("encrypted", body),
    block("request", rest), block("response", entry.response ?? word("waiting")),
  ];
}

function summary(entry) {
  const { request, response } = entry;
  if (entry.kind === "action") return request.text ?? request.nickname ?? "";
  if (entry.kind === "callback") return request.attempt > 1 ? `#${request.attempt}` : "";
  if (response?.msg_list) return `${response.msg_list.length} msg${response.has_more ? " · more" : ""}`;
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
  line.append(make("time", "", exactTime(entry.at)));
  const box = make("details", "", line);
  box.open = row.querySelector("details")?.open ?? false;
  const open = () => box.childElementCount === 1 && box.append(...details(entry));
  if (box.open) open();
  box.addEventListener("toggle", open);
  row.className = `entry ${entry.kind}`;
  row.replaceChildren(box);
}

export function clearJournal() {
  rows.clear();
  $("entries").replaceChildren();
}

export function addEntry(entry) {
  let row = rows.get(entry.number);
  if (!row) {
    row = make("li");
    rows.set(entry.number, row);
    $("entries").prepend(row);
    if (rows.size > KEPT) {
      const [oldest, node] = rows.entries().next().value;
      rows.delete(oldest);
      node.remove();
    }
  }
  fill(row, entry);
  $("nothing").hidden = true;
}
