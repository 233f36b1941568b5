// The characters that a person sees, counted as the server counts them (kernel/words/lengths.py).
const clusters = globalThis.Intl?.Segmenter ? new Intl.Segmenter(undefined, { granularity: "grapheme" }) : null;

export function signs(text) {
  const whole = text.normalize("NFC");
  if (!clusters) return [...whole].length;
  let count = 0;
  for (const _sign of clusters.segment(whole)) count += 1;
  return count;
}
