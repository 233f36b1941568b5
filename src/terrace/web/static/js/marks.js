// Buttons over a textarea put Markdown round what is chosen: <div data-behavior="marks" data-for="body"><button data-mark="bold">.
const kinds = {
  bold: { round: "**" },
  italic: { round: "*" },
  strike: { round: "~~" },
  code: { round: "`", block: "```" },
  link: { before: "[", after: "](https://)" },
  quote: { line: "> " },
  list: { line: "- " },
  numbers: { line: "1. " },
  tasks: { line: "- [ ] " },
  spoiler: { round: "||" },
  mention: { before: "@", after: "" },
};

function changed(mark, text) {
  if (mark.line) return text.split("\n").map((line) => mark.line + line).join("\n");
  if (mark.block && text.includes("\n")) return `${mark.block}\n${text}\n${mark.block}`;
  return (mark.before ?? mark.round) + text + (mark.after ?? mark.round);
}

export default function marks(bar) {
  const area = document.getElementById(bar.dataset.for);
  bar.addEventListener("click", (event) => {
    const mark = kinds[event.target.closest("[data-mark]")?.dataset.mark];
    if (!mark) return;
    event.preventDefault();
    let { selectionStart: start, selectionEnd: end, value } = area;
    if (mark.line) start = value.lastIndexOf("\n", start - 1) + 1;
    const text = value.slice(start, end);
    const put = changed(mark, text);
    area.setRangeText(put, start, end, "end");
    if (!text) area.selectionEnd = area.selectionStart = start + (mark.line ?? mark.before ?? mark.round).length;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  });
  area.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey) return;
    if (event.key === "Enter") return area.form.requestSubmit();
    bar.querySelector({ b: "[data-mark=bold]", i: "[data-mark=italic]", k: "[data-mark=link]" }[event.key] ?? ":not(*)")?.click();
  });
}
