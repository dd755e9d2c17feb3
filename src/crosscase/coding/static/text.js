// The text: real text in the document, in blocks that the browser draws when they come into sight.
const BLOCK = 40;
const LANES = 6;

const createText = (app) => {
  let lines = [];
  let blocks = [];
  let layout = { on: new Map(), lanes: new Map() };
  let lately = null; // where the caret was when it was last in the text
  const painted = new Set();
  const body = make("div", {
    class: "cc-text",
    contenteditable: "true",
    role: "textbox",
    "aria-multiline": "true",
    "aria-readonly": "true",
    "aria-label": "Text of the document",
    spellcheck: "false",
    autocorrect: "off",
    autocapitalize: "off",
    translate: "no",
    tabindex: "0",
  });
  const scroller = make("div", { class: "cc-scroller" }, body);
  const view = { node: scroller, body };

  const watcher = new IntersectionObserver(
    (seen) => seen.forEach((each) => each.isIntersecting && paint(blocks.indexOf(each.target))),
    { root: scroller, rootMargin: "1200px 0px" },
  );

  view.show = () => {
    watcher.disconnect();
    painted.clear();
    lately = null;
    lines = linesOf(app.text);
    layout = laid(lines, app.shown());
    blocks = [];
    const all = document.createDocumentFragment();
    for (let at = 0; at < lines.length; at += BLOCK) {
      const block = make("div", { class: "cc-block" });
      block.style.setProperty("--cc-lines", Math.min(BLOCK, lines.length - at));
      for (let n = at; n < Math.min(at + BLOCK, lines.length); n++) block.append(plain(n));
      blocks.push(block);
      all.append(block);
    }
    body.replaceChildren(all);
    scroller.scrollTop = 0;
    blocks.forEach((block) => watcher.observe(block));
    paint(0);
    lately = { anchor: 0, focus: 0 };
    if (body.contains(document.activeElement)) view.caret(0);
  };

  view.focus = () => {
    body.focus({ preventScroll: true });
    if (lately) view.mark(lately.anchor, lately.focus);
  };

  const plain = (n) => {
    const node = make("div", { class: "cc-line" });
    node.dataset.n = n + 1;
    if (lines[n].text) node.append(lines[n].text);
    else node.append(document.createElement("br"));
    return node;
  };

  const lineNode = (n) => blocks[Math.floor(n / BLOCK)]?.children[n % BLOCK];

  const paint = (number) => {
    if (number < 0 || !blocks[number] || painted.has(number)) return;
    painted.add(number);
    const block = blocks[number];
    const kept = view.range();
    for (let n = number * BLOCK; n < Math.min((number + 1) * BLOCK, lines.length); n++) decorate(n);
    chips(block, number);
    restore(kept, number);
  };

  const decorate = (n) => {
    const node = lineNode(n);
    const line = lines[n];
    const codings = layout.on.get(n) || [];
    if (!line.text) return bars(node, codings);
    const parts = piecesOf(line, codings).map((piece) => {
      const words = line.text.slice(toIndex(line, piece.from), toIndex(line, piece.to));
      if (!piece.codings.length && !piece.who) return words;
      const span = make("span", { class: piece.who ? "cc-who" : "cc-piece" }, words);
      span.ccCodings = piece.codings.map((coding) => coding.coding_id);
      colour(span, piece.codings);
      return span;
    });
    node.replaceChildren(...parts);
    bars(node, codings);
  };

  const colour = (span, codings) => {
    if (!codings.length) return;
    const shown = codings.slice(-4);
    const last = app.codes.get(shown[shown.length - 1].code);
    const tint = `color-mix(in srgb, ${colourOf(last)} 16%, transparent)`;
    const images = shown.map((coding) => stroke(colourOf(app.codes.get(coding.code)), lineOf(coding.code)));
    span.style.backgroundImage = [...images, `linear-gradient(${tint}, ${tint})`].join(", ");
    span.style.backgroundSize = [...images.map(() => "100% 3px"), "100% 100%"].join(", ");
    const places = images.map((_, k) => `0 calc(100% - ${k * 4}px)`);
    span.style.backgroundPosition = [...places, "0 0"].join(", ");
    span.style.backgroundRepeat = "no-repeat";
    span.style.paddingBottom = `${images.length * 4}px`;
    span.classList.toggle("cc-on", codings.some((coding) => coding.coding_id === app.selected));
  };
  const lineOf = (code) => (app.codes.get(code) ? app.codes.get(code).line : 0);

  // Bars beside the text show how far each coding reaches.
  const bars = (node, codings) => {
    const images = [];
    const places = [];
    for (const coding of codings) {
      const lane = layout.lanes.get(coding.coding_id) || 0;
      if (lane >= LANES) continue;
      images.push(stroke(colourOf(app.codes.get(coding.code)), lineOf(coding.code), "180deg"));
      places.push(`calc(var(--cc-bars) + ${lane * 6}px) 0`);
    }
    node.style.backgroundImage = images.join(", ");
    node.style.backgroundPosition = places.join(", ");
    node.style.backgroundSize = images.map(() => "4px 100%").join(", ");
    node.style.backgroundRepeat = "no-repeat";
  };

  // Labels in the margin, at the line where a coding begins; the panel beside the text lists the same as text.
  const chips = (block, number) => {
    block.querySelector(".cc-chips")?.remove();
    const begins = [];
    for (let n = number * BLOCK; n < Math.min((number + 1) * BLOCK, lines.length); n++) {
      const here = (layout.on.get(n) || []).filter((coding) => lineAt(lines, coding.start) === n);
      if (here.length) begins.push([n, here]);
    }
    if (!begins.length) return;
    const tops = begins.map(([n]) => lineNode(n).offsetTop);
    const column = make("div", { class: "cc-chips", contenteditable: "false", "aria-hidden": "true" });
    let free = 0;
    begins.forEach(([, here], k) => {
      for (const coding of here) {
        const code = app.codes.get(coding.code);
        const sign = coding.valence ? DIRECTIONS[coding.valence] || "" : "";
        const chip = make("span", { class: "cc-chip", mousedown: (event) => event.preventDefault() });
        put(chip, [swatch(code), make("span", {}, app.label(coding.code)), sign && make("i", {}, sign)]);
        chip.addEventListener("click", () => app.select(coding.coding_id));
        if (coding.memo) chip.append(make("i", {}, "✎"));
        if (!app.mine(coding)) chip.classList.add("cc-theirs");
        chip.ccCodings = [coding.coding_id];
        chip.classList.toggle("cc-on", coding.coding_id === app.selected);
        const top = Math.max(tops[k], free);
        chip.style.top = `${top}px`;
        free = top + 22;
        column.append(chip);
      }
    });
    block.append(column);
  };

  const blocksOf = (codings) => {
    const some = new Set();
    for (const coding of codings.filter((each) => "start" in each)) {
      const first = Math.floor(lineAt(lines, coding.start) / BLOCK);
      const last = Math.floor(lineAt(lines, coding.end) / BLOCK);
      for (let number = first; number <= last; number++) some.add(number);
    }
    return some;
  };

  // Show which coding is chosen; the nodes stay, so that a selection by the mouse goes on.
  view.choose = (codings) => {
    for (const number of blocksOf(codings)) {
      for (const node of blocks[number]?.querySelectorAll(".cc-piece, .cc-who, .cc-chip") || []) {
        node.classList.toggle("cc-on", Boolean(node.ccCodings?.includes(app.selected)));
      }
    }
  };

  view.repaint = (touched) => {
    layout = laid(lines, app.shown());
    const some = blocksOf(touched || []);
    for (const number of touched ? some : [...painted]) {
      const was = painted.delete(number);
      if (was || !touched) paint(number);
    }
  };

  // --- places: offsets in code points <-> nodes of the document
  const offsetOf = (node, index) => {
    const home = node.nodeType === 1 ? node : node.parentElement;
    let line = home.closest(".cc-line");
    if (!line) {
      const kids = [...node.childNodes];
      const next = kids[Math.min(index, kids.length - 1)];
      const end = index >= kids.length;
      const found = next?.classList?.contains("cc-line") ? next : next?.querySelector?.(".cc-line");
      if (!found) return null;
      const n = Number(found.dataset.n) - 1;
      return lines[n].start + (end ? lines[n].length : 0);
    }
    const range = document.createRange();
    range.selectNodeContents(line);
    range.setEnd(node, index);
    const n = Number(line.dataset.n) - 1;
    return lines[n].start + toPoints(lines[n], Math.min(range.toString().length, lines[n].text.length));
  };

  const placeOf = (offset) => {
    const n = lineAt(lines, offset);
    let index = toIndex(lines[n], Math.min(offset - lines[n].start, lines[n].length));
    const node = lineNode(n);
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      if (index <= text.length) return [text, index];
      index -= text.length;
    }
    return [node, 0];
  };

  view.range = () => {
    const found = body.getRootNode().getSelection ? body.getRootNode().getSelection() : document.getSelection();
    if (!found || !found.rangeCount || !body.contains(found.anchorNode)) return null;
    const anchor = offsetOf(found.anchorNode, found.anchorOffset);
    const focus = offsetOf(found.focusNode, found.focusOffset);
    return anchor === null || focus === null ? null : (lately = { anchor, focus });
  };

  view.marked = () => {
    const kept = view.range() || lately;
    if (!kept || kept.anchor === kept.focus) return null;
    const [start, end] = trimmed(lines, Math.min(kept.anchor, kept.focus), Math.max(kept.anchor, kept.focus));
    return start < end ? { start, end, words: textOf(lines, start, end) } : null;
  };

  view.mark = (start, end) => {
    document.getSelection().setBaseAndExtent(...placeOf(start), ...placeOf(end));
  };
  view.caret = (offset) => view.mark(offset, offset);

  const restore = (kept, number) => {
    if (!kept || !body.contains(document.activeElement)) return;
    const touched = [kept.anchor, kept.focus].map((offset) => Math.floor(lineAt(lines, offset) / BLOCK));
    if (touched.includes(number)) view.mark(kept.anchor, kept.focus);
  };

  view.go = (start, end, focus = true) => {
    const n = lineAt(lines, start);
    paint(Math.floor(n / BLOCK));
    lineNode(n).scrollIntoView({ block: "center" });
    if (focus) body.focus({ preventScroll: true });
    view.mark(start, end);
  };

  view.at = () => {
    const kept = view.range() || lately;
    if (!kept) return [];
    const [low, high] = [Math.min(kept.anchor, kept.focus), Math.max(kept.anchor, kept.focus)];
    return app.shown().filter((c) => (low === high ? c.start <= low && low < c.end : c.start < high && low < c.end));
  };

  view.unit = (kind) => {
    const kept = view.range();
    if (!kept) return false;
    const line = lines[lineAt(lines, kept.focus)];
    const index = toIndex(line, kept.focus - line.start);
    const found = kind === "word" ? wordAt(line, index) : kind === "sentence" ? sentenceAt(line, index) : [line.who, line.text.length];
    if (!found || found[0] >= found[1]) return false;
    view.mark(line.start + toPoints(line, found[0]), line.start + toPoints(line, found[1]));
    return true;
  };

  view.step = (by) => {
    const kept = view.range();
    const from = kept ? kept.focus : 0;
    const sorted = app.shown().sort((a, b) => a.start - b.start || a.end - b.end);
    const at = sorted.findIndex((coding) => coding.coding_id === app.selected);
    const next = at >= 0 ? sorted[at + by] : by > 0 ? sorted.find((c) => c.start >= from) : sorted.findLast((c) => c.start < from);
    if (!next) return app.emit("said", by > 0 ? "no coding further down" : "no coding further up");
    view.go(next.start, next.start);
    app.select(next.coding_id);
    app.emit("said", `${app.label(next.code)}, line ${view.line(next.start)}`);
  };
  view.line = (offset) => lineAt(lines, offset) + 1;
  view.box = () => {
    const found = document.getSelection();
    return found.rangeCount ? found.getRangeAt(0).getBoundingClientRect() : body.getBoundingClientRect();
  };

  for (const kind of ["beforeinput", "paste", "cut", "drop", "dragstart"]) {
    body.addEventListener(kind, (event) => event.preventDefault());
  }
  body.addEventListener("compositionend", () => view.show()); // what an input method wrote goes again
  new ResizeObserver(() => [...painted].forEach((number) => chips(blocks[number], number))).observe(body);
  return view;
};
