// A picture in a text: <a class="picture" href="largest"><img data-blur="6 3d7c…"></a>. Until it has come a few of its pixels stand
// there, blurred; pressed, it opens on the whole screen. Without script it is a picture and a link.
import { say } from "./words.js";

function hint(link, image) {
  const [columns, packed] = image.dataset.blur.split(" ");
  const bytes = Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0));
  const canvas = document.createElement("canvas");
  canvas.width = Number(columns);
  canvas.height = bytes.length / 3 / canvas.width;
  const pen = canvas.getContext("2d");
  for (let at = 0; at < bytes.length / 3; at += 1) {
    pen.fillStyle = `rgb(${bytes.subarray(3 * at, 3 * at + 3).join(" ")})`;
    pen.fillRect(at % canvas.width, Math.floor(at / canvas.width), 1, 1);
  }
  canvas.setAttribute("aria-hidden", "true");
  link.append(canvas);
  const done = () => {
    canvas.classList.add("gone");
    setTimeout(() => canvas.remove(), 200);
  };
  image.decode().then(done, done);
}

export default function picture(link) {
  const image = link.querySelector("img");
  if (!image) return;
  if (image.dataset.blur && !image.complete) hint(link, image);
  const all = [...(link.closest(".prose") ?? document).querySelectorAll("a.picture")];
  if (!image.alt) link.setAttribute("aria-label", say("picture", { n: all.indexOf(link) + 1, all: all.length }));
  const ready = () => import("./lightbox.js");
  for (const near of ["pointerdown", "focus"]) link.addEventListener(near, () => ready().catch(() => {}), { once: true });
  link.addEventListener("click", async (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    try {
      (await ready()).open(link, all);
    } catch {
      location.href = link.href;
    }
  });
}
