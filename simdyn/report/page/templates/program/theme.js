// Light and dark; and all charts are drawn when the page is printed, or when there is time.
const root = document.documentElement;
const scheme = matchMedia("(prefers-color-scheme: dark)");
const dark = () => (root.dataset.theme ?? (scheme.matches ? "dark" : "light")) === "dark";
element("theme").addEventListener("click", () => {
  root.dataset.theme = dark() ? "light" : "dark";
  redraw(...charts.keys());
});
scheme.addEventListener("change", () => redraw(...charts.keys()));
addEventListener("beforeprint", drawRest);
const soon = window.requestIdleCallback ?? ((work) => setTimeout(work, 50));
const drawNext = () => {
  const next = [...charts.keys()].find((id) => !drawn.has(id));
  if (next === undefined) return;
  drawNow(next);
  soon(drawNext);
};
soon(drawNext);
