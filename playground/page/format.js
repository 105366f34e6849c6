/** Text with entities as DOM nodes. Text only ever enters the page as text nodes. */

const TAGS = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/** Nodes for `text`; offsets of entities are UTF-16 units, as JavaScript counts too. */
export function formatText(text, entities) {
  return formatRange(text, entities, 0, text.length);
}

function formatRange(text, entities, start, end) {
  const nodes = [];
  let position = start;
  let rest = entities;
  while (rest.length > 0) {
    const [entity, ...others] = rest;
    const entityEnd = Math.min(entity.offset + entity.length, end);
    if (entity.offset > position) nodes.push(text.slice(position, entity.offset));
    const inner = others.filter((other) => other.offset < entityEnd);
    nodes.push(wrap(entity, text.slice(entity.offset, entityEnd), formatRange(text, inner, entity.offset, entityEnd)));
    position = entityEnd;
    rest = others.filter((other) => other.offset >= entityEnd);
  }
  if (position < end) nodes.push(text.slice(position, end));
  return nodes;
}

function wrap(entity, text, children) {
  switch (entity.type) {
    case "text_link":
      return link(entity.url, children);
    case "url":
      return link(text, children);
    case "bot_command":
      return element("button", { type: "button", class: "command", "data-command": text }, ...children);
    case "spoiler":
      return element("span", { class: "spoiler", tabindex: "0", role: "button", "aria-label": "Hidden text" }, ...children);
    default:
      return element(TAGS[entity.type] ?? "span", {}, ...children);
  }
}

function link(url, children) {
  const isWeb = /^https?:\/\//i.test(url);
  return element("a", { href: isWeb ? url : null, target: "_blank", rel: "noopener noreferrer" }, ...children);
}
