// The place in a topic: <details data-behavior="jump" data-with="toc-box scrub-box">. On wide screens the scrubber beside the topic
// becomes a slider; on a phone the details open as a sheet with their form and what else would stand beside (ids). Without
// script they open the form alone. What a phone may never open is not loaded before.
export default function jump(details) {
  const summary = details.querySelector("summary");
  const form = details.querySelector("form");
  const beside = details.dataset.with.split(" ").map((id) => document.getElementById(id)).filter(Boolean);
  const course = document.querySelector(".scrub");
  let slider;
  const slide = () => { slider ??= course && import("./scrub.js").then((module) => module.default(course)); };
  if (course?.offsetParent) slide();
  summary.ariaHasPopup = "dialog";
  summary.addEventListener("click", async (event) => {
    event.preventDefault();
    slide();
    const { open } = await import("./dialog.js");
    if (form.closest("dialog")) return; // pressed twice
    const sheet = document.createElement("dialog");
    const head = document.createElement("h2");
    head.textContent = details.dataset.head;
    Object.assign(head, { id: "jump-head", tabIndex: -1, autofocus: true });
    sheet.className = "sheet places";
    sheet.setAttribute("aria-labelledby", head.id);
    sheet.append(head);
    const moved = [...beside, form].map((part) => [part, document.createComment("")]);
    for (const [part, place] of moved) {
      part.replaceWith(place);
      sheet.append(part);
    }
    document.body.append(sheet);
    sheet.addEventListener("click", (click) => click.target.closest("a") && sheet.close());
    sheet.addEventListener("close", () => {
      for (const [part, place] of moved) place.replaceWith(part);
      sheet.remove();
    });
    open(sheet, summary);
  });
}
