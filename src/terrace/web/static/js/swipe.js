// A finger that moves to the side over what a row of tabs shows goes to the next tab, as a tap on it would. <nav data-behavior="swipe">;
// the place is the section around the row, else the main part of the page. What moves sideways itself keeps its fingers, and so do the
// edges of the screen, where the system's way back begins. Nothing is dragged along, so nothing has to be still for those who ask.
const phone = matchMedia("(max-width: 67.49rem)");
const FAR = 64; // pixels to the side
const STEEP = 0.5; // up or down, as a part of the way to the side; more is scrolling
const SLOW = 700; // milliseconds; longer is reading with a finger
const EDGE = 32; // pixels
const OWN = "input, textarea, select, pre, table, video, audio, dialog, [role='slider'], [contenteditable]";

function taken(element, place) {
  for (let each = element; each && each !== place; each = each.parentElement) {
    if (each.matches(OWN)) return true;
    if (each.scrollWidth > each.clientWidth && /auto|scroll/.test(getComputedStyle(each).overflowX)) return true;
  }
  return false;
}

export default function swipe(row) {
  const place = row.closest("section, main");
  let from = null;

  place.addEventListener("touchstart", ({ touches, target, timeStamp }) => {
    from = null;
    if (touches.length !== 1 || !phone.matches || visualViewport.scale > 1.01) return;
    const [{ clientX: x, clientY: y }] = touches;
    if (x < EDGE || x > innerWidth - EDGE || taken(target, place)) return;
    from = { x, y, timeStamp };
  }, { passive: true });
  place.addEventListener("touchmove", ({ touches }) => { if (touches.length > 1) from = null; }, { passive: true });
  place.addEventListener("touchcancel", () => { from = null; });
  place.addEventListener("touchend", ({ changedTouches: [finger], timeStamp }) => {
    if (!from || !row.isConnected) return;
    const side = finger.clientX - from.x;
    const down = Math.abs(finger.clientY - from.y);
    const slow = timeStamp - from.timeStamp > SLOW;
    from = null;
    if (slow || Math.abs(side) < FAR || down > Math.abs(side) * STEEP || !getSelection().isCollapsed) return;
    const tabs = [...row.querySelectorAll("a")];
    const here = tabs.findIndex((tab) => tab.hasAttribute("aria-current"));
    if (here >= 0) tabs[here + (side < 0 ? 1 : -1)]?.click();
  });
}
