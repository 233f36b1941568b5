// Runs before the first paint: the kept theme, and a mark that scripts work. Nothing else belongs here.
(function (root) {
  root.classList.add("js");
  try {
    var kept = localStorage.getItem("theme");
    if (kept === "light" || kept === "dark") root.dataset.theme = kept;
  } catch (error) { /* storage is closed: the system decides */ }
})(document.documentElement);
