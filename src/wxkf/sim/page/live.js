// What happens elsewhere: the stream of changes, and what is looked at again because of them.

import { begin, pass, take } from "/server.js";
import { addBubble, addEntry, chatOf, keyOf, me, setNow, setPeople, setSessions, setState, touch, world } from "/store.js";

const waiting = new Map();

// Act a moment after the first of several reasons to.
function soon(name, act, milliseconds = 60) {
  if (waiting.has(name)) return;
  waiting.set(name, setTimeout(() => { waiting.delete(name); act(); }, milliseconds));
}

// ── what one looks at again ─────────────────────────────────────────────────────────────────────────────────────

const idsOf = ({ open_kfid, external_userid }) => ({ open_kfid, external_userid });
const bubblesOf = (changes, it) => changes.filter(({ bubble }) => bubble && keyOf(bubble) === keyOf(it));

function lookAtSession(it) {
  take("session", idsOf(it), (session, later) => {
    setSessions([{ ...idsOf(it), session: bubblesOf(later, it).at(-1)?.session ?? session }]);
  });
}

function lookAtSessions() {
  take("state", { bubbles: 0 }, ({ chats }, later) => {
    setSessions(chats);
    setSessions(later.filter(({ bubble }) => bubble).map(({ bubble, session }) => ({ ...idsOf(bubble), session })));
  });
}

const lookAtPeople = () => take("people", {}, setPeople);
const lookAtFaults = () => take("faults", {}, ({ faults }) => { world.faults = faults; touch("faults"); });

export async function lookAtChat(it) {
  const asked = chatOf(it);
  if (!asked || asked.whole) return;
  asked.whole = true;
  asked.whole = await take("chat", idsOf(it), ({ bubbles, session }, later) => {
    const chat = chatOf(it);
    if (!chat) return;
    Object.assign(chat, { bubbles, session, whole: true, dropped: 0, edits: chat.edits + 1 });
    for (const change of bubblesOf(later, it)) addBubble(change.bubble, change.session);
    touch("bubbles", "sessions", "chats");
  });
}

const PEOPLE = /^(console\/|provider\/|customers\/add$|staff\/set_status|kf\/account\/|kf\/servicer\/(add|del))/;
const SESSION = /^(kf\/service_state\/trans|staff\/|customers\/reject|console\/set_state)/;

function consequences({ kind, title, request }) {
  if (PEOPLE.test(title) && !title.endsWith("/list")) soon("people", lookAtPeople);
  if (title.startsWith("faults/")) soon("faults", lookAtFaults);
  else if (kind !== "action" && world.faults.some((one) => one.times !== null)) soon("faults", lookAtFaults, 250);
  if (title === "clock") soon("sessions", lookAtSessions);
  const whose = kind === "call" ? request.body : request;
  if (SESSION.test(title) && whose && chatOf(whose)) soon(keyOf(whose), () => lookAtSession(whose));
  // What fails later counts toward the five all the same, and brings no bubble.
  const sent = title === "kf/send_msg" && { open_kfid: whose?.open_kfid, external_userid: whose?.touser };
  if (sent && keyOf(sent) === keyOf(me)) soon(`sent ${keyOf(sent)}`, () => lookAtSession(sent), 250);
}

// ── live ────────────────────────────────────────────────────────────────────────────────────────────────────────

function follow({ bubble, session, entry, now }) {
  setNow(now);
  if (bubble) addBubble(bubble, session);
  else { addEntry(entry); consequences(entry); }
}

let refreshing = false;
let again = false; // a reason to refresh has come since

async function refresh() {
  again = true;
  if (refreshing) return;
  refreshing = true;
  let done = false;
  while (again) {
    again = false;
    done = await take("state", { bubbles: 1 }, (state, later) => { setState(state); later.forEach(follow); });
  }
  refreshing = false;
  if (!done && world.live) soon("state", refresh, 1000); // a line that is lost refreshes when it is back
}

const UNSEEN = 30_000; // milliseconds after which a page that nobody sees hangs up
let leaving = 0;

// A browser keeps six connections to a server, and each stream is one: tabs behind others must not hold theirs.
export function listenWhileSeen() {
  clearTimeout(leaving);
  if (!document.hidden) { if (!events) listen(); } else if (events) leaving = setTimeout(hangUp, UNSEEN);
}

function hangUp() {
  events.close();
  events = null;
  setLive(false);
}

document.addEventListener("visibilitychange", listenWhileSeen);

function setLive(live) {
  world.live = live;
  touch("live");
}

let events = null;

function listen() {
  events = new EventSource("/_sim/events");
  events.addEventListener("open", () => { begin(); setLive(true); refresh(); });
  events.addEventListener("error", () => setLive(false));
  events.addEventListener("reload", () => soon("state", refresh));
  for (const name of ["bubble", "entry"]) {
    events.addEventListener(name, (event) => {
      const change = { number: Number(event.lastEventId), ...JSON.parse(event.data) };
      pass(change);
      follow(change);
    });
  }
}
