// To and from the server: people's actions as POSTs, the state as GETs, live changes as server-sent events.

import { addBubble, addEntry, chatOf, keyOf, setNow, setPeople, setSessions, setState, touch, world } from "/store.js";
import { complain } from "/toast.js";

export async function post(name, body) {
  try {
    const answer = await fetch(`/_sim/${name}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
    return await answer.json();
  } catch (error) {
    complain(error.message);
    return null;
  }
}

export async function look(name, query = {}) {
  try {
    const answer = await fetch(`/_sim/${name}?${new URLSearchParams(query)}`);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null; // the stream will say that the line is lost
  }
}

export async function base64(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
}

// ── what one looks at again, a moment after the last reason to ──────────────────────────────────────────────────

const waiting = new Map();

function soon(name, act, milliseconds = 60) {
  if (waiting.has(name)) return;
  waiting.set(name, setTimeout(() => { waiting.delete(name); act(); }, milliseconds));
}

async function lookAtSession({ open_kfid, external_userid }) {
  const session = await look("session", { open_kfid, external_userid });
  if (session) setSessions([{ open_kfid, external_userid, session }]);
}

async function lookAtPeople() {
  const people = await look("people");
  if (people) setPeople(people);
}

async function lookAtFaults() {
  const found = await look("faults");
  if (found) { world.faults = found.faults; touch("faults"); }
}

async function lookAtSessions() {
  const state = await look("state", { bubbles: 0 });
  if (state) setSessions(state.chats);
}

export async function lookAtChat(it) {
  const chat = chatOf(it);
  if (!chat || chat.whole) return;
  chat.whole = true;
  const found = await look("chat", { open_kfid: it.open_kfid, external_userid: it.external_userid });
  if (!found) return;
  Object.assign(chat, { bubbles: found.bubbles, session: found.session, dropped: 0, edits: chat.edits + 1 });
  touch("bubbles", "sessions", "chats");
}

const PEOPLE = /^(console\/|provider\/|customers\/add$|staff\/set_status|kf\/account\/|kf\/servicer\/(add|del))/;
const SESSION = /^(kf\/service_state\/trans|staff\/|customers\/reject|console\/set_state)/;

function consequences({ kind, title, request }) {
  if (PEOPLE.test(title) && !title.endsWith("/list")) soon("people", lookAtPeople);
  if (title.startsWith("faults/")) soon("faults", lookAtFaults);
  else if (kind !== "action" && world.faults.some((one) => one.times !== null)) soon("faults", lookAtFaults, 250);
  if (title === "clock") soon("sessions", lookAtSessions);
  const whose = kind === "call" ? request.body : request;
  if (SESSION.test(title) && whose?.external_userid) soon(keyOf(whose), () => lookAtSession(whose));
}

// ── live ────────────────────────────────────────────────────────────────────────────────────────────────────────

let held = []; // changes that come while the state is on its way

const FOLLOW = {
  bubble({ bubble, session, now }, doubtful) {
    setNow(now);
    addBubble(bubble, session, doubtful);
  },
  entry({ entry, now }) {
    setNow(now);
    addEntry(entry);
    consequences(entry);
  },
  reload: () => soon("state", refresh),
};

async function refresh() {
  held = [];
  const state = await look("state", { bubbles: 1 });
  if (!state) return;
  setState(state);
  const missed = held;
  held = null;
  for (const [name, data] of missed) FOLLOW[name](data, true);
}

function setLive(live) {
  world.live = live;
  touch("live");
}

export function listen() {
  const events = new EventSource("/_sim/events");
  events.addEventListener("open", () => { setLive(true); refresh(); });
  events.addEventListener("error", () => setLive(false));
  for (const name of Object.keys(FOLLOW)) {
    events.addEventListener(name, (event) => {
      const data = JSON.parse(event.data);
      if (held) held.push([name, data]);
      else FOLLOW[name](data, false);
    });
  }
}
