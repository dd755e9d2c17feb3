// Keyword in context: a word in all its forms, in every document; Enter leads to the place.
const createSearch = (app, go) => {
  const input = make("input", { type: "search", "aria-label": "Find a word in all its forms", placeholder: "Find a word in all its forms  ( / )" });
  const bar = make("div", { class: "cc-search", role: "search" }, input);
  const list = make("div", { class: "cc-found" });
  const node = make("section", { class: "cc-panel", "aria-label": "Found" }, list);
  let lately = "";
  input.addEventListener("keydown", (event) => event.key === "Enter" && (event.preventDefault(), run()));

  const run = async () => {
    if (!input.value.trim()) return;
    app.emit("panel", "find");
    const reply = await app.ask("search", { query: input.value.trim() });
    if (reply.kind !== "found") return;
    lately = reply.query;
    const many = reply.total > reply.rows.length ? `, the first ${reply.rows.length} are shown` : "";
    const head = make("p", { class: "cc-empty" }, `“${reply.query}” in all its forms: ${reply.total}${many}`);
    const groups = new Map();
    for (const row of reply.rows) groups.set(row.document, [...(groups.get(row.document) || []), row]);
    fill(list, head, [...groups].map(([document, rows]) =>
      make("div", {}, make("h3", {}, `${app.title(document)} (${rows.length})`), make("ul", {}, rows.map(hit))),
    ));
    app.emit("said", `${reply.total} found`);
    list.querySelector("button")?.focus();
  };
  const hit = (row) => {
    const open = button("", () => go(row.document, row.start, row.end), { class: "cc-hit" });
    put(open, ["…", row.left.replaceAll("\n", " "), make("b", {}, row.match), row.right.replaceAll("\n", " "), "…"]);
    open.addEventListener("keydown", (event) => {
      const all = [...list.querySelectorAll("button")];
      const next = all[all.indexOf(open) + ({ ArrowDown: 1, ArrowUp: -1 }[event.key] || 0)];
      if (next && next !== open) event.preventDefault(), next.focus();
    });
    return make("li", {}, open);
  };
  fill(list, make("p", { class: "cc-empty" }, "Type a word above and press Enter: it is found in all its forms, by the language of each document."));
  return { node, bar, focus: () => (input.focus(), input.select()), last: () => lately };
};
