// Every key, in one list; the page can be used without a mouse from the first to the last step.
const KEYS = [
  ["In the text", [
    ["← → ↑ ↓, Home, End, PgUp, PgDn", "move the caret"],
    ["Shift + these", "mark words"],
    ["w, s, l", "mark the word, the sentence, the line at the caret"],
    ["a letter, with words marked", "find or make a code for them"],
    ["Enter", "the same; without marked words it marks the line"],
    [". and ,", "next and previous coding"],
    ["+  -  0", "direction of the chosen coding: promotes, inhibits, none"],
    ["Delete", "take the chosen coding away"],
    ["Esc", "let go of what is marked or chosen"],
  ]],
  ["Anywhere", [
    ["Ctrl+Z, Ctrl+Shift+Z", "undo, redo: several steps, codes and memos too"],
    ["F6, Shift+F6", "next and previous part of the page"],
    ["F2", "what is said of the coding at the caret"],
    ["F7, F8", "memo; comparison of coders"],
    ["Alt+PgDn, Alt+PgUp", "next and previous document"],
    ["/", "find a word in all its forms"],
    ["?", "this list"],
  ]],
  ["In the list of codes", [
    ["↑ ↓ → ←", "move; open and close a branch"],
    ["Enter", "put the code on the marked words"],
    ["Alt + ↑ ↓ → ←", "move the code: up, down, below the one above, one level up"],
    ["n, b", "new code; new code below"],
    ["F2, m, Delete", "change it; join it into another one; take it away"],
  ]],
];

const createHelp = () => {
  const close = button("Close", () => node.close(), { class: "cc-button cc-main" });
  const node = make("dialog", { class: "cc-help", "aria-label": "Keys" }, make("h2", {}, "Keys"));
  for (const [title, keys] of KEYS) {
    node.append(make("h3", {}, title), make("dl", {}, keys.map(([key, words]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, words)])));
  }
  node.append(make("p", {}, "Everything is saved as you go. Where two windows change the same thing, you are asked."), close);
  node.addEventListener("keydown", (event) => event.stopPropagation());
  return { node, open: () => node.open || node.showModal() };
};
