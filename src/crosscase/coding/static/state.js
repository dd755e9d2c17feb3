// What the page knows, and its talk with Python: one question, one or several answers, all of them as messages.
const PATIENCE = 20000;
const SILENT =
  "Python does not answer, so the last step may not be saved. If it is still at work, wait; if the kernel has ended, run the cell again: what was saved is there.";

const createApp = (model) => {
  const listeners = {};
  const waiting = new Map();
  let number = Math.floor(Math.random() * 9e5) * 1000; // two views of one widget hear each other's answers
  const app = {
    about: null,
    codes: new Map(),
    order: [],
    counts: {},
    document: null,
    text: "",
    memo: "",
    codings: new Map(),
    selected: null,
    others: true,
    recent: [],
    steps: { undo: "", redo: "" },
    timings: [],
  };

  app.on = (event, act) => (listeners[event] ||= []).push(act);
  app.emit = (event, detail) => (listeners[event] || []).forEach((act) => act(detail));

  app.ask = (kind, cells = {}) => {
    const id = ++number;
    if (kind === "sync") return model.send({ kind, id });
    const began = performance.now();
    return new Promise((done) => {
      const silent = setTimeout(() => app.emit("problem", [SILENT]), PATIENCE);
      waiting.set(id, (reply) => {
        clearTimeout(silent);
        app.timings.push({ kind, ms: performance.now() - began });
        done(reply);
      });
      model.send({ kind, id, ...cells });
      app.emit("busy", kind);
    });
  };

  app.take = (reply) => {
    if (!reply || typeof reply.kind !== "string") return;
    const done = waiting.get(reply.re);
    const act = takers[reply.kind];
    if (act) act(reply);
    if (done) {
      waiting.delete(reply.re);
      done(reply);
    }
  };

  const setCodes = (codes) => {
    app.order = codes;
    app.codes = new Map(codes.map((code) => [code.code, code]));
    app.emit("codes");
  };
  const setSteps = (reply) => {
    if ("undo" in reply) {
      app.steps = { undo: reply.undo, redo: reply.redo };
      app.emit("steps");
    }
  };
  const setProgress = (reply) => {
    if (reply.progress) app.progress = reply.progress;
    if (reply.counts) app.counts = reply.counts;
    if (reply.progress || reply.counts) app.emit("progress");
  };

  const takers = {
    study: (reply) => {
      app.about = reply;
      setProgress(reply);
      setCodes(reply.codes);
      setSteps(reply);
      app.emit("study");
    },
    document: (reply) => {
      app.document = reply.document;
      app.text = reply.text;
      app.memo = reply.memo;
      app.codings = new Map(reply.codings.map((coding) => [coding.coding_id, coding]));
      app.selected = null;
      app.emit("document");
    },
    changed: (reply) => {
      const touched = [];
      for (const id of reply.gone) {
        if (app.codings.has(id)) touched.push(app.codings.get(id));
        app.codings.delete(id);
        if (app.selected === id) app.selected = null;
      }
      for (const coding of reply.rows) {
        if (app.codings.has(coding.coding_id)) touched.push(app.codings.get(coding.coding_id));
        if (coding.document === app.document) {
          app.codings.set(coding.coding_id, coding);
          touched.push(coding);
        }
      }
      if (reply.coding && app.codings.has(reply.coding)) app.selected = reply.coding;
      if (reply.codes) setCodes(reply.codes);
      if (reply.documents) app.about.documents = reply.documents;
      if (touched.length) app.emit("codings", touched);
      setProgress(reply);
      setSteps(reply);
      if (reply.said) app.emit("said", reply.said);
    },
    steps: setSteps,
    told: (reply) => {
      if (reply.coding) app.select(reply.coding);
      if ("memo" in reply && reply.document === app.document) app.memo = reply.memo;
      app.emit("said", reply.said);
    },
    memo: (reply) => app.emit("memo", reply),
    problem: (reply) => app.emit("problem", reply.said),
    conflict: (reply) => app.emit("conflict", reply),
  };

  app.select = (id) => {
    const before = app.codings.get(app.selected);
    app.selected = app.codings.has(id) ? id : null;
    app.emit("selected", [before, app.codings.get(app.selected)].filter(Boolean));
  };
  app.mine = (coding) => coding.coder === app.about.coder;
  app.label = (code) => (app.codes.get(code) ? app.codes.get(code).label : code);
  app.path = (code) => {
    const names = [];
    for (let at = app.codes.get(code), n = 0; at && n < 30; at = app.codes.get(at.parent), n++) names.unshift(at.label);
    return names;
  };
  app.title = (document) => {
    const found = app.about.documents.find((row) => row.document === document);
    return found ? found.title : document;
  };
  app.shown = () =>
    [...app.codings.values()].filter((coding) => "start" in coding && (app.others || app.mine(coding)));
  app.used = (code) => {
    app.recent = [code, ...app.recent.filter((each) => each !== code)].slice(0, 8);
  };
  return app;
};
