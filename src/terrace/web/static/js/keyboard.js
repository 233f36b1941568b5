// Tools that stand at the bottom of a phone stay above its keyboard, which covers the page without making it smaller.
export default function keyboard(tools) {
  const view = window.visualViewport;
  if (!view) return;
  const settle = () => {
    const covered = Math.max(0, document.documentElement.clientHeight - view.height - view.offsetTop);
    tools.style.setProperty("--keyboard", view.scale > 1.01 ? "0px" : `${Math.round(covered)}px`);
  };
  view.addEventListener("resize", settle);
  view.addEventListener("scroll", settle);
  settle();
}
