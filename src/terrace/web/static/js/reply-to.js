// "Reply" under a post points the reply form at it. The link works without script (?reply_to=…#r).
export default function replyTo(list) {
  const form = document.getElementById(list.dataset.reply)?.form;
  if (!form) return;
  const hidden = form.elements.reply_to;
  const label = form.querySelector("[data-reply-label]");
  const drop = form.querySelector("[data-reply-drop]");
  const plain = label.dataset.plain;
  const aim = (post) => {
    hidden.value = post?.dataset.post ?? "";
    label.textContent = post ? label.dataset.replyLabel.replace("{who}", `${post.dataset.author} #${post.dataset.number}`) : plain;
    drop.hidden = !post;
  };
  list.addEventListener("click", (event) => {
    const link = event.target.closest("[data-reply-to]");
    if (!link) return;
    event.preventDefault();
    aim(link.closest(".post"));
    form.classList.add("open");
    const field = document.getElementById(list.dataset.reply);
    field.focus({ preventScroll: true });
    form.scrollIntoView({ block: "center" });
  });
  drop.addEventListener("click", (event) => {
    event.preventDefault();
    aim(null);
  });
}
