// Keeps what is being written in this browser: <form data-behavior="draft" data-draft-key="reply:12">. With data-draft-url
// it is kept on the server too, for other devices, and with it the pictures that have no other place yet; data-draft-at is
// when the server kept what it has filled in (milliseconds), data-draft-seen the version that it has, filled in or not. The newer of the two comes back, and [data-draft-back] says so, with a
// way to start over. Words of two devices that know nothing of each other come back together. Forgets when the form was sent and the
// next page is not a refusal.
import { exchange } from "./typing.js";
import { say } from "./words.js";

const PAGE = Math.random().toString(36).slice(2);
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

const post = async (url, place, values) => {
  const csrf = document.querySelector("meta[name=csrf]")?.content;
  if (!url || !csrf) return null;
  const body = new URLSearchParams({ place, ...values });
  const headers = { "X-CSRFToken": csrf, Accept: "application/json" };
  return fetch(url, { method: "POST", body, keepalive: body.toString().length < 60_000, headers }).catch(() => null);
};

// Whether the server took the form: it says so in a cookie. A form that never reached it, or was refused, is still a draft.
const taken = (key) => document.cookie.split("; ").some((each) => each === `taken=${key}` || each === `taken="${key}"`);

// Called on the page that follows a sent form.
export function settle() {
  const key = sessionStorage.getItem("draft-sent");
  const url = sessionStorage.getItem("draft-sent-url");
  sessionStorage.removeItem("draft-sent");
  sessionStorage.removeItem("draft-sent-url");
  const again = document.querySelector(`form[data-draft-key="${CSS.escape(key)}"]`);
  const away = location.pathname.startsWith("/accounts/"); // signed out meanwhile: it was never taken
  const refused = away || document.body.dataset.status || again?.querySelector("[aria-invalid=true], .errors");
  if (refused || !taken(key)) return;
  document.cookie = "taken=; max-age=0; path=/";
  store(key, null);
  post(url, key); // a save may have been on its way when the form was sent
}

// "14:32" of today, "18 July, 14:32" of another day, in the words of the page.
function moment(at) {
  const when = new Date(at);
  const today = when.toDateString() === new Date().toDateString();
  const day = today ? {} : { month: "long", day: "numeric" };
  return new Intl.DateTimeFormat(document.documentElement.lang, { ...day, hour: "2-digit", minute: "2-digit" }).format(when);
}

function put(field, value) {
  if (field.value === value) return;
  if (field.matches(".editor textarea")) exchange(field, 0, field.value.length, value);
  else field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// The words of both: those of the other device first, unless one of the two goes on from the other.
const both = (there, here) => there.includes(here) ? there : here.includes(there) ? here : `${there}\n\n${here}`;

// What was kept comes back: the server's is in the page already, this browser's may be newer. A field that shows something
// else that is being edited takes it back only when that is as it was then (data-draft-base).
function restore(form, key, note) {
  const here = kept(key);
  const there = Number(form.dataset.draftAt ?? 0);
  const { draftBase: base } = form.dataset;
  const newest = here && here.at > there;
  // What the server would not take, because another device had written, is still only here.
  const apart = here && there && base === undefined && (here.elsewhere || (newest && here.seen !== there));
  const fresh = apart || (newest && (base === undefined || here.base === base));
  const text = (field) => apart && field.matches("textarea") ? both(field.value, here.values[field.name] ?? "") : here.values[field.name];
  const values = fresh ? Object.fromEntries(fields(form).map((field) => [field.name, text(field)])) : {};
  const merged = apart && fields(form).some((field) => ![field.value, here.values[field.name]].includes(values[field.name]));
  const free = (field) => there || base !== undefined || !field.value.trim();
  const newer = fields(form).filter((field) => values[field.name] !== undefined && free(field) && field.value !== values[field.name]);
  for (const field of newer) put(field, values[field.name]);
  if (!newer.length && !there) return;
  form.classList.add("open");
  const back = form.querySelector("[data-draft-back]");
  if (!back) return;
  const at = newer.length ? here.at : there;
  back.hidden = false;
  back.querySelector("[data-draft-said]").textContent = merged ? say("draft_both") : say("draft_from", { when: moment(at) });
  back.querySelector("[data-draft-over]").addEventListener("click", (event) => {
    event.preventDefault();
    form.dispatchEvent(new CustomEvent("draft:drop"));
    if (there && base !== undefined) return location.assign(event.target.href); // only the server knows what stood there before
    for (const field of fields(form)) put(field, there ? "" : field.defaultValue);
    back.hidden = true;
    if (note) note.textContent = "";
    form.querySelector("textarea").focus();
  });
}

export default function draft(form) {
  const key = form.dataset.draftKey;
  const url = form.dataset.draftUrl;
  const note = form.querySelector("[data-draft-note]");
  let timer;
  let later;
  let sent = false;
  let seen = Number(form.dataset.draftSeen ?? 0);
  let elsewhere = false; // another device writes this too: what it wrote is not written over
  const keep = async () => {
    clearTimeout(later);
    later = undefined;
    sent = true;
    const { board } = form.elements;
    const values = fields(form).map((field) => [field.name, field.value]);
    const answer = await post(url, key, { page: PAGE, seen, ...(board && { board: board.value }), ...Object.fromEntries(values) });
    if (answer?.ok) seen = (await answer.json()).at;
    elsewhere = answer?.status === 409;
    if (!elsewhere) return;
    store(key, { ...kept(key), elsewhere });
    if (note) note.textContent = say("draft_elsewhere");
  };
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    const values = Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
    const any = Object.values(values).some((value) => value.trim());
    const stored = store(key, any ? { values, at: Date.now(), seen, elsewhere, base: form.dataset.draftBase } : null);
    const said = any ? say("draft_saved") : "";
    // Said again, it would end what one undo takes back (see editor.js).
    if (stored && note && !elsewhere && note.textContent !== said) note.textContent = said;
    if (url && !elsewhere) later ??= setTimeout(keep, PAUSE);
  };
  form.addEventListener("draft:drop", () => {
    clearTimeout(timer);
    clearTimeout(later);
    timer = later = undefined;
    store(key, null);
    post(url, key);
  });
  if (sessionStorage.getItem("draft-sent") !== key || !taken(key)) restore(form, key, note);
  // What was typed before this script was there.
  if (fields(form).some((field) => field.value !== field.defaultValue)) timer = setTimeout(save, 800);
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 800);
  });
  addEventListener("pagehide", () => {
    if (timer) save();
    if (later) keep();
  });
  form.addEventListener("submit", (event) => {
    save();
    if (!navigator.onLine && !form.matches("[hx-post]")) {
      event.preventDefault(); // the browser would show a page of its own, and what was written would seem lost
      if (note) note.textContent = say("offline");
      else document.dispatchEvent(new CustomEvent("toast", { detail: { text: say("offline") } }));
      return;
    }
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
