// The scrubber becomes a slider: drag, or arrows, Page Up/Down, Home and End, then Enter (or let go) to jump. jump.js asks for it:
// <div class="scrub" data-last="248" data-starts="1 1 9 …" data-days="1:18 July|9:…" data-url="/t/12?at=">. Its lines are slices
// of time; `starts` has the first post in or behind each, and alone joins posts and places. Without script the lines are links.
export default function scrub(box) {
  const picture = box.querySelector("svg");
  const label = box.querySelector(".at b");
  const day = box.querySelector("[data-day]");
  const last = Number(box.dataset.last);
  const starts = box.dataset.starts.split(" ").map(Number);
  const days = box.dataset.days.split("|").map((each) => [parseInt(each, 10), each.slice(each.indexOf(":") + 1)]);
  let at = Number(label.textContent) || 1; // position.js may have been there before

  const bars = [...picture.querySelectorAll("rect")];
  const show = (number) => {
    at = Math.max(1, Math.min(last, number));
    label.textContent = at;
    day.textContent = days.findLast(([first]) => first <= at)?.[1] ?? "";
    const here = Math.max(0, starts.findLastIndex((start) => start <= at));
    bars.forEach((bar, i) => bar.classList.toggle("f", i === here));
    Object.assign(box.slider, { ariaValueNow: at, ariaValueText: `${at}, ${day.textContent}` });
  };
  const go = () => {
    box.closest("dialog")?.close();
    location.assign(`${box.dataset.url}${at}#p${at}`);
  };
  const from = (event) => {
    const area = picture.getBoundingClientRect();
    const place = ((event.clientY - area.top) / area.height) * starts.length;
    const slice = Math.max(0, Math.min(starts.length - 1, Math.floor(place)));
    const within = ((starts[slice + 1] ?? last + 1) - starts[slice]) * Math.min(1, place - slice);
    show(starts[slice] + Math.max(0, Math.ceil(within) - 1));
  };

  box.slider = document.createElement("div");
  const slider = box.slider;
  Object.assign(slider, { className: "slider", tabIndex: 0, role: "slider", ariaValueMin: 1, ariaValueMax: last, ariaOrientation: "vertical", ariaLabel: box.dataset.label });
  picture.before(slider);
  slider.append(picture);
  for (const link of picture.querySelectorAll("a")) link.replaceWith(...link.childNodes);
  show(at);
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
