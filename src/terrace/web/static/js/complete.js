// What a word may become while it is written, in a small list at the caret: @ members, # tags, : emoji. editor.js asks for
// it: <div class="editor" data-complete-url="/search/complete" data-topic="12">. A textarea may not be called a combobox,
// so it names the list and the row that is chosen by aria-controls and aria-activedescendant, and a quiet voice counts.
import { know } from "./spans.js";
import { composing, replace } from "./typing.js";
import { say } from "./words.js";

const PAUSE = 120; // milliseconds without a key before the server is asked
let count = 0;

function option(row, id) {
  const item = document.createElement("li");
  item.id = id;
  item.setAttribute("role", "option");
  const sign = document.createElement(row.picture ? "img" : "span");
  sign.className = "sign";
  if (row.picture) Object.assign(sign, { src: row.picture, alt: "", width: 24, height: 24 });
  else sign.textContent = row.sign ?? "#";
  sign.setAttribute("aria-hidden", "true");
  const name = document.createElement("b");
  name.textContent = row.name;
  const note = document.createElement("small");
  note.textContent = row.note;
  item.append(sign, name, ...(row.note ? [note] : []));
  return item;
}

export default function complete(box, { spot, redraw }) {
  const area = box.querySelector("textarea");
  const list = document.createElement("ul");
  const voice = document.createElement("p");
  const known = new Map();
  let rows = [];
  let at = 0;
  let begun = "";
  let timer;
  let asked;
  count += 1;
  list.id = `offers-${count}`;
  list.className = "offers";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", say("offers"));
  voice.className = "vh";
  voice.setAttribute("role", "status");
  (area.closest("dialog") ?? document.body).append(list, voice);
  area.setAttribute("aria-autocomplete", "list");

  const close = () => {
    clearTimeout(timer);
    asked?.abort();
    begun = "";
    if (list.hidden) return;
    list.hidden = true;
    voice.textContent = "";
    area.removeAttribute("aria-activedescendant");
    area.removeAttribute("aria-controls");
  };
  const mark = (to) => {
    at = (to + rows.length) % rows.length;
    [...list.children].forEach((item, number) => item.setAttribute("aria-selected", String(number === at)));
    area.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  };
  // Under the sign that began the word, where the mirror shows it; over it where there is no room below.
  const settle = () => {
    const begins = spot(area.selectionStart - begun.length);
    const view = window.visualViewport ?? { height: innerHeight, offsetTop: 0 };
    const below = begins.bottom + 4 + list.offsetHeight < view.offsetTop + view.height;
    const { scrollX, scrollY } = window;
    list.style.left = `${scrollX + Math.max(8, Math.min(begins.left, document.documentElement.clientWidth - list.offsetWidth - 8))}px`;
    list.style.top = `${scrollY + (below ? begins.bottom + 4 : Math.max(view.offsetTop, begins.top - list.offsetHeight - 4))}px`;
  };
  const show = (found) => {
    rows = found;
    if (!rows.length) {
      const kept = begun;
      close();
      begun = kept;
      return;
    }
    list.replaceChildren(...rows.map((row, number) => option(row, `${list.id}-${number}`)));
    list.hidden = false;
    area.setAttribute("aria-controls", list.id);
    mark(0);
    settle();
    voice.textContent = say("offers_found", { n: rows.length });
  };
  const ask = async (word) => {
    asked?.abort();
    asked = new AbortController();
    const query = new URLSearchParams({ sign: word[0], q: word.slice(1), topic: box.dataset.topic ?? "" });
    try {
      const answer = await fetch(`${box.dataset.completeUrl}?${query}`, { signal: asked.signal });
      if (!answer.ok) return close();
      const { rows: found } = await answer.json();
      known.set(word, found);
      if (word[0] === "@" && know(found.map((row) => row.name))) redraw();
      if (word === begun) show(found);
    } catch (error) {
      if (error.name !== "AbortError") close(); // without a network there is nothing to offer
    }
  };
  const look = (word) => {
    begun = word;
    clearTimeout(timer);
    if (known.has(word)) return show(known.get(word));
    timer = setTimeout(ask, PAUSE, word);
  };
  const choose = (number) => {
    const end = area.selectionStart;
    const { put } = rows[number];
    const spaced = put.endsWith(" ") && area.value[end] === " ";
    const start = end - begun.length;
    close();
    replace(area, start, end, spaced ? put.trimEnd() : put);
    close(); // what was put in is a word that begins too
  };

  const keys = { ArrowDown: () => mark(at + 1), ArrowUp: () => mark(at - 1), Enter: () => choose(at), Tab: () => choose(at), Escape: close };
  area.addEventListener("keydown", (event) => {
    if (list.hidden || composing(event) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !keys[event.key]) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // before lists are continued and lines moved in
    keys[event.key]();
  }, true);
  area.addEventListener("keyup", (event) => /^(Arrow(Left|Right)|Home|End)$/.test(event.key) && close());
  area.addEventListener("blur", close);
  area.addEventListener("pointerdown", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the caret stays in the text
  list.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (item) choose([...list.children].indexOf(item));
  });
  return { look, close };
}
