// What all charts share: names, colours, bands, points, and a chart's place in the page.
const byKey = (list) => Object.fromEntries(list.map((item) => [item.key, item]));
const regions = byKey(data.regions), scenarios = byKey(data.scenarios), quantities = byKey(data.quantities);
const featured = data.scenarios.filter((s) => s.featured);
const reference = data.scenarios[0].key;
const term = (english) => terms[english] ?? english;
const either = (item) => (language === "zh" && item.name_zh || item.name) + (item.illustrative ? "\u00a0*" : "");
const regionName = (key) => either(regions[key]);
const scenarioName = (key) => language === "zh" && scenarios[key].title_zh || scenarios[key].title;
const quantityName = (key) => term(quantities[key].title);
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const root = document.documentElement;
const scheme = matchMedia("(prefers-color-scheme: dark)");
const dark = () => (root.dataset.theme ?? (scheme.matches ? "dark" : "light")) === "dark";
const headed = (head, rest) => `${head}${language === "zh" ? "\uff1a" : ": "}${rest}`;
const element = (id) => document.getElementById(id);
const filled = (text, places) => text.replace(/\{(\w+)\}/g, (whole, name) => places[name] ?? whole);

// Plotly reads a little HTML and TeX in its texts: names are text and nothing else.
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;", "%": "&#37;" };
const plain = (text) => String(text).replace(/[&<>$%]/g, (letter) => ENTITIES[letter]);
const alpha = (hex, a) => {
  const n = parseInt(hex.slice(1), 16);
  return `rgba(${n >> 16},${(n >> 8) & 255},${n & 255},${a})`;
};
const PALETTE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"];
const MUTED = ["#56B4E9", "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#8c9a3d", "#D55E00", "#9aa5b0", "#7b5ea7", "#b89b72"];
const GREY = "#8a95a0";
const readable = (hex) => (hex === "#000000" ? css("--ink") : hex);

const viewed = (title, view) => (view === "value" ? title : `${title} (${views.find(([key]) => key === view)[1]})`);
const unitOf = (key, view) => {
  const q = quantities[key];
  if (view === "index") return words.unit_index;
  if (view === "difference") return q.unit.startsWith("share") ? words.unit_difference_share : words.unit_difference;
  return term(q.unit);
};

// Charts are drawn when they come near the window, when there is time, or when the page is printed.
const charts = new Map();
const drawn = new Set();
const drawNow = (id) => { drawn.add(id); charts.get(id)(); };
const nearby = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    nearby.unobserve(target);
    if (!drawn.has(target.id)) drawNow(target.id);
  }
}, { rootMargin: "600px" });
const chart = (id, draw) => {
  if (!element(id)) return;
  charts.set(id, draw);
  nearby.observe(element(id));
};
const redraw = (...ids) => { for (const id of ids) if (drawn.has(id)) charts.get(id)(); };
const drawRest = () => { for (const id of charts.keys()) if (!drawn.has(id)) drawNow(id); };

// Text is measured, so that margins fit it and long text breaks into lines.
const pen = document.createElement("canvas").getContext("2d");
const family = getComputedStyle(document.body).fontFamily;
const widthOf = (text, size) => { pen.font = `${size}px ${family}`; return pen.measureText(text).width; };
const broken = (text, size, room) => {
  const lines = [""];
  for (const piece of String(text).match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+/g) ?? []) {
    const last = lines[lines.length - 1];
    if (last && widthOf((last + piece).trimEnd(), size) > room) lines.push(piece);
    else lines[lines.length - 1] += piece;
  }
  return lines.map((line) => line.trim());
};
const told = (lines) => lines.map(plain).join("<br>");

const SIZE = 13, TICKS = 12;
const axis = (extra) => ({ gridcolor: css("--line"), zerolinecolor: css("--soft"), ticks: "outside", ticklen: 5, tickcolor: "rgba(0,0,0,0)", tickfont: { size: TICKS }, ...extra });
const titled = (title, room) => ({ title: { text: told(broken(title, TICKS, room)), font: { size: TICKS }, standoff: 8 } });
const [FIRST, LAST] = [data.years[0], data.years[data.years.length - 1]];
const yearAxis = (extra) => axis({ zeroline: false, tick0: FIRST, dtick: 5, range: [FIRST - 0.2, LAST + 0.2], ...extra });
const layoutOf = (height, extra) => ({
  font: { family, size: SIZE, color: css("--ink") },
  paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", height, showlegend: false,
  margin: { l: 68, r: 22, t: 10, b: 30 }, hovermode: "x unified",
  hoverlabel: { bgcolor: css("--panel"), bordercolor: css("--line"), font: { color: css("--ink"), size: 12 } },
  xaxis: yearAxis(), yaxis: axis(), ...extra,
});
// A chart over years, with the unit at its side.
const overYears = (height, unit, extra) => layoutOf(height, { yaxis: axis({ ...titled(unit, height - 60), ...extra }) });
// A chart with a line for each name, and the unit below.
const onLines = (id, names, row, unit, { xaxis, yaxis, ...extra } = {}) => {
  const width = element(id).clientWidth, size = width < 480 ? 11 : TICKS, most = 0.42 * width;
  const labels = names.map((name) => broken(name, size, most));
  const lines = Math.max(1, ...labels.map((label) => label.length));
  const left = 14 + Math.max(0, ...labels.flat().map((line) => widthOf(line, size)));
  const title = unit ? broken(unit, TICKS, width - left - 30) : [];
  const step = Math.max(row, lines * (size + 3) + 5), bottom = 30 + 17 * title.length;
  return layoutOf(step * names.length + bottom + 14, {
    hovermode: "closest", margin: { l: left, r: 14, t: 8, b: bottom },
    xaxis: axis({ ...titled(unit, width - left - 30), ...xaxis }),
    yaxis: axis({ zeroline: false, ticklen: 6, tickvals: names.map((_, n) => n), ticktext: labels.map(told), tickfont: { size }, range: [-0.6, names.length - 0.4], ...yaxis }),
    ...extra,
  });
};
const config = { displaylogo: false, displayModeBar: false };
const put = (place, traces, layout) => Plotly.react(place, traces, { ...layout, width: place.clientWidth }, config);

// Marks of a legend, drawn as the chart draws them.
const SIGNS = {
  line: '<path d="M0 6h22" stroke="currentColor" stroke-width="2.6"/>',
  dash: '<path d="M0 6h22" stroke="currentColor" stroke-width="2.6" stroke-dasharray="6 3"/>',
  bar: '<rect x="4" width="14" height="12" rx="2" fill="currentColor"/>',
  dot: '<circle cx="11" cy="6" r="4.5" fill="currentColor"/>',
  square: '<rect x="6.5" y="1.5" width="9" height="9" fill="currentColor"/>',
  open: '<circle cx="11" cy="6" r="4" fill="none" stroke="currentColor" stroke-width="2"/>',
  upright: '<path d="M11 0v12" stroke="currentColor" stroke-width="2.6"/>',
  triangle: '<path d="M11 1l6 10H5z" fill="none" stroke="currentColor" stroke-width="1.8"/>',
  tick: '<path d="M3 6h16" stroke="currentColor" stroke-width="3"/>',
  hollow: '<path d="M11 1.5l4.5 4.5-4.5 4.5L6.5 6z" fill="none" stroke="currentColor" stroke-width="1.8"/>',
  cross: '<path d="M7 2l8 8M15 2l-8 8" stroke="currentColor" stroke-width="2"/>',
  diamond: '<path d="M11 0l6 6-6 6-6-6z" fill="currentColor"/>',
};
const showLegend = (id, items) => {
  const box = element(`${id}-legend`);
  if (!box) return;
  box.replaceChildren(...items.map(({ name, colour, sign, of }) => {
    const item = document.createElement("span"), mark = document.createElement("span"), label = document.createElement("span");
    if (colour) {
      mark.className = "sign";
      mark.style.color = colour;
      mark.innerHTML = `<svg viewBox="0 0 22 12" aria-hidden="true">${SIGNS[sign ?? "line"]}</svg>`;
      item.append(mark);
    }
    label.textContent = name;
    item.append(label);
    if (of) item.append(pills(...of));
    return item;
  }));
};
// What a chart without a sign for each region rests on, region by region.
const restsOn = (scenario, keys = Object.keys(regions)) => [
  { name: `${words.rests_on}:` }, ...keys.map((key) => ({ name: regionName(key), of: [key, scenario] })),
];
const show = (id, { title = "", traces, layout, legend = [] }) => {
  const place = element(id), heading = element(`${id}-title`);
  if (heading) heading.textContent = title;
  showLegend(id, legend);
  place.style.minHeight = `${layout.height}px`;
  put(place, traces, layout);
};

// A band and its median as traces; the hover tells value and interval.
const bandTraces = (x, [low, median, high], { name, colour, banded = true, dashed = false, text = ",.4~g", shade = 0.16 }) => {
  const line = {
    x, y: median, name: plain(name), mode: "lines", line: { color: colour, width: 2.4, dash: dashed ? "dash" : "solid" },
    customdata: x.map((_, n) => [low[n], high[n]]),
    hovertemplate: `${plain(name)}: %{y:${text}} [%{customdata[0]:${text}}, %{customdata[1]:${text}}]<extra></extra>`,
  };
  if (!banded) return [line];
  const edge = { x, mode: "lines", line: { width: 0 }, hoverinfo: "skip", showlegend: false };
  return [{ ...edge, y: low }, { ...edge, y: high, fill: "tonexty", fillcolor: alpha(colour.startsWith("#") ? colour : GREY, shade) }, line];
};
const traces = (region, scenario, quantity, view, colour, name, banded) =>
  bandTraces(data.years, data.paths[region][scenario][quantity][view], { name, colour, banded, dashed: regions[region].illustrative });

// Reported and aimed-at levels of a region. The fit saw all of them; what a fit did not see stands
// in the part on whether it can be believed.
const mark = (points, name, marker, text) => ({
  x: points.map((p) => p.year), y: points.map((p) => p.value), mode: "markers", name: plain(name), marker,
  text: points.map((p) => plain(p.source)), hovertemplate: `${plain(text ?? name)}: %{y:,.4~g}<br>%{text}<extra></extra>`,
});
const pointsOf = (region, quantity) => {
  const own = (list) => (list ?? []).filter((p) => p.region === region && p.quantity === quantity);
  const edge = { color: css("--paper"), width: 1.5 }, ink = css("--ink");
  const kinds = [
    ["dot", own(data.reported).filter((p) => p.layer === "documents"), words.key_documents, { symbol: "circle", size: 9, color: ink, line: edge }],
    ["square", own(data.reported).filter((p) => p.layer === "public"), words.key_public, { symbol: "square", size: 8, color: ink, line: edge }],
    ["tick", own(data.aims), words.key_target, { symbol: "line-ew-open", size: 14, color: ink, line: { width: 3 } }],
  ].filter(([, points]) => points.length);
  return {
    traces: kinds.map(([, points, name, marker]) => mark(points, name, marker)),
    legend: kinds.map(([sign, , name]) => ({ sign, name, colour: ink })),
  };
};
const upright = (year, text) => ({
  shapes: [{ type: "line", x0: year, x1: year, y0: 0, y1: 1, yref: "paper", line: { color: css("--soft"), width: 1, dash: "dot" } }],
  annotations: text ? [{ x: year, y: 1, yref: "paper", xanchor: "left", yanchor: "top", text: plain(text), showarrow: false, font: { size: 11, color: css("--soft") } }] : [],
});
const fittedTo = (region) => regions[region].fitted_to ? upright(regions[region].fitted_to + 0.5, words.projected) : {};
