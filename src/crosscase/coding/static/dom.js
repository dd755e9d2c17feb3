// Elements are made here and nowhere else: what a study says goes in as text, never as markup.
const put = (node, kids) => {
  for (const kid of kids.flat(Infinity)) if (kid !== null && kid !== undefined && kid !== false) node.append(kid);
  return node;
};

// JupyterLab gives a key to its own shortcuts (d d deletes a cell) unless the very element in focus says no.
const QUIET = "data-lm-suppress-shortcuts";
const FOCUSED = ["button", "select", "input", "textarea", "dialog"];

const make = (tag, attributes = {}, ...kids) => {
  const node = document.createElement(tag);
  if (FOCUSED.includes(tag) || "tabindex" in attributes) node.setAttribute(QUIET, "true");
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else if (name === "class") node.className = value;
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  return put(node, kids);
};

const fill = (node, ...kids) => {
  node.replaceChildren();
  return put(node, kids);
};

let ids = 0;
const fresh = (word) => `cc-${word}-${++ids}`;

const field = (label, control) => {
  control.id ||= fresh("field");
  return make("div", { class: "cc-field" }, make("label", { for: control.id }, label), control);
};

const choice = (label, value, options, change) => {
  const control = make("select", { change: () => change(control.value) });
  for (const [id, words] of options) control.append(make("option", { value: id }, words));
  control.value = value;
  return field(label, control);
};

const button = (label, click, attributes = {}) =>
  make("button", { type: "button", class: "cc-button", click, ...attributes }, label);

const typed = (event) => event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;

const COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00"];
const colourOf = (code) => COLOURS[code ? code.colour : 0];

// A swatch shows colour and line of a code: solid, dashed, dotted.
const swatch = (code) => {
  const node = make("span", { class: "cc-swatch", "aria-hidden": "true" });
  node.style.background = stroke(colourOf(code), code ? code.line : 0, "180deg");
  return node;
};

const stroke = (colour, line, along = "90deg") =>
  line === 0
    ? `linear-gradient(${colour}, ${colour})`
    : line === 1
      ? `repeating-linear-gradient(${along}, ${colour} 0 6px, transparent 6px 9px)`
      : `repeating-linear-gradient(${along}, ${colour} 0 2px, transparent 2px 5px)`;

const DIRECTIONS = { promotes: "▲", inhibits: "▼", condition: "◆", neutral: "●", ambivalent: "◐", na: "–" };
