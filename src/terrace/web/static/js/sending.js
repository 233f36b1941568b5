// The files of one text on their way (see upload.js, which asks for this when it is needed): each has a line below the text, made
// from the template of parts/upload.html, with its progress, its error, its words, and buttons to cancel, to try again or to take
// it away.
import { exchange } from "./typing.js";
import { say, unsent } from "./words.js";

const AT_ONCE = 2;
let count = 0;

function send(url, csrf, parts, progress) {
  const request = new XMLHttpRequest(); // fetch tells nothing of the progress of what is sent
  const body = new FormData();
  for (const [name, value] of Object.entries(parts)) body.append(name, value);
  const answer = new Promise((done, fail) => {
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", csrf);
    request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
    request.addEventListener("error", () => fail({ sentence: unsent() }));
    request.addEventListener("abort", () => fail({ aborted: true }));
    request.addEventListener("load", () => {
      let told = {};
      try {
        told = JSON.parse(request.responseText);
      } catch {
        // An error page instead of JSON: the sentence below is said.
      }
      if (request.status === 201) done(told);
      else fail({ sentence: told.sentence || say("broke"), earlier: told.earlier, final: request.status < 429 });
    });
    request.send(body);
  });
  return { answer, stop: () => request.abort() };
}

// Returns add(file), busy() (the first line that is still on its way), wait() (say so there), and has(number of a mark).
export default function sending(box) {
  const area = document.getElementById(box.dataset.for);
  const input = box.querySelector("input[type=file]");
  const csrf = document.querySelector("meta[name=csrf]")?.content ?? "";
  const line = box.querySelector("template:not([data-said])").content.firstElementChild;
  const words = box.querySelector("template[data-said]").content;
  const aloud = box.querySelector(":scope > [role=status]");
  const list = document.createElement("ul");
  const waiting = [];
  let running = 0;
  list.className = "uploads";
  (area.closest(".editor") ?? area).after(list);

  const word = (key, name = "") => words.querySelector(`[data-word="${key}"]`).textContent.replace("{name}", () => name);
  const change = (before, after) => {
    const at = area.value.indexOf(before);
    if (at < 0) return false;
    exchange(area, at, at + before.length, after);
    return true;
  };
  const insert = (text) => {
    const { selectionStart: start, selectionEnd: end, value } = area;
    const put = `${start && value[start - 1] !== "\n" ? "\n" : ""}${text}\n`;
    exchange(area, start, end, put);
    area.setSelectionRange(start + put.length, start + put.length);
  };

  function add(file) {
    count += 1;
    const name = file.name || "…";
    const item = line.cloneNode(true);
    const part = (selector) => item.querySelector(selector);
    const mark = `![${word("sends", name).replace(/[[\]\n]/g, "")}](sending:${count})`;
    const label = part("label");
    const field = part(".field");
    const seen = part(".seen img");
    let sending = null;
    let kept = null;
    let gone = false;

    const state = (text) => (part(".name small").textContent = text);
    const busy = (share) => {
      part("progress").hidden = share === null;
      if (share !== null) part("progress").value = 100 * share;
    };
    const offer = (...acts) => {
      const held = part(".do").contains(document.activeElement);
      for (const button of item.querySelectorAll(".do button")) button.hidden = !acts.includes(button.dataset.act);
      part(".do").hidden = !acts.length;
      if (held && !acts.length) part("[data-act=drop]").focus(); // the button that was pressed is gone
    };
    const refuse = (sentence) => {
      part(".err").hidden = !sentence;
      part(".err").textContent = sentence;
    };
    const look = (url) => {
      seen.hidden = true;
      seen.onload = () => (seen.hidden = false);
      seen.src = url;
    };
    const settle = (told) => {
      kept = told;
      const [, place] = told.markdown.match(/\]\((\S+?)\)/) ?? [];
      // Its line goes and comes with what stands in the text: undone, redone, deleted by hand.
      if (place) area.addEventListener("input", () => (item.hidden = !area.value.includes(place)));
      field.value = told.name;
      if (!change(mark, told.markdown)) insert(told.markdown);
      state("");
      busy(null);
      refuse("");
      offer();
      label.hidden = false;
      part("[data-picture]").hidden = told.kind !== "image";
      part("[data-clip]").hidden = told.kind === "image";
      if (told.thumb) look(told.thumb);
      part("[data-act=drop]").setAttribute("aria-label", word("drop", name));
      aloud.textContent = word("there", name);
      delete item.dataset.mark;
    };
    const run = async (more = {}) => {
      if (gone) return waiting.shift()?.();
      running += 1;
      refuse("");
      offer();
      busy(0);
      item.dataset.mark = mark.match(/\d+(?=\)$)/)[0];
      const parts = { file, ...more };
      try {
        const cover = file.type.startsWith("video/") ? await (await import("./poster.js")).default(file) : null;
        if (cover) {
          parts.poster = new File([cover], "poster.jpg", { type: cover.type });
          look(URL.createObjectURL(cover));
        }
        if (gone) return;
        sending = send(box.dataset.uploadUrl, csrf, parts, (share) => {
          busy(share);
          state(share < 1 ? `${Math.floor(100 * share)}%` : word("checks"));
        });
        settle(await sending.answer);
      } catch (told) {
        if (gone || told.aborted) return;
        change(`${mark}\n`, "");
        delete item.dataset.mark;
        state("");
        busy(null);
        refuse(told.sentence ?? say("broke"));
        if (told.earlier) {
          look(told.earlier.thumb);
          part("[data-act=earlier]").onclick = () => settle(told.earlier);
          offer("earlier", "again");
        } else if (!told.final) {
          offer("retry");
        }
      } finally {
        sending = null;
        running -= 1;
        waiting.shift()?.();
      }
    };
    const queue = (more) => {
      state(word("waits"));
      if (!area.value.includes(mark)) insert(mark);
      item.dataset.mark = mark.match(/\d+(?=\)$)/)[0];
      if (running < AT_ONCE) run(more);
      else waiting.push(() => run(more));
    };

    part(".name b").textContent = name;
    part("progress").setAttribute("aria-label", word("sends", name));
    part("[data-act=drop]").setAttribute("aria-label", word("cancel", name));
    part("[data-act=retry]").onclick = () => queue();
    part("[data-act=again]").onclick = () => queue({ again: "1" });
    part("[data-act=drop]").onclick = () => {
      gone = true;
      const next = item.nextElementSibling ?? item.previousElementSibling;
      sending?.stop();
      for (const text of kept ? [kept.markdown] : [mark]) change(`${text}\n`, "") || change(text, "");
      item.remove();
      (next?.querySelector("[data-act=drop]") ?? input).focus();
    };
    field.addEventListener("input", () => {
      const said = field.value.replace(/[[\]\n]/g, " ").trim();
      const next = `![${said}](${kept.url})`;
      if (change(kept.markdown, next)) kept = { ...kept, markdown: next };
    });
    if (file.type.startsWith("image/")) look(URL.createObjectURL(file));
    list.append(item);
    queue();
  }

  const busy = () => list.querySelector("[data-mark]");
  const wait = () => {
    const told = busy().querySelector(".err");
    told.hidden = false;
    told.textContent = word("unsent");
    busy().scrollIntoView({ block: "center" });
  };
  const has = (number) => Boolean(list.querySelector(`[data-mark="${number}"]`));
  return { add, busy, wait, has };
}
