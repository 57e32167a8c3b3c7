// Where growth is from, whether incomes converge, and inequality.
{
  const SUM = "GDP growth", periods = Object.keys(data.accounts[reference]);
  const now = { scenario: reference, period: periods[periods.length - 1] };
  chart("account-chart", () => {
    const found = data.accounts[now.scenario][now.period], names = Object.keys(Object.values(found)[0]);
    const rows = [...data.regions].reverse(), y = rows.map((_, n) => n);
    const row = (name, column) => rows.map((r) => found[r.key]?.[name]?.[column] ?? null);
    const part = (name) => ({
      y, x: row(name, 0), name: plain(term(name)), text: rows.map((r) => plain(regionName(r.key))), textposition: "none", customdata: row(name, 1).map((low, n) => [low, row(name, 2)[n]]),
      hovertemplate: `%{text}, ${plain(term(name))}: %{x:.2f} [%{customdata[0]:.2f}, %{customdata[1]:.2f}]<extra></extra>`,
    });
    const shown = names.filter((name) => name !== SUM && row(name, 0).some((v) => Math.abs(v) >= 0.005));
    const colour = (name) => MUTED[names.indexOf(name) % MUTED.length];
    show("account-chart", {
      title: `${scenarioName(now.scenario)}, ${now.period}`,
      traces: [
        ...shown.map((name) => ({ type: "bar", orientation: "h", marker: { color: colour(name) }, ...part(name) })),
        { mode: "markers", marker: { color: css("--ink"), symbol: "diamond", size: 11, line: { color: css("--paper"), width: 1.5 } }, ...part(SUM) },
      ],
      layout: onLines("account-chart", rows.map((r) => regionName(r.key)), 52, words.account_axis, { barmode: "relative", bargap: 0.35, xaxis: { zeroline: true } }),
      legend: [...shown.map((name) => ({ name: term(name), colour: colour(name), sign: "bar" })), { name: term(SUM), colour: css("--ink"), sign: "diamond" }, ...restsOn(now.scenario)],
    });
  });
  select("account-chart", words.scenario, scenarioOptions, now.scenario, (v) => { now.scenario = v; redraw("account-chart"); });
  select("account-chart", words.period_label, periods.map((p) => [p, p]), now.period, (v) => { now.period = v; redraw("account-chart"); });
}
chart("sigma-chart", () => {
  const shown = featured.filter((s) => data.sigma[s.key]);
  show("sigma-chart", {
    title: words.sigma,
    traces: shown.flatMap((s, n) => bandTraces(data.sigma[s.key].years, data.sigma[s.key].band, { name: scenarioName(s.key), colour: PALETTE[n % PALETTE.length], text: ".2f", shade: 0.1 })),
    layout: overYears(360, words.sigma_axis, { rangemode: "tozero" }),
    legend: [...shown.map((s, n) => ({ name: scenarioName(s.key), colour: PALETTE[n % PALETTE.length] })), ...restsOn(reference)],
  });
});
if (element("beta-chart")) {
  const periods = Object.keys(data.beta[reference]), now = { scenario: reference, period: periods[periods.length - 1] };
  const colourOf = (key) => readable(regions[key]?.colour ?? "#000000");
  chart("beta-chart", () => {
    const found = Object.entries(data.beta[now.scenario][now.period]);
    show("beta-chart", {
      title: headed(words.beta, `${scenarioName(now.scenario)}, ${now.period}`),
      traces: found.map(([key, { income, growth, ...names }]) => {
        const off = ([low, mid, high]) => ({ type: "data", symmetric: false, array: [high - mid], arrayminus: [mid - low], color: colourOf(key), thickness: 1.4, width: 0 });
        return {
          x: [income[1]], y: [growth[1]], mode: "markers", name: plain(either(names)), error_x: off(income), error_y: off(growth),
          marker: { size: 11, color: colourOf(key), symbol: names.illustrative ? "diamond-open" : "circle" }, customdata: [[growth[0], growth[2]]],
          hovertemplate: `${plain(either(names))}: %{y:.2f} [%{customdata[0]:.2f}, %{customdata[1]:.2f}]<extra></extra>`,
        };
      }),
      layout: layoutOf(420, { hovermode: "closest", margin: { l: 60, r: 16, t: 10, b: 66 }, xaxis: axis({ ...titled(words.beta_x, element("beta-chart").clientWidth - 90), type: "log", dtick: "D2" }), yaxis: axis(titled(words.beta_y, 340)) }),
      legend: found.map(([key, names]) => ({ name: either(names), colour: colourOf(key), sign: names.illustrative ? "hollow" : "dot", of: [key, now.scenario] })),
    });
  });
  select("beta-chart", words.scenario, scenarioOptions, now.scenario, (v) => { now.scenario = v; redraw("beta-chart"); });
  select("beta-chart", words.period_label, periods.map((p) => [p, p]), now.period, (v) => { now.period = v; redraw("beta-chart"); });
}
if (element("theil-chart")) {
  const now = { scenario: reference };
  const nameOf = ({ component, group }) => term(component) + (group ? `: ${term(group)}` : "");
  chart("theil-chart", () => {
    const all = data.theil[now.scenario], groups = all.filter((part) => part.group);
    const found = groups.length > 1 ? all : all.filter((part) => !part.group);
    show("theil-chart", {
      title: headed(words.theil, scenarioName(now.scenario)),
      traces: found.flatMap((part, n) => bandTraces(part.years, part.band, { name: nameOf(part), colour: PALETTE[n % PALETTE.length], text: ".3f", shade: 0.12 })),
      layout: overYears(380, words.theil_axis, { rangemode: "tozero" }),
      legend: [...found.map((part, n) => ({ name: nameOf(part), colour: PALETTE[n % PALETTE.length] })), ...restsOn(now.scenario)],
    });
  });
  select("theil-chart", words.scenario, scenarioOptions, now.scenario, (v) => { now.scenario = v; redraw("theil-chart"); });
}
