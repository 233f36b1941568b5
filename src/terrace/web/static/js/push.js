// Notices on the screen of this device: <section data-behavior="push" data-push-key="…">. Inside: the form [data-push-on], filled in
// and sent here; the form [data-push-off]; and sentences [data-push], of which the one that is true is shown.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

async function subscribe(key) {
  const { pushManager } = await navigator.serviceWorker.ready;
  const before = await pushManager.getSubscription();
  if (before && String(new Uint8Array(before.options.applicationServerKey)) === String(key)) return before;
  await before?.unsubscribe(); // it was made for another key of ours
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

export default function push(section) {
  const on = section.querySelector("[data-push-on]");
  const off = section.querySelector("[data-push-off]");
  const say = (state) => {
    for (const line of section.querySelectorAll("[data-push]")) line.hidden = line.dataset.push !== state;
    if (on) on.hidden = !["ready", "failed"].includes(state);
  };

  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) {
    return say(navigator.standalone === false ? "home" : "unable");
  }
  if (Notification.permission === "denied") return say("denied");
  say("ready");

  on?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await Notification.requestPermission();
    if (answer !== "granted") return say(answer === "denied" ? "denied" : "ready");
    try {
      const { endpoint, keys } = (await subscribe(bytes(section.dataset.pushKey))).toJSON();
      on.elements.endpoint.value = endpoint;
      on.elements.p256dh.value = keys.p256dh;
      on.elements.auth.value = keys.auth;
    } catch (error) {
      console.warn("push", error);
      return say("failed");
    }
    on.submit();
  });

  off?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const worker = await navigator.serviceWorker.getRegistration();
    const here = await worker?.pushManager.getSubscription();
    await here?.unsubscribe().catch(() => false); // the server forgets it all the same
    off.submit();
  });
}
