// Lines of Markdown: lists, quotes and headings put on and taken off, continued by Enter, moved in by Tab.
import { replace } from "./typing.js";

const LIST = /^(\s*)(?:[-*+]\s+(?:\[[ xX]\]\s+)?|\d{1,9}[.)]\s+)/;
const kinds = {
  heading: { has: /^ {0,3}#{1,6}\s+/, put: () => "## " },
  quote: { has: /^ {0,3}> ?/, put: () => "> " },
  list: { has: /^\s*[-*+]\s+(?!\[[ xX]\]\s)/, put: () => "- ", list: true },
  numbers: { has: /^\s*\d{1,9}[.)]\s+/, put: (n) => `${n}. `, list: true },
  tasks: { has: /^\s*[-*+]\s+\[[ xX]\]\s+/, put: () => "- [ ] ", list: true },
};
const begins = (value, at) => value.lastIndexOf("\n", at - 1) + 1;
const ends = (value, at) => (value.indexOf("\n", at) < 0 ? value.length : value.indexOf("\n", at));

export const isLines = (name) => name in kinds;

// Whether all lines that are chosen are of a kind.
export function stand(area, name) {
  const { selectionStart: from, selectionEnd: to, value } = area;
  const full = value.slice(begins(value, from), ends(value, to)).split("\n").filter((line) => line.trim());
  return full.length > 0 && full.every((line) => kinds[name].has.test(line));
}

// Puts the mark of a kind before each line that is chosen, or takes it off where all have it.
export function toggle(area, name) {
  const { has, put, list } = kinds[name];
  const { selectionStart: from, selectionEnd: to, value } = area;
  const start = begins(value, from);
  const end = ends(value, to > from && value[to - 1] === "\n" ? to - 1 : to);
  const lines = value.slice(start, end).split("\n");
  const full = lines.filter((line) => line.trim());
  const off = full.length > 0 && full.every((line) => has.test(line));
  let number = 0;
  const next = lines.map((line) => {
    if (!line.trim() && lines.length > 1) return line;
    if (off) return list ? line.replace(LIST, "$1") : line.replace(has, "");
    const [, indent] = line.match(/^(\s*)/);
    const bare = list ? line.replace(LIST, "$1") : has.test(line) ? line.replace(has, "") : line;
    number += 1;
    return list ? indent + put(number) + bare.slice(indent.length) : put(number) + bare;
  }).join("\n");
  const by = next.length - (end - start);
  if (from === to) replace(area, start, end, next, Math.max(start, from + by));
  else replace(area, start, end, next, start, start + next.length);
}

// Enter in a list or quote begins its next line; in an empty one it ends it, with an empty line, because Markdown takes what
// stands right below for a part of it. Returns whether it did.
export function proceed(area) {
  const { selectionStart: at, selectionEnd: to, value } = area;
  if (at !== to) return false;
  const start = begins(value, at);
  const line = value.slice(start, ends(value, at));
  const found = line.match(/^(\s*)([-*+]|\d{1,9}[.)])(\s+)(\[[ xX]\]\s+)?/) ?? line.match(/^( {0,3})((?:> ?)+)/);
  if (!found || at < start + found[0].length) return false;
  if (!line.slice(found[0].length).trim()) {
    replace(area, start, start + line.length, "\n");
    return true;
  }
  const [, indent, mark, space = "", task] = found;
  const next = mark.replace(/\d+/, (number) => Number(number) + 1);
  replace(area, at, at, `\n${indent}${next}${space}${task ? "[ ] " : ""}`);
  return true;
}

// Tab in a list moves its lines in, with Shift out. Returns whether it did: elsewhere Tab goes to the next control.
export function indent(area, out) {
  const { selectionStart: from, selectionEnd: to, value } = area;
  const start = begins(value, from);
  const end = ends(value, to);
  const lines = value.slice(start, end).split("\n");
  if (!lines.every((line) => LIST.test(line))) return false;
  if (out && !lines.some((line) => /^\s/.test(line))) return false;
  const step = (line) => " ".repeat(line.match(/^\s*(?:\d+[.)]\s|[-*+]\s)/)[0].trimStart().length);
  const next = lines.map((line) => (out ? line.replace(/^(?: {1,3}|\t)/, "") : step(line) + line));
  const first = next[0].length - lines[0].length;
  const text = next.join("\n");
  replace(area, start, end, text, Math.max(start, from + first), Math.max(start, to + text.length - (end - start)));
  return true;
}
