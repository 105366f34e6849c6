/** Messages as bubbles. */

import { element, formatText } from "./format.js";

const TIME = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long" });
const DAY_OF_YEAR = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", year: "numeric" });

export function dayOf(message) {
  return new Date(message.date * 1000).toDateString();
}

export function renderDay(message) {
  const date = new Date(message.date * 1000);
  const today = new Date();
  const isThisYear = date.getFullYear() === today.getFullYear();
  const name = date.toDateString() === today.toDateString() ? "Today" : (isThisYear ? DAY : DAY_OF_YEAR).format(date);
  return element("p", { class: "day", "data-day": date.toDateString() }, element("span", {}, name));
}

export function renderMessage(message, findMessage) {
  const side = message.is_from_bot ? "from-bot" : "from-me";
  const classes = ["message", side];
  if (message.buttons.length > 0) classes.push("has-buttons");
  if (message.photo) classes.push("has-photo");
  return element(
    "article",
    {
      class: classes.join(" "),
      "data-testid": message.is_from_bot ? "bot-message" : "my-message",
      "data-message-id": message.message_id,
    },
    renderBubble(message, findMessage),
    ...renderKeyboard(message),
  );
}

function renderBubble(message, findMessage) {
  const bubble = element("div", { class: "bubble" });
  if (message.forwarded_from) bubble.append(element("p", { class: "forwarded" }, `Forwarded from ${message.forwarded_from}`));
  if (message.reply_to) bubble.append(renderQuote(findMessage(message.reply_to)));
  if (message.photo) bubble.append(renderPhoto(message));
  if (message.document) bubble.append(renderDocument(message.document));
  const body = element("div", { class: message.text ? "text" : "text text-empty" });
  body.append(...formatText(message.text, message.entities), renderStamp(message));
  bubble.append(body);
  return bubble;
}

function renderStamp(message) {
  const date = new Date(message.date * 1000);
  const stamp = element("span", { class: "stamp" });
  if (message.is_edited && message.is_from_bot) stamp.append(element("span", { class: "edited" }, "edited "));
  stamp.append(element("time", { datetime: date.toISOString() }, TIME.format(date)));
  if (!message.is_from_bot) stamp.append(renderTicks());
  return stamp;
}

function renderTicks() {
  const ticks = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  ticks.setAttribute("viewBox", "0 0 20 12");
  ticks.setAttribute("class", "ticks");
  ticks.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "m1.5 6.5 3.5 3.5 7-8M9 10l7.5-8");
  ticks.append(path);
  return ticks;
}

function renderQuote(quoted) {
  const text = quoted ? quoted.text || "Picture" : "Deleted message";
  return element("p", { class: "quote" }, text.slice(0, 80));
}

function renderPhoto(message) {
  const { url, width, height } = message.photo;
  const image = element("img", { src: url, width, height, alt: message.text || "Picture", "data-testid": "photo" });
  return element("button", { type: "button", class: "photo", "aria-label": "Open picture", "data-photo": url }, image);
}

function renderDocument(file) {
  return element(
    "a",
    { class: "document", href: file.url, download: file.file_name },
    element("span", { class: "document-icon", "aria-hidden": "true" }, extension(file.file_name)),
    element("span", { class: "document-name" }, file.file_name, element("small", {}, formatSize(file.size))),
  );
}

function extension(name) {
  return name.includes(".") ? name.split(".").pop().slice(0, 4) : "file";
}

function formatSize(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function renderKeyboard(message) {
  if (message.buttons.length === 0) return [];
  const rows = message.buttons.map((row) => element("div", { class: "keys" }, ...row.map((button) => renderKey(message, button))));
  return [element("div", { class: "keyboard" }, ...rows)];
}

function renderKey(message, button) {
  if (button.url) {
    const key = element("a", { class: "key", target: "_blank", rel: "noopener noreferrer" }, button.text);
    if (/^https?:\/\//i.test(button.url)) key.href = button.url;
    return key;
  }
  return element(
    "button",
    { type: "button", class: "key", "data-testid": "key", "data-message": message.message_id, "data-data": button.data },
    element("span", {}, button.text),
  );
}
