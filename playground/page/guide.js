/** What to try, whose clock it is, and how to begin again. */

import { element } from "./format.js";

/** The bot's clock, as `Mon 20:37 in New York`; empty where its zone is not known. */
export function tellClock(zone, ahead) {
  if (!zone) return "";
  try {
    const format = { timeZone: zone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    const parts = new Intl.DateTimeFormat("en", format).formatToParts(new Date(Date.now() + ahead));
    const value = (type) => parts.find((part) => part.type === type).value;
    return `${value("weekday")} ${value("hour")}:${value("minute")} in ${namePlace(zone)}`;
  } catch (error) {
    if (error instanceof RangeError) return "";
    throw error;
  }
}

/** `New York`; a zone without a place as it is spelled, its sign turned round: POSIX counts westwards. */
function namePlace(zone) {
  const offset = /^Etc\/GMT([+-])(\d+)$/.exec(zone);
  if (offset) return `UTC${offset[1] === "+" ? "−" : "+"}${offset[2]}`;
  return zone.split("/").pop().replaceAll("_", " ");
}

/** The nodes of the guide; `choose` makes somebody the one who chats. */
export function renderGuide(guide, people, ahead, choose) {
  if (guide.suggestions.length === 0) return [];
  const items = guide.suggestions.map((one) => renderSuggestion(one, people, choose));
  return [element("h2", {}, "Try this"), element("ul", {}, ...items), ...renderFacts(guide, ahead)];
}

function renderSuggestion(one, people, choose) {
  const name = people.find((person) => person.id === one.person_id)?.first_name ?? "";
  const be = element("button", { type: "button", class: "be", "data-testid": "be" }, `Be ${name}`);
  be.addEventListener("click", () => choose(one.person_id));
  return element("li", {}, element("b", {}, one.title), element("p", {}, one.text), be);
}

function renderFacts(guide, ahead) {
  const facts = [];
  if (tellClock(guide.zone, ahead)) {
    facts.push(element("p", { class: "fact" }, "Dates and hours go by the bot's clock at the top: ", element("b", {}, guide.zone), "."));
  }
  if (guide.start_over) {
    facts.push(
      element("p", { class: "fact", "data-testid": "start-over" }, "Start over with fresh sample data: Ctrl-C, then ", element("code", {}, guide.start_over), "."),
    );
  }
  return facts;
}
