// How many characters are left, once the end is near: <p data-behavior="counter" data-for="body" data-most="50000" hidden>.
import { signs } from "./signs.js";
import { say } from "./words.js";

const PAUSE = 400; // milliseconds without a key before a long text is counted

export default function counter(line) {
  const area = document.getElementById(line.dataset.for);
  const most = Number(line.dataset.most);
  const format = new Intl.NumberFormat(document.documentElement.lang);
  let timer;
  const count = () => {
    // A text has at most as many characters as parts, so most texts need not be counted.
    const left = area.value.length < 0.9 * most ? most : most - signs(area.value);
    line.hidden = left > 0.1 * most;
    line.classList.toggle("over", left < 0);
    if (line.hidden) return;
    line.textContent = say(left < 0 ? "signs_over" : "signs_left", { n: format.format(Math.abs(left)) });
  };
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(count, PAUSE);
  });
  count();
}
