// A link that shares its own address: the phone's sheet where there is one, else the clipboard.
import { say } from "./words.js";
import { toast } from "./toast.js";

export default function share(link) {
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    link.closest("details.menu")?.removeAttribute("open");
    const url = link.href;
    try {
      if (navigator.share && matchMedia("(pointer: coarse)").matches) return void (await navigator.share({ url, title: document.title }));
      await navigator.clipboard.writeText(url);
      toast(say("copied"));
    } catch (error) {
      if (error.name !== "AbortError") location.assign(url);
    }
  });
}
