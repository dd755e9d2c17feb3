// Escape hides the note of a value; a link into folded segments unfolds them.
(function () {
  "use strict";
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll(".cc-value:hover, .cc-value:focus-within").forEach(function (value) {
      value.classList.add("cc-hushed");
    });
  });
  document.querySelectorAll(".cc-value").forEach(function (value) {
    ["mouseleave", "focusout"].forEach(function (kind) {
      value.addEventListener(kind, function () { value.classList.remove("cc-hushed"); });
    });
    // keep the note inside the window
    ["mouseenter", "focusin"].forEach(function (kind) {
      value.addEventListener(kind, function () {
        var tip = value.querySelector(".cc-tip");
        tip.style.removeProperty("--cc-shift");
        var over = tip.getBoundingClientRect().right - document.documentElement.clientWidth + 8;
        if (over > 0) tip.style.setProperty("--cc-shift", -over + "px");
      });
    });
  });
  function unfold() {
    var id = decodeURIComponent(location.hash.slice(1));
    var target = id && document.getElementById(id);
    if (!target) return;
    for (var box = target.closest("details"); box; box = box.parentElement && box.parentElement.closest("details")) {
      box.open = true;
    }
    target.scrollIntoView();
  }
  window.addEventListener("hashchange", unfold);
  window.addEventListener("load", unfold);
})();
