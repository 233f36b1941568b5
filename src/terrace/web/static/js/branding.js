// The brand's form at the desk. What is typed is shown in the two frames at once: the server draws it, the frames take the new page
// in without loading again. Pictures are shown from this browser and sent only when the form is. Without script a button does it.
const WAIT = 300; // milliseconds after the last change

const parse = (text) => new DOMParser().parseFromString(text, "text/html");

// A frame takes the parts of a new page: it neither flickers nor scrolls, and the way back in the browser stays what it was.
function redraw(frame, text, swap) {
  const doc = frame.contentDocument;
  if (!doc?.querySelector("#main")) return void (frame.onload = () => redraw(frame, text, swap));
  frame.onload = null;
  const next = parse(text);
  const at = doc.scrollingElement.scrollTop;
  const before = [...doc.head.querySelectorAll("link[rel=stylesheet]")];
  const wanted = [...next.head.querySelectorAll("link[rel=stylesheet]")].map((link) => link.getAttribute("href"));
  const stale = before.filter((link) => !wanted.includes(link.getAttribute("href")));
  const fresh = wanted.filter((href) => !before.some((link) => link.getAttribute("href") === href));
  const drop = () => stale.forEach((link) => link.remove());
  for (const href of fresh) {
    const link = doc.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    link.onload = link.onerror = drop;
    doc.head.append(link);
  }
  if (!fresh.length) drop();
  doc.body.className = next.body.className;
  doc.body.replaceChildren(...[...next.body.childNodes].map((node) => doc.importNode(node, true)));
  swap(doc);
  doc.scrollingElement.scrollTop = at;
}

export default function branding(form) {
  const part = (selector) => form.querySelector(selector);
  const chosen = new Map(); // field → address of the picture in this browser
  let turn = 0;
  let timer = 0;

  const show = (doc) => {
    const logo = chosen.get("logo");
    if (logo) {
      for (const old of doc.querySelectorAll(".brand > svg, .brand > img")) {
        const img = doc.createElement("img");
        img.alt = "";
        img.onload = () => img.parentElement.classList.toggle("word", img.naturalWidth >= 2 * img.naturalHeight);
        img.src = logo;
        old.replaceWith(img);
      }
    }
    const hero = doc.querySelector(".hero picture");
    if (hero && chosen.get("hero")) {
      hero.querySelectorAll("source").forEach((one) => one.remove());
      hero.querySelector("img").src = chosen.get("hero");
    }
  };

  async function refresh() {
    const mine = ++turn;
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    data.set("act", "preview");
    const look = part("#try");
    look.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, headers: { "HX-Request": "true" } });
      if (!answer.ok || mine !== turn) return;
      const told = parse(await answer.text());
      const solved = told.querySelector("#solved");
      if (part("#solved").innerHTML !== solved.innerHTML) part("#solved").innerHTML = solved.innerHTML;
      const page = await fetch(told.querySelector("#try").dataset.try);
      const text = await page.text();
      if (!page.ok || mine !== turn) return;
      look.dataset.drawn = mine;
      for (const frame of look.querySelectorAll("iframe")) redraw(frame, text, show);
    } catch {
      // The line is cut: what was drawn stays, and the next change tries again.
    } finally {
      if (mine === turn) look.removeAttribute("aria-busy");
    }
  }

  const later = () => {
    part("[data-unsaved]").hidden = false;
    clearTimeout(timer);
    timer = setTimeout(refresh, WAIT);
  };

  // The colour as six digits beside the picker: a brand's own is pasted, not searched for.
  const picker = part("input[type=color]");
  const hex = part("[data-hex]");
  hex.hidden = false;
  hex.value = picker.value;
  picker.addEventListener("input", () => (hex.value = picker.value));
  hex.addEventListener("input", () => {
    const digits = hex.value.trim().replace(/^#?/, "#").toLowerCase();
    if (!/^#[0-9a-f]{6}$/.test(digits)) return;
    picker.value = digits;
  });

  // Lists are put in order with two buttons; their numbers follow.
  for (const list of form.querySelectorAll("[data-order]")) {
    const number = () => {
      const rows = [...list.children];
      rows.forEach((row, at) => {
        row.querySelector(".place input").value = at + 1;
        row.querySelector("[data-move='-1']").setAttribute("aria-disabled", String(at === 0));
        row.querySelector("[data-move='1']").setAttribute("aria-disabled", String(at === rows.length - 1));
      });
    };
    for (const row of list.children) {
      row.querySelector(".moves").hidden = false;
      row.querySelector(".place").hidden = true;
    }
    number();
    list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-move]");
      const row = button?.closest("li");
      const other = row && (button.dataset.move === "1" ? row.nextElementSibling : row.previousElementSibling);
      if (!other) return;
      if (button.dataset.move === "1") other.after(row);
      else other.before(row);
      button.focus();
      number();
      later();
    });
  }

  for (const field of form.querySelectorAll("[data-picture]")) {
    const input = field.querySelector("input[type=file]");
    input.addEventListener("change", () => {
      const name = field.dataset.picture;
      URL.revokeObjectURL(chosen.get(name));
      chosen.delete(name);
      const [file] = input.files;
      if (!file) return;
      chosen.set(name, URL.createObjectURL(file));
      const img = field.querySelector(".seen img");
      img.onload = () => (img.hidden = false);
      img.src = chosen.get(name);
    });
  }

  part("[value=preview]").hidden = true;
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => (part("[data-unsaved]").hidden = true));
  if (form.querySelector("[aria-invalid=true], .errors")) part("[data-unsaved]").hidden = false; // refused: still unsaved
  addEventListener("beforeunload", (event) => part("[data-unsaved]").hidden || event.preventDefault());
}
