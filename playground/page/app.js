/** The page: who one is, the open chat, and what the emulator reports. */

import { getChat, getPeople, press, sendText, waitForEvents } from "./api.js";
import { dayOf, renderDay, renderMessage } from "./chat.js";
import { element } from "./format.js";
import { renderGuide, tellClock } from "./guide.js";

const find = (id) => document.getElementById(id);
const TOAST_MS = 3500;
const TYPING_MS = 5000;
const RETRY_MS = 1000;
const PILL_MS = 900;
const CLOCK_MS = 5000;
const QUESTION_SHARE = 0.45;

const state = {
  seq: 0,
  bot: { first_name: "Bot", username: "" },
  guide: { zone: "", start_over: "", suggestions: [] },
  clockAhead: 0,
  people: [],
  me: null,
  messages: new Map(),
  commands: [],
  unread: new Set(),
  pressed: new Map(),
  isAtEnd: true,
  isConnected: false,
};

// People

function fullName(person) {
  return [person.first_name, person.last_name].filter(Boolean).join(" ");
}

function describe(person) {
  return person.label ? `${fullName(person)} · ${person.label}` : fullName(person);
}

function renderPeople() {
  const made = state.people.map((person, index) => {
    const isUnread = state.unread.has(person.id);
    const attributes = {
      type: "button",
      class: "person",
      "data-testid": "person",
      "data-person-id": person.id,
      "aria-current": person.id === state.me ? "true" : null,
      "aria-label": isUnread ? `${describe(person)}, new messages` : describe(person),
      title: describe(person),
    };
    return element(
      "button",
      attributes,
      element("span", { class: `avatar tone-${index % 6}`, "aria-hidden": "true" }, person.first_name.slice(0, 1).toUpperCase()),
      element("span", { class: "person-name" }, person.first_name),
      element("span", { class: "person-label" }, person.label),
      ...(isUnread ? [element("span", { class: "unread", "data-testid": "unread" })] : []),
    );
  });
  find("people").replaceChildren(...made);
}

function me() {
  return state.people.find((person) => person.id === state.me);
}

async function switchTo(personId) {
  state.me = personId;
  state.unread.delete(personId);
  history.replaceState(null, "", `#${personId}`);
  closeMenu();
  hideToast();
  renderPeople();
  await loadChat();
  find("people").querySelector('[aria-current="true"]')?.scrollIntoView({ inline: "nearest", block: "nearest" });
}

// The open chat

async function loadChat() {
  const personId = state.me;
  const chat = await getChat(personId);
  if (personId !== state.me) return;
  state.messages = new Map(chat.messages.map((message) => [message.message_id, message]));
  state.commands = chat.commands;
  state.pressed.clear();
  find("me").textContent = describe(chat.person);
  renderLog();
  renderFoot();
}

function findMessage(messageId) {
  return state.messages.get(messageId);
}

function renderLog() {
  const log = find("log");
  const made = [];
  let day = "";
  for (const message of state.messages.values()) {
    if (dayOf(message) !== day) made.push(renderDay(message));
    day = dayOf(message);
    made.push(renderMessage(message, findMessage));
  }
  log.replaceChildren(...(made.length > 0 ? made : [renderWelcome()]));
  keepQuestionInSight();
  scrollToEnd("instant");
}

function renderWelcome() {
  return element(
    "div",
    { class: "welcome" },
    element("img", { src: "/page/icon.svg", alt: "", width: 72, height: 72 }),
    element("strong", {}, `You are ${me() ? describe(me()) : ""}`),
    element("p", {}, `Tap Start to open your chat with ${state.bot.first_name}. Nothing leaves this computer.`),
    ...state.guide.suggestions
      .filter((one) => one.person_id === state.me)
      .map((one) => element("p", { class: "welcome-try" }, element("b", {}, `Try: ${one.title}. `), one.text)),
  );
}

function renderFoot() {
  const isEmpty = state.messages.size === 0;
  find("start").hidden = !isEmpty;
  find("composer").hidden = isEmpty;
  find("menu-button").hidden = state.commands.length === 0;
  find("bot-name").textContent = state.bot.first_name;
}

function isAtEnd() {
  const log = find("log");
  return log.scrollHeight - log.scrollTop - log.clientHeight < 120;
}

function scrollToEnd(behavior = "smooth") {
  const log = find("log");
  log.scrollTo({ top: log.scrollHeight, behavior });
}

/** Above a keyboard that is taller than the screen the end of its question stays, where one reads what is asked. */
function keepQuestionInSight() {
  const log = find("log");
  for (const bubble of log.querySelectorAll(".bubble.asks")) bubble.classList.remove("asks");
  const last = log.lastElementChild;
  const bubble = last?.classList.contains("has-buttons") ? last.querySelector(".bubble") : null;
  if (!bubble) return;
  bubble.classList.add("asks");
  bubble.style.setProperty("--stays", `${Math.min(0, log.clientHeight * QUESTION_SHARE - bubble.offsetHeight)}px`);
}

/** A day that has come to lie over a message is seen only while somebody scrolls. */
function markDays() {
  for (const day of find("log").querySelectorAll(".day")) {
    const next = day.nextElementSibling;
    const isOver = next !== null && day.getBoundingClientRect().bottom > next.getBoundingClientRect().top + 1;
    day.classList.toggle("over", isOver);
  }
}

let pillTimer = 0;

function showPill() {
  find("log").classList.add("scrolling");
  clearTimeout(pillTimer);
  pillTimer = setTimeout(() => find("log").classList.remove("scrolling"), PILL_MS);
}

function findElement(messageId) {
  return find("log").querySelector(`[data-message-id="${messageId}"]`);
}

function putMessage(message) {
  const wasAtEnd = isAtEnd();
  const wasEmpty = state.messages.size === 0;
  const old = findElement(message.message_id);
  const made = renderMessage(message, findMessage);
  state.messages.set(message.message_id, message);
  if (old) {
    made.classList.add("changed");
    old.replaceWith(made);
  } else {
    appendMessage(message, made, wasEmpty);
  }
  if (wasEmpty) renderFoot();
  keepQuestionInSight();
  markDays();
  if (wasAtEnd || !message.is_from_bot) scrollToEnd();
}

function appendMessage(message, made, wasEmpty) {
  const log = find("log");
  if (wasEmpty) log.replaceChildren();
  const days = log.querySelectorAll(".day");
  if (days.length === 0 || days[days.length - 1].dataset.day !== dayOf(message)) log.append(renderDay(message));
  made.classList.add("arrived");
  log.append(made);
}

function removeMessage(messageId) {
  state.messages.delete(messageId);
  findElement(messageId)?.remove();
  keepQuestionInSight();
}

// What the person does

async function say(text) {
  closeMenu();
  try {
    await sendText(state.me, text);
  } catch (error) {
    showToast(error.message);
  }
}

async function tapKey(key) {
  key.classList.add("busy");
  try {
    const { presses } = await press(state.me, Number(key.dataset.message), key.dataset.data);
    state.pressed.set(presses[0].query_id, key);
  } catch (error) {
    key.classList.remove("busy");
    showToast(error.message);
  }
}

/** The start parameter of a link to this very bot, such as an invite; null for every other link. */
function startParameter(link) {
  const url = new URL(link.href);
  const isMine = url.hostname === "t.me" && url.pathname === `/${state.bot.username}`;
  return isMine ? url.searchParams.get("start") : null;
}

function chooseWhoOpens(parameter) {
  const choices = state.people.map((person) => {
    const choice = element("button", { type: "button", class: "choice" }, describe(person));
    choice.addEventListener("click", async () => {
      find("chooser").close();
      await switchTo(person.id);
      await say(`/start ${parameter}`);
    });
    return choice;
  });
  find("chooser-people").replaceChildren(...choices);
  find("chooser").showModal();
}

// Toasts and alerts

let toastTimer = 0;

function showToast(text) {
  const toast = find("toast");
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(hideToast, TOAST_MS);
}

function hideToast() {
  find("toast").hidden = true;
}

function showAnswer(answer) {
  state.pressed.get(answer.query_id)?.classList.remove("busy");
  state.pressed.delete(answer.query_id);
  if (!answer.text) return;
  if (!answer.is_alert) {
    showToast(answer.text);
    return;
  }
  find("alert-text").textContent = answer.text;
  if (!find("alert").open) find("alert").showModal();
}

// The command menu

function toggleMenu() {
  if (find("menu").hidden) openMenu(state.commands);
  else closeMenu();
}

function openMenu(commands) {
  const made = commands.map(({ command, description }) =>
    element(
      "button",
      { type: "button", class: "menu-item", "data-command": `/${command}` },
      element("span", { class: "menu-command" }, `/${command}`),
      element("span", { class: "menu-description" }, description),
    ),
  );
  find("menu").replaceChildren(...made);
  find("menu").hidden = made.length === 0;
  find("menu-button").setAttribute("aria-expanded", String(made.length > 0));
}

function closeMenu() {
  find("menu").hidden = true;
  find("menu-button").setAttribute("aria-expanded", "false");
}

function suggestCommands() {
  const typed = find("text").value;
  if (!/^\/\w*$/.test(typed)) closeMenu();
  else openMenu(state.commands.filter(({ command }) => `/${command}`.startsWith(typed)));
}

// What the emulator reports

let typingTimer = 0;

function showTyping() {
  find("bot-state").textContent = "typing…";
  clearTimeout(typingTimer);
  typingTimer = setTimeout(showIdle, TYPING_MS);
}

function showIdle() {
  clearTimeout(typingTimer);
  typingTimer = 0;
  find("bot-state").textContent = tellClock(state.guide.zone, state.clockAhead) || "bot";
}

function showTime() {
  if (typingTimer === 0 && state.isConnected) showIdle();
}

async function handleEvent(event) {
  if (event.chat_id === 0) return event.kind === "person" ? loadPeople() : loadCommands();
  if (event.chat_id === state.me) return handleOwnEvent(event);
  if (event.message?.is_from_bot && event.kind === "message" && !state.unread.has(event.chat_id)) {
    state.unread.add(event.chat_id);
    renderPeople();
  }
  return undefined;
}

function handleOwnEvent(event) {
  if (event.message) {
    showIdle();
    putMessage(event.message);
  } else if (event.kind === "deleted") {
    removeMessage(event.body.message_id);
  } else if (event.kind === "answered") {
    showAnswer(event.press);
  } else if (event.kind === "action") {
    showTyping();
  }
}

async function loadPeople() {
  const answer = await getPeople();
  state.people = answer.people;
  state.bot = answer.bot;
  state.clockAhead = answer.now * 1000 - Date.now();
  showGuide(answer.guide);
  renderPeople();
  return answer.seq;
}

function showGuide(guide) {
  state.guide = guide;
  const choose = (personId) => {
    find("guide").close();
    return switchTo(personId);
  };
  for (const place of document.querySelectorAll(".try")) {
    place.replaceChildren(...renderGuide(guide, state.people, state.clockAhead, choose));
  }
  find("help").hidden = guide.suggestions.length === 0;
}

async function loadCommands() {
  if (state.me === null) return;
  state.commands = (await getChat(state.me)).commands;
  renderFoot();
}

async function open() {
  state.seq = await loadPeople();
  const wanted = Number(location.hash.slice(1));
  const isThere = (id) => state.people.some((person) => person.id === id);
  const personId = [state.me, wanted, state.people[0]?.id].find(isThere);
  if (personId !== undefined) await switchTo(personId);
}

async function follow() {
  const answer = await waitForEvents(state.seq);
  if (answer.seq < state.seq) return open();
  for (const event of answer.events) await handleEvent(event);
  state.seq = Math.max(state.seq, ...answer.events.map((event) => event.seq));
  return undefined;
}

async function run() {
  for (;;) {
    try {
      await (state.isConnected ? follow() : open());
      if (!state.isConnected) showIdle();
      state.isConnected = true;
    } catch {
      state.isConnected = false;
      find("bot-state").textContent = "connecting…";
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

// Wiring

find("people").addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-person-id]");
  if (chosen) switchTo(Number(chosen.dataset.personId));
});

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const key = target?.closest("button.key");
  const command = target?.closest("[data-command]");
  const photo = target?.closest("[data-photo]");
  const link = target?.closest("a[href]");
  if (key) tapKey(key);
  else if (command) say(command.dataset.command);
  else if (photo) {
    find("viewer-image").src = photo.dataset.photo;
    find("viewer").showModal();
  } else if (link && startParameter(link)) {
    event.preventDefault();
    chooseWhoOpens(startParameter(link));
  } else {
    target?.closest(".spoiler")?.classList.add("shown");
  }
});

find("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = find("text").value.trim();
  if (!text) return;
  find("text").value = "";
  find("text").style.height = "";
  say(text);
});

find("text").addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenu();
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  find("composer").requestSubmit();
});

find("text").addEventListener("input", () => {
  const text = find("text");
  text.style.height = "";
  text.style.height = `${Math.min(text.scrollHeight, 140)}px`;
  suggestCommands();
});

/** Whoever types means the chat, wherever they have tapped before. What a key does to a button it still does. */
document.addEventListener("keydown", (event) => {
  const isPasted = (event.ctrlKey || event.metaKey) && event.key === "v";
  const isTyped = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
  const at = document.activeElement;
  if (!(isTyped || isPasted) || at === find("text") || document.querySelector("dialog[open]")) return;
  if (event.key === " " && at?.closest("button, a, [role=button]")) return;
  find("text").focus();
});

find("help").addEventListener("click", () => find("guide").showModal());
find("menu-button").addEventListener("click", toggleMenu);
find("start").addEventListener("click", () => say("/start"));
find("to-end").addEventListener("click", () => scrollToEnd());
find("log").addEventListener("scroll", () => {
  state.isAtEnd = isAtEnd();
  find("to-end").hidden = state.isAtEnd;
  markDays();
});
for (const way of ["wheel", "touchmove", "keydown"]) find("log").addEventListener(way, showPill, { passive: true });
setInterval(showTime, CLOCK_MS);

// The menu, a growing typing box and a phone's keyboard all take room from below; the newest message stays in sight.
new ResizeObserver(() => {
  keepQuestionInSight();
  markDays();
  if (state.isAtEnd) scrollToEnd("instant");
}).observe(find("log"));

run();
