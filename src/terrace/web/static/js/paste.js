// What is pasted becomes Markdown: an address over chosen words a link, a piece of a page its links, lists and headings.
import { replace } from "./typing.js";

const FORBIDDEN = "script, style, template, head, title, noscript, svg";
const squeeze = (text) => text.replace(/[ \t\n\r]+/g, " ");
const guard = (text) => text.replace(/[\\`*_[\]~|]/g, "\\$&");
const ROUND = { STRONG: "**", B: "**", EM: "*", I: "*", DEL: "~~", S: "~~" };

function wrapped(sign, text) {
  const [, before, middle, after] = text.match(/^(\s*)([\s\S]*?)(\s*)$/);
  return middle ? `${before}${sign}${middle}${sign}${after}` : text;
}

// Google puts a whole page into <b style="font-weight: normal">.
const meant = (node) => !/font-(?:weight|style):\s*(?:normal|400)/.test(node.dataset.style ?? "");

function words(node) {
  if (node.nodeType === Node.TEXT_NODE) return guard(squeeze(node.data));
  if (node.nodeType !== Node.ELEMENT_NODE || node.matches(FORBIDDEN)) return "";
  if (node.tagName === "BR") return "\n";
  if (node.tagName === "IMG") return guard(node.alt);
  if (node.tagName === "CODE") return node.textContent.trim() ? `\`${squeeze(node.textContent)}\`` : "";
  const text = [...node.childNodes].map(words).join("");
  const sign = ROUND[node.tagName];
  if (sign && meant(node)) return wrapped(sign, text);
  const href = node.tagName === "A" ? node.getAttribute("href") ?? "" : "";
  return /^(https?:|mailto:)/i.test(href) && text.trim() ? `[${text.trim()}](${href.replace(/[\s()]/g, encodeURIComponent)})` : text;
}

const BLOCKS = "p, div, ul, ol, li, h1, h2, h3, h4, h5, h6, blockquote, pre, table, tr, section, article, header, footer, main, hr, dl, dd, dt, figure";

function list(node, depth) {
  let number = Number(node.getAttribute("start") ?? 1);
  return [...node.children].flatMap((item) => {
    if (item.matches("ul, ol")) return list(item, depth + 1);
    const inner = item.querySelectorAll(":scope > :is(ul, ol)");
    const own = [...item.childNodes].filter((each) => ![...inner].includes(each)).map(words).join("").trim();
    const sign = node.tagName === "OL" ? `${number++}. ` : "- ";
    return [`${"   ".repeat(depth)}${sign}${own.replace(/\s*\n\s*/g, " ")}`, ...[...inner].flatMap((each) => list(each, depth + 1))];
  });
}

function table(node) {
  const rows = [...node.querySelectorAll("tr")].map((row) => [...row.cells].map((cell) => squeeze(words(cell)).trim()));
  const width = Math.max(0, ...rows.map((row) => row.length));
  if (!width) return "";
  const lines = rows.map((row) => `| ${Array.from({ length: width }, (_, at) => row[at] ?? "").join(" | ")} |`);
  lines.splice(1, 0, `|${" --- |".repeat(width)}`);
  return lines.join("\n");
}

function blocks(node) {
  const out = [];
  let run = "";
  const flush = () => {
    if (run.trim()) out.push(run.replace(/ *\n */g, "\n").trim());
    run = "";
  };
  for (const child of node.childNodes) {
    const element = child.nodeType === Node.ELEMENT_NODE && !child.matches(FORBIDDEN);
    if (!element || !(child.matches(BLOCKS) || child.querySelector(BLOCKS))) {
      run += words(child);
      continue;
    }
    flush();
    const head = child.tagName.match(/^H([1-6])$/);
    if (head) out.push(`${"#".repeat(Math.max(2, Number(head[1])))} ${squeeze(words(child)).trim()}`);
    else if (child.matches("ul, ol")) out.push(list(child, 0).join("\n"));
    else if (child.matches("blockquote")) out.push(blocks(child).join("\n\n").replace(/^/gm, "> "));
    else if (child.matches("pre")) out.push(`\`\`\`\n${child.textContent.replace(/\n$/, "")}\n\`\`\``);
    else if (child.matches("table")) out.push(table(child));
    else if (child.matches("hr")) out.push("---");
    else out.push(...blocks(child));
  }
  flush();
  return out.filter(Boolean);
}

// Markdown of a piece of HTML, which is read and never shown. The content policy would report its styles, so they go first.
export function markdown(html) {
  const bare = html.replace(/<style\b[\s\S]*?<\/style\s*>/gi, "").replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style="));
  return blocks(new DOMParser().parseFromString(bare, "text/html").body).join("\n\n");
}

export function link(area, address) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  replace(area, start, end, `[${value.slice(start, end)}](${address})`);
}

export function rich(area, html, text) {
  const { selectionStart: start, selectionEnd: end } = area;
  replace(area, start, end, markdown(html) || text);
}
