// The choices of a poll, a line each: <fieldset data-behavior="choices" data-most="12"> with <ol><li><input><button data-drop>,
// and [data-more]. Enter goes on to the next and adds it at the end. Without script the server draws more of them.
import { composing } from "./typing.js";

export default function choices(box) {
  const list = box.querySelector("ol");
  const more = box.querySelector("[data-more]");
  const most = Number(box.dataset.most);
  const count = () => {
    for (const [at, row] of [...list.children].entries()) {
      const [input, drop] = [row.querySelector("input"), row.querySelector("[data-drop]")];
      input.name = `choices_${at}`;
      input.ariaLabel = box.dataset.label.replace("{n}", at + 1);
      drop.ariaLabel = box.dataset.remove.replace("{n}", at + 1);
      drop.hidden = list.children.length <= 2;
    }
    more.hidden = list.children.length >= most;
  };
  const add = () => {
    if (list.children.length >= most) return;
    const row = list.lastElementChild.cloneNode(true);
    row.querySelector("input").value = "";
    list.append(row);
    count();
    row.querySelector("input").focus();
  };
  more.addEventListener("click", (event) => {
    event.preventDefault();
    add();
  });
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || composing(event) || event.ctrlKey || event.metaKey || !event.target.matches("input")) return;
    event.preventDefault(); // it would send the topic
    const next = event.target.closest("li").nextElementSibling?.querySelector("input");
    if (next) next.focus();
    else if (event.target.value.trim()) add();
  });
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[data-drop]")?.closest("li");
    if (!row) return;
    const beside = row.previousElementSibling ?? row.nextElementSibling;
    row.remove();
    count();
    beside.querySelector("input").focus();
    box.dispatchEvent(new Event("input", { bubbles: true })); // the draft is another one now
  });
  count();
}
