// Entry. Finds [data-behavior="name other"] now and after every swap, and loads name.js, whose default export gets the element.
import { say, unsent } from "./words.js";

const done = new WeakMap();

function attach(root) {
  const found = [...root.querySelectorAll("[data-behavior]")];
  if (root.matches?.("[data-behavior]")) found.unshift(root);
  for (const element of found) {
    const names = done.get(element) ?? done.set(element, new Set()).get(element);
    for (const name of element.dataset.behavior.split(/\s+/)) {
      if (!/^[a-z-]+$/.test(name) || names.has(name)) continue;
      names.add(name);
      import(`./${name}.js`).then((module) => module.default(element), (error) => console.error(name, error));
    }
  }
}

const toast = (text, undo) => import("./toast.js").then((module) => module.toast(text, undo));

// What went wrong stays where it happened: the server's sentence goes behind the control that asked.
function refuse(element, sentence) {
  const place = element.closest("form, .post, .tile") ?? element;
  place.querySelector(":scope > .err.live")?.remove();
  const line = document.createElement("p");
  line.className = "err live";
  line.setAttribute("role", "alert");
  line.textContent = sentence;
  if (place === element) element.after(line);
  else place.append(line);
}

function sentenceIn(xhr) {
  const page = new DOMParser().parseFromString(xhr.responseText ?? "", "text/html");
  return page.querySelector("[data-sentence]")?.textContent.trim() || say("broke");
}

document.addEventListener("htmx:afterSwap", (event) => attach(event.detail.target));
document.addEventListener("htmx:load", (event) => attach(event.detail.elt));
document.addEventListener("htmx:responseError", (event) => refuse(event.detail.elt, sentenceIn(event.detail.xhr)));
document.addEventListener("htmx:sendError", (event) => refuse(event.detail.elt, unsent()));
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.detail.elt.closest("form, .post, .tile") ?? event.detail.elt.parentElement;
  form?.querySelector(":scope > .err.live")?.remove();
});
document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.undo));

// Buttons of a plain form say that they are busy and cannot be pressed twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || form.matches("[hx-post],[hx-get]")) return;
  if (form.dataset.busy) return event.preventDefault();
  if (form.method !== "post") return;
  form.dataset.busy = "1";
  event.submitter?.setAttribute("aria-disabled", "true");
});
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-busy]")) {
    delete form.dataset.busy;
    form.querySelector("[aria-disabled]")?.removeAttribute("aria-disabled");
  }
});

// A title is one line: Enter leads on to the text.
document.addEventListener("keydown", (event) => {
  const next = event.target.dataset?.next;
  if (!next || event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  document.getElementById(next)?.focus();
});

// A link to a hidden field opens it (the reply form on a phone).
document.addEventListener("click", (event) => {
  const id = event.target.closest("a[href*='#']")?.hash.slice(1);
  const field = id && document.getElementById(id);
  if (field?.matches("textarea, input")) setTimeout(() => field.focus());
});

// Whose form was refused goes on at the first field that has to be mended.
document.querySelector("main :is(input, select, textarea)[aria-invalid=true]")?.focus();
if (sessionStorage.getItem("draft-sent")) import("./draft.js").then((module) => module.settle());
// Pages that were read can be read again without a network, and such a page says so.
navigator.serviceWorker?.register("/worker.js").catch((error) => console.error("worker", error));
if (!navigator.onLine && !document.querySelector("[data-behavior=kept]")) toast(say("as_kept"));
attach(document.documentElement);
