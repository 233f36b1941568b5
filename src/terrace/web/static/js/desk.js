// The desk's queue by keyboard: 1 to 4 press the action of that number, z takes the last one back. The prefilled message
// follows the chosen reason as long as nobody has touched it.
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog");

function keys(queue) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing || typing(event.target)) return;
    if (!queue.isConnected || !/^[1-9z]$/.test(event.key)) return;
    const button = document.querySelector(`[data-key="${event.key}"]`);
    if (!button) return;
    event.preventDefault();
    button.form.requestSubmit(button);
  });
}

function message(queue) {
  const reason = queue.querySelector("[data-messages]");
  const text = queue.querySelector("[name=message]");
  const before = queue.querySelector("[name=prefilled]");
  if (!reason || !text || !before) return;
  const words = JSON.parse(reason.dataset.messages);
  reason.addEventListener("change", () => {
    const next = words[reason.value];
    if (!next || text.value !== before.value) return;
    text.value = before.value = next;
  });
}

export default function desk(queue) {
  keys(queue);
  message(queue);
}
