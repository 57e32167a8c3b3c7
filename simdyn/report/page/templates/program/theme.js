// Light and dark; paper is light, as wide as its charts are drawn; charts left over are drawn when
// there is time.
element("theme").addEventListener("click", () => {
  root.dataset.theme = dark() ? "light" : "dark";
  redraw(...charts.keys());
});
scheme.addEventListener("change", () => redraw(...charts.keys()));
let resizing, width = innerWidth;
addEventListener("resize", () => {
  clearTimeout(resizing);
  if (innerWidth !== width) resizing = setTimeout(() => { width = innerWidth; redraw(...charts.keys()); }, 150);
});
let screenTheme;
addEventListener("beforeprint", () => {
  screenTheme = root.dataset.theme;
  root.dataset.theme = "light";
  root.classList.add("paper");
  drawRest();
  redraw(...charts.keys());
});
addEventListener("afterprint", () => {
  if (screenTheme) root.dataset.theme = screenTheme;
  else delete root.dataset.theme;
  root.classList.remove("paper");
  redraw(...charts.keys());
});
const soon = window.requestIdleCallback ?? ((work) => setTimeout(work, 50));
const drawNext = () => {
  const next = [...charts.keys()].find((id) => !drawn.has(id));
  if (next === undefined) return;
  drawNow(next);
  soon(drawNext);
};
soon(drawNext);
