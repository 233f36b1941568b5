// Buttons and keys that put Markdown round what is chosen, and take it off again:
// <div role="toolbar" data-behavior="marks" data-for="body"><button data-mark="bold">. The toolbar is one stop of the Tab key.
import { indent, isLines, proceed, stand, toggle } from "./lines.js";
import { composing, replace } from "./typing.js";

const ROUND = { bold: "**", italic: "*", strike: "~~", code: "`", spoiler: "||" };
const KEYS = { b: "bold", i: "italic", k: "link", e: "code" };
const SHIFTED = { Digit7: "numbers", Digit8: "list", Digit9: "quote", Digit0: "tasks" };

// What a button takes off again when the caret stands within it.
const WITHIN = {
  bold: /\*\*(?=[^\s*]).+?\*\*/g,
  italic: /(?<!\*)\*(?=[^\s*])[^*\n]+\*(?!\*)/g,
  code: /`[^`\n]+`/g,
  spoiler: /\|\|.+?\|\|/g,
  link: /(?<!!)\[[^\]\n]*\]\([^)\n]*\)/g,
};

const run = (text, sign) => text.length - text.replace(new RegExp(`\\${sign}+$`), "").length;

function around(area, mark) {
  let { selectionStart: start, selectionEnd: end } = area;
  const { value } = area;
  const chosen = value.slice(start, end);
  if (chosen.trim()) {
    start += chosen.length - chosen.trimStart().length;
    end -= chosen.length - chosen.trimEnd().length;
  }
  const text = value.slice(start, end);
  const size = mark.length;
  // `*` within `**bold**` is no emphasis: one sign asks for an odd number of them.
  const stands = value.slice(start - size, start) === mark && value.slice(end, end + size) === mark;
  if (start >= size && stands && (mark !== "*" || run(value.slice(0, start), "*") % 2)) {
    return replace(area, start - size, end + size, text, start - size, end - size);
  }
  const inside = text.length >= 2 * size && text.startsWith(mark) && text.endsWith(mark);
  if (inside && (mark !== "*" || !text.startsWith("**") || text.startsWith("***"))) {
    return replace(area, start, end, text.slice(size, -size), start, end - 2 * size);
  }
  replace(area, start, end, mark + text + mark, start + size, end + size);
}

// Puts a block on lines of its own; from…to within it is chosen.
function block(area, text, from, to) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const before = start && value[start - 1] !== "\n" ? "\n" : "";
  const after = value[end] === "\n" ? "" : "\n";
  const at = start + before.length;
  replace(area, start, end, before + text + after, at + from, at + to);
}

function link(area) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const text = value.slice(start, end);
  for (const { 0: all, 1: label, index } of value.matchAll(/(?<!!)\[([^\]\n]*)\]\([^)\n]*\)/g)) {
    if (index <= start && end <= index + all.length) return replace(area, index, index + all.length, label, index, index + label.length);
  }
  if (/^https?:\/\/\S+$/.test(text)) return replace(area, start, end, `[](${text})`, start + 1);
  const put = `[${text}](https://)`;
  if (!text) return replace(area, start, end, put, start + 1);
  replace(area, start, end, put, start + text.length + 3, start + put.length - 1);
}

const acts = {
  link,
  mention: (area) => {
    const before = area.value[area.selectionStart - 1];
    replace(area, area.selectionStart, area.selectionEnd, before && /[\w.%+/-]/.test(before) ? " @" : "@");
  },
  table: (area, word) => block(area, `| ${word} | ${word} |\n| --- | --- |\n|  |  |`, 2, 2 + word.length),
  code: (area) => {
    const text = area.value.slice(area.selectionStart, area.selectionEnd);
    if (!text.includes("\n")) return around(area, ROUND.code);
    const fenced = text.match(/^```[^\n]*\n([\s\S]*?)\n?```\s*$/);
    if (fenced) return replace(area, area.selectionStart, area.selectionEnd, fenced[1], area.selectionStart, area.selectionStart + fenced[1].length);
    block(area, `\`\`\`\n${text.replace(/\n$/, "")}\n\`\`\``, 4, 4 + text.replace(/\n$/, "").length);
  },
  keys: async () => (await import("./shortcuts.js")).help(),
};

function act(area, name, word = "") {
  if (acts[name]) acts[name](area, word);
  else if (isLines(name)) toggle(area, name);
  else if (ROUND[name]) around(area, ROUND[name]);
}

// Whether a mark holds where the caret or the choice is: within its pair on the line, in a fence, or in lines of its kind.
function holds(area, name) {
  if (isLines(name)) return stand(area, name);
  const { selectionStart: from, selectionEnd: to, value } = area;
  if (name === "code" && (value.slice(0, from).match(/^ {0,3}```/gm)?.length ?? 0) % 2) return true;
  const start = value.lastIndexOf("\n", from - 1) + 1;
  const end = value.indexOf("\n", to);
  const line = value.slice(start, end < 0 ? value.length : end);
  return [...line.matchAll(WITHIN[name])].some(({ 0: all, index }) => start + index < from + (from < to) && to < start + index + all.length + (from < to));
}

// Says on each button that can be taken off whether it holds.
function tell(bar, area) {
  for (const button of bar.querySelectorAll("[data-mark]")) {
    const { mark } = button.dataset;
    if (isLines(mark) || WITHIN[mark]) button.setAttribute("aria-pressed", String(holds(area, mark)));
  }
}

// One button at a time can be reached by Tab; the arrows lead to the others.
function rove(bar) {
  const buttons = [...bar.querySelectorAll("button")];
  const here = (button) => buttons.forEach((each) => (each.tabIndex = each === button ? 0 : -1));
  here(buttons[0]);
  bar.addEventListener("focusin", (event) => here(event.target));
  bar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    buttons[(to + buttons.length) % buttons.length].focus();
  });
}

export default function marks(bar) {
  const area = document.getElementById(bar.dataset.for);
  let leaves = false; // Escape lets the next Tab go on to the next control
  rove(bar);
  bar.addEventListener("pointerdown", (event) => event.preventDefault()); // the keyboard of a phone stays open
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mark]");
    if (button) act(area, button.dataset.mark, button.dataset.text);
  });
  tell(bar, area);
  document.addEventListener("selectionchange", () => document.activeElement === area && tell(bar, area));
  area.addEventListener("input", () => tell(bar, area));
  area.addEventListener("blur", () => (leaves = false));
  area.addEventListener("keydown", (event) => {
    if (composing(event)) return;
    const held = event.ctrlKey || event.metaKey;
    const plain = !held && !event.altKey;
    const leaving = leaves;
    leaves = event.key === "Escape" || (leaves && event.key === "Shift");
    let done = false;
    if (plain && event.key === "Enter" && !event.shiftKey) done = proceed(area);
    else if (plain && event.key === "Tab" && !leaving) done = indent(area, event.shiftKey);
    else if (held && !event.altKey) {
      const name = event.shiftKey ? SHIFTED[event.code] : KEYS[event.key.toLowerCase()];
      if (name) act(area, name);
      if (event.key === "Enter") area.form.requestSubmit();
      done = Boolean(name) || event.key === "Enter";
    }
    if (done) event.preventDefault();
  });
}
