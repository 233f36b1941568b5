// The service worker, served as /worker.js. Pages come from the network; those of boards, topics and the front page that were read
// are kept for when there is none, for one reader: what the server drew for somebody else, or before a sign-in or sign-out, is forgotten.
// Files with a version in their address are kept as they are. Notices that come through the push service are shown at the end.
const VERSION = "VERSION";
const FILES = `files-${VERSION}`;
const PAGES = "pages";
const OFFLINE = "OFFLINE";
const PREFERENCES = "PREFERENCES"; // the page where notifications are turned on, and where its form goes
const JOIN = "JOIN";
const SIGN_OUT = "SIGN_OUT";
const ICON = "ICON";
const MOST = 60;
const READ = /^\/(?:$|t\/\d+\/|b\/|forum\/|u\/|offline\/)/;
const WHO = /^\/(?:accounts\/|demo\/|language\/|settings\/|setup\/)/;
let age = 0; // grows when somebody signs in or out; a page that was asked for before is not kept after

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

const reader = (answer) => answer?.headers.get("Terrace-Reader") ?? "";

async function keep(request, answer) {
  let kept = await caches.open(PAGES);
  const [some] = await kept.keys();
  if (some && reader(await kept.match(some)) !== reader(answer)) {
    await caches.delete(PAGES);
    kept = await caches.open(PAGES);
  }
  if (!(await kept.match(OFFLINE))) await kept.add(OFFLINE);
  await kept.delete(request);
  await kept.put(request, answer);
  const all = (await kept.keys()).filter((each) => new URL(each.url).pathname !== OFFLINE);
  await Promise.all(all.slice(0, Math.max(0, all.length - MOST)).map((each) => kept.delete(each)));
}

async function page(event, address) {
  const asked = age;
  try {
    const answer = await fetch(event.request);
    const whole = answer.ok && !answer.redirected && asked === age;
    if (whole && READ.test(address.pathname)) event.waitUntil(keep(event.request, answer.clone()));
    return answer;
  } catch (error) {
    return (await (await caches.open(PAGES)).match(event.request)) ?? offline(error);
  }
}

// A form that is a page of its own: without a network it is still where it was written, one step back.
const form = (event) => fetch(event.request).catch(offline);

async function offline(error) {
  return (await (await caches.open(PAGES)).match(OFFLINE)) ?? Promise.reject(error);
}

addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (address.origin !== location.origin) return;
  if (event.request.method !== "GET") {
    if (WHO.test(address.pathname)) {
      age += 1;
      event.waitUntil(caches.delete(PAGES));
      if (address.pathname === SIGN_OUT) event.waitUntil(silence());
    } else if (event.request.mode === "navigate") event.respondWith(form(event));
    return;
  }
  if (event.request.mode === "navigate") event.respondWith(page(event, address));
  else if (address.pathname.startsWith("/static/")) event.respondWith(file(event.request));
});

// Who signs out is told no more here: the server has stopped, and what it sent before is taken away.
async function silence() {
  navigator.clearAppBadge?.().catch(() => {});
  for (const shown of await registration.getNotifications()) shown.close();
  await (await registration.pushManager.getSubscription())?.unsubscribe();
}

addEventListener("push", (event) => event.waitUntil(show(event.data.json())));

async function show({ title, body, url, tag, lang, count }) {
  navigator.setAppBadge?.(count).catch(() => {});
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  if (pages.some((page) => page.focused && page.visibilityState === "visible")) return; // the bell there has counted it
  await registration.showNotification(title, { body, tag, lang, icon: ICON, data: { url } });
}

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.url));
});

async function open(url) {
  const address = new URL(url, location.origin).href;
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((each) => each.url === address) ?? pages[0];
  if (!page) return clients.openWindow(address);
  await page.focus();
  return page.url === address ? page : page.navigate(address).catch(() => clients.openWindow(address));
}

addEventListener("pushsubscriptionchange", (event) => event.waitUntil(join()));

// The browser has another address for messages now. The page of notifications says the key, and the token of its forms.
async function join() {
  const page = await (await fetch(PREFERENCES)).text();
  const [, key] = page.match(/data-push-key="([\w-]+)"/) ?? [];
  const [, token] = page.match(/<meta name="csrf" content="(\w+)"/) ?? [];
  if (!key || !token) return; // nobody is signed in here
  const told = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = told.toJSON();
  await fetch(JOIN, { method: "POST", headers: { "X-CSRFToken": token }, body: new URLSearchParams({ endpoint, ...keys }) });
}
