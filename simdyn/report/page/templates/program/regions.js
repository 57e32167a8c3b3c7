// A part for each region: its scenarios, its figures beside the fit, its sectors.
const SECTORS = { "primary share": PALETTE[2], "industry share": PALETTE[0], "services share": PALETTE[1] };
for (const { key, illustrative } of data.regions) {
  const id = `region-${key}-chart`, dots = `region-${key}-fit`, sectors = `region-${key}-sectors`;
  const now = { quantity: "GDP", view: "value", highlight: "", bands: true };
  chart(id, () => {
    const shown = data.scenarios.filter((s) => s.featured || s.key === now.highlight);
    const colour = (s, n) => (!now.highlight || s.key === now.highlight ? PALETTE[n % PALETTE.length] : alpha(PALETTE[n % PALETTE.length], 0.35));
    const points = now.view === "value" ? pointsOf(key, now.quantity) : { traces: [], legend: [] };
    show(id, {
      title: viewed(headed(regionName(key), quantityName(now.quantity)), now.view),
      traces: [...shown.flatMap((s, n) => traces(key, s.key, now.quantity, now.view, colour(s, n), scenarioName(s.key), now.bands && (!now.highlight || s.key === now.highlight))), ...points.traces],
      layout: { ...overYears(440, unitOf(now.quantity, now.view), { rangemode: now.view === "difference" ? "normal" : "tozero" }), ...fittedTo(key) },
      legend: [...shown.map((s, n) => ({ name: scenarioName(s.key), colour: colour(s, n), sign: illustrative ? "dash" : "line", of: [key, s.key] })), ...points.legend],
    });
  });
  select(id, words.indicator, quantityOptions, now.quantity, (v) => { now.quantity = v; redraw(id); });
  select(id, words.view, views, now.view, (v) => { now.view = v; redraw(id); });
  select(id, words.highlight, [["", words.all], ...scenarioOptions], "", (v) => { now.highlight = v; redraw(id); });
  tick(id, words.bands, now.bands, (v) => { now.bands = v; redraw(id); });

  // Each figure on one line: the figure at nil, the model's interval in its standard deviations.
  chart(dots, () => {
    const rows = [...data.fit[key]].reverse();
    const off = (row, name) => (row[name] - row.reported) / (row[name] < row.reported ? row.sd : row.sd_above);
    const ink = css("--ink"), colour = readable(regions[key].colour);
    show(dots, {
      title: words.dots,
      traces: [
        {
          x: rows.map((row) => off(row, "p50")), y: rows.map((_, n) => n), mode: "markers", name: plain(words.modelled), marker: { size: 8, color: colour },
          error_x: { type: "data", symmetric: false, array: rows.map((row) => off(row, "p95") - off(row, "p50")), arrayminus: rows.map((row) => off(row, "p50") - off(row, "p5")), color: colour, thickness: 3, width: 0 },
          customdata: rows.map((row) => [row.p5, row.p95, row.p50, row.reported, plain(term(row.unit)), plain(row.figure)]),
          meta: { columns: [words.figure, words.unit, words.reported_column, words.modelled, words.interval90, ""], rows: rows.map((row) => [row.figure, term(row.unit), row.reported, row.p50, row.p5, row.p95]) },
          hovertemplate: `%{customdata[5]}<br>${plain(words.modelled)} %{customdata[2]:,.4~g} [%{customdata[0]:,.4~g}, %{customdata[1]:,.4~g}], ${plain(words.reported_column)} %{customdata[3]:,.4~g} %{customdata[4]}<extra></extra>`,
        },
        {
          x: rows.map(() => 0), y: rows.map((_, n) => n), mode: "markers", name: plain(words.reported_column), text: rows.map((row) => `${plain(row.figure)}<br>${plain(row.source)}`),
          marker: { size: 7, color: ink, symbol: rows.map((row) => (row.layer === "documents" ? "circle" : "square")) }, hovertemplate: "%{text}<extra></extra>",
        },
      ],
      layout: onLines(dots, rows.map((row) => row.figure), 21, words.dots_axis, { xaxis: { zeroline: true, dtick: 2 } }),
      legend: [{ name: words.modelled, colour, sign: "bar" }, { name: words.key_documents, colour: ink, sign: "dot" }, { name: words.key_public, colour: ink, sign: "square" }],
    });
  });
  chart(sectors, () => show(sectors, {
    title: headed(words.sectors, scenarioName(reference)),
    traces: Object.keys(SECTORS).filter((name) => data.paths[key][reference][name]).flatMap((name) =>
      bandTraces(data.years, data.paths[key][reference][name].value.map((row) => row.map((v) => v === null ? null : 100 * v)), { name: quantityName(name), colour: SECTORS[name], dashed: illustrative, text: ".1f" })),
    layout: { ...overYears(320, words.sectors_axis, { rangemode: "tozero" }), ...fittedTo(key) },
    legend: Object.keys(SECTORS).filter((name) => quantities[name]).map((name) => ({ name: quantityName(name), colour: SECTORS[name], sign: illustrative ? "dash" : "line" })),
  }));
}
