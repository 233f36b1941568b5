// The scrubber becomes a slider: drag, or arrows, Page Up/Down, Home and End, then Enter (or let go) to jump.
// <div class="scrub" data-behavior="scrub" data-last="248" data-at="38" data-url="/t/12?at=">. Without script its lines are links.
export default function scrub(box) {
  const picture = box.querySelector("svg");
  const label = box.querySelector(".at b");
  const last = Number(box.dataset.last);
  let at = Number(box.dataset.at) || 1;

  const bars = [...picture.querySelectorAll("rect")];
  const show = (number) => {
    at = Math.max(1, Math.min(last, Math.round(number)));
    label.textContent = at;
    const here = Math.min(bars.length - 1, Math.floor(((at - 1) / last) * bars.length));
    bars.forEach((bar, i) => bar.classList.toggle("f", i === here));
    box.slider.ariaValueNow = at;
  };
  const go = () => location.assign(`${box.dataset.url}${at}#p${at}`);
  const from = (event) => {
    const area = picture.getBoundingClientRect();
    show(1 + ((event.clientY - area.top) / area.height) * (last - 1));
  };

  box.slider = document.createElement("div");
  const slider = box.slider;
  Object.assign(slider, { className: "slider", tabIndex: 0, role: "slider", ariaValueMin: 1, ariaValueMax: last, ariaValueNow: at, ariaOrientation: "vertical", ariaLabel: box.dataset.label });
  picture.before(slider);
  slider.append(picture);
  for (const link of picture.querySelectorAll("a")) link.replaceWith(...link.childNodes);
  slider.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    slider.setPointerCapture(event.pointerId);
    slider.focus();
    from(event);
  });
  slider.addEventListener("pointermove", (event) => slider.hasPointerCapture(event.pointerId) && from(event));
  slider.addEventListener("pointerup", go);
  slider.addEventListener("keydown", (event) => {
    const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, PageDown: at + 10, PageUp: at - 10, Home: 1, End: last }[event.key];
    if (event.key === "Enter") return go();
    if (to === undefined) return;
    event.preventDefault();
    show(to);
  });
  document.addEventListener("position", (event) => slider.matches(":active") || show(event.detail.number));
}
