// Find a code by typing, or make it: a field with a list, beside the marked words.
const fold = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

const ranked = (app, typedIn) => {
  const wanted = fold(typedIn.trim());
  const parts = wanted.split(/\s+/).filter(Boolean);
  const found = [];
  app.order.forEach((code, place) => {
    const label = fold(code.label);
    const all = fold([...app.path(code.code), code.definition || ""].join(" "));
    if (!parts.every((part) => all.includes(part))) return;
    const recent = app.recent.indexOf(code.code);
    let rank = wanted ? (label === wanted ? 0 : label.startsWith(wanted) ? 1 : label.includes(wanted) ? 2 : 3) : 4;
    if (!wanted && recent >= 0) rank = recent / 10;
    found.push([rank, place, code]);
  });
  return found.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((each) => each[2]);
};

const createPicker = (app) => {
  const list = make("ul", { role: "listbox", id: fresh("codes"), "aria-label": "Codes", class: "cc-options" });
  const input = make("input", {
    type: "text",
    role: "combobox",
    "aria-expanded": "true",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-label": "Find a code, or type a new one",
    placeholder: "Find a code, or type a new one",
    autocomplete: "off",
    spellcheck: "false",
  });
  const quoted = make("p", { class: "cc-quoted" });
  const keys = make("p", { class: "cc-keys" }, "Enter: put it · Ctrl+Enter: and another · parent > code: new below · Esc");
  const node = make("div", { class: "cc-picker", role: "dialog", "aria-label": "Put a code", hidden: true });
  put(node, [quoted, input, list, keys]);
  let options = [];
  let at = 0;
  let marked = null;
  let back = () => {};

  const wishes = () => {
    const names = input.value.trim().split(/\s+>\s+/); // parent > code
    const name = names[names.length - 1];
    const found = ranked(app, name).slice(0, 60);
    const parent = names.length > 1 ? ranked(app, names[names.length - 2])[0] : null;
    const inside = parent ? found.filter((code) => app.path(code.code).includes(parent.label)) : found;
    const there = inside.some((code) => fold(code.label) === fold(name));
    const list = inside.map((code) => ({ code: code.code }));
    if (name && !there) list.push({ label: name, parent: parent ? parent.code : "" });
    return list;
  };

  const draw = () => {
    options = wishes();
    at = Math.min(at, Math.max(0, options.length - 1));
    fill(list, options.map((option, n) => {
      const id = `${list.id}-${n}`;
      const item = make("li", { role: "option", id, "aria-selected": String(n === at) });
      if (option.code) {
        const code = app.codes.get(option.code);
        put(item, [swatch(code), make("span", {}, app.path(option.code).join(" › ")), make("small", {}, app.counts[option.code] || "")]);
      } else {
        const below = option.parent ? ` below “${app.label(option.parent)}”` : "";
        put(item, [make("span", { class: "cc-plus", "aria-hidden": "true" }, "+"), `New code “${option.label}”${below}`]);
      }
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => take(n, false));
      return item;
    }));
    show();
  };
  const show = () => {
    [...list.children].forEach((item, n) => item.setAttribute("aria-selected", String(n === at)));
    if (list.children[at]) list.children[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options.length ? `${list.id}-${at}` : "");
  };

  const take = async (n, more) => {
    const option = options[n];
    if (!option || !marked) return;
    const place = { document: app.document, start: marked.start, end: marked.end };
    const answer = app.ask("code", { ...place, ...option });
    input.value = "";
    at = 0;
    if (!more) close();
    const reply = await answer;
    const coding = app.codings.get(reply.coding);
    if (coding) app.used(coding.code);
    if (more) draw();
  };

  const close = () => {
    node.hidden = true;
    back();
  };

  input.addEventListener("input", () => {
    at = 0;
    draw();
  });
  input.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (by) at = Math.max(0, Math.min(options.length - 1, at + by));
    else if (event.key === "Enter") take(at, event.ctrlKey || event.metaKey);
    else if (event.key === "Escape" || event.key === "Tab") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (by) show();
  });
  node.addEventListener("focusout", (event) => {
    if (!node.hidden && !node.contains(event.relatedTarget)) node.hidden = true;
  });

  const open = (segment, box, frame, letter, then) => {
    marked = segment;
    back = then;
    at = 0;
    input.value = letter || "";
    fill(quoted, "“", segment.words.length > 120 ? `${segment.words.slice(0, 120)}…` : segment.words, "”");
    node.hidden = false;
    draw();
    const low = box.bottom - frame.top + 8;
    const high = Math.max(8, box.top - frame.top - node.offsetHeight - 8);
    node.style.top = `${low + node.offsetHeight > frame.height - 8 ? high : low}px`;
    node.style.left = `${Math.max(8, Math.min(box.left - frame.left, frame.width - node.offsetWidth - 8))}px`;
    input.focus();
    input.setSelectionRange(input.value.length, input.value.length);
  };
  return { node, open, close };
};
