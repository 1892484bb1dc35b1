// Faults: one click lets something go wrong, another ends it; what strikes now stands below the top, always in sight.

import { $, button, icon, label, make } from "/draw.js";
import { post } from "/server.js";
import { on, world } from "/store.js";
import { word } from "/words.js";

const PLACES = {
  call: ["busy", "refuse", "slow", "http_500", "cut_before", "cut_after", "token_revoked"],
  callback: ["callback_lost", "callback_duplicate", "callback_late", "callback_reordered"],
  sync: ["empty_page", "replayed_page", "short_page", "bad_cursor"],
  send: ["send_fail"],
};
const NEEDS = { refuse: ["errcode"], slow: ["seconds"], callback_late: ["seconds"], send_fail: ["fail_type"] };

function asked(kind) {
  const form = $("fault-options").elements;
  const fault = { kind, chance: Number(form.chance.value) };
  if (form.times.value) fault.times = Number(form.times.value);
  if (form.path.value && PLACES.call.includes(kind)) fault.path = form.path.value.trim();
  for (const need of NEEDS[kind] ?? []) fault[need] = Number(form[need].value);
  return fault;
}

async function toggle(kind) {
  const given = world.faults.filter((one) => one.kind === kind);
  if (!given.length) return post("faults/add", asked(kind));
  for (const one of given) await post("faults/remove", { fault: one.fault });
  return null;
}

function describe(one) {
  const parts = [word("fault_kinds")[one.kind] ?? one.kind];
  if (one.path !== "*") parts.push(one.path);
  if (one.errcode) parts.push(String(one.errcode));
  if (one.seconds) parts.push(`${one.seconds} s`);
  if (one.kind === "send_fail") parts.push(`${one.fail_type} ${word("fail_types")[one.fail_type]}`);
  if (one.chance < 1) parts.push(`${Math.round(one.chance * 100)} %`);
  if (one.times !== null) parts.push(word("fault_left")(one.times));
  return parts.join(" · ");
}

function chipOf(one) {
  return make("li", "", describe(one), label(button("icon tiny", () => post("faults/remove", { fault: one.fault }), icon("cross")), word("remove_fault")));
}

function draw() {
  const given = new Set(world.faults.map((one) => one.kind));
  const focused = document.activeElement?.dataset?.fault;
  $("fault-kinds").replaceChildren(...Object.entries(PLACES).map(([place, kinds]) => make("div", "place", make("h3", "", word("fault_places")[place]), ...kinds.map((kind) => {
    const chip = button("person", () => toggle(kind), word("fault_kinds")[kind]);
    chip.dataset.fault = kind;
    chip.title = kind;
    chip.setAttribute("aria-pressed", String(given.has(kind)));
    return chip;
  }))));
  if (focused) $("fault-kinds").querySelector(`[data-fault="${focused}"]`)?.focus();
  $("striking").replaceChildren(...world.faults.map(chipOf));
  $("striking").hidden = !world.faults.length;
  $("faults-count").textContent = String(world.faults.length);
  $("faults-count").hidden = !world.faults.length;
}

function drawOptions() {
  const before = $("fail-type").value || "10";
  $("fail-type").replaceChildren(...Object.entries(word("fail_types")).map(([number, text]) => new Option(`${number} ${text}`, number)));
  $("fail-type").value = before;
}

$("reset").addEventListener("click", () => { $("faults").hidePopover(); post("reset", {}); });
$("fault-options").addEventListener("submit", (event) => event.preventDefault());
on("faults words", draw);
on("words", drawOptions);
