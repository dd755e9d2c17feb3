// Notes of values, folded segments, and names for the arrows of the theme's navigation.
(function () {
  "use strict";
  // the book has one appearance; a dark one that another site on the same host remembered would hide captions
  document.documentElement.dataset.mode = document.documentElement.dataset.theme = "light";
  // say where a box goes on to the right
  function hint() {
    document.querySelectorAll(".cc-scroll, .pst-scrollable-table-container, .cc-figure-box").forEach(function (box) {
      box.classList.toggle("cc-goes-on", box.scrollWidth > box.clientWidth + 4);
    });
  }
  window.addEventListener("load", hint);
  window.addEventListener("resize", hint);
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll(".cc-value:hover, .cc-value:focus-within").forEach(function (value) {
      value.classList.add("cc-hushed");
    });
  });
  document.querySelectorAll(".cc-value").forEach(function (value) {
    ["mouseenter", "mouseleave", "focusin", "focusout"].forEach(function (kind) {
      value.addEventListener(kind, function () { value.classList.remove("cc-hushed"); });
    });
    // put the note beside its value, inside the window and outside any box that scrolls
    ["mouseenter", "focusin"].forEach(function (kind) {
      value.addEventListener(kind, function () {
        var tip = value.querySelector(".cc-tip");
        var box = value.getBoundingClientRect();
        tip.style.position = "fixed";
        tip.style.left = "0";
        tip.style.top = "0";
        var size = tip.getBoundingClientRect();
        var page = document.documentElement;
        var below = box.bottom + size.height <= page.clientHeight || box.top < size.height;
        tip.style.left = Math.max(8, Math.min(box.left, page.clientWidth - size.width - 8)) + "px";
        tip.style.top = (below ? box.bottom : box.top - size.height) + "px";
      });
    });
  });
  // a note that stands still while the page moves would point at nothing
  document.addEventListener("scroll", function () {
    document.querySelectorAll(".cc-value:hover, .cc-value:focus-within").forEach(function (value) {
      value.classList.add("cc-hushed");
    });
  }, { capture: true, passive: true });
  // the theme gives some of its controls no name
  window.addEventListener("load", function () {
    document.querySelectorAll("button.copybtn:not([aria-label])").forEach(function (button) {
      button.setAttribute("aria-label", button.dataset.tooltip || "Copy");
    });
  });
  document.querySelectorAll("nav li.has-children > details > summary").forEach(function (arrow) {
    var link = arrow.closest("li").querySelector("a");
    if (link && !arrow.hasAttribute("aria-label")) arrow.setAttribute("aria-label", "Pages below " + link.textContent.trim());
  });
  // on paper nothing opens on a click
  var closed = [];
  window.addEventListener("beforeprint", function () {
    closed = Array.from(document.querySelectorAll("details.cc-folded:not([open])"));
    closed.forEach(function (box) { box.open = true; });
  });
  window.addEventListener("afterprint", function () { closed.forEach(function (box) { box.open = false; }); });
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
