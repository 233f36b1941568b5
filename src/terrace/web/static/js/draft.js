// Keeps what is being written in this browser: <form data-behavior="draft" data-draft-key="reply:12">.
// Restores into empty fields and says so; forgets when the form was sent and the next page is not a refusal.
import { say } from "./words.js";

const name = (key) => `draft:${key}`;
const fields = (form) => [...form.elements].filter((field) => field.name && field.matches("textarea, input[type=text], input:not([type])"));
const store = (key, value) => {
  try {
    if (value) localStorage.setItem(name(key), JSON.stringify(value));
    else localStorage.removeItem(name(key));
    return true;
  } catch { return false; }
};
const kept = (key) => {
  try { return JSON.parse(localStorage.getItem(name(key))); } catch { return null; }
};

// Called on the page that follows a sent form.
export function settle() {
  const key = sessionStorage.getItem("draft-sent");
  sessionStorage.removeItem("draft-sent");
  const again = document.querySelector(`form[data-draft-key="${CSS.escape(key)}"]`);
  const refused = document.body.dataset.status || again?.querySelector("[aria-invalid=true], .errors");
  if (!refused) store(key, null);
}

function restore(form, key, note) {
  const values = kept(key)?.values ?? {};
  const back = fields(form).filter((field) => values[field.name] && !field.value.trim());
  if (!back.length) return;
  form.classList.add("open");
  for (const field of back) {
    field.value = values[field.name];
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (!note) return;
  note.textContent = say("draft_restored");
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "txt";
  drop.textContent = say("discard");
  drop.addEventListener("click", () => {
    for (const field of back) field.value = "";
    store(key, null);
    note.textContent = "";
  });
  note.append(" ", drop);
}

export default function draft(form) {
  const key = form.dataset.draftKey;
  const note = form.querySelector("[data-draft-note]");
  let timer;
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    const values = Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
    const any = Object.values(values).some((value) => value.trim());
    if (store(key, any ? { values, at: Date.now() } : null) && note) note.textContent = any ? say("draft_saved") : "";
  };
  if (!sessionStorage.getItem("draft-sent")) restore(form, key, note);
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 800);
  });
  addEventListener("pagehide", () => timer && save());
  form.addEventListener("submit", () => {
    save();
    if (!form.matches("[hx-post]")) sessionStorage.setItem("draft-sent", key);
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== form || !event.detail.successful) return;
    clearTimeout(timer);
    store(key, null);
    if (note) note.textContent = "";
  });
}
