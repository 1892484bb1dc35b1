// The page's words in two languages. The browser's language decides until a person toggles.

import { EN } from "/words.en.js";
import { ZH } from "/words.zh.js";

const KEY = "wxkf-language";
let chosen = localStorage.getItem(KEY) ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");

export const word = (name) => (chosen === "zh" ? ZH : EN)[name];
export const locale = () => (chosen === "zh" ? "zh-CN" : "en-GB");

export function toggleLanguage() {
  chosen = chosen === "zh" ? "en" : "zh";
  localStorage.setItem(KEY, chosen);
}

export function putWords() {
  document.documentElement.lang = locale();
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = word(node.dataset.word);
  for (const node of document.querySelectorAll("[data-hint]")) node.placeholder = word(node.dataset.hint);
  for (const node of document.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", word(node.dataset.label));
    if (node.tagName === "BUTTON") node.title = word(node.dataset.label);
  }
  document.getElementById("language").textContent = word("other");
}

const formats = new Map(); // making one costs more than a thousand uses

const format = (options) => (at) => {
  const key = locale() + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale(), { timeZone: "Asia/Shanghai", hour12: false, ...options }));
  return formats.get(key).format(at * 1000);
};
export const clockTime = format({ hour: "2-digit", minute: "2-digit" });
export const exactTime = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const monthDay = format({ month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
const day = format({ year: "numeric", month: "2-digit", day: "2-digit" });
export const dateTime = format({ month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });

export function friendlyTime(at, now) {
  if (day(at) === day(now)) return clockTime(at);
  if (day(at) === day(now - 86400)) return `${word("yesterday")} ${clockTime(at)}`;
  return monthDay(at);
}
