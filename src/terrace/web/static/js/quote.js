// Select words in a post and a button offers to quote them in the reply: <div id="posts" data-behavior="quote" data-reply="r">.
import { replace } from "./typing.js";
import { say } from "./words.js";

export function quoted(post, text) {
  const who = `${post.dataset.author} #${post.dataset.number}`.replace(/[[\]\\]/g, "\\$&");
  const lines = text.trim().split(/\n+/).map((line) => `> ${line}`);
  return `> [${who}](${post.dataset.url})\n>\n${lines.join("\n>\n")}\n\n`;
}

export function put(field, text) {
  field.form?.classList.add("open"); // on a phone the reply form is folded away
  const at = field.selectionStart ?? field.value.length;
  const gap = at && !field.value.slice(0, at).endsWith("\n") ? "\n\n" : "";
  replace(field, at, field.selectionEnd ?? at, gap + text);
  field.scrollIntoView({ block: "nearest" });
}

function chosen(list) {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const node = selection.getRangeAt(0).commonAncestorContainer;
  const prose = (node.nodeType === 1 ? node : node.parentElement).closest(".prose");
  if (!prose || !list.contains(prose)) return null;
  return { post: prose.closest(".post"), text: selection.toString(), box: selection.getRangeAt(0).getBoundingClientRect() };
}

export default function quote(list) {
  const button = document.createElement("button");
  button.className = "btn small quoter";
  button.textContent = say("quote");
  button.hidden = true;
  document.body.append(button);
  const field = () => document.getElementById(list.dataset.reply);
  let held;
  document.addEventListener("selectionchange", () => {
    held = field() && chosen(list);
    button.hidden = !held?.text.trim();
    if (button.hidden) return;
    button.style.left = `${Math.max(8, Math.min(held.box.left, innerWidth - 112)) + scrollX}px`;
    button.style.top = `${held.box.bottom + scrollY + 8}px`;
  });
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    if (held) put(field(), quoted(held.post, held.text));
    getSelection().removeAllRanges();
  });
  list.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-quote]");
    if (!link || !field()) return;
    event.preventDefault();
    link.closest("details.menu")?.removeAttribute("open");
    const answer = await fetch(link.dataset.quote).catch(() => null);
    if (answer?.ok) put(field(), await answer.text());
    else location.assign(link.href); // the page says what is wrong
  });
}
