// Pictures on the whole screen, made from <template id="lightbox">. Arrows, swipes and buttons go on; wheel, pinch, plus and minus
// and a double press make larger; what is larger is dragged, or moved with the arrows. Escape closes and gives the focus back.
import { say } from "./words.js";

const MOST = 8;
const STEP = 1.5;
const MOVE = 80; // pixels of one press of an arrow
const SWIPE = 56; // pixels after which a swipe counts

export function open(link, all) {
  const dialog = document.getElementById("lightbox").content.querySelector("dialog").cloneNode(true);
  const stage = dialog.querySelector(".stage");
  const image = document.createElement("img");
  const fingers = new Map();
  let at = all.indexOf(link);
  let scale = 1;
  let x = 0;
  let y = 0;
  let from = null; // where a drag or a pinch began
  let moved = false;

  const limit = (value, size, room) => {
    const most = Math.max(0, (size * scale - room) / 2);
    return Math.min(most, Math.max(-most, value));
  };
  const draw = (shift = 0) => {
    x = limit(x, image.offsetWidth, stage.clientWidth);
    y = limit(y, image.offsetHeight, stage.clientHeight);
    image.style.transform = scale > 1 || shift ? `translate(${x + shift}px, ${y}px) scale(${scale})` : "";
    stage.classList.toggle("near", scale > 1);
    dialog.querySelector("[data-zoom='-1']").disabled = scale <= 1;
    dialog.querySelector("[data-zoom='1']").disabled = scale >= MOST;
  };
  // The point under the finger stays under the finger.
  const zoom = (to, left, top) => {
    const box = stage.getBoundingClientRect();
    const dx = (left ?? box.left + box.width / 2) - box.left - box.width / 2;
    const dy = (top ?? box.top + box.height / 2) - box.top - box.height / 2;
    const next = Math.min(MOST, Math.max(1, to));
    x = dx - ((dx - x) * next) / scale;
    y = dy - ((dy - y) * next) / scale;
    scale = next;
    draw();
  };
  const show = (to) => {
    if (to < 0 || to >= all.length) return draw();
    at = to;
    scale = 1;
    x = y = 0;
    const here = all[at];
    const small = here.querySelector("img");
    const wide = Number(small.srcset.match(/ (\d+)w$/)?.[1] ?? small.getAttribute("width"));
    image.style.setProperty("--w", `${wide}px`);
    image.style.setProperty("--r", small.getAttribute("width") / small.getAttribute("height"));
    image.alt = small.alt;
    image.src = small.currentSrc || small.src;
    const large = new Image();
    large.src = here.href;
    large.decode().then(() => here === all[at] && (image.src = large.src), () => {});
    const count = { n: at + 1, all: all.length };
    dialog.querySelector(".cap").textContent = here.closest("figure")?.querySelector("figcaption")?.textContent || small.alt;
    dialog.querySelector(".at").innerText = `${count.n} / ${count.all}`;
    stage.setAttribute("aria-label", say("picture", count));
    dialog.querySelector("[data-go='-1']").disabled = at === 0;
    dialog.querySelector("[data-go='1']").disabled = at === all.length - 1;
    dialog.querySelector("a").href = here.href;
    draw();
  };
  const middle = () => {
    const points = [...fingers.values()];
    const [a, b = a] = points;
    return { left: (a.left + b.left) / 2, top: (a.top + b.top) / 2, span: Math.hypot(a.left - b.left, a.top - b.top) };
  };
  const begin = () => (from = fingers.size ? { ...middle(), x, y, scale } : null);

  stage.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    if (!fingers.size) moved = false;
    stage.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { left: event.clientX, top: event.clientY });
    begin();
  });
  stage.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, { left: event.clientX, top: event.clientY });
    const now = middle();
    const dx = now.left - from.left;
    const dy = now.top - from.top;
    if (Math.hypot(dx, dy) > 6 || fingers.size > 1) moved = true;
    if (fingers.size > 1) {
      zoom((from.scale * now.span) / (from.span || 1), now.left, now.top);
    } else if (scale > 1) {
      x = from.x + dx;
      y = from.y + dy;
      draw();
    } else {
      draw(dx);
    }
  });
  const lift = (event) => {
    if (!fingers.has(event.pointerId)) return;
    const one = fingers.size === 1 && scale === 1 && event.type === "pointerup";
    const dx = event.clientX - from.left;
    const dy = event.clientY - from.top;
    fingers.delete(event.pointerId);
    begin();
    if (one && dy > 2 * SWIPE && dy > Math.abs(dx)) dialog.close();
    else if (one && Math.abs(dx) > SWIPE && Math.abs(dx) > Math.abs(dy)) show(at - Math.sign(dx));
    else draw();
  };
  stage.addEventListener("pointerup", lift);
  stage.addEventListener("pointercancel", lift);
  let pressed = 0;
  stage.addEventListener("click", (event) => {
    const twice = event.timeStamp - pressed < 350;
    pressed = moved || twice ? 0 : event.timeStamp;
    if (twice && !moved) zoom(scale > 1 ? 1 : 2.5, event.clientX, event.clientY);
  });
  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(scale * Math.exp(-event.deltaY / (event.ctrlKey ? 120 : 480)), event.clientX, event.clientY);
  }, { passive: false });

  const keys = {
    ArrowLeft: () => (scale > 1 ? ((x += MOVE), draw()) : show(at - 1)),
    ArrowRight: () => (scale > 1 ? ((x -= MOVE), draw()) : show(at + 1)),
    ArrowUp: () => ((y += MOVE), draw()),
    ArrowDown: () => ((y -= MOVE), draw()),
    PageUp: () => show(at - 1),
    PageDown: () => show(at + 1),
    Home: () => show(0),
    End: () => show(all.length - 1),
    "+": () => zoom(scale * STEP),
    "=": () => zoom(scale * STEP),
    "-": () => zoom(scale / STEP),
    0: () => zoom(1),
  };
  dialog.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });
  dialog.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if ("shut" in button.dataset) dialog.close();
    else if (button.dataset.go) show(at + Number(button.dataset.go));
    else zoom(scale * STEP ** Number(button.dataset.zoom));
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    all[at].focus();
  });
  const again = new AbortController();
  addEventListener("resize", () => draw(), { signal: again.signal });
  dialog.addEventListener("close", () => again.abort());

  image.draggable = false;
  stage.append(image);
  stage.setAttribute("role", "group");
  dialog.classList.toggle("one", all.length === 1);
  document.body.append(dialog);
  dialog.showModal();
  show(at);
  dialog.querySelector("[data-shut]").focus();
}
