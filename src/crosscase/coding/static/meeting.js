// Two coders side by side: each difference with the words around it, a decision and its reason.
const createMeeting = (app, go) => {
  const list = make("ol", { class: "cc-differences" });
  const head = make("div", { class: "cc-meeting-head" });
  const node = make("section", { class: "cc-meeting", "aria-label": "Comparison of coders", hidden: true }, head, list);
  const DECISIONS = { first: "left stands", second: "right stands", both: "both", neither: "neither", other: "another code" };
  let rows = [];
  let lately = null;
  let open = false;

  const draw = (reply) => {
    rows = reply.rows;
    lately = reply;
    tell();
    fill(list, rows.filter((row) => !open || !row.decided.decision).map(card));
  };
  const tell = () => {
    const reply = lately;
    const decided = rows.filter((row) => row.decided.decision).length;
    const only = make("input", { type: "checkbox", checked: open, change: () => ((open = only.checked), draw(reply)) });
    const replace = make("input", { type: "checkbox" });
    const write = button("Write the round", async () => {
      const answer = await app.ask("write_round", { replace: replace.checked });
      if (answer.kind === "changed") refresh();
    }, { class: "cc-button cc-main" });
    fill(head,
      make("h2", {}, "Where the coders differ"),
      make("p", {}, `${reply.total} differences, ${decided} decided. Each decision is saved at once; the round is written when you say so, and open differences stay out of it.`),
      reply.rounds.length ? make("p", {}, `Rounds so far: ${reply.rounds.join(", ")}`) : null,
      make("div", { class: "cc-row" }, write, make("label", {}, replace, " replace the round of today"), make("label", {}, only, " only what is open")),
    );
  };
  const side = (row, n) => {
    const coder = row[`coder_${n}`];
    const code = app.codes.get(row[`code_${n}`]);
    const where = row[`start_${n}`] === undefined ? "" : ` ${row[`start_${n}`]}–${row[`end_${n}`]}`;
    const valence = row[`valence_${n}`];
    return make("div", { class: "cc-side" }, make("small", {}, coder ? app.about.coders[coder] || coder : "nobody"),
      code ? make("div", {}, swatch(code), app.label(code.code), valence ? ` ${DIRECTIONS[valence] || ""}` : "") : make("div", { class: "cc-empty" }, "no code"),
      make("small", {}, where));
  };
  const card = (row) => {
    const name = fresh("decision");
    const now = row.decided;
    const reason = make("input", { type: "text", "aria-label": "Reason", placeholder: "Why (needed for the round)" });
    reason.value = now.reason || "";
    const code = make("select", { "aria-label": "The code that stands" }, app.order.map((each) => make("option", { value: each.code }, app.path(each.code).join(" › "))));
    if (now.decided_code) code.value = now.decided_code;
    const valence = make("select", { "aria-label": "The direction that stands" }, app.about.valences.map((each) => make("option", { value: each }, each)));
    if (now.decided_valence) valence.value = now.decided_valence;
    const directed = row.kind === "other valence";
    const chosen = () => item.querySelector("input[type=radio]:checked")?.value || "";
    const save = async () => {
      const decision = chosen();
      const other = decision === "other";
      code.hidden = !other || directed;
      valence.hidden = !other || !directed;
      const cells = { decision, reason: reason.value, decided_code: other && !directed ? code.value : "", decided_valence: other && directed ? valence.value : "" };
      row.decided = cells;
      tell();
      await app.ask("decide", { segment: row.segment, difference: row.kind, ...cells });
    };
    const allowed = Object.keys(DECISIONS).filter((each) => (each !== "both" || row.kind === "other code") && (each !== "neither" || !directed));
    const radios = allowed.map((each) => make("label", { class: "cc-radio" }, make("input", { type: "radio", name, value: each, checked: now.decision === each, change: save }), ` ${each === "other" && directed ? "another direction" : DECISIONS[each]}`));
    const quote = make("p", { class: "cc-quote" }, "…", row.left, make("mark", {}, row.match), row.right, "…");
    const place = button(row.place.replace(row.document, app.title(row.document)), () => go(row.document, row.start, row.end), { class: "cc-link" });
    const item = make("li", { class: "cc-card" }, make("div", { class: "cc-row" }, make("b", {}, row.kind), place), quote,
      make("div", { class: "cc-sides" }, side(row, 1), side(row, 2)),
      make("fieldset", {}, make("legend", {}, "Decision"), radios, code, valence), reason);
    reason.addEventListener("change", () => chosen() && save());
    code.addEventListener("change", save);
    valence.addEventListener("change", save);
    code.hidden = now.decision !== "other" || directed;
    valence.hidden = now.decision !== "other" || !directed;
    return item;
  };
  const refresh = async () => {
    const reply = await app.ask("compare");
    if (reply.kind === "differences") draw(reply);
    return reply.kind === "differences";
  };
  return { node, refresh, focus: () => (list.querySelector("input") || head.querySelector("input"))?.focus() };
};
