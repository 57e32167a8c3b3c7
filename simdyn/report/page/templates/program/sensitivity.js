// What matters: inputs by year, inputs in one year with intervals, and what the spread is from.
const inputName = (name) => data.inputs[name] ?? term(name);
const questions = Object.keys(data.shares);
if (questions.length) {
  const first = Object.values(Object.values(data.shares)[0])[0];
  const now = { question: questions.includes("levers against uncertainties") ? "levers against uncertainties" : questions[0], region: data.regions[0].key, indicator: "GDP", year: LAST };
  const inputs = () => data.shares[now.question]?.[now.region]?.[now.indicator] ?? {};
  const largest = (input) => Math.max(...input.total);
  const ranked = () => Object.keys(inputs()).sort((a, b) => largest(inputs()[a]) - largest(inputs()[b])).slice(-14);
  const at = (input, year, column) => { const n = input.years.indexOf(year); return n < 0 ? null : input[column][n]; };
  const title = () => `${regionName(now.region)}: ${nameOfIndicator(now.indicator)}, ${term(now.question)}`;
  chart("share-chart", () => {
    const names = ranked(), years = data.years.slice(1), found = inputs();
    show("share-chart", {
      title: title(),
      traces: [{
        type: "heatmap", x: years, y: names.map((_, n) => n), text: names.map((name) => years.map(() => plain(inputName(name)))), zmin: 0, zmax: 1, xgap: 1, ygap: 1,
        z: names.map((n) => years.map((year) => at(found[n], year, "total"))),
        customdata: names.map((n) => years.map((year) => [at(found[n], year, "total_low"), at(found[n], year, "total_high")])),
        colorscale: dark() ? [[0, css("--panel")], [0.15, "#1f4e79"], [0.5, "#4a9bd9"], [1, "#d6ecff"]] : [[0, css("--panel")], [0.15, "#9ecae1"], [0.5, "#3182bd"], [1, "#08306b"]],
        colorbar: { thickness: 10, len: 0.9, tickformat: ".1f" },
        hovertemplate: "%{text}, %{x}: %{z:.2f} [%{customdata[0]:.2f}, %{customdata[1]:.2f}]<extra></extra>",
      }],
      layout: onLines("share-chart", names.map(inputName), 26, "", { xaxis: { ...yearAxis(), range: [FIRST + 0.5, LAST + 0.5] }, yaxis: { showgrid: false } }),
      legend: restsOn(reference, [now.region]),
    });
  });
  chart("bars-chart", () => {
    const found = inputs(), told = Object.values(found).flatMap((input) => input.years);
    // Nothing varies before the levers are turned: the first year after that stands for those before.
    const year = Math.max(now.year, Math.min(...told)), names = ranked().filter((n) => at(found[n], year, "total") !== null);
    const value = (column) => names.map((n) => at(found[n], year, column));
    const low = value("total_low"), mid = value("total"), high = value("total_high");
    show("bars-chart", {
      title: `${title()}, ${year}`,
      traces: [{
        type: "bar", orientation: "h", x: mid, y: names.map((_, n) => n), text: names.map((name) => plain(inputName(name))), textposition: "none", name: String(year),
        marker: { color: names.map((n) => (found[n].kind === "policy lever" ? PALETTE[1] : found[n].kind === "outside condition" ? PALETTE[2] : PALETTE[0])) },
        error_x: { type: "data", symmetric: false, array: mid.map((v, n) => high[n] - v), arrayminus: mid.map((v, n) => v - low[n]), color: css("--soft"), thickness: 1.5, width: 3 },
        customdata: mid.map((_, n) => [low[n], high[n]]), hovertemplate: "%{text}: %{x:.2f} [%{customdata[0]:.2f}, %{customdata[1]:.2f}]<extra></extra>",
      }],
      layout: onLines("bars-chart", names.map(inputName), 26, words.share_axis, { xaxis: { range: [0, 1.05] } }),
      legend: ["uncertainty", "policy lever", "outside condition"].map((kind, n) => ({ name: term(kind), colour: PALETTE[n], sign: "bar" })),
    });
  });
  const both = ["share-chart", "bars-chart"];
  select("share-chart", words.question, questions.map((q) => [q, term(q)]), now.question, (v) => { now.question = v; redraw(...both); });
  select("share-chart", words.region, regionOptions, now.region, (v) => { now.region = v; redraw(...both); });
  select("share-chart", words.indicator, Object.keys(first).map((i) => [i, nameOfIndicator(i)]), now.indicator, (v) => { now.indicator = v; redraw(...both); });
  slider("bars-chart", words.year, data.years.slice(1), now.year, (v) => { now.year = v; redraw("bars-chart"); });
}
if (Object.keys(data.sources).length) {
  const first = Object.values(data.sources)[0], indicators = Object.keys(first), years = Object.keys(Object.values(first)[0]);
  const now = { indicator: indicators[0], year: years[years.length - 1] };
  chart("sources-chart", () => {
    const shown = data.regions.filter((r) => data.sources[r.key]?.[now.indicator]?.[now.year]).reverse();
    const own = (r) => data.sources[r.key][now.indicator][now.year];
    const names = [...new Set(shown.flatMap((r) => Object.keys(own(r))))];
    const kept = names.filter((name) => shown.some((r) => (own(r)[name]?.[0] ?? 0) >= 0.005));
    show("sources-chart", {
      title: `${nameOfIndicator(now.indicator)}, ${now.year}`,
      traces: kept.map((name) => ({
        type: "bar", orientation: "h", y: shown.map((_, n) => n), text: shown.map((r) => plain(regionName(r.key))), textposition: "none", x: shown.map((r) => 100 * (own(r)[name]?.[0] ?? 0)), name: plain(term(name)),
        marker: { color: MUTED[names.indexOf(name) % MUTED.length] }, customdata: shown.map((r) => (own(r)[name] ?? []).slice(1).map((v) => 100 * v)),
        hovertemplate: `%{text}, ${plain(term(name))}: %{x:.1f} [%{customdata[0]:.1f}, %{customdata[1]:.1f}]<extra></extra>`,
      })),
      layout: onLines("sources-chart", shown.map((r) => regionName(r.key)), 46, words.spread_axis, { barmode: "stack", xaxis: { range: [0, 100.5] } }),
      legend: kept.map((name) => ({ name: term(name), colour: MUTED[names.indexOf(name) % MUTED.length], sign: "bar" })).concat(restsOn(reference)),
    });
  });
  select("sources-chart", words.indicator, indicators.map((i) => [i, nameOfIndicator(i)]), now.indicator, (v) => { now.indicator = v; redraw("sources-chart"); });
  select("sources-chart", words.year, years.map((y) => [y, y]), now.year, (v) => { now.year = v; redraw("sources-chart"); });
}
