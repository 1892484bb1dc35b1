// Small helpers to build elements. Data enters the page as text only, never as markup.

export const $ = (id) => document.getElementById(id);

export function make(tag, className = "", ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

export function button(className, act, ...children) {
  const node = make("button", className, ...children);
  node.type = "button";
  if (act) node.addEventListener("click", act);
  return node;
}

export function label(node, text) {
  node.setAttribute("aria-label", text);
  node.title = text;
  return node;
}

// Replace what a node holds and leave the focus where it was: on the button of the same name, or else at its place.
export function refill(node, children) {
  const buttons = () => [...node.querySelectorAll("button:enabled, select:enabled")];
  const at = buttons().indexOf(document.activeElement);
  const name = document.activeElement?.dataset.name;
  node.replaceChildren(...children);
  if (at >= 0) (buttons().find((one) => name && one.dataset.name === name) ?? buttons().at(Math.min(at, buttons().length - 1)))?.focus();
}

// Refill only when what is shown has changed, so that an open list stays open. Tells whether it had.
export function redraw(node, shown, draw) {
  const key = JSON.stringify(shown);
  if (node.dataset.shown === key) return false;
  node.dataset.shown = key;
  refill(node, draw());
  return true;
}

const SVG = "http://www.w3.org/2000/svg";
const LINES = {
  picture: "M4 6.500A1.500 1.500 0 0 1 5.500 5h13A1.500 1.500 0 0 1 20 6.500v11a1.500 1.500 0 0 1-1.500 1.500h-13A1.500 1.500 0 0 1 4 17.500zM4.500 17l4.800-5 3.400 3.600 2.600-2.600 4.200 4M14 9h.01",
  video: "M4 7.500A1.500 1.500 0 0 1 5.500 6h8A1.500 1.500 0 0 1 15 7.500v9a1.500 1.500 0 0 1-1.500 1.500h-8A1.500 1.500 0 0 1 4 16.500zM15 11l5-3v8l-5-3",
  file: "M6 4.500h7.500L18 9v10.500H6zM13 4.500V9.500h5M9 13h6M9 16h4",
  voice: "M12 4a2.500 2.500 0 0 1 2.500 2.500v5a2.500 2.500 0 0 1-5 0v-5A2.500 2.500 0 0 1 12 4zM6.500 11.500a5.500 5.500 0 0 0 11 0M12 17v3M9 20h6",
  place: "M12 21s6.500-6 6.500-11a6.500 6.500 0 0 0-13 0c0 5 6.500 11 6.500 11zM12 7.500a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5z",
  link: "M10 14a4 4 0 0 0 5.700 0l3-3a4 4 0 0 0-5.700-5.700l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3A4 4 0 0 0 11 18.700l1-1",
  mini: "M12 8v8a3 3 0 1 1-3-3M12 16V8a3 3 0 1 1 3 3",
  person: "M12 4.500a3.500 3.500 0 1 1 0 7 3.500 3.500 0 0 1 0-7zM5 20c0-4 3-6 7-6s7 2 7 6",
  live: "M12 10a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM7.500 7.500a6.400 6.400 0 0 0 0 9M16.500 7.500a6.400 6.400 0 0 1 0 9",
  meeting: "M4 8h11v9H4zM15 11.500l5-2.500v7l-5-2.500",
  calendar: "M5 6h14v13H5zM5 10h14M9 4v4M15 4v4",
  note: "M6 4h12v16H6zM9 9h6M9 12.500h6M9 16h3",
  chat: "M5 6h14v10h-8l-4 3.500V16H5z",
  bag: "M6 8h12l1 12H5zM9 8a3 3 0 0 1 6 0",
  play: "M8 5.500 18.500 12 8 18.500z",
  plus: "M12 5v14M5 12h14",
  pause: "M9 6v12M15 6v12",
  bin: "M5 7h14M10 7V5h4v2M7 7l1 13h8l1-13",
  cross: "M7 7l10 10M17 7 7 17",
  copy: "M9 9h10v10H9zM15 9V5H5v10h4",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("class", "line");
  path.setAttribute("d", LINES[name] ?? LINES.note);
  svg.append(path);
  return svg;
}

const HUES = ["blue", "violet", "rose", "amber", "lime"]; // of customers; accounts keep the plain one

export function avatar(id, name, node = make("span", "avatar")) {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  node.classList.remove(...HUES);
  if (id.startsWith("wm")) node.classList.add(HUES[sum % HUES.length]);
  node.textContent = [...name][0] ?? "?";
  node.setAttribute("aria-hidden", "true");
  return node;
}

// A click beside a dialog closes it, as does each button of class "close".
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest(".close")) dialog.close();
  });
}
