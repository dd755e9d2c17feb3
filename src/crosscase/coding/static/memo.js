// The memo of the document: saved while one writes; what another window wrote meanwhile is never overwritten.
const createMemo = (app) => {
  const area = make("textarea", { class: "cc-memo", rows: "14", "aria-label": "Memo of the document", placeholder: "What this document makes you think" });
  const node = make("section", { class: "cc-panel", "aria-label": "Memo" }, area);
  let timer = 0;
  let whose = null;

  const save = async () => {
    clearTimeout(timer);
    if (!whose || area.value.trimEnd() === app.memo) return;
    const text = area.value;
    const was = app.memo;
    app.memo = text.trimEnd();
    const reply = await app.ask("memo", { document: whose, was, text });
    if (reply.kind !== "told") app.memo = was; // until somebody has chosen, it is not saved and is asked again
  };
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 700);
  });
  area.addEventListener("change", save);
  app.on("leaving", save);
  app.on("document", () => {
    whose = app.document;
    area.value = app.memo;
  });
  app.on("memo", (reply) => {
    if (reply.document !== app.document) return;
    app.memo = reply.text;
    area.value = reply.text;
  });
  const both = (theirs, mine) => {
    app.memo = theirs;
    area.value = mine;
    save();
  };
  const take = (theirs) => {
    app.memo = theirs;
    area.value = theirs;
  };
  return { node, focus: () => area.focus(), both, take };
};
