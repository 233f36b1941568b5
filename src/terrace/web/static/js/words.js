// Sentences that scripts show. They come from the page's <template id="words">, so that the catalogue holds both languages.
const held = document.getElementById("words")?.content;

export function say(key, values = {}) {
  const text = held?.querySelector(`[data-word="${key}"]`)?.textContent ?? "";
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// Why nothing came back: the line is cut, or the server did not answer.
export const unsent = () => say(navigator.onLine ? "unreached" : "offline");
