// Messages as WeChat draws them: each type of platform.md 6.3 and 7 is one function in DRAW. What a customer and what
// an account sends under one type differs in places (a link's picture), so every field is optional here.

import { avatar, button, icon, make } from "/draw.js";
import { tell } from "/toast.js";
import { exactTime, word } from "/words.js";

const safeLink = (url) => /^https?:\/\//i.test(url ?? "");
const mediaOf = (media_id) => `/_sim/media?media_id=${encodeURIComponent(media_id)}`;
const opens = (what) => () => tell(word("would_open")(what));
const size = (bytes) => (bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);

function outside(url, className, ...children) {
  if (!safeLink(url)) return make("div", className, ...children);
  const link = make("a", className, ...children);
  Object.assign(link, { href: url, target: "_blank", rel: "noopener noreferrer" });
  return link;
}

function picture(media_id, className, alt) {
  const image = make("img", className);
  image.alt = alt;
  image.addEventListener("error", () => image.replaceWith(make("span", `${className} gone`, word("expired_file"))));
  image.src = mediaOf(media_id);
  return image;
}

const thumb = (media_id, name) => (media_id ? picture(media_id, "thumb", "") : make("span", "thumb", icon(name)));
const foot = (name, text) => make("p", "foot", icon(name), text);
const card = (...children) => make("div", "bubble card", ...children);

function media(tag, media_id, className) {
  const node = make(tag, className);
  Object.assign(node, { src: mediaOf(media_id), preload: "metadata" });
  return node;
}

// AMR-NB: one byte names the size of each 20 ms frame, after a head of six (RFC 4867).
const AMR_SIZES = [13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1];
function amrSeconds(bytes) {
  if (new TextDecoder().decode(bytes.subarray(0, 6)) !== "#!AMR\n") return null;
  let frames = 0;
  for (let at = 6; at < bytes.length; frames += 1) at += AMR_SIZES[(bytes[at] >> 3) & 15] || 1;
  return Math.max(1, Math.round(frames / 50));
}

function voice(body) {
  const length = make("span", "length");
  const sound = media("audio", body.media_id, "");
  const play = () => sound.play().catch(() => tell(word("no_player")));
  const bubble = button("bubble voice", play, icon("live"), length);
  bubble.setAttribute("aria-label", word("voice"));
  const show = (seconds) => { length.textContent = `${seconds}″`; bubble.dataset.wide = Math.min(6, Math.ceil(seconds / 5)); };
  sound.addEventListener("loadedmetadata", () => { if (Number.isFinite(sound.duration)) show(Math.max(1, Math.round(sound.duration))); });
  sound.addEventListener("error", async () => {
    const answer = await fetch(sound.src);
    const seconds = answer.ok ? amrSeconds(new Uint8Array(await answer.arrayBuffer())) : null;
    if (seconds) show(seconds);
  });
  return bubble;
}

function file(body) {
  const name = make("p", "name", word("kinds").file);
  const about = make("p", "soft");
  const link = make("a", "bubble card row file", make("div", "texts", name, about), make("span", "thumb", icon("file")));
  Object.assign(link, { href: mediaOf(body.media_id), download: "" });
  fetch(mediaOf(body.media_id).replace("/media?", "/file?")).then(async (answer) => {
    const it = answer.ok ? await answer.json() : null;
    name.textContent = it?.filename || (it ? word("kinds").file : word("expired_file"));
    about.textContent = it ? size(it.size) : "";
    if (it) link.download = it.filename || "file";
  }, () => {});
  return link;
}

function menuItem(item, index, tap) {
  const body = item[item.type] ?? {};
  if (item.type === "text") return make("p", body.no_newline ? "line run" : "line", (body.content ?? "").replaceAll("\\n", "\n"));
  if (item.type === "view" && safeLink(body.url)) return outside(body.url, "choice", body.content);
  if (item.type === "miniprogram") return button("choice", opens(`${body.appid} ${body.pagepath}`), icon("mini"), body.content);
  const choice = button("choice", tap && (() => tap(index)), body.content ?? "");
  choice.disabled = item.type !== "click" || !tap;
  return choice;
}

function menu(body, tap) {
  const node = make("div", "bubble menu");
  if (body.head_content) node.append(make("p", "head", body.head_content));
  (body.list ?? []).forEach((item, index) => node.append(menuItem(item, index, tap)));
  if (body.tail_content) node.append(make("p", "tail", body.tail_content));
  return node;
}

function summary(json) {
  try {
    const { msgtype, ...rest } = JSON.parse(json);
    return msgtype === "text" ? rest.text?.content ?? "" : `[${word("kinds")[msgtype] ?? msgtype}]`;
  } catch {
    return json;
  }
}

function merged(body) {
  const rows = (body.item ?? []).slice(0, 4).map((it) => make("p", "soft cut", `${it.sender_name}: ${summary(it.msg_content ?? "")}`));
  const all = (body.item ?? []).map((it) => make("p", "", make("span", "soft", `${it.sender_name} ${exactTime(it.send_time ?? 0)} `), summary(it.msg_content ?? "")));
  const whole = make("details", "", make("summary", "", make("span", "name", body.title), ...rows), ...all);
  return card(whole, foot("chat", word("kinds").merged_msg));
}

const price = (cents) => (/^\d+$/.test(cents ?? "") ? `¥${(Number(cents) / 100).toFixed(2)}` : cents ?? "");
const plain = (name) => () => card(make("div", "row", make("span", "thumb", icon(name)), make("p", "name", word("kinds")[name])));

const DRAW = {
  text: (body) => make("div", "bubble", body.content ?? ""),
  image(body) {
    const link = make("a", "bubble picture", picture(body.media_id, "", word("picture_alt")));
    Object.assign(link, { href: mediaOf(body.media_id), target: "_blank" });
    return link;
  },
  voice,
  video(body) {
    const film = media("video", body.media_id, "bubble picture");
    film.controls = true;
    film.setAttribute("aria-label", word("video_alt"));
    return film;
  },
  file,
  location: (body) => card(
    make("p", "name", body.name || `${body.latitude}, ${body.longitude}`), make("p", "soft cut", body.address ?? ""),
    make("div", "map", icon("place"), make("span", "", `${body.latitude}, ${body.longitude}`)),
  ),
  link: (body) => outside(body.url, "bubble card", make("p", "name", body.title ?? ""),
    make("div", "row", make("p", "soft texts", body.desc || body.url), thumb(body.thumb_media_id, "link"))),
  business_card: (body) => card(
    make("div", "row", avatar(body.userid ?? "", body.userid ?? "?"), make("p", "name texts", body.userid ?? "")), foot("person", word("personal_card"))),
  miniprogram(body) {
    const wide = body.thumb_media_id ? picture(body.thumb_media_id, "wide", "") : make("span", "wide", icon("mini"));
    const app = make("p", "soft", icon("mini"), body.appid ?? "");
    return button("bubble card mini", opens(`${body.appid} ${body.pagepath}`), app, make("p", "name", body.title ?? ""), wide, foot("mini", word("kinds").miniprogram));
  },
  msgmenu: menu,
  channels_shop_product: (body) => card(
    make("p", "soft", icon("bag"), body.shop_nickname ?? ""), make("span", "wide", icon("bag")), make("p", "name", body.title ?? ""),
    make("p", "price", price(body.sales_price)), foot("bag", word("from_shop"))),
  channels_shop_order: (body) => card(
    make("p", "soft", icon("bag"), body.shop_nickname ?? ""), make("div", "row", make("span", "thumb", icon("bag")),
      make("div", "texts", make("p", "name", body.product_titles ?? ""), make("p", "price", body.price_wording ?? ""))),
    make("p", "soft", `${body.state ?? ""} · ${body.order_id ?? ""}`), foot("bag", word("kinds").channels_shop_order)),
  merged_msg: merged,
  channels: (body) => card(
    make("span", "wide dark", icon("live")), make("p", "name", body.title || body.nickname || ""),
    foot("live", `${word("channels_types")[body.sub_type] ?? word("kinds").channels} · ${body.nickname ?? ""}`)),
  meeting: plain("meeting"),
  calendar: plain("calendar"),
  note: plain("note"),
  ca_link: (body) => outside(body.link_url, "bubble card", make("div", "row", make("p", "name texts", word("kinds").ca_link), make("span", "thumb", icon("person"))), make("p", "soft cut", body.link_url ?? "")),
};

// A phone can be made to send what WeChat never would (a time that is none): that is shown as it came, too.
export function drawBody(bubble, tap) {
  try {
    return DRAW[bubble.msgtype](bubble.body, tap);
  } catch {
    return asItCame(bubble);
  }
}

function asItCame(bubble) {
  return card(make("p", "name", `[${bubble.msgtype}]`), make("pre", "soft", JSON.stringify(bubble.body, null, 1)), make("p", "soft", word("unknown")));
}

// One line for a list of chats.
export function inBrief(bubble) {
  if (!bubble || bubble.who === "system") return "";
  if (bubble.recalled) return word(`${bubble.who}_recalled`);
  const kind = `[${word("kinds")[bubble.msgtype] ?? bubble.msgtype}]`;
  if (bubble.msgtype === "text") return bubble.body.content ?? "";
  return `${kind} ${bubble.body.head_content ?? bubble.body.title ?? bubble.body.name ?? ""}`;
}
