// The service worker, served as /worker.js. Pages come from the network; those of boards, topics and the front page that were read
// are kept for when there is none. Files with a version in their address are kept as they are. Signing in or out forgets the pages.
const VERSION = "VERSION";
const FILES = `files-${VERSION}`;
const PAGES = "pages";
const OFFLINE = "OFFLINE";
const MOST = 60;
const READ = /^\/(?:$|t\/\d+\/|b\/|forum\/|u\/|offline\/)/;
const WHO = /^\/(?:accounts\/|demo\/|language\/|settings\/)/;

addEventListener("install", (event) => {
  const page = caches.open(PAGES).then((kept) => kept.add(OFFLINE));
  const script = caches.open(FILES).then((kept) => kept.add(`/static/${VERSION}/js/kept.js`));
  event.waitUntil(Promise.all([page, script]).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("files-") && name !== FILES;
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => clients.claim()),
  );
});

async function file(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) (await caches.open(FILES)).put(request, answer.clone());
  return answer;
}

async function keep(request, answer) {
  const kept = await caches.open(PAGES);
  if (!(await kept.match(OFFLINE))) await kept.add(OFFLINE);
  await kept.delete(request);
  await kept.put(request, answer);
  const all = (await kept.keys()).filter((each) => new URL(each.url).pathname !== OFFLINE);
  await Promise.all(all.slice(0, Math.max(0, all.length - MOST)).map((each) => kept.delete(each)));
}

async function page(event, address) {
  try {
    const answer = await fetch(event.request);
    if (answer.ok && !answer.redirected && READ.test(address.pathname)) event.waitUntil(keep(event.request, answer.clone()));
    return answer;
  } catch (error) {
    const kept = await caches.open(PAGES);
    return (await kept.match(event.request)) ?? (await kept.match(OFFLINE)) ?? Promise.reject(error);
  }
}

addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (address.origin !== location.origin) return;
  if (event.request.method !== "GET") {
    if (WHO.test(address.pathname)) event.waitUntil(caches.delete(PAGES));
    return;
  }
  if (event.request.mode === "navigate") event.respondWith(page(event, address));
  else if (address.pathname.startsWith("/static/")) event.respondWith(file(event.request));
});
