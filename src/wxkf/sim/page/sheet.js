// The phone's action sheet: a few choices that rise from its lower edge; Escape or a tap beside them closes it.

import { $, button } from "/draw.js";
import { word } from "/words.js";

let before = null;

function close() {
  $("sheet").hidden = true;
  before?.focus();
}

export function openSheet(choices) {
  before = document.activeElement;
  const items = [...choices, [word("cancel"), null]].map(([text, act]) => {
    const item = button("", () => { close(); act?.(); }, text);
    item.setAttribute("role", "menuitem");
    return item;
  });
  $("sheet-items").replaceChildren(...items);
  $("sheet").hidden = false;
  items[0].focus();
}

$("sheet").addEventListener("click", (event) => { if (event.target === $("sheet")) close(); });
$("sheet").addEventListener("keydown", (event) => {
  const items = [...$("sheet-items").children];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") close();
  else if (step) items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
  else return;
  event.preventDefault();
});
