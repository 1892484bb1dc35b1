// To and from the server. Every change of the world has a number: as the id of its event, and with each answer, which
// knows of all changes up to its own. So an answer that the stream has overtaken is told from one that is new.

import { complain } from "/toast.js";

const numberOf = (answer) => Number(answer.headers.get("x-wxkf-change"));
const flights = new Set(); // for each answer on its way, the changes that came meanwhile
let acted = 0; // the newest change that is known from what was done here

export function begin() {
  acted = 0; // the server may be another one
}

export function pass(change) {
  for (const passed of flights) passed.push(change);
}

const acting = new Map(); // what is on its way: a double click is one click

export function post(name, body) {
  const key = `${name} ${JSON.stringify(body)}`;
  if (!acting.has(key)) acting.set(key, act(name, body).finally(() => acting.delete(key)));
  return acting.get(key);
}

async function act(name, body) {
  try {
    const answer = await fetch(`/_sim/${name}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
    acted = Math.max(acted, numberOf(answer));
    return await answer.json();
  } catch (error) {
    complain(error.message);
    return null;
  }
}

async function look(name, query) {
  try {
    const answer = await fetch(`/_sim/${name}?${new URLSearchParams(query)}`);
    return answer.ok ? { number: numberOf(answer), found: await answer.json() } : null;
  } catch {
    return null; // the stream will say that the line is lost
  }
}

// Look, and put what was found, together with the changes that it does not know of. Tells whether there was an answer.
export async function take(name, query, put) {
  const passed = [];
  flights.add(passed);
  let answer = await look(name, query);
  if (answer && answer.number < acted) answer = await look(name, query);
  flights.delete(passed);
  if (answer) put(answer.found, passed.filter((change) => change.number > answer.number));
  return Boolean(answer);
}

export async function base64(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
}
