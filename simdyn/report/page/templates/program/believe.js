// Figures that the fit did not see: each on one line, in standard deviations of what was expected.
if (element("trial-chart")) {
  const trials = Object.keys(data.trials), now = { trial: trials[1] ?? trials[0] };
  // A method has the same mark in all trials.
  const methods = [...new Set(Object.values(data.trials).flat().flatMap((row) => Object.keys(row.rivals)))];
  const SYMBOLS = [["line-ns-open", "upright"], ["x-thin-open", "cross"], ["square-open", "square"], ["triangle-up-open", "triangle"]];
  chart("trial-chart", () => {
    const rows = [...data.trials[now.trial]].reverse(), ink = css("--ink"), off = css("--off"), many = Object.keys(regions).length > 1;
    const name = (row) => (many ? headed(row.region, row.figure) : row.figure);
    const at = (row, value) => (value - row.mean) / row.sd, y = rows.map((_, n) => n);
    const rivals = methods.filter((method) => rows.some((row) => row.rivals[method] !== undefined));
    const colour = (method) => PALETTE[(methods.indexOf(method) + 1) % PALETTE.length], symbol = (method) => SYMBOLS[methods.indexOf(method) % SYMBOLS.length];
    const hover = (row) => `${plain(name(row))}<br>${plain(filled(words.backtest_told, { reported: row.reported, expected: row.mean, low: row.p5, high: row.p95, unit: term(row.unit) }))}<br>${plain(row.source)}`;
    const outside = rows.some((row) => !row.inside);
    show("trial-chart", {
      title: term(now.trial),
      traces: [
        {
          x: rows.map(() => 0), y, mode: "markers", name: plain(words.modelled), marker: { size: 6, color: PALETTE[0], symbol: "line-ns-open", line: { width: 2 } }, hoverinfo: "skip",
          error_x: { type: "data", symmetric: false, array: rows.map((row) => at(row, row.p95)), arrayminus: rows.map((row) => -at(row, row.p5)), color: alpha(PALETTE[0], 0.55), thickness: 5, width: 0 },
        },
        ...rivals.map((rival) => {
          const own = rows.map((row, k) => [row, k]).filter(([row]) => row.rivals[rival] !== undefined);
          return {
            x: own.map(([row]) => at(row, row.rivals[rival])), y: own.map(([, k]) => k), mode: "markers", name: plain(term(rival)), text: own.map(([row]) => plain(`${term(rival)}: ${row.rivals[rival]}`)),
            marker: { size: 10, color: colour(rival), symbol: symbol(rival)[0], line: { width: 2.2 } }, hovertemplate: "%{text}<extra></extra>",
          };
        }),
        {
          x: rows.map((row) => at(row, row.reported)), y, mode: "markers", name: plain(words.key_held_out), text: rows.map(hover),
          meta: { columns: [words.figure, words.unit, words.reported_column, words.modelled, words.interval90, "", ...rivals.map(term)], rows: rows.map((row) => [name(row), term(row.unit), row.reported, row.mean, row.p5, row.p95, ...rivals.map((rival) => row.rivals[rival])]) },
          marker: { size: 10, symbol: "circle-open", color: rows.map((row) => (row.inside ? ink : off)), line: { width: 2.2 } }, hovertemplate: "%{text}<extra></extra>",
        },
      ],
      layout: onLines("trial-chart", rows.map(name), 24, words.backtest_axis, { xaxis: { zeroline: true } }),
      legend: [
        { name: words.backtest_reported, colour: ink, sign: "open" }, ...(outside ? [{ name: words.backtest_missed, colour: off, sign: "open" }] : []), { name: words.model90, colour: PALETTE[0], sign: "bar" },
        ...rivals.map((rival) => ({ name: term(rival), colour: colour(rival), sign: symbol(rival)[1] })),
      ],
    });
  });
  select("trial-chart", words.trial, trials.map((t) => [t, term(t)]), now.trial, (v) => { now.trial = v; redraw("trial-chart"); });
}
