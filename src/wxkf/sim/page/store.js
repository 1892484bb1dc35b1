// What the page knows: a mirror of the server's state, which is the truth. Changes are noted at once and drawn once
// a frame: whoever draws names the topics it shows, and `touch` marks them.

const CHAT_KEPT = 500;
const ENTRIES_KEPT = 2000;

export const world = {
  corps: [], apps: [], accounts: [], customers: [], faults: [],
  chats: new Map(), entries: new Map(), changed: new Set(), now: 0, offset: 0, ticking: true, live: false,
};
export const me = {
  open_kfid: sessionStorage.getItem("wxkf-account") ?? "",
  external_userid: sessionStorage.getItem("wxkf-customer") ?? "",
  inside: null, // whether the chat is on the phone, not the door; null until the first state has come
};

export const keyOf = (it) => `${it.open_kfid} ${it.external_userid}`;
export const here = () => ({ open_kfid: me.open_kfid, external_userid: me.external_userid });
export const chatOf = (it = me) => world.chats.get(keyOf(it));
export const accountOf = (it = me) => world.accounts.find((one) => one.open_kfid === it.open_kfid);
export const customerOf = (it = me) => world.customers.find((one) => one.external_userid === it.external_userid);
export const newest = () => [...world.entries.keys()].at(-1) ?? 0; // the journal's numbers leave none out
export const now = () => (world.ticking ? Date.now() / 1000 + world.offset : world.now);

// ── drawing, once a frame ───────────────────────────────────────────────────────────────────────────────────────

const shown = new Map(); // topic to those who draw it
const dirty = new Set();
let frame = 0;

export function on(topics, draw) {
  for (const topic of topics.split(" ")) shown.set(topic, [...(shown.get(topic) ?? []), draw]);
}

export function touch(...topics) {
  for (const topic of topics) for (const draw of shown.get(topic) ?? []) dirty.add(draw);
  frame ||= requestAnimationFrame(flush);
}

export function flush() {
  cancelAnimationFrame(frame);
  frame = 0;
  const draws = [...dirty];
  dirty.clear();
  for (const draw of draws) draw();
}

// ── changes ─────────────────────────────────────────────────────────────────────────────────────────────────────

export function choose(changes) {
  Object.assign(me, changes);
  sessionStorage.setItem("wxkf-account", me.open_kfid);
  sessionStorage.setItem("wxkf-customer", me.external_userid);
  touch("chosen");
}

export function setNow(at) {
  world.now = at;
  world.offset = at - Date.now() / 1000;
  touch("tick");
}

// A person may use the new account or customer before the server's list of them has come.
export function addPerson(customer) {
  if (!customerOf(customer)) world.customers.push(customer);
  touch("people");
}

export function setPeople(people) {
  const { corps, apps, accounts, customers } = people;
  Object.assign(world, { corps, apps, accounts, customers });
  if (!accountOf()) { Object.assign(me, { open_kfid: accounts[0]?.open_kfid ?? "", inside: me.inside && false }); touch("chosen"); }
  if (!customerOf()) me.external_userid = "";
  touch("people");
}

export function setState(state) {
  setNow(state.now);
  Object.assign(world, { ticking: state.ticking, faults: state.faults ?? [] });
  world.chats = new Map(state.chats.map((chat) => [keyOf(chat), { ...chat, whole: false, dropped: 0, edits: 0 }]));
  world.entries = new Map(state.journal.map((entry) => [entry.number, entry]));
  setPeople(state);
  me.inside = Boolean(customerOf() && (me.inside ?? chatOf()?.bubbles.length));
  touch("people", "chats", "bubbles", "sessions", "faults", "journal", "chosen");
}

export function setSessions(chats) {
  for (const { session, ...chat } of chats) {
    const found = chatOf(chat);
    if (found) found.session = session;
  }
  touch("sessions", "chats");
}

export function addBubble(bubble, session) {
  const key = keyOf(bubble);
  if (!world.chats.has(key)) {
    const { open_kfid, external_userid } = bubble;
    world.chats.set(key, { open_kfid, external_userid, bubbles: [], whole: true, dropped: 0, edits: 0 });
  }
  const chat = world.chats.get(key);
  chat.session = session;
  if (bubble.recalled) recall(chat, bubble);
  else append(chat, bubble);
  touch("chats", "bubbles", "sessions");
}

function recall(chat, bubble) {
  const index = chat.bubbles.findLastIndex((old) => old.msgid === bubble.msgid);
  if (index < 0) return;
  chat.bubbles[index] = { ...bubble, was: chat.bubbles[index].body };
  chat.edits += 1;
}

function append(chat, bubble) {
  chat.bubbles.push(bubble);
  const over = chat.bubbles.length - CHAT_KEPT;
  if (over > 100) {
    chat.bubbles.splice(0, over);
    chat.dropped += over;
  }
}

export function addEntry(entry) {
  const oldest = world.entries.keys().next().value ?? 0;
  if (entry.number < oldest) return; // the outcome of one that was dropped
  world.entries.set(entry.number, entry);
  world.changed.add(entry.number);
  if (world.entries.size > ENTRIES_KEPT) {
    world.changed.delete(oldest); // a page in the background draws nothing, and must not pile up
    world.entries.delete(oldest);
  }
  touch("entries");
}
