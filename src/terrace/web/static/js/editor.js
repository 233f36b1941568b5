// An editor that looks like what it makes: <div class="editor" data-behavior="editor"><textarea>. A mirror behind the
// textarea shows its text styled; what is typed stays transparent over it. Nothing here may change the width or height of
// a letter (css/editor.css), so the caret stands where the text is. Completion (complete.js) and pasting (paste.js) come
// when they are first needed.
import { know, read } from "./spans.js";
import { composing } from "./typing.js";

const BEGUN = /(?:(?<![\w.%+/-])@[\p{L}\p{N}_-]{0,20}|(?<![\w&#/])#[\p{L}\p{N}_-]{1,20}|(?<![\w:/]):[\p{L}\p{N}_+-]{1,20})$/u;
const REST = 800; // milliseconds without a key
const RICH = /<(?:a\s[^>]*href|[uo]l|strong|b|em|i|h[1-6]|blockquote|pre|code|del)\b/i;

// Writes a row into its line. Nothing is taken out while somebody types: a node that leaves the page ends what one undo takes
// back (in Chromium), and each letter would be undone by itself. What is left over is empty.
function write(line, row) {
  line.className = row.kind;
  for (const [at, [text, kind]] of row.pieces.entries()) {
    const part = line.children[at] ?? line.appendChild(document.createElement("span"));
    part.className = kind;
    if (part.firstChild) part.firstChild.data = text;
    else part.append(text);
  }
  for (const rest of [...line.children].slice(row.pieces.length)) rest.firstChild.data = rest.className = "";
}

// Draws a text into `mirror`, again and again; only lines that changed, or whose fence did, are drawn anew.
export function reflection(mirror) {
  let rows = [];
  const draw = (text, all = false) => {
    const lines = text.split("\n");
    const most = all ? 0 : Math.min(lines.length, rows.length);
    let top = 0;
    while (top < most && lines[top] === rows[top].text) top += 1;
    let end = 0;
    while (end < most - top && lines[lines.length - 1 - end] === rows[rows.length - 1 - end].text) end += 1;
    const fresh = lines.slice(top, lines.length - end).map((line) => ({ text: line }));
    const old = rows.splice(top, rows.length - top - end, ...fresh).map((row) => row.node);
    for (const node of old.splice(fresh.length)) node.remove();
    let fence = top ? rows[top - 1].after : "";
    for (let at = top; at < rows.length; at += 1) {
      const row = rows[at];
      if (row.node && row.before === fence) break;
      Object.assign(row, read(row.text, fence), { before: fence });
      row.node ??= old.shift() ?? mirror.insertBefore(document.createElement("div"), at ? rows[at - 1].node.nextSibling : mirror.firstChild);
      write(row.node, row);
      draw.count += 1;
      fence = row.after;
    }
  };
  draw.count = 0; // lines drawn so far
  draw.row = (number) => rows[number];
  return draw;
}

// Where a letter of the text stands on the screen: in the column of a drawn line.
function spotted(line, column) {
  const range = document.createRange();
  const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  let left = column;
  let node = walk.nextNode();
  while (node && left > node.length) {
    left -= node.length;
    node = walk.nextNode();
  }
  if (!node) return line.getBoundingClientRect();
  range.setStart(node, left);
  return [...range.getClientRects()].at(-1) ?? line.getBoundingClientRect();
}

export default function editor(box) {
  const area = box.querySelector("textarea");
  const mirror = document.createElement("div");
  mirror.className = "mirror";
  mirror.setAttribute("aria-hidden", "true");
  const draw = reflection(mirror);
  const place = (at) => {
    const before = area.value.slice(0, at).split("\n");
    return { row: draw.row(before.length - 1), column: before.at(-1).length };
  };
  const spot = (at) => {
    const { row, column } = place(at);
    return spotted(row.node, column);
  };
  // A box that scrolls shows the line that is written in.
  const follow = () => {
    if (box.scrollHeight <= box.clientHeight || document.activeElement !== area) return;
    const [caret, frame] = [spot(area.selectionEnd), box.getBoundingClientRect()];
    if (caret.bottom > frame.bottom - 8) box.scrollTop += caret.bottom - frame.bottom + 8;
    else if (caret.top < frame.top + 8) box.scrollTop += caret.top - frame.top - 8;
  };
  const show = () => {
    draw(area.value);
    follow();
  };
  know([...document.querySelectorAll("[data-author]")].map((post) => post.dataset.author));
  box.prepend(mirror);
  show();
  box.classList.add("live");
  area.addEventListener("input", show);
  addEventListener("pageshow", show); // the browser may have put back what was typed
  area.form?.addEventListener("reset", () => setTimeout(show));

  let helper;
  const offer = (event) => {
    if (event.type === "input" && composing(event)) return helper?.close();
    const { selectionStart: at, selectionEnd: end } = area;
    const begun = at === end && area.value.slice(Math.max(0, at - 22), at).match(BEGUN)?.[0];
    const { row } = begun ? place(at) : {};
    if (!begun || row.kind === "in-code") return helper?.close();
    if (helper) return helper.look(begun);
    import("./complete.js").then((module) => {
      helper ??= module.default(box, { spot, redraw: () => draw(area.value, true) });
      if (document.activeElement === area) helper.look(begun);
    });
  };
  // Names that were put in whole, or came back with a draft: the server is asked who they are when the hands rest.
  let resting;
  const confirm = () => {
    clearTimeout(resting);
    if (area.value.includes("@")) resting = setTimeout(async () => {
      const module = await import("./mentions.js");
      if (await module.default(area, box)) draw(area.value, true);
    }, REST);
  };
  // Strangers, who see the editor on the page of the design, are told nobody's name.
  if (box.dataset.completeUrl && document.querySelector("meta[name=csrf]")) {
    confirm();
    area.addEventListener("input", confirm);
    area.addEventListener("input", offer);
    area.addEventListener("compositionend", offer);
  }
  area.addEventListener("paste", (event) => {
    const { clipboardData: held, defaultPrevented } = event;
    const text = held?.getData("text/plain").trim() ?? "";
    const html = held?.getData("text/html") ?? "";
    const chosen = area.value.slice(area.selectionStart, area.selectionEnd);
    const link = /^https?:\/\/\S+$/.test(text) && chosen.trim() && !/\n|^https?:/.test(chosen);
    if (defaultPrevented || held?.files.length || !(link || RICH.test(html))) return;
    const { row } = place(area.selectionStart);
    if (row.kind === "in-code") return;
    event.preventDefault();
    import("./paste.js").then((module) => (link ? module.link(area, text) : module.rich(area, html, text)));
  });
}
