// Keys for those who like them: / search, j and k move, o open, r reply, ? what the keys are. Never while typing.
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog");
let at = -1;

function step(by) {
  const all = [...document.querySelectorAll(".post[id], .row :is(h2, h3) a, .job")];
  if (!all.length) return;
  const here = all.findIndex((item) => item.contains(document.activeElement));
  at = Math.max(0, Math.min(all.length - 1, (here < 0 ? at : here) + by));
  const item = all[at];
  if (!item.matches("a")) item.tabIndex = -1;
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: item.matches("a") ? "center" : "start" });
}

function reply() {
  const here = document.activeElement.closest(".post")?.querySelector("[data-reply-to]");
  const field = document.getElementById("r");
  if (here) here.click();
  else field?.form.scrollIntoView({ block: "center" });
  field?.focus();
}

// The sheet of all keys; the editor opens it too (marks.js).
export async function help() {
  const back = document.activeElement;
  const words = document.getElementById("keys");
  if (!words) return;
  const dialog = document.createElement("dialog");
  dialog.className = "sheet";
  dialog.append(words.content.cloneNode(true));
  if (/Mac|iP(hone|ad)/.test(navigator.platform)) for (const key of dialog.querySelectorAll("[data-control]")) key.textContent = "⌘";
  dialog.setAttribute("aria-labelledby", "keys-head");
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  (await import("./dialog.js")).open(dialog, back === document.body ? null : back);
}

const acts = {
  "/": () => document.getElementById("q")?.offsetParent ? document.getElementById("q").focus() : document.querySelector(".bar .seek")?.click(),
  j: () => step(1),
  k: () => step(-1),
  r: reply,
  "?": help,
};

export default function shortcuts() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
