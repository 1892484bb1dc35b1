// The staff desk: colleagues, the queue, one conversation as the colleague sees it. Everything here is what servicers
// do in the WeCom client, except "put into the queue", which an app does by service_state/trans.

import { $, avatar, button, icon, label, make, redraw, refill } from "/draw.js";
import { lookAtChat } from "/live.js";
import { drawBody, inBrief } from "/messages.js";
import { post } from "/server.js";
import { accountOf, chatOf, customerOf, flush, keyOf, me, now, on, touch, world } from "/store.js";
import { friendlyTime, locale, word } from "/words.js";

const ROWS = 40; // of a group; a world may hold thousands
const LINES = 80;
const RECALL = 120;
const desk = { userid: "", external_userid: "" };

const servicers = () => accountOf()?.servicers ?? [];
const self = () => servicers().find((one) => one.userid === desk.userid);
const there = () => ({ open_kfid: me.open_kfid, external_userid: desk.external_userid });
const chosen = () => chatOf(there());

// ── colleagues ──────────────────────────────────────────────────────────────────────────────────────────────────

function drawColleagues() {
  if (!self()) desk.userid = servicers()[0]?.userid ?? "";
  redraw($("colleagues"), [servicers(), desk.userid, me.open_kfid, locale()], colleagues);
  $("desk-nothing").hidden = servicers().length > 0;
}

function colleagues() {
  const chips = servicers().map((one) => {
    const chip = button("colleague", () => { desk.userid = one.userid; touch("desk"); }, make("i", one.status ? "off" : "on"), one.userid);
    chip.setAttribute("aria-pressed", String(one.userid === desk.userid));
    chip.dataset.name = one.userid;
    chip.title = word(one.status ? "off_duty" : "on_duty");
    return chip;
  });
  const mine = self();
  if (mine) chips.push(button("pill small", () => setStatus(mine), word(mine.status ? "go_on" : "go_off")));
  chips.push(label(button("icon small", addColleague, icon("plus")), word("new_colleague")));
  return chips;
}

const setStatus = (one) => post("staff/set_status", { open_kfid: me.open_kfid, servicer_userid: one.userid, status: one.status ? 0 : 1 });

function addColleague() {
  const taken = new Set(servicers().map((one) => one.userid));
  const userid = word("colleague_names").find((name) => !taken.has(name)) ?? `servicer${taken.size + 1}`;
  if (!self()) desk.userid = userid;
  return post("console/add_servicer", { open_kfid: me.open_kfid, userid });
}

// ── the list ────────────────────────────────────────────────────────────────────────────────────────────────────

const GROUP = [2, 2, 0, 1, 3]; // a state's place among queue, people, bot, ended

function groups() {
  const found = [[], [], [], []];
  for (const chat of world.chats.values()) {
    if (chat.open_kfid === me.open_kfid && chat.session) found[GROUP[chat.session.state]].push(chat);
  }
  return found;
}

function line(chat) {
  const person = customerOf(chat);
  const last = chat.bubbles.at(-1);
  const with_ = chat.session.state === 3 ? word("with_whom")(chat.session.servicer_userid) : "";
  const node = button("row-chat", () => open(chat.external_userid),
    avatar(chat.external_userid, person?.nickname ?? "?"),
    make("span", "texts", make("b", "", person?.nickname ?? chat.external_userid), make("span", "soft cut", with_ || inBrief(last))),
    make("time", "soft", last ? friendlyTime(last.at, now()) : ""));
  node.setAttribute("aria-pressed", String(chat.external_userid === desk.external_userid));
  node.dataset.name = chat.external_userid;
  return node;
}

function drawRows() {
  const all = groups();
  $("desk-rows").hidden = !all.some((group) => group.length);
  refill($("desk-rows"), all.flatMap((group, index) => {
    if (!group.length) return [];
    const newest = group.toSorted((a, b) => (b.bubbles.at(-1)?.at ?? 0) - (a.bubbles.at(-1)?.at ?? 0));
    const head = make("h3", "", word("groups")[index], make("span", "soft", ` ${group.length}`));
    const more = group.length > ROWS ? [make("p", "soft", word("more_rows")(group.length - ROWS))] : [];
    return [head, ...newest.slice(0, ROWS).map(line), ...more];
  }));
  const waiting = all[0].length;
  $("queued").textContent = String(waiting);
  $("queued").hidden = !waiting;
}

function open(external_userid) {
  desk.external_userid = desk.external_userid === external_userid ? "" : external_userid;
  touch("desk");
  flush(); // what is hidden takes no focus
  if (desk.external_userid) ($("talk-write").hidden ? $("talk-head").querySelector(".acts button") : $("talk-text"))?.focus();
}

// ── the conversation ────────────────────────────────────────────────────────────────────────────────────────────

function actions(session) {
  const mine = session.servicer_userid === desk.userid;
  const act = (name, more = {}) => () => post(`staff/${name}`, { ...there(), ...more });
  if (session.state === 2) return desk.userid ? [button("main", act("accept", { servicer_userid: desk.userid }), word("accept"))] : [];
  if (session.state < 2) return [button("pill small", () => post("console/set_state", { ...there(), state: 2 }), word("enqueue"))];
  const reject = button("pill small", act("reject", { rejected: !session.rejected }), word(session.rejected ? "unreject" : "reject"));
  if (session.state === 4) return chosen().bubbles.some((one) => one.who === "staff") ? [reject] : [];
  return [transfer(session), ...(mine ? [reject] : []), button("pill small", act("end"), word("end"))];
}

function transfer(session) {
  const others = servicers().filter((one) => one.userid !== session.servicer_userid && !one.status);
  const select = label(make("select", "pill small", new Option(word("transfer_to"), ""), ...others.map((one) => new Option(one.userid))), word("transfer_to"));
  select.disabled = !others.length;
  select.addEventListener("change", () => post("staff/transfer", { ...there(), servicer_userid: select.value }));
  return select;
}

function note({ state, servicer_userid, rejected }) {
  if (rejected) return word("note_rejected");
  if (state < 2) return word("note_bot");
  if (state === 2) return word("note_queue");
  if (state === 4) return word("note_ended");
  return servicer_userid === desk.userid ? "" : word("note_other")(servicer_userid);
}

function talkLine(bubble) {
  if (bubble.who === "system") return make("li", "system", word("customer_entered"));
  if (bubble.recalled) return make("li", "system", word(`${bubble.who}_recalled`));
  const who = { customer: customerOf(bubble)?.nickname, staff: bubble.servicer_userid, account: accountOf(bubble)?.name }[bubble.who] ?? "";
  const node = make("li", bubble.who, make("span", "who", who), drawBody(bubble, null));
  if (bubble.who === "staff" && now() - bubble.at < RECALL) {
    node.append(button("recall", () => post("staff/recall", { ...there(), msgid: bubble.msgid }), word("recall")));
  }
  return node;
}

const drawn = { key: "" };

function drawLines(chat) {
  const lines = chat.bubbles.slice(-LINES);
  const key = `${keyOf(chat)} ${chat.edits} ${chat.dropped + chat.bubbles.length} ${locale()}`;
  if (key === drawn.key) return;
  drawn.key = key;
  $("talk-lines").replaceChildren(...lines.map(talkLine));
  $("talk-lines").scrollTop = $("talk-lines").scrollHeight;
}

function drawTalk() {
  const chat = chosen();
  $("talk").hidden = !chat?.session;
  if (!chat?.session) { drawn.key = ""; return; }
  lookAtChat(there());
  const { session } = chat;
  $("talk-note").textContent = note(session);
  $("talk-note").hidden = !$("talk-note").textContent;
  $("talk-write").hidden = session.state < 3 || !desk.userid;
  $("talk-text").placeholder = word("staff_hint")(desk.userid);
  drawHead(chat);
  drawLines(chat);
}

function drawHead(chat) {
  const { state, servicer_userid, rejected } = chat.session;
  const name = customerOf(chat)?.nickname ?? chat.external_userid;
  const acts = actions(chat.session);
  const keep = $("talk-head").contains(document.activeElement);
  const shown = [keyOf(chat), name, state, servicer_userid, rejected, acts.length, desk.userid, servicers(), locale()];
  const anew = redraw($("talk-head"), shown, () => {
    const head = make("span", "texts", make("b", "", name), make("span", `soft state s${state}`, word("states")[state]));
    const close = label(button("icon small", () => open(desk.external_userid), icon("cross")), word("cancel"));
    return [avatar(chat.external_userid, name), head, close, make("span", "acts", ...acts)];
  });
  if (keep && anew) $("talk-text").focus();
}

$("talk-write").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = $("talk-text").value.trim();
  if (!text) return;
  $("talk-text").value = "";
  if (!(await post("staff/say", { ...there(), servicer_userid: desk.userid, text }))) $("talk-text").value = text;
});
$("first-colleague").addEventListener("click", addColleague);

on("people chosen sessions words chats", drawColleagues);
on("people chats sessions chosen desk words", drawRows);
on("bubbles sessions people chosen desk words", drawTalk);
