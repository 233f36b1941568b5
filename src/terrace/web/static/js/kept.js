// The offline page lists the pages that were kept, newest first, by their titles.
export default async function kept(list) {
  if (!("caches" in window)) return;
  const pages = await caches.open("pages");
  for (const request of (await pages.keys()).reverse()) {
    const path = new URL(request.url).pathname;
    if (path === location.pathname || path === "/offline/") continue;
    const text = await (await pages.match(request)).text();
    const page = new DOMParser().parseFromString(text, "text/html");
    const line = document.createElement("li");
    const link = line.appendChild(document.createElement("a"));
    link.href = request.url;
    link.textContent = page.querySelector("h1")?.textContent.trim() || page.title;
    list.append(line);
  }
  list.closest("section").hidden = !list.children.length;
}
