// Fields by which a reader chooses, and the buttons that save a chart.
const field = (id, label, node, before) => {
  const wrap = document.createElement("label");
  wrap.append(...(before ? [node, label] : [label, node]));
  element(`${id}-controls`).append(wrap);
  return wrap;
};
const select = (id, label, options, value, changed) => {
  const node = document.createElement("select");
  for (const [key, name] of options) node.add(new Option(name, key, false, String(key) === String(value)));
  node.addEventListener("change", () => changed(node.value));
  field(id, label, node, false);
};
const tick = (id, label, value, changed) => {
  const node = document.createElement("input");
  node.type = "checkbox";
  node.checked = value;
  node.addEventListener("change", () => changed(node.checked));
  field(id, label, node, true).className = "tick";
};
const slider = (id, label, options, value, changed) => {
  const node = document.createElement("input"), told = document.createElement("output");
  Object.assign(node, { type: "range", min: options[0], max: options[options.length - 1], step: 1 });
  node.value = value;
  told.textContent = value;
  node.addEventListener("input", () => { told.textContent = node.value; changed(Number(node.value)); });
  field(id, label, node, false).append(told);
};
const scenarioOptions = data.scenarios.map((s) => [s.key, scenarioName(s.key)]);
const regionOptions = data.regions.map((r) => [r.key, regionName(r.key)]);
const quantityOptions = data.quantities.map((q) => [q.key, quantityName(q.key)]);
const views = [["value", words.view_value], ["index", words.view_index], ["difference", filled(words.view_difference, { reference: scenarioName(reference) })]];

const saved = (name, address) => {
  const link = document.createElement("a");
  link.download = name;
  link.href = address;
  link.click();
};
const asTable = (node) => {
  const quote = (cell) => {
    const text = String(cell ?? ""), safe = typeof cell === "string" && /^\s*[-=+@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/.test(text) ? `'${text}` : text;
    return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const decode = (text) => Object.entries(ENTITIES).reduce((all, [letter, code]) => all.replaceAll(code, letter), text ?? "");
  // Charts on a scale of their own say what stands behind their marks.
  const meant = node.data.find((trace) => trace.meta)?.meta;
  const rows = meant ? [meant.columns, ...meant.rows] : [["series", "x", "y", "low", "high"]];
  if (!meant) for (const trace of node.data) {
    if (trace.hoverinfo === "skip") continue;
    const label = (n) => decode(node.layout.yaxis.ticktext?.[n]?.replaceAll("<br>", " ")) || null;
    if (trace.z) trace.z.forEach((row, r) => row.forEach((z, c) => rows.push([label(r), trace.x[c], z, ...(trace.customdata?.[r]?.[c] ?? [])])));
    else trace.x.forEach((x, n) => rows.push([decode(trace.name), ...(label(n) ? [label(n), x] : [x, trace.y[n]]), ...(trace.customdata?.[n]?.slice?.(0, 2) ?? [])]));
  }
  return rows.map((row) => row.map(quote).join(",")).join("\r\n");
};
const saveAs = async (id, format) => {
  const node = element(id), title = element(`${id}-title`)?.textContent ?? id;
  if (format === "csv") return saved(`${id}.csv`, `data:text/csv;charset=utf-8,${encodeURIComponent(`\ufeff${asTable(node)}`)}`);
  const still = { data: node.data, layout: { ...node.layout, paper_bgcolor: css("--paper"), showlegend: true, legend: { orientation: "h", y: -0.12 }, title: { text: plain(title), font: { size: 15 }, x: 0, xanchor: "left" }, margin: { ...node.layout.margin, t: 48, b: 60 } } };
  return saved(`${id}.${format}`, await Plotly.toImage(still, { format, width: 1000, height: Math.max(node.layout.height ?? 460, 300) + 90, scale: format === "png" ? 2 : 1 }));
};
for (const figure of document.querySelectorAll(".figure")) {
  const id = figure.querySelector(".chart").id, box = document.createElement("span");
  box.className = "save";
  for (const format of ["svg", "png", "csv"]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = format.toUpperCase();
    button.title = filled(words.save_as, { format: format.toUpperCase() });
    button.addEventListener("click", () => saveAs(id, format));
    box.append(button);
  }
  figure.querySelector("figcaption").append(box);
}
