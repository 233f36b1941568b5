// <details class="menu">: one open at a time; Escape, a click outside and leaving by keyboard close it; arrows move.
const items = (menu) => [...menu.querySelectorAll(".pop a, .pop button, .pop input")];
const close = (menu, back) => {
  menu.open = false;
  if (back) menu.querySelector("summary").focus();
};

document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.menu[open]")) if (!open.contains(event.target)) close(open);
});

export default function menu(details) {
  details.addEventListener("toggle", () => {
    if (!details.open) return;
    const pop = details.querySelector(".pop");
    pop.classList.remove("above");
    const low = pop.getBoundingClientRect().bottom > innerHeight - 72;
    pop.classList.toggle("above", low && pop.getBoundingClientRect().height < details.getBoundingClientRect().top);
  });
  details.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !details.contains(event.relatedTarget)) close(details);
  });
  details.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && details.open) {
      event.stopPropagation();
      return close(details, true);
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.target.matches("input")) return;
    event.preventDefault();
    details.open = true;
    const all = items(details);
    all.at((all.indexOf(document.activeElement) + step + all.length) % all.length)?.focus();
  });
}
