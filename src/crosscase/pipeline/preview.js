// Asks the preview whether this page has changed, shows what is wrong, and loads the page again where it is another.
(() => {
  const { page, stamp } = JSON.parse(document.currentScript.dataset.preview);
  const base = document.currentScript.src.replace(/[^/]*$/, "");
  const box = document.createElement("div");
  box.id = "crosscase-preview";
  box.setAttribute("role", "status");
  box.style.cssText =
    "position:fixed;left:0;right:0;bottom:0;max-height:50vh;overflow:auto;z-index:99999;padding:.6em 1em;" +
    "font:15px/1.4 sans-serif;white-space:pre-wrap;color:#fff;background:#1f3a5f;display:none";
  let shown = "";

  const show = (lines, wrong) => {
    const text = lines.join("\n");
    if (text === shown) return;
    shown = text;
    box.textContent = text;
    box.style.background = wrong ? "#8b1a1a" : "#1f3a5f";
    box.style.display = text ? "block" : "none";
  };

  const ask = async () => {
    if (document.visibilityState === "visible") {
      try {
        const answer = await fetch(`${base}.state?page=${encodeURIComponent(page)}`, { cache: "no-store" });
        const state = await answer.json();
        if (state.stamp !== stamp) {
          location.reload();
          return;
        }
        const wrong = state.problems.length > 0;
        const head = wrong ? ["This is the last good page. What is wrong:"] : [];
        show([...head, ...state.problems, ...state.notes, ...(state.doing ? [state.doing] : [])], wrong);
      } catch {
        show(["The preview has ended: crosscase preview starts it again."], true);
      }
    }
    setTimeout(ask, 500);
  };

  document.body.append(box);
  ask();
})();
