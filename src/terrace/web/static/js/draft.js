// Keeps what is being written in this browser: <form data-behavior="draft" data-draft-key="reply:12">. With data-draft-url
// it is kept on the server too, for other devices, and with it the pictures that have no other place yet; data-draft-at is
// when the server kept what it has filled in (milliseconds). The newer of the two comes back, and that is said. Forgets when the form was sent and the next page is not a refusal.
import { say } from "./words.js";

const PAUSE = 3_000; // milliseconds between two saves on the server
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

const post = (url, place, values) => {
  const csrf = document.querySelector("meta[name=csrf]")?.content;
  if (!url || !csrf) return;
  const body = new URLSearchParams({ place, ...values });
  fetch(url, { method: "POST", body, keepalive: body.toString().length < 60_000, headers: { "X-CSRFToken": csrf } }).catch(() => {});
};

// Called on the page that follows a sent form.
export function settle() {
  const key = sessionStorage.getItem("draft-sent");
  const url = sessionStorage.getItem("draft-sent-url");
  sessionStorage.removeItem("draft-sent");
  sessionStorage.removeItem("draft-sent-url");
  const again = document.querySelector(`form[data-draft-key="${CSS.escape(key)}"]`);
  const away = location.pathname.startsWith("/accounts/"); // signed out meanwhile: it was never taken
  const refused = away || document.body.dataset.status || again?.querySelector("[aria-invalid=true], .errors");
  if (refused) return;
  store(key, null);
  post(url, key); // a save may have been on its way when the form was sent
}

function restore(form, key, note) {
  const here = kept(key);
  const there = Number(form.dataset.draftAt ?? 0);
  const values = here && !(there > here.at) ? here.values : {};
  const newer = fields(form).filter((field) => values[field.name] && (there || !field.value.trim()));
  for (const field of newer.filter((each) => each.value !== values[each.name])) {
    field.value = values[field.name];
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const back = there ? fields(form).filter((field) => field.value.trim()) : newer;
  if (!back.length) return;
  form.classList.add("open");
  if (!note) return;
  note.textContent = say("draft_restored");
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "txt";
  drop.textContent = say("discard");
  drop.addEventListener("click", () => {
    for (const field of back) field.value = "";
    store(key, null);
    post(form.dataset.draftUrl, key);
    note.textContent = "";
  });
  note.append(" ", drop);
}

export default function draft(form) {
  const key = form.dataset.draftKey;
  const url = form.dataset.draftUrl;
  const note = form.querySelector("[data-draft-note]");
  let timer;
  let later;
  let sent = false;
  const keep = () => {
    clearTimeout(later);
    later = undefined;
    sent = true;
    const { board } = form.elements;
    const values = fields(form).map((field) => [field.name, field.value]);
    post(url, key, { ...(board && { board: board.value }), ...Object.fromEntries(values) });
  };
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    const values = Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
    const any = Object.values(values).some((value) => value.trim());
    if (store(key, any ? { values, at: Date.now() } : null) && note) note.textContent = any ? say("draft_saved") : "";
    if (url) later ??= setTimeout(keep, PAUSE);
  };
  if (!sessionStorage.getItem("draft-sent")) restore(form, key, note);
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 800);
  });
  addEventListener("pagehide", () => {
    if (timer) save();
    if (later) keep();
  });
  form.addEventListener("submit", () => {
    save();
    clearTimeout(later);
    later = undefined;
    if (form.matches("[hx-post]")) return;
    sessionStorage.setItem("draft-sent", key);
    if (sent) sessionStorage.setItem("draft-sent-url", url);
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== form || !event.detail.successful) return;
    clearTimeout(timer);
    clearTimeout(later);
    later = undefined;
    store(key, null);
    if (sent) post(url, key);
    if (note) note.textContent = "";
  });
}
