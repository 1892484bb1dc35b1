// What a phone can send: text, files, and every other type from a form whose fields are the platform's own.

import { $, button, icon, make } from "/draw.js";
import { base64, post, take } from "/server.js";
import { here, on } from "/store.js";
import { complain } from "/toast.js";
import { word } from "/words.js";

const ACCEPT = { image: "image/png,image/jpeg,image/gif,image/webp", voice: "audio/*,.amr", video: "video/*", file: "" };
const AMR_FRAMES = 150; // of 20 ms: three seconds

const FORMS = ["location", "link", "business_card", "miniprogram", "channels_shop_product", "channels_shop_order", "merged_msg", "channels", "meeting", "calendar", "note"];
const ICONS = { business_card: "person", channels_shop_product: "bag", channels_shop_order: "bag", merged_msg: "chat", channels: "live", miniprogram: "mini", location: "place", image: "picture" };

// ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────

async function sendFile(kind, file, filename = file.name) {
  const more = { filename, content_type: kind === "file" ? "" : file.type };
  await post("customers/send_file", { ...here(), kind, data: await base64(file), ...more });
}

function pick(kind) {
  $("file").accept = ACCEPT[kind];
  $("file").dataset.kind = kind;
  $("file").value = "";
  $("file").click();
}

// Silence as WeChat would record it: AMR frames without data, which every decoder takes.
const sampleVoice = () => sendFile("voice", new Blob(["#!AMR\n", new Uint8Array(AMR_FRAMES).fill(0x7c)], { type: "audio/amr" }), "voice.amr");

// ── forms ───────────────────────────────────────────────────────────────────────────────────────────────────────

const inputs = new Map();

function field(key, value) {
  const deep = typeof value === "object";
  const input = make(deep ? "textarea" : "input");
  input.value = deep ? JSON.stringify(value, null, 2) : String(value);
  if (deep) input.rows = 9;
  input.dataset.kind = deep ? "json" : typeof value;
  inputs.set(key, input);
  return make("label", "", make("code", "", key), input);
}

function read(input) {
  if (input.dataset.kind === "string") return input.value;
  return input.dataset.kind === "number" ? Number(input.value) : JSON.parse(input.value);
}

const compose = (msgtype) => take("samples", {}, ({ samples }) => fill(msgtype, samples[msgtype]));

function fill(msgtype, sample) {
  if (!Object.keys(sample).length) return post("customers/send", { ...here(), msgtype, body: {} });
  inputs.clear();
  $("compose-title").textContent = word("kinds")[msgtype];
  $("compose-fields").replaceChildren(...Object.entries(sample).map(([key, value]) => field(key, value)));
  $("compose").dataset.msgtype = msgtype;
  return $("compose").showModal();
}

$("compose-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const body = Object.fromEntries([...inputs].map(([key, input]) => [key, read(input)]));
    if (await post("customers/send", { ...here(), msgtype: $("compose").dataset.msgtype, body })) $("compose").close();
  } catch (error) {
    complain(error.message); // not JSON
  }
});

// ── the panel and the line to write on ──────────────────────────────────────────────────────────────────────────

function show(open) {
  $("attach").hidden = !open;
  $("attach-open").setAttribute("aria-expanded", String(open));
}

function choice(kind, text, act) {
  const node = button("", () => { show(false); act(); }, make("span", "tile", icon(ICONS[kind] ?? kind)), text);
  node.dataset.kind = kind;
  return node;
}

function drawPanel() {
  const kinds = word("kinds");
  $("attach").replaceChildren(
    choice("image", kinds.image, () => pick("image")), choice("voice", word("voice_sample"), sampleVoice),
    choice("voice", word("voice_file"), () => pick("voice")), choice("video", kinds.video, () => pick("video")), choice("file", kinds.file, () => pick("file")),
    ...FORMS.map((msgtype) => choice(msgtype, kinds[msgtype], () => compose(msgtype))),
  );
}

function grow() {
  const text = $("text");
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 120)}px`;
  $("send").disabled = !text.value.trim();
}

$("write").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (!text) return;
  $("text").value = "";
  grow();
  $("text").focus();
  if (!(await post("customers/say", { ...here(), text })) && !$("text").value) { $("text").value = text; grow(); }
});
$("text").addEventListener("input", grow);
$("text").addEventListener("focus", () => show(false));
$("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $("write").requestSubmit();
});
$("text").addEventListener("paste", (event) => {
  const file = [...event.clipboardData.files].find((it) => it.type.startsWith("image/"));
  if (file) { event.preventDefault(); sendFile("image", file); }
});
$("attach-open").addEventListener("click", () => {
  show($("attach").hidden);
  if (!$("attach").hidden) $("attach").firstElementChild.focus();
});
$("attach").addEventListener("keydown", (event) => { if (event.key === "Escape") { show(false); $("attach-open").focus(); } });
$("file").addEventListener("change", () => { if ($("file").files[0]) sendFile($("file").dataset.kind, $("file").files[0]); });
on("words", drawPanel);
