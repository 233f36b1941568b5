// Pictures into a text: <div data-behavior="upload" data-for="body" data-upload-url="/uploads"> holds <input type="file" multiple>.
// Chosen, pasted or dropped; each shows its progress in the text itself and can be tried again.
import { say } from "./words.js";

let count = 0;

function send(url, file, csrf, progress) {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest(); // fetch tells nothing of the progress of what is sent
    const body = new FormData();
    body.append("file", file, file.name || "picture.png");
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", csrf);
    request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(Math.round((100 * event.loaded) / event.total)));
    request.addEventListener("error", () => fail(new Error(say("offline"))));
    request.addEventListener("load", () => {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // An error page instead of JSON: the sentence below is said.
      }
      if (request.status === 201) done(answer);
      else fail(new Error(answer.sentence || say("broke")));
    });
    request.send(body);
  });
}

export default function upload(box) {
  const area = document.getElementById(box.dataset.for);
  const input = box.querySelector("input[type=file]");
  const said = box.querySelector("[data-upload-said]");
  const csrf = document.querySelector("meta[name=csrf]")?.content ?? "";

  const change = (before, after) => {
    const at = area.value.indexOf(before);
    if (at < 0) return;
    const here = area.selectionStart;
    area.setRangeText(after, at, at + before.length, "preserve");
    if (here > at) area.selectionStart = area.selectionEnd = here + after.length - before.length;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const told = (text, again) => {
    said.replaceChildren(text);
    if (again) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn bare small", textContent: say("retry") });
      button.addEventListener("click", again);
      said.append(" ", button);
    }
  };
  const put = async (file) => {
    if (!file.type.startsWith("image/")) return;
    count += 1;
    const mark = `![${say("uploading", { name: file.name || "…", n: count })}]()`;
    area.setRangeText(`${mark}\n`, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    told("");
    try {
      const answer = await send(box.dataset.uploadUrl, file, csrf, (share) => told(`${file.name || ""} ${share}%`));
      change(mark, answer.markdown);
      told("");
    } catch (error) {
      change(`${mark}\n`, "");
      told(error.message, () => put(file));
    }
  };

  input.addEventListener("change", () => {
    [...input.files].forEach(put);
    input.value = "";
  });
  area.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])].filter((file) => file.type.startsWith("image/"));
    if (!files.length) return;
    event.preventDefault();
    files.forEach(put);
  });
  area.addEventListener("dragover", (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
  area.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    [...event.dataTransfer.files].forEach(put);
  });
}
