// The page: its parts, the keys that work everywhere, what is told in words, and the look at other windows.
const EVERY = 4000;
const READING = ["start", "open", "search", "compare"];

const createConflict = (app, memo) => {
  const node = make("div", { class: "cc-conflict", role: "alertdialog", "aria-label": "Changed by another window", hidden: true });
  const shut = () => {
    node.hidden = true;
    app.emit("home");
  };
  app.on("conflict", (reply) => {
    const { theirs, mine, message, table } = reply;
    const names = mine ? Object.keys(mine) : [];
    const words = (cells) => (cells ? names.map((name) => `${name}: ${cells[name] ?? "—"}`).join("; ") : "gone");
    const again = (now) => {
      const was = Object.fromEntries(names.map((name) => [name, (theirs && theirs[name]) || ""]));
      shut();
      return app.ask(message.kind, { ...without(message), was, ...(now ? { now } : {}) });
    };
    const both = (name) => [theirs[name], mine[name]].filter(Boolean).join("\n");
    const keep = () => (table === "memo" && memo.take(theirs.text), shut());
    const buttons = [button("Keep what is there", keep)];
    if (table === "memo") buttons.push(button("Keep both", () => (shut(), memo.both(theirs.text, both("text")))));
    else if (theirs && message.kind === "remove") buttons.push(button("Take it away all the same", () => (shut(), app.ask("remove", { coding: message.coding }))));
    else if (theirs && mine && ["change", "edit_code"].includes(message.kind)) {
      buttons.push(button("Put mine", () => again(mine)));
      const prose = names.filter((name) => ["memo", "definition", "inclusion", "exclusion"].includes(name));
      if (prose.length) buttons.push(button("Keep both", () => again({ ...mine, ...Object.fromEntries(prose.map((name) => [name, both(name)])) })));
    }
    fill(node, make("p", {}, reply.said), names.length ? make("p", {}, `There now: ${words(theirs)}`) : null, names.length ? make("p", {}, `Yours: ${words(mine)}`) : null, make("div", { class: "cc-row" }, buttons));
    node.hidden = false;
    node.querySelector("button").focus();
  });
  const without = ({ kind, id, was, now, ...rest }) => rest;
  node.addEventListener("keydown", (event) => event.key === "Escape" && shut());
  return node;
};

const createDocuments = (app, open) => {
  const list = make("ul", { class: "cc-documents", role: "listbox", "aria-label": "Documents" });
  const node = make("section", { "aria-label": "Documents" }, make("h2", {}, "Documents"), list);
  const draw = () => {
    const focused = list.contains(document.activeElement);
    fill(list, app.about.documents.map((row) => {
      const on = row.document === app.document;
      const progress = app.progress?.[row.document] || { mine: 0, covered: 0 };
      const share = Math.round(progress.covered * 100);
      const item = make("li", { role: "option", "aria-selected": String(on), tabindex: on ? "0" : "-1" });
      if (!row.here) item.setAttribute("aria-disabled", "true");
      item.dataset.document = row.document;
      const bar = make("span", { class: "cc-bar", "aria-hidden": "true" }, make("span", {}));
      bar.firstChild.style.width = `${share}%`;
      const words = row.here ? `${progress.mine} ${progress.mine === 1 ? "coding" : "codings"} · ${share}% of the text` : "its text is not here";
      put(item, [make("span", { class: "cc-name" }, row.title || row.document), bar, make("small", {}, words)]);
      item.addEventListener("click", () => row.here && open(row.document));
      return item;
    }));
    if (!list.querySelector("[tabindex='0']")) list.firstChild?.setAttribute("tabindex", "0");
    if (focused) focus();
  };
  const focus = () => list.querySelector("[tabindex='0']")?.focus();
  list.addEventListener("keydown", (event) => {
    const items = [...list.children];
    const at = items.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (next !== undefined && items[next]) event.preventDefault(), items[next].focus();
    if (event.key === "Enter" || event.key === " ") event.preventDefault(), items[at]?.click();
  });
  for (const event of ["study", "progress", "document"]) app.on(event, draw);
  return { node, focus };
};

const createPage = (model, el) => {
  const app = createApp(model);
  const text = createText(app);
  const status = make("div", { class: "cc-status", role: "status", "aria-live": "polite" });
  const alarm = make("div", { class: "cc-alarm", role: "alert", hidden: true });
  const home = () => text.focus();

  const open = async (document_) => {
    app.emit("leaving");
    if (document_ !== app.document) await app.ask("open", { document: document_ });
  };
  const go = async (document_, start, end) => {
    meet(false);
    await open(document_);
    if (app.document === document_) text.go(start, end);
  };

  const picker = createPicker(app);
  const details = createDetails(app, text);
  const documents = createDocuments(app, async (each) => (await open(each), meet(false), home()));
  const apply = (code) => {
    const marked = text.marked();
    if (!marked) return app.emit("said", "mark words first");
    app.used(code);
    app.ask("code", { document: app.document, start: marked.start, end: marked.end, code });
  };
  const book = createCodebook(app, apply);
  const memo = createMemo(app);
  const search = createSearch(app, go);
  const meeting = createMeeting(app, go);
  const help = createHelp();
  const conflict = createConflict(app, memo);

  // --- the panels on the right
  const panels = { coding: ["Coding", details], memo: ["Memo", memo], find: ["Found", search] };
  const tabs = make("div", { class: "cc-tabs", role: "tablist", "aria-label": "Beside the text" });
  const aside = make("aside", { class: "cc-aside" }, tabs);
  const panel = (name, focus) => {
    for (const [each, [, part]] of Object.entries(panels)) {
      part.node.hidden = each !== name;
      const tab = tabs.querySelector(`[data-name=${each}]`);
      tab.setAttribute("aria-selected", String(each === name));
      tab.tabIndex = each === name ? 0 : -1;
    }
    if (focus) panels[name][1].focus();
  };
  for (const [name, [label, part]] of Object.entries(panels)) {
    const tab = make("button", { type: "button", role: "tab", "data-name": name, click: () => panel(name) }, label);
    tab.addEventListener("keydown", (event) => {
      const all = [...tabs.children];
      const next = all[(all.indexOf(tab) + ({ ArrowRight: 1, ArrowLeft: -1 }[event.key] || 0) + all.length) % all.length];
      if (next !== tab) next.click(), next.focus();
    });
    part.node.id = fresh("panel");
    part.node.setAttribute("role", "tabpanel");
    tab.setAttribute("aria-controls", part.node.id);
    tabs.append(tab);
    aside.append(part.node);
  }
  app.on("panel", (name) => panel(name));

  const meet = async (on) => {
    if (on && !(await meeting.refresh())) return;
    meeting.node.hidden = !on;
    text.node.hidden = on;
    compare.setAttribute("aria-pressed", String(on));
    if (on) meeting.focus();
  };

  // --- the head
  const undo = button("Undo", () => app.ask("undo"));
  const redo = button("Redo", () => app.ask("redo"));
  const compare = button("Compare", () => meet(meeting.node.hidden), { "aria-pressed": "false" });
  const others = button("Other coders", () => {
    app.others = !app.others;
    others.setAttribute("aria-pressed", String(app.others));
    text.repaint();
    details.draw();
  }, { "aria-pressed": "true", title: "Show the codings of other coders" });
  const keys = button("?", () => help.open(), { "aria-label": "Keys", title: "All keys" });
  const title = make("h1", {});
  const head = make("header", { class: "cc-head" }, title, search.bar, status, undo, redo, others, compare, keys);
  app.on("steps", () => {
    for (const [each, words] of [[undo, app.steps.undo], [redo, app.steps.redo]]) {
      each.setAttribute("aria-disabled", String(!words));
      each.title = words || "nothing to take back";
    }
  });
  app.on("study", () => {
    const who = app.about.coders[app.about.coder] || app.about.coder;
    fill(title, app.about.title, make("small", {}, `coder ${who}${app.about.blind ? " · blind" : ""}`));
    others.hidden = compare.hidden = app.about.blind;
    const first = app.about.documents.find((row) => row.here);
    if (first) open(first.document);
    else fill(text.body, make("p", { class: "cc-empty" }, "No text of this study is here."));
  });

  const left = make("nav", { class: "cc-left", "aria-label": "Documents and codes" }, documents.node, book.node);
  const middle = make("main", { class: "cc-middle", "aria-label": "Text" }, text.node, meeting.node);
  const root = make("div", { class: "cc-workbench", [QUIET]: "true", role: "region", "aria-label": "Coding page" });
  put(root, [head, left, middle, aside, picker.node, conflict, alarm, help.node]);
  panel("coding");
  el.classList.add("cc-frame");
  el.append(root);

  // --- what is told
  app.on("busy", (kind) => !READING.includes(kind) && fill(status, "saving …"));
  app.on("said", (words) => fill(status, words));
  app.on("problem", (sentences) => {
    fill(status, "not saved");
    fill(alarm, sentences.map((each) => make("p", {}, each)), button("Close", () => ((alarm.hidden = true), home())));
    alarm.hidden = false;
  });
  app.on("document", () => {
    text.show();
    details.draw();
    fill(status, app.title(app.document));
    root.dataset.document = app.document;
  });
  app.on("codings", (touched) => text.repaint(touched));
  app.on("selected", (touched) => text.choose(touched));
  app.on("codes", () => app.document && text.repaint());
  app.on("home", home);

  // --- keys
  const mark = () => {
    if (!text.marked() && !text.unit("line")) return null;
    return text.marked();
  };
  const pick = (letter) => {
    const marked = mark();
    if (!marked) return app.emit("said", "no words here");
    picker.open(marked, text.box(), root.getBoundingClientRect(), letter, () => {
      home();
      text.mark(marked.start, marked.end);
    });
  };
  const turn = (valence) => {
    const coding = app.codings.get(app.selected);
    if (!coding || !app.mine(coding)) return app.emit("said", "choose a coding of yours first");
    details.change(coding, { valence });
  };
  text.body.addEventListener("keydown", (event) => {
    const marked = text.marked();
    const plain = {
      w: () => text.unit("word"), s: () => text.unit("sentence"), l: () => text.unit("line"),
      ".": () => text.step(1), ",": () => text.step(-1),
      "+": () => turn("promotes"), "-": () => turn("inhibits"), 0: () => turn(""),
      "/": () => search.focus(), "?": () => help.open(),
    };
    if (event.key === "Enter") pick("");
    else if (event.key === "Delete" || event.key === "Backspace") {
      if (app.codings.has(app.selected)) app.ask("remove", { coding: app.selected });
    } else if (event.key === "Escape") {
      app.select(null);
      const kept = text.range();
      if (kept) text.caret(kept.focus);
    } else if (typed(event) && marked && /[\p{L}\p{N}]/u.test(event.key)) pick(event.key);
    else if (typed(event) && plain[event.key]) plain[event.key]();
    else if (typed(event)) app.emit("said", "mark words first: Shift + arrows, or w, s, l");
    else return;
    event.preventDefault();
  });

  const parts = [documents, book, { focus: home }, { focus: () => tabs.querySelector("[aria-selected=true]").focus() }];
  const nodes = [documents.node, book.node, middle, aside];
  root.addEventListener("keydown", (event) => {
    const command = event.ctrlKey || event.metaKey;
    const inField = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    const around = nodes.findIndex((each) => each.contains(document.activeElement));
    const beside = (by) => {
      const here = app.about.documents.filter((row) => row.here).map((row) => row.document);
      const next = here[here.indexOf(app.document) + by];
      if (next) open(next).then(home);
    };
    let act = null;
    if (command && event.key.toLowerCase() === "s") act = () => app.emit("said", "everything is saved already");
    else if (command && !inField && event.key.toLowerCase() === "z") act = () => app.ask(event.shiftKey ? "redo" : "undo");
    else if (command && !inField && event.key.toLowerCase() === "y") act = () => app.ask("redo");
    else if (event.key === "F6") act = () => parts[(around + (event.shiftKey ? -1 : 1) + 4) % 4].focus();
    else if (event.key === "F2" && !book.node.contains(event.target)) act = () => panel("coding", true);
    else if (event.key === "F7") act = () => panel("memo", true);
    else if (event.key === "F8" && !app.about.blind) act = () => meet(meeting.node.hidden);
    else if (event.altKey && event.key === "PageDown") act = () => beside(1);
    else if (event.altKey && event.key === "PageUp") act = () => beside(-1);
    else if (event.key === "?" && !inField) act = () => help.open();
    else if (event.key === "/" && !inField) act = () => search.focus();
    else if (event.key === "Escape" && aside.contains(event.target)) act = home;
    if (!act || event.defaultPrevented) return;
    event.preventDefault();
    act();
  });
  let last = "";
  let pressed = false;
  text.body.addEventListener("mousedown", () => (pressed = true));
  const released = () => {
    pressed = false;
    moved();
  };
  window.addEventListener("mouseup", released);
  const moved = () => {
    const kept = text.range();
    const now = kept && `${kept.anchor} ${kept.focus}`;
    if (!now || pressed || now === last || !text.body.contains(document.activeElement)) return;
    last = now;
    const here = text.at();
    const chosen = app.codings.get(app.selected);
    const shortest = here.length ? here.reduce((a, b) => (b.end - b.start < a.end - a.start ? b : a)).coding_id : null;
    if (chosen ? !here.includes(chosen) : shortest) app.select(shortest);
    else details.draw();
  };
  document.addEventListener("selectionchange", moved);

  const look = () => document.visibilityState === "visible" && app.about && app.ask("sync");
  const timer = setInterval(look, EVERY);
  window.addEventListener("focus", look);
  const leave = () => app.emit("leaving"); // a memo that is still being written goes before the page does
  window.addEventListener("pagehide", leave);
  const onMessage = (reply) => app.take(reply);
  model.on("msg:custom", onMessage);
  app.ask("start");
  root.crosscase = app; // for tests and for those who look
  return () => {
    app.emit("leaving");
    clearInterval(timer);
    window.removeEventListener("focus", look);
    window.removeEventListener("pagehide", leave);
    window.removeEventListener("mouseup", released);
    document.removeEventListener("selectionchange", moved);
    model.off("msg:custom", onMessage);
  };
};

export default { render: ({ model, el }) => createPage(model, el) };
