// Who the @words of a text are: each that nobody on the page explains is asked for once (editor.js). A Latin name is asked for
// as it stands; in Chinese nothing says where a name ends, so its beginning is.
import { know, mentioned } from "./spans.js";

const WORD = /(?<![\w.%+/-])@[\p{L}\p{N}_-]{1,20}/gu;
const MOST = 5; // words asked for in one go
const asked = new Set();

function beginnings(area) {
  const found = [...area.value.matchAll(WORD)].filter(({ 0: word, index }) => index + word.length !== area.selectionEnd || document.activeElement !== area);
  const unknown = found.map(([word]) => word).filter((word) => !mentioned(word));
  return new Set(unknown.map((word) => word.match(/^@([\w-]+)/)?.[1] ?? [...word].slice(1, 3).join("")));
}

// Returns whether somebody was found.
export default async function mentions(area, box) {
  const words = [...beginnings(area)].filter((word) => !asked.has(word)).slice(0, MOST);
  const answers = words.map(async (word) => {
    asked.add(word);
    const query = new URLSearchParams({ sign: "@", q: word, topic: box.dataset.topic ?? "" });
    const answer = await fetch(`${box.dataset.completeUrl}?${query}`).catch(() => null);
    return answer?.ok ? (await answer.json()).rows.map((row) => row.name) : [];
  });
  return know((await Promise.all(answers)).flat());
}
