// Small helpers to build elements. Data enters the page as text only, never as markup.

export function make(tag, className = "", ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

const HUES = ["blue", "violet", "rose", "amber", "lime"]; // of people; accounts keep the plain one

export function avatar(id, name, node = make("span", "avatar")) {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  if (id.startsWith("wm")) node.classList.add(HUES[sum % HUES.length]);
  node.textContent = [...name][0] ?? "?";
  return node;
}

export const $ = (id) => document.getElementById(id);
