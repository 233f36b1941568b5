// One line above the bar for six seconds; pauses while it has the pointer or the focus. For good news only.
import { say } from "./words.js";

const LASTS = 6000;

function region() {
  return document.getElementById("toasts") ?? document.body;
}

function live(line) {
  let timer;
  const start = () => { timer = setTimeout(() => line.remove(), LASTS); };
  const stop = () => clearTimeout(timer);
  for (const [on, off] of [["pointerenter", "pointerleave"], ["focusin", "focusout"]]) {
    line.addEventListener(on, stop);
    line.addEventListener(off, start);
  }
  start();
}

// `undo`: a URL that takes the act back (posted), or nothing.
export function toast(text, undo) {
  region().replaceChildren();
  const line = document.createElement("p");
  line.className = "toast";
  line.append(text);
  if (undo) {
    const button = document.createElement("button");
    button.textContent = say("undo");
    button.addEventListener("click", async () => {
      const csrf = document.querySelector("meta[name=csrf]")?.content ?? "";
      await fetch(undo, { method: "POST", headers: { "X-CSRFToken": csrf } });
      location.reload();
    });
    line.append(button);
  }
  region().append(line);
  live(line);
}

// The server's own toasts are already on the page.
export default function settle(list) {
  for (const line of list.querySelectorAll(".toast")) live(line);
}
