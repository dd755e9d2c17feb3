// The codebook as a tree: keys and buttons move codes, rename and join them.
const createCodebook = (app, apply) => {
  const tree = make("ul", { role: "tree", "aria-label": "Codebook", class: "cc-tree" });
  const tools = make("div", { class: "cc-tools", role: "toolbar", "aria-label": "Change the codebook" });
  const form = make("div", { class: "cc-form" });
  const node = make("section", { class: "cc-book", "aria-label": "Codebook" }, make("h2", {}, "Codes"), tools, tree, form);
  const closed = new Set();
  let current = null;
  let shown = [];
  let dragged = null;

  const below = (code) => app.order.filter((each) => (each.parent || "") === code);
  const draw = () => {
    shown = [];
    const grow = (parent, level, seen) =>
      below(parent).flatMap((code) => {
        if (seen.has(code.code)) return [];
        const kids = below(code.code);
        shown.push(code.code);
        const item = row(code, level, kids.length);
        return [item, ...(kids.length && !closed.has(code.code) ? grow(code.code, level + 1, new Set([...seen, code.code])) : [])];
      });
    const focused = tree.contains(document.activeElement);
    const items = grow("", 1, new Set());
    if (!shown.includes(current)) current = shown[0] || null;
    fill(tree, items);
    mark(focused);
    if (!items.length) fill(tree, make("li", { class: "cc-empty", role: "none" }, "No code yet. Mark words in the text and type its name."));
  };

  const row = (code, level, kids) => {
    const item = make("li", { role: "treeitem", "aria-level": String(level), tabindex: "-1", draggable: "true" });
    item.dataset.code = code.code;
    item.style.setProperty("--cc-level", level - 1);
    if (kids) item.setAttribute("aria-expanded", String(!closed.has(code.code)));
    if (code.definition) item.title = code.definition;
    const arrow = make("span", { class: "cc-arrow", "aria-hidden": "true" }, kids ? (closed.has(code.code) ? "▸" : "▾") : "");
    const count = app.counts[code.code] || 0;
    put(item, [arrow, swatch(code), make("span", { class: "cc-name" }, code.label)]);
    if (count) item.append(make("small", { "aria-label": `${count} codings` }, String(count)));
    arrow.addEventListener("click", (event) => {
      event.stopPropagation();
      fold(code.code);
    });
    item.addEventListener("click", () => {
      current = code.code;
      mark(true);
    });
    item.addEventListener("dblclick", () => apply(code.code));
    item.addEventListener("dragstart", () => (dragged = code.code));
    item.addEventListener("dragover", (event) => event.preventDefault());
    item.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!dragged || dragged === code.code) return;
      const box = item.getBoundingClientRect();
      if (event.clientY < box.top + box.height / 3) move(dragged, code.parent || "", code.code);
      else move(dragged, code.code, "");
      dragged = null;
    });
    return item;
  };

  const mark = (focus) => {
    for (const item of tree.querySelectorAll("[role=treeitem]")) {
      const on = item.dataset.code === current;
      item.tabIndex = on ? 0 : -1;
      item.setAttribute("aria-selected", String(on));
      if (on && focus) item.focus();
    }
    [...tools.children].forEach((each) => (each.disabled = each.dataset.any ? false : !current));
  };

  const fold = (code) => {
    if (!closed.delete(code)) closed.add(code);
    draw();
  };
  const move = (code, parent, before) => app.ask("move_code", { code, parent, before });
  const siblings = () => below(app.codes.get(current)?.parent || "").map((code) => code.code);
  const shift = (where) => {
    const code = app.codes.get(current);
    const mine = siblings();
    const at = mine.indexOf(current);
    const parent = code.parent || "";
    if (where === "up" && at > 0) return move(current, parent, mine[at - 1]);
    if (where === "down" && at < mine.length - 1) return move(current, parent, mine[at + 2] || "");
    if (where === "in" && at > 0) return closed.delete(mine[at - 1]), move(current, mine[at - 1], "");
    if (where === "out" && parent) {
      const above = app.codes.get(parent)?.parent || "";
      const uncles = below(above).map((each) => each.code);
      return move(current, above, uncles[uncles.indexOf(parent) + 1] || "");
    }
    app.emit("said", "it cannot go further");
  };

  // --- small forms below the tree
  const ask = (title, controls, act) => {
    const send = make("div", { role: "group", "aria-label": title });
    const save = () => (act(), shut());
    const buttons = make("div", { class: "cc-row" }, button("Save", save, { class: "cc-button cc-main" }), button("Cancel", () => shut()));
    fill(form, put(send, [make("h3", {}, title), ...controls, buttons]));
    send.addEventListener("keydown", (event) => {
      if (event.key === "Escape") shut();
      if (event.key === "Enter" && /^(INPUT|SELECT)$/.test(event.target.tagName)) event.preventDefault(), save();
      event.stopPropagation();
    });
    send.querySelector("input, textarea, select")?.focus();
  };
  const shut = () => {
    fill(form);
    mark(true);
  };
  const line = (value = "") => {
    const control = make("input", { type: "text", required: true });
    control.value = value;
    return control;
  };
  const options = (without) => app.order.filter((code) => code.code !== without).map((code) => [code.code, app.path(code.code).join(" › ")]);

  const create = (parent) => {
    const label = line();
    ask(parent ? `New code below ${app.label(parent)}` : "New code", [field("Label", label)], () => app.ask("new_code", { label: label.value, parent }));
  };
  const about = () => {
    const code = app.codes.get(current);
    if (!code) return;
    const id = line(code.code);
    const controls = { label: line(code.label) };
    for (const name of ["definition", "inclusion", "exclusion"]) {
      controls[name] = make("textarea", { rows: "3" });
      controls[name].value = code[name] || "";
    }
    const words = { label: "Label", definition: "What it means", inclusion: "When to use it", exclusion: "When not to" };
    const fields = Object.entries(controls).map(([name, control]) => field(words[name], control));
    ask(`Code ${code.label}`, [...fields, field("Id (follows in every table)", id)], async () => {
      const changed = Object.entries(controls).filter(([name, control]) => control.value !== (code[name] || ""));
      if (changed.length) {
        const was = Object.fromEntries(changed.map(([name]) => [name, code[name] || ""]));
        const now = Object.fromEntries(changed.map(([name, control]) => [name, control.value]));
        await app.ask("edit_code", { code: code.code, was, now });
      }
      if (id.value !== code.code) await app.ask("rename_code", { code: code.code, new: id.value });
    });
  };
  const join = () => {
    const code = current;
    const into = make("select", {});
    for (const [id, words] of options(code)) into.append(make("option", { value: id }, words));
    ask(`Join ${app.label(code)} into`, [field("The code that stays", into)], () => app.ask("merge_code", { code, into: into.value }));
  };

  const tool = (label, words, act, any) => {
    const each = button(label, act, { "aria-label": words, title: words, class: "cc-tool" });
    if (any) each.dataset.any = "1";
    return each;
  };
  put(tools, [
    tool("+", "New code (n)", () => create(""), true),
    tool("↳", "New code below this one (b)", () => create(current)),
    tool("✎", "Label, definition, id (F2)", about),
    tool("↑", "Up (Alt+↑)", () => shift("up")),
    tool("↓", "Down (Alt+↓)", () => shift("down")),
    tool("→", "Below the code above it (Alt+→)", () => shift("in")),
    tool("←", "One level up (Alt+←)", () => shift("out")),
    tool("⇥", "Join into another code (m)", join),
    tool("×", "Take away a code that is not in use (Del)", () => app.ask("remove_code", { code: current })),
  ]);

  const go = (by) => {
    const at = shown.indexOf(current);
    current = shown[Math.max(0, Math.min(shown.length - 1, at + by))];
    mark(true);
  };
  tree.addEventListener("keydown", (event) => {
    const code = app.codes.get(current);
    const acts = event.altKey
      ? { ArrowUp: () => shift("up"), ArrowDown: () => shift("down"), ArrowRight: () => shift("in"), ArrowLeft: () => shift("out") }
      : {
          ArrowDown: () => go(1),
          ArrowUp: () => go(-1),
          Home: () => go(-shown.length),
          End: () => go(shown.length),
          ArrowRight: () => (closed.has(current) ? fold(current) : below(current).length && go(1)),
          ArrowLeft: () => {
            if (below(current).length && !closed.has(current)) fold(current);
            else if (code?.parent) (current = code.parent), mark(true);
          },
          Enter: () => apply(current),
          F2: about,
          Delete: () => app.ask("remove_code", { code: current }),
          n: () => create(""),
          b: () => create(current),
          m: join,
        };
    if (!acts[event.key] || event.ctrlKey || event.metaKey) return;
    if (!current && !["n"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  });
  app.on("codes", draw);
  app.on("progress", draw);
  return { node, focus: () => (tree.querySelector("[tabindex='0']") || tools.firstChild).focus() };
};
