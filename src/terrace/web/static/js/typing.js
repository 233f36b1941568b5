// Changes of a textarea that can be undone, as if somebody had typed them.
const wake = (area) => area.dispatchEvent(new Event("input", { bubbles: true }));

// Puts `text` in the place of start…end; then from…to is chosen (the caret behind the text, where they are left out).
export function replace(area, start, end, text, from = start + text.length, to = from) {
  if (start !== end || text) {
    area.focus({ preventScroll: true });
    area.setSelectionRange(start, end);
    // Old, and the only way to write into the browser's history of changes.
    if (!document.execCommand(text ? "insertText" : "delete", false, text)) {
      area.setRangeText(text, start, end, "end");
      wake(area);
    }
  }
  area.setSelectionRange(from, to);
}

// Changes a part elsewhere in the text: what is chosen stays chosen, and the focus stays where it is.
export function exchange(area, start, end, text) {
  const by = text.length - (end - start);
  const moved = (at) => (at > start ? Math.max(start, at + by) : at);
  const [from, to] = [moved(area.selectionStart), moved(area.selectionEnd)];
  if (document.activeElement === area) return replace(area, start, end, text, from, to);
  area.setRangeText(text, start, end, "preserve");
  area.setSelectionRange(from, to);
  wake(area);
}

// Whether the key belongs to the making of a Chinese character or an accent (Safari says it by 229).
export const composing = (event) => event.isComposing || event.keyCode === 229;
