// The page's wiring: fetch the state, follow the live events, turn what a person does into POSTs.
// The server's state is the truth; `world` mirrors it, and after any doubt (a lost line) it is fetched anew.

import { $, avatar, make } from "/draw.js";
import { addEntry, clearJournal } from "/journal.js";
import { addBubble, clearPhone, scrollDown, showTrail } from "/phone.js";
import { clockTime, dateTime, friendlyTime, putWords, toggleLanguage, word } from "/words.js";

const world = { accounts: [], customers: [], chats: new Map(), entries: new Map(), offset: 0, now: 0, ticking: true };
const mine = { open_kfid: "", external_userid: sessionStorage.getItem("wxkf-customer") ?? "", inside: false, away: false };
let held = []; // events that come while the state is on its way

const key = (it) => `${it.open_kfid} ${it.external_userid}`;
const chatOf = () => world.chats.get(key(mine));
const account = () => world.accounts.find((it) => it.open_kfid === mine.open_kfid);
const customer = () => world.customers.find((it) => it.external_userid === mine.external_userid);
const now = () => (world.ticking ? Date.now() / 1000 + world.offset : world.now);
const names = () => ({ account: account()?.name ?? "", customer: customer()?.nickname ?? "" });

// ── from the server ─────────────────────────────────────────────────────────────────────────────────────────

function setNow(at) {
  world.now = at;
  world.offset = at - Date.now() / 1000;
}

async function refresh() {
  held = held ?? [];
  const state = await (await fetch("/_sim/state")).json();
  Object.assign(world, { accounts: state.accounts, customers: state.customers, ticking: state.ticking });
  setNow(state.now);
  world.chats = new Map(state.chats.map((chat) => [key(chat), chat]));
  world.entries = new Map(state.journal.map((entry) => [entry.number, entry]));
  if (!account()) mine.open_kfid = world.accounts[0]?.open_kfid ?? "";
  mine.inside = Boolean(customer() && chatOf()?.bubbles.length && !mine.away);
  redraw();
  const waiting = held;
  held = null;
  for (const [name, data] of waiting) follow(name, data);
}

const same = (a, b) => a.at === b.at && a.who === b.who && a.msgid === b.msgid && a.msgtype === b.msgtype;

const FOLLOW = {
  bubble({ bubble, session, now: at }) {
    setNow(at);
    const chat = world.chats.get(key(bubble)) ?? { ...bubble, bubbles: [] };
    world.chats.set(key(bubble), chat);
    chat.session = session;
    if (chat.bubbles.slice(-20).some((old) => same(old, bubble))) return;
    chat.bubbles.push(bubble);
    if (key(bubble) === key(mine) && mine.inside) {
      addBubble(bubble, names(), now(), tap);
      drawSession();
      drawTrail();
    }
  },
  entry({ entry, now: at }) {
    setNow(at);
    world.entries.set(entry.number, entry);
    if (world.entries.size > 400) world.entries.delete(world.entries.keys().next().value);
    addEntry(entry);
    if (entry.title === "customers/add") addPerson({ ...entry.request, ...entry.response });
    if (entry.title === "clock" || entry.title === "console/set_state") refreshSession();
    drawTrail();
    countUnseen();
  },
  reload: () => refresh(),
};

function follow(name, data) {
  if (held) held.push([name, data]);
  else FOLLOW[name](data);
}

function listen() {
  const events = new EventSource("/_sim/events");
  events.addEventListener("open", () => { setLive(true); refresh(); });
  events.addEventListener("error", () => setLive(false));
  for (const name of Object.keys(FOLLOW)) {
    events.addEventListener(name, (event) => follow(name, JSON.parse(event.data)));
  }
}

async function refreshSession() {
  if (!mine.inside) return;
  const query = new URLSearchParams({ open_kfid: mine.open_kfid, external_userid: mine.external_userid });
  const answer = await fetch(`/_sim/session?${query}`);
  const chat = chatOf();
  if (!answer.ok || !chat) return;
  chat.session = await answer.json();
  drawSession();
}

// ── to the server ───────────────────────────────────────────────────────────────────────────────────────────

async function post(name, body) {
  try {
    const answer = await fetch(`/_sim/${name}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
    return await answer.json();
  } catch (error) {
    complain(error.message);
    return null;
  }
}

const say = (text, menu_id = "") => post("customers/say", { ...here(), text, menu_id });
const here = () => ({ open_kfid: mine.open_kfid, external_userid: mine.external_userid });
const tap = (item) => say(item.content, item.id);
async function sendPicture(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return post("customers/send_file", { ...here(), kind: "image", data: btoa(text), filename: file.name, content_type: file.type });
}

async function enter() {
  const nickname = $("nickname").value.trim();
  if (!mine.external_userid || customer()?.nickname !== nickname) {
    const made = await post("customers/add", { nickname });
    if (!made) return;
    mine.external_userid = made.external_userid;
    sessionStorage.setItem("wxkf-customer", made.external_userid);
    addPerson({ ...made, nickname });
  }
  if (await post("customers/enter", { ...here(), scene: $("scene").value })) goInside();
}

function goInside() {
  Object.assign(mine, { inside: true, away: false });
  redraw();
  refreshSession();
  $("text").focus();
}

// ── on the screen ───────────────────────────────────────────────────────────────────────────────────────────

function addPerson({ external_userid, nickname }) {
  if (world.customers.some((it) => it.external_userid === external_userid)) return;
  world.customers.push({ external_userid, nickname });
  if (!mine.inside) drawDoor();
}

function drawDoor() {
  const name = account()?.name ?? "";
  avatar(mine.open_kfid, name, $("door-avatar"));
  $("door-name").textContent = name;
  const people = world.customers.map((it) => person(it.external_userid, it.nickname));
  $("people").replaceChildren(...people, ...(people.length ? [person("", `＋ ${word("new_customer")}`)] : []));
  $("people").hidden = !people.length;
  if (!$("nickname").value) $("nickname").value = customer()?.nickname ?? word("someone");
}

function person(external_userid, nickname) {
  const button = make("button", "person", nickname);
  button.type = "button";
  button.setAttribute("aria-pressed", String(external_userid === mine.external_userid));
  button.addEventListener("click", () => {
    mine.external_userid = external_userid;
    sessionStorage.setItem("wxkf-customer", external_userid);
    $("nickname").value = external_userid ? nickname : "";
    if (chatOf()?.bubbles.length) goInside();
    else drawDoor();
    if (!external_userid) { $("nickname").value = ""; $("nickname").focus(); }
  });
  return button;
}

function drawSession() {
  const session = chatOf()?.session;
  if (!session) return $("session").replaceChildren();
  const state = make("span", `state s${session.state}`, `${session.state} ${word("states")[session.state]}`);
  const open = session.window_ends !== null;
  const rest = open ? [make("span", "", word("sends")(session.sends_left)), make("span", "", word("until")(friendlyTime(session.window_ends, now())))] : [make("span", "", word("shut"))];
  return $("session").replaceChildren(state, ...rest);
}

// How far the newest customer message has got, told from the journal alone.
function drawTrail() {
  const bubbles = chatOf()?.bubbles ?? [];
  const newest = bubbles.at(-1);
  if (!mine.inside || newest?.who !== "customer") return showTrail("", []);
  const parts = [{ text: word("sent"), good: true }];
  const entries = [...world.entries.values()];
  const said = entries.findIndex((it) => it.kind === "action" && it.response?.msgid === newest.msgid);
  const later = said < 0 ? [] : entries.slice(said);
  const rung = later.findLast((it) => it.kind === "callback" && it.request.open_kfid === mine.open_kfid && it.response);
  if (rung) parts.push(rung.errcode ? { text: word("failed"), good: false } : { text: `${word("rung")} ${rung.response.status}`, good: rung.response.status === 200 });
  if (later.some((it) => it.response?.msg_list?.some?.((row) => row.msgid === newest.msgid))) parts.push({ text: word("pulled"), good: true });
  return showTrail(newest.msgid, parts);
}

function redraw() {
  $("chat").hidden = !mine.inside;
  $("door").hidden = mine.inside;
  $("account-name").textContent = account()?.name ?? "";
  drawDoor();
  clearPhone();
  for (const bubble of mine.inside ? chatOf()?.bubbles ?? [] : []) addBubble(bubble, names(), now(), tap);
  drawSession();
  clearJournal();
  $("nothing").hidden = world.entries.size > 0;
  for (const entry of world.entries.values()) addEntry(entry);
  drawTrail();
  tick();
}

function tick() {
  $("clock").textContent = dateTime(now());
  $("bar-time").textContent = clockTime(now());
}

function setLive(on) {
  $("live").classList.toggle("lost", !on);
  $("live").lastElementChild.textContent = word(on ? "live" : "lost");
}

let fading = 0;
function complain(text) {
  $("toast").textContent = word("failure") + text;
  $("toast").hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => { $("toast").hidden = true; }, 6000);
}

let unseen = 0;
function countUnseen() {
  unseen = document.body.classList.contains("reading") ? 0 : unseen + 1;
  $("unseen").textContent = unseen > 99 ? "99+" : String(unseen);
  $("unseen").hidden = unseen === 0;
}

function show(journal) {
  document.body.classList.toggle("reading", journal);
  $("show-phone").setAttribute("aria-pressed", String(!journal));
  $("show-journal").setAttribute("aria-pressed", String(journal));
  unseen = -1;
  countUnseen();
  if (!journal) scrollDown();
}

// ── what a person does ──────────────────────────────────────────────────────────────────────────────────────

function grow() {
  const text = $("text");
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 120)}px`;
  $("send").disabled = !text.value.trim();
}

$("write").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (!text) return;
  $("text").value = "";
  grow();
  if (!(await say(text)) && !$("text").value) { $("text").value = text; grow(); }
  $("text").focus();
});
$("text").addEventListener("input", grow);
$("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $("write").requestSubmit();
});
$("text").addEventListener("paste", (event) => {
  const file = [...event.clipboardData.files].find((it) => it.type.startsWith("image/"));
  if (file) { event.preventDefault(); sendPicture(file); }
});
$("pick").addEventListener("click", () => $("picture").click());
$("picture").addEventListener("change", async () => {
  const [file] = $("picture").files;
  if (file) await sendPicture(file);
  $("picture").value = "";
});
$("door").addEventListener("submit", (event) => { event.preventDefault(); enter(); });
$("back").addEventListener("click", () => { Object.assign(mine, { inside: false, away: true }); redraw(); $("nickname").focus(); });
$("again").addEventListener("click", () => post("customers/enter", { ...here(), scene: $("scene").value }));
for (const button of document.querySelectorAll("[data-forward]")) {
  button.addEventListener("click", () => post("clock", { seconds: Number(button.dataset.forward) }));
}
for (const button of document.querySelectorAll("[data-kind]")) {
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    $("journal").classList.toggle(`without-${button.dataset.kind}`, !on);
  });
}
$("show-phone").addEventListener("click", () => show(false));
$("show-journal").addEventListener("click", () => show(true));
$("language").addEventListener("click", () => { toggleLanguage(); putWords(); redraw(); });
$("theme").addEventListener("click", () => {
  const dark = getComputedStyle(document.documentElement).colorScheme.trim() === "dark";
  document.documentElement.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("wxkf-theme", document.documentElement.dataset.theme);
});

document.documentElement.dataset.theme = localStorage.getItem("wxkf-theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
putWords();
drawDoor();
setInterval(tick, 1000);
listen();
