// Pictures, videos and sounds into a text: <span data-behavior="upload" data-for="body" data-upload-url="/uploads"> holds
// <input type="file" multiple>. Chosen, pasted or dropped, they go to sending.js, which comes with the first of them.
const HELD = /!\[[^\]\n]*\]\(sending:(\d+)\)\n?/g; // what stands in the text for a file that is on its way

export default function upload(box) {
  const area = document.getElementById(box.dataset.for);
  const input = box.querySelector("input[type=file]");
  const form = area.form;
  let asked;
  let queue;
  const send = async (files) => {
    asked ??= import("./sending.js").then((module) => (queue = module.default(box)));
    await asked;
    files.forEach(queue.add);
  };

  input.addEventListener("change", () => {
    send([...input.files]);
    input.value = "";
  });
  area.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])].filter((file) => /^(image|video|audio)\//.test(file.type));
    if (!files.length) return;
    event.preventDefault();
    send(files);
  });
  const drop = form ?? area;
  drop.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    area.classList.add("dropping");
  });
  drop.addEventListener("dragleave", (event) => drop.contains(event.relatedTarget) || area.classList.remove("dropping"));
  drop.addEventListener("drop", (event) => {
    area.classList.remove("dropping");
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    send([...event.dataTransfer.files]);
  });
  // A text is not sent before its files; what an old draft still holds of files that never arrived is left out. This comes
  // before everything else that hears a form being sent. A preview may be asked for at any time.
  form?.addEventListener("submit", (event) => {
    if (event.submitter?.name === "preview") return;
    area.value = area.value.replace(HELD, (mark, number) => (queue?.has(number) ? mark : ""));
    if (!queue?.busy()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    queue.wait();
  }, true);
}
