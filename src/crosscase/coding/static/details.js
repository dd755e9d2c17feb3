// The codings at the caret, and what can be said of one: direction, case, role, note.
const createDetails = (app, text) => {
  const list = make("ul", { class: "cc-here" });
  const form = make("div", { class: "cc-form" });
  const node = make("section", { class: "cc-panel", "aria-label": "Codings at the caret" }, list, form);
  let key = "";

  const change = (coding, cells) => {
    const was = Object.fromEntries(Object.keys(cells).map((name) => [name, coding[name] || ""]));
    return app.ask("change", { coding: coding.coding_id, was, now: cells });
  };

  const item = (coding) => {
    const code = app.codes.get(coding.code);
    const on = coding.coding_id === app.selected;
    const who = app.mine(coding) ? "" : app.about.coders[coding.coder] || coding.coder;
    const parts = [swatch(code), make("span", {}, app.path(coding.code).join(" › "))];
    if (coding.valence) parts.push(make("i", { title: coding.valence }, DIRECTIONS[coding.valence]));
    if (who) parts.push(make("small", {}, who));
    const open = button("", () => app.select(coding.coding_id), { "aria-pressed": String(on), class: "cc-coding" });
    put(open, parts);
    const row = make("li", {}, open);
    if (app.mine(coding)) {
      const label = `Take away ${app.label(coding.code)}`;
      const drop = () => app.ask("remove", { coding: coding.coding_id });
      row.append(button("×", drop, { "aria-label": label, title: label, class: "cc-drop" }));
    }
    return row;
  };

  const draw = () => {
    const here = text.at();
    const selected = app.codings.get(app.selected);
    if (selected && !here.includes(selected)) here.unshift(selected);
    here.sort((a, b) => a.start - b.start || a.end - b.end);
    const now = JSON.stringify([here, app.selected, app.order.length]);
    if (now === key) return;
    key = now;
    const back = list.contains(document.activeElement);
    fill(list, here.map(item));
    if (!here.length) {
      fill(list, make("li", { class: "cc-empty" }, "No code here. Mark words and type to put one; ? shows all keys."));
    }
    if (!selected) fill(form), (whose = "");
    else if (app.mine(selected)) edit(selected);
    else said(selected);
    if (back) focus();
  };

  const said = (coding) => {
    const rows = ["valence", "case", "role", "memo"].filter((name) => coding[name]).map((name) => `${name}: ${coding[name]}`);
    fill(form, make("p", { class: "cc-empty" }, "Another coder's: it can be read, not changed."), rows.map((row) => make("p", {}, row)));
  };

  // The form of one coding stays while it is chosen, so that nobody loses the place; only its values follow.
  let whose = "";
  let controls = {};
  const edit = (coding) => {
    const shape = JSON.stringify([coding.coding_id, coding.code, app.order.length]);
    if (whose !== shape || !form.firstChild) build(coding);
    whose = shape;
    const now = { ...coding, role: (coding.role || "").split(";")[0] };
    for (const [name, control] of Object.entries(controls)) {
      if (control === document.activeElement && control.tagName === "TEXTAREA") continue;
      if (control.value !== (now[name] || "")) control.value = now[name] || "";
    }
  };
  const build = (coding) => {
    const id = coding.coding_id;
    const current = () => app.codings.get(id) || coding;
    const none = ["", "—"];
    const words = (name) => [none, ...app.about[name].map((row) => [row.id, row.label])];
    const directions = [none, ...app.about.valences.map((word) => [word, `${DIRECTIONS[word]} ${word === "na" ? "no direction" : word}`])];
    const parts = [make("h3", {}, app.label(coding.code))];
    controls = {};
    const add = (label, name, options, value = (cell) => cell) => {
      const part = choice(label, "", options, (cell) => change(current(), { [name]: value(cell) }));
      controls[name] = part.querySelector("select");
      parts.push(part);
    };
    add("Direction", "valence", directions);
    if (app.about.cases.length) add("Case", "case", words("cases"));
    if (app.about.roles.length) {
      const more = () => (current().role || "").split(";").slice(1);
      add("Role", "role", words("roles"), (role) => [role, ...more()].filter(Boolean).join(";"));
      add("The role", "role_mode", [none, ["voice", "speaks"], ["about", "is spoken about"], ["author", "the author speaks"]]);
      if (more().length) parts.push(make("p", { class: "cc-empty" }, `and ${more().length} more: ${more().join(", ")}`));
    }
    const note = make("textarea", { rows: "4", placeholder: "In your own words, no quotation" });
    let seen = "";
    note.addEventListener("focus", () => (seen = current().memo || ""));
    note.addEventListener("change", () => app.ask("change", { coding: id, was: { memo: seen }, now: { memo: note.value } }));
    controls.memo = note;
    parts.push(field("Note", note));
    fill(form, parts);
  };

  for (const event of ["codings", "selected", "codes", "document"]) app.on(event, draw);
  const focus = () => (node.querySelector("[aria-pressed=true]") || node.querySelector("button, select"))?.focus();
  return { node, draw, change, focus };
};
