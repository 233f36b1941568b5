// How far one has read: <div id="posts" data-behavior="position" data-position-url="…">. Reports the highest post that was on
// the screen for a moment, at most every ten seconds and when leaving; shows it in [data-position].
const PAUSE = 10_000; // milliseconds

export default function position(list) {
  const url = list.dataset.positionUrl;
  const csrf = document.querySelector("meta[name=csrf]")?.content;
  let seen = Number(list.dataset.position ?? 0);
  let sent = seen;
  let timer;

  const send = () => {
    clearTimeout(timer);
    timer = undefined;
    if (!url || !csrf || seen <= sent) return;
    sent = seen;
    const body = new URLSearchParams({ number: seen });
    fetch(url, { method: "POST", body, keepalive: true, headers: { "X-CSRFToken": csrf } }).catch(() => {});
  };
  const show = (number) => {
    for (const place of document.querySelectorAll("[data-position-here]")) place.textContent = number;
    document.dispatchEvent(new CustomEvent("position", { detail: { number } }));
  };
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      const number = Number(entry.target.dataset.number);
      show(number);
      if (number <= seen) continue;
      seen = number;
      timer ??= setTimeout(send, PAUSE);
    }
  }, { rootMargin: "-20% 0px -30%" });

  const all = () => list.querySelectorAll(".post[data-number]").forEach((post) => watch.observe(post));
  all();
  list.addEventListener("htmx:afterSwap", all);
  document.addEventListener("visibilitychange", () => document.hidden && send());
  addEventListener("pagehide", send);
}
