// What stands in a line of Markdown, for the mirror behind an editor (editor.js): pieces of [text, classes]. It follows
// kernel/markup closely enough for the eye; what is published is what the server makes of it.
const names = new Set(); // of members that are known to be members: Chinese puts no space behind one

// Learns names of members; returns whether one was new.
export function know(found) {
  const before = names.size;
  for (const name of found) names.add(name.toLowerCase());
  return names.size > before;
}

const LONG = 5_000; // letters; a longer line is drawn as typed, because reading it would cost too much
const DEEP = 4;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEAD = /^( {0,3}#{1,6}\s)(.*)$/;
const QUOTE = /^((?: {0,3}> ?)+)(.*)$/;
const LIST = /^(\s*(?:[-*+]|\d{1,9}[.)])\s+)(\[[ xX]\]\s)?(.*)$/;
const RULE = /^ {0,3}(?:([-*_])(?:\s*\1){2,}|:::.*)\s*$/;
const TABLE = /^ {0,3}\|/;
const INLINE = new RegExp(
  [
    /\\[!-/:-@[-`{-~]/, // an escaped mark
    /(`+)(?!`)(.+?)(?<!`)\1(?!`)/, // code
    /!?\[([^\]]*)\]\(([^)\s]*)\)/, // link, picture
    /https?:\/\/[A-Za-z0-9][\w\-.~:/?#@!$&'()*+,;=%]*/, // bare address
    /(\*\*|~~|\|\||(?<![\p{L}\p{N}])__)(?=\S)(.+?)(?<=\S)\5/,
    /(\*|(?<![\p{L}\p{N}_])_)(?=[^\s*_])(.+?)(?<=[^\s*_])\7(?![\p{L}\p{N}]*_)/,
    /(?<![\w.%+/-])@[\p{L}\p{N}_-]{1,20}/,
    /(?<![\w&#/])#(?:[^#\s[\]()<>*`|@](?:[^#\n[\]()<>*`|@]{0,30}[^#\s[\]()<>*`|@])?#|[\p{L}\p{N}_-]{1,32})/,
  ].map((rule) => rule.source).join("|"),
  "gu",
);
const ROUND = { "**": "b", "__": "b", "*": "e", "_": "e", "~~": "del", "||": "sp" };

// The mention that "@Wen你好" begins with, or nothing where it names nobody who is known. A Latin word is taken as a whole.
export function mentioned(text) {
  const latin = text.match(/^@[\w-]*/)[0].length;
  for (let end = text.length; end > 1 && end >= latin; end -= 1) if (names.has(text.slice(1, end).toLowerCase())) return text.slice(0, end);
  return "";
}

function inline(text, kind, put, depth = 0) {
  const rule = new RegExp(INLINE);
  let at = 0;
  const plain = (to) => to > at && put(text.slice(at, to), kind);
  for (let found = rule.exec(text); found; found = rule.exec(text)) {
    const [all, ticks, code, label, address, twice, strong, once, soft] = found;
    if (all[0] === "@" && !mentioned(all)) continue;
    plain(found.index);
    at = found.index + all.length;
    const within = (inner, own) => (depth < DEEP ? inline(inner, own, put, depth + 1) : put(inner, own));
    if (all[0] === "\\") {
      put("\\", `${kind} m`);
      put(all[1], kind);
    } else if (ticks) {
      put(ticks, `${kind} m c`);
      put(code, `${kind} c`);
      put(ticks, `${kind} m c`);
    } else if (address !== undefined) {
      put(all.slice(0, all.indexOf("[") + 1), `${kind} m`);
      within(label, `${kind} a`);
      put(`](${address})`, `${kind} m`);
    } else if (twice || once) {
      put(twice ?? once, `${kind} m`);
      within(strong ?? soft, `${kind} ${ROUND[twice ?? once]}`);
      put(twice ?? once, `${kind} m`);
    } else if (all[0] === "@") {
      const name = mentioned(all);
      put(name, `${kind} at`);
      rule.lastIndex = at = found.index + name.length;
    } else {
      put(all, `${kind} ${all[0] === "#" ? "at" : "a"}`);
    }
  }
  plain(text.length);
}

function cells(text, put) {
  if (/^[\s|:-]+$/.test(text)) return put(text, "m");
  for (const part of text.split(/(?<!\\)(\|)/)) if (part === "|") put(part, "m"); else if (part) inline(part, "", put);
}

// Returns the pieces of a line, its kind, and the fence that is open behind it ("" for none). `fence` is open before it.
export function read(text, fence) {
  const pieces = [];
  const put = (part, kind) => part && pieces.push([part, kind.trim()]);
  const mark = text.match(FENCE)?.[1];
  const done = (kind = "", after = "") => ({ pieces, kind, after });
  if (fence) {
    const ends = mark?.startsWith(fence) && !text.trim().slice(mark.length);
    put(text, ends ? "m" : "");
    return done("in-code", ends ? "" : fence);
  }
  if (mark) {
    put(text, "m");
    return done("in-code", mark);
  }
  if (text.length > LONG) {
    put(text, "");
    return done();
  }
  const [, first, rest] = text.match(HEAD) ?? text.match(QUOTE) ?? [];
  if (first) {
    const head = first.includes("#");
    put(first, "m");
    inline(rest, head ? "b" : "", put);
    return done(head ? "in-head" : "in-quote");
  }
  const list = RULE.test(text) ? null : text.match(LIST);
  if (list) {
    put(list[1], "li");
    put(list[2], "m");
    inline(list[3], /x/i.test(list[2] ?? "") ? "del" : "", put);
  } else if (RULE.test(text)) put(text, "m");
  else if (TABLE.test(text)) cells(text, put);
  else inline(text, "", put);
  return done();
}
