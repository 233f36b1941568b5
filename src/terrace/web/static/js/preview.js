// What a text will look like, brought into view; it goes when the text is written on, because it shows it no more.
export default function preview(section) {
  if (!section.children.length) return;
  section.scrollIntoView({ block: "start" });
  section.closest("form")?.addEventListener("input", () => section.replaceChildren(), { once: true });
}
