// One line at the bottom that says what did not work, and goes by itself.

import { $ } from "/draw.js";
import { word } from "/words.js";

let fading = 0;

export function tell(text, bad = false) {
  const toast = $("toast");
  toast.textContent = text;
  toast.classList.toggle("bad", bad);
  // A modal dialog is in the top layer, so the toast has to be inside it to be seen.
  (document.querySelector("dialog[open]") ?? document.body).append(toast);
  toast.hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => { toast.hidden = true; document.body.append(toast); }, 6000);
}

export const complain = (text) => tell(word("failure") + text, true);
