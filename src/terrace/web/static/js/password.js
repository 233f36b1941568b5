// Shows a password while asked to, and for a new one says how hard it is to guess. The server decides; this only hints.
const seen = /^(?:password|passw0rd|123456|12345678|qwerty|abc123|111111|iloveyou|admin)/i;

function strength(text) {
  if (text.length < 8 || seen.test(text)) return text ? 1 : 0;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^\w]/].filter((kind) => kind.test(text)).length;
  const different = new Set(text).size;
  const bits = Math.min(different, 14) + kinds * 2 + Math.max(0, text.length - 8);
  return bits > 22 ? 4 : bits > 16 ? 3 : 2;
}

export default function password(box) {
  const field = box.querySelector("input");
  const button = box.querySelector("[data-reveal]");
  const meter = box.parentElement.querySelector("[data-strength]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
  });
  if (!meter) return;
  const words = meter.dataset.words.split("|");
  field.addEventListener("input", () => {
    const level = strength(field.value);
    meter.hidden = !level;
    meter.querySelectorAll("rect").forEach((bar, i) => bar.classList.toggle("f", i < level));
    meter.querySelector("span").textContent = words[level - 1] ?? "";
  });
}
