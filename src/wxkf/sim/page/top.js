// The top: the world's clock, which part is shown on a narrow screen, light or dark, the language.

import { $ } from "/draw.js";
import { scrollDown } from "/phone.js";
import { post } from "/server.js";
import { newest, now, on, touch } from "/store.js";
import { complain } from "/toast.js";
import { dateTime, putWords, toggleLanguage, word } from "/words.js";

const UNITS = { "": 1, s: 1, m: 60, h: 3600, d: 86400 };

function forward(seconds) {
  return post("clock", { seconds });
}

$("forward").addEventListener("submit", (event) => {
  event.preventDefault();
  const [, amount, unit] = /^\s*\+?(\d+(?:\.\d+)?)\s*([smhd]?)\s*$/i.exec($("forward-by").value) ?? [];
  if (!amount) return complain(word("forward_wrong"));
  $("forward-by").value = "";
  return forward(Number(amount) * UNITS[unit.toLowerCase()]);
});
for (const button of document.querySelectorAll("[data-forward]")) button.addEventListener("click", () => forward(Number(button.dataset.forward)));

let seen = null; // the newest line when the journal was last in sight

function drawUnseen() {
  if (seen === null || newest() < seen || document.body.dataset.view === "journal") seen = newest();
  const unseen = newest() - seen;
  $("unseen").textContent = unseen > 99 ? "99+" : String(unseen);
  $("unseen").hidden = !unseen;
}

function show(view) {
  document.body.dataset.view = view;
  for (const button of document.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", String(button.dataset.show === view));
  drawUnseen();
  if (view === "phone") scrollDown();
}
for (const button of document.querySelectorAll("[data-show]")) button.addEventListener("click", () => show(button.dataset.show));

on("entries journal", drawUnseen);
on("tick words", () => { $("clock").textContent = dateTime(now()); });

const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => { root.dataset.theme = localStorage.getItem("wxkf-theme") ?? (dark.matches ? "dark" : "light"); };
dark.addEventListener("change", paint);
$("theme").addEventListener("click", () => {
  localStorage.setItem("wxkf-theme", root.dataset.theme === "dark" ? "light" : "dark");
  paint();
});
$("language").addEventListener("click", () => { toggleLanguage(); putWords(); touch("words"); });
paint();
