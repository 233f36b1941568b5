// One stream per page: <body data-behavior="live" data-live-url="/live?…" data-live-renew="/live/renew">.
// Messages carry present state, and all of it again at every connection. Each becomes a `live:<kind>` event on the document;
// two kinds are shown here: `notices` {count} on [data-live-count], `topic` {channel, last} on [data-live-topic].
import { say } from "./words.js";

const REST = 60_000; // milliseconds a hidden tab keeps its stream
const waits = [2_000, 5_000, 15_000, 60_000];

function notices({ count }) {
  navigator.setAppBadge?.(count).catch(() => {}); // the number on the icon of an installed app
  for (const pip of document.querySelectorAll("[data-live-count]")) {
    pip.hidden = !count;
    if (pip.dataset.liveCount === "number") pip.textContent = count > 99 ? "99+" : count;
    const name = pip.parentElement.querySelector("[data-live-name]") ?? pip.parentElement;
    if (name.ariaLabel !== null) name.ariaLabel = count ? say("notices_new", { n: count }) : say("notices");
  }
}

function topic({ channel, last }) {
  for (const bar of document.querySelectorAll(`[data-live-topic="${CSS.escape(channel)}"]`)) {
    const more = last - Number(bar.dataset.seen);
    bar.classList.toggle("idle", !(more > 0)); // its place is kept: neither what is read nor what is typed moves
    if (more > 0) bar.querySelector("[data-live-text]").textContent = say(more === 1 ? "reply_new" : "replies_new", { n: more });
  }
}

const shown = { notices, topic };

function hear(source, kind) {
  source.addEventListener(kind, (event) => {
    const data = JSON.parse(event.data);
    shown[kind]?.(data);
    document.dispatchEvent(new CustomEvent(`live:${kind}`, { detail: data }));
  });
}

// Who asked for the new posts goes on at the first of them: the button that was pressed is gone.
function follow() {
  let seen;
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target.id === "fresh") seen = Number(detail.target.dataset.seen);
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (seen === undefined) return;
    const first = [...document.querySelectorAll(".post")].find((post) => Number(post.dataset.number) > seen);
    seen = undefined;
    if (!first || document.activeElement !== document.body) return;
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
  });
}

export default function live(element) {
  follow();
  let { liveUrl: url } = element.dataset;
  const { liveRenew: renew, liveKinds: kinds = "notices topic" } = element.dataset;
  if (!url) return;
  let source;
  let tries = 0;
  let resting;

  const shut = () => {
    source?.close();
    source = null;
  };
  const open = () => {
    if (source) return;
    source = new EventSource(url);
    source.addEventListener("open", () => { tries = 0; });
    source.addEventListener("error", () => source?.readyState === EventSource.CLOSED && again());
    kinds.split(/\s+/).forEach((kind) => hear(source, kind));
  };
  // The server refused (an old token): ask for a new address, less and less often.
  const again = () => {
    shut();
    if (!renew || tries >= 8) return;
    setTimeout(async () => {
      const answer = await fetch(renew).catch(() => null);
      if (answer?.ok) url = (await answer.text()).trim();
      if (!document.hidden) open();
    }, waits[Math.min(tries++, waits.length - 1)]);
  };

  addEventListener("pagehide", shut);
  addEventListener("pageshow", (event) => event.persisted && open());
  document.addEventListener("visibilitychange", () => {
    clearTimeout(resting);
    if (document.hidden) resting = setTimeout(shut, REST);
    else open();
  });
  open();
}
