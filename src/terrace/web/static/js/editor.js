// An editor that looks like what it makes: <div class="editor" data-behavior="editor"><textarea>. A mirror behind the
// textarea shows its text styled; what is typed stays transparent over it. Nothing here may change the width or height of
// a letter (css/editor.css), so the caret stands where the text is. Completion (complete.js) and pasting (paste.js) come
// when they are first needed.
import { names, read } from "./spans.js";
import { composing } from "./typing.js";

const BEGUN = /(?:(?<![\w.%+/-])@[\p{L}\p{N}_-]{0,20}|(?<![\w&#/])#[\p{L}\p{N}_-]{1,20}|(?<![\w:/]):[\p{L}\p{N}_+-]{1,20})$/u;
const RICH = /<(?:a\s[^>]*href|[uo]l|strong|b|em|i|h[1-6]|blockquote|pre|code|del)\b/i;

function drawn(row) {
  const line = document.createElement("div");
  if (row.kind) line.className = row.kind;
  for (const [text, kind] of row.pieces) {
    const part = kind ? document.createElement("span") : document.createTextNode(text);
    if (kind) {
      part.className = kind;
      part.textContent = text;
    }
    line.append(part);
  }
  if (!row.text) line.append(document.createElement("br"));
  return line;
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
    for (const old of rows.splice(top, rows.length - top - end, ...fresh)) old.node.remove();
    let fence = top ? rows[top - 1].after : "";
    for (let at = top; at < rows.length; at += 1) {
      const row = rows[at];
      if (row.node && row.before === fence) break;
      const old = row.node;
      Object.assign(row, read(row.text, fence), { before: fence });
      row.node = drawn(row);
      draw.count += 1;
      if (old) old.replaceWith(row.node);
      else mirror.insertBefore(row.node, at ? rows[at - 1].node.nextSibling : mirror.firstChild);
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
  for (const post of document.querySelectorAll("[data-author]")) names.add(post.dataset.author);
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
  if (box.dataset.completeUrl) {
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
