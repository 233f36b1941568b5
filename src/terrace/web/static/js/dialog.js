// A link to a small page (confirm, flag, edit) opens it as a sheet; a [data-dialog="id"] button opens a <dialog> of this page.
// Without script the link is followed. The browser traps the focus; it goes back to where one came from.
import { unsent } from "./words.js";

export function open(dialog, back) {
  dialog.addEventListener("close", () => back?.focus());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close], form .do > a")) {
      event.preventDefault();
      dialog.close();
    }
  });
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("[autofocus]")?.focus();
  return dialog;
}

async function fetched(url, back) {
  const answer = await fetch(url, { headers: { "HX-Request": "true" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const inside = page.querySelector("[data-sheet]") ?? page.querySelector("main") ?? page.body;
  const dialog = document.createElement("dialog");
  dialog.className = "sheet";
  dialog.append(...inside.childNodes);
  const head = dialog.querySelector("h1, h2, h3");
  if (head) dialog.setAttribute("aria-labelledby", (head.id ||= "sheet-head"));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  window.htmx?.process(dialog);
  return open(dialog, back);
}

export default function dialog(control) {
  control.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const menu = control.closest("details.menu");
    menu?.removeAttribute("open");
    const back = menu?.querySelector("summary") ?? control; // the entry of a closed menu cannot take the focus back
    const own = document.getElementById(control.dataset.dialog);
    if (own) return void open(own, back);
    try {
      await fetched(control.href, back);
    } catch {
      const { toast } = await import("./toast.js");
      toast(unsent());
    }
  });
}
