// The entrance: which account's link is opened, by whom, with which scene.

import { $, avatar, button } from "/draw.js";
import { enterAgain } from "/phone.js";
import { post } from "/server.js";
import { accountOf, addPerson, chatOf, choose, customerOf, me, on, world } from "/store.js";
import { word } from "/words.js";

const SHOWN = 12; // people on the door; a world may hold thousands

function chip(text, pressed, act) {
  const node = button("person", act, text);
  node.setAttribute("aria-pressed", String(pressed));
  return node;
}

function drawAccounts() {
  const chips = world.accounts.slice(0, SHOWN).map((it) => chip(it.name, it.open_kfid === me.open_kfid, () => choose({ open_kfid: it.open_kfid })));
  const add = chip(`＋ ${word("new_account")}`, false, async () => {
    const made = await post("console/add_account", { name: word("new_account_name")(world.accounts.length + 1) });
    if (made) choose({ open_kfid: made.open_kfid });
  });
  $("accounts").replaceChildren(...chips, add);
}

function drawPeople() {
  const corp = accountOf()?.corp_id;
  const people = world.customers.filter((it) => it.corp_id === corp).slice(-SHOWN);
  const chips = people.map((it) => chip(it.nickname, it.external_userid === me.external_userid, () => pick(it)));
  if (people.length) chips.push(chip(`＋ ${word("new_customer")}`, !me.external_userid, () => pick({ external_userid: "", nickname: "" })));
  $("people").replaceChildren(...chips);
  $("people").hidden = !people.length;
  if (!$("nickname").value && !people.length) $("nickname").value = word("someone");
}

function pick({ external_userid, nickname }) {
  choose({ external_userid });
  $("nickname").value = nickname;
  if (chatOf()?.bubbles.length) choose({ inside: true });
  else $(external_userid ? "scene" : "nickname").focus();
}

async function enter() {
  const nickname = $("nickname").value.trim();
  if (!me.external_userid || customerOf()?.nickname !== nickname) {
    const corp_id = accountOf()?.corp_id ?? "";
    const made = await post("customers/add", { nickname, corp_id });
    if (!made) return;
    addPerson({ ...made, nickname, corp_id });
    choose(made);
  }
  if (await enterAgain()) {
    choose({ inside: true });
    requestAnimationFrame(() => $("text").focus());
  }
}

function drawDoor() {
  $("door").hidden = me.inside !== false;
  const name = accountOf()?.name ?? "";
  avatar(me.open_kfid, name, $("door-avatar"));
  $("door-name").textContent = name;
  drawAccounts();
  drawPeople();
  if (!$("nickname").value) $("nickname").value = customerOf()?.nickname ?? "";
}

$("door").addEventListener("submit", (event) => { event.preventDefault(); enter(); });
on("people chosen words", drawDoor);
