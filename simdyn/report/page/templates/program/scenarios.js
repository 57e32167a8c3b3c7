// What scenarios change, draw by draw, and what each of their levers adds.
const nameOfIndicator = (key) => (quantities[key] ? quantityName(key) : term(key));
const whiskers = (bands, colour) => ({
  type: "data", symmetric: false, array: bands.map((b) => b[2] - b[1]), arrayminus: bands.map((b) => b[1] - b[0]), color: colour, thickness: 2, width: 0,
});
if (element("difference-chart")) {
  const indicators = Object.keys(data.differences), now = { indicator: indicators.includes("GDP") ? "GDP" : indicators[0] };
  const others = featured.filter((s) => s.key !== reference);
  chart("difference-chart", () => {
    const { unit, dated, regions: found } = data.differences[now.indicator];
    const rows = data.regions.filter((r) => found[r.key]).reverse(), step = 0.8 / others.length;
    show("difference-chart", {
      title: filled(words.differences_chart, { indicator: dated, against: scenarioName(reference) }),
      traces: others.map((s, n) => {
        const own = rows.map((r, k) => [r, k, found[r.key][s.key]]).filter(([, , band]) => band && band.every((v) => v !== null));
        const bands = own.map(([, , band]) => band), colour = PALETTE[(n + 1) % PALETTE.length];
        return {
          x: bands.map((b) => b[1]), y: own.map(([, k]) => k + 0.4 - step * (n + 0.5)), mode: "markers", name: plain(scenarioName(s.key)), text: own.map(([r]) => plain(regionName(r.key))),
          marker: { size: 9, color: colour, symbol: own.map(([r]) => (r.illustrative ? "diamond-open" : "circle")), line: { width: 2, color: colour } }, error_x: whiskers(bands, colour),
          customdata: bands.map((b) => [b[0], b[2]]), hovertemplate: `%{text}, ${plain(scenarioName(s.key))}: %{x:,.3~g} [%{customdata[0]:,.3~g}, %{customdata[1]:,.3~g}]<extra></extra>`,
        };
      }),
      layout: onLines("difference-chart", rows.map((r) => regionName(r.key)), 22 + 16 * others.length, term(unit), { xaxis: { zeroline: true } }),
      legend: others.map((s, n) => ({ name: scenarioName(s.key), colour: PALETTE[(n + 1) % PALETTE.length], sign: "dot" })).concat(restsOn(others[0]?.key ?? reference)),
    });
  });
  select("difference-chart", words.indicator, indicators.map((key) => [key, data.differences[key].title]), now.indicator, (v) => { now.indicator = v; redraw("difference-chart"); });
}
if (element("contribution-chart") && Object.keys(data.contributions).length) {
  const told = Object.keys(data.contributions), indicators = Object.keys(data.contributions[told[0]]);
  const now = { scenario: told[0], indicator: indicators[0], region: data.regions[0].key };
  chart("contribution-chart", () => {
    const { unit, dated, regions: found } = data.contributions[now.scenario][now.indicator];
    const rows = [...(found[now.region] ?? [])].filter((p) => p.mean !== null).reverse(), bands = rows.map((p) => p.band);
    const colour = rows.map((p) => (p.name === "total" ? css("--ink") : PALETTE[0]));
    show("contribution-chart", {
      title: filled(words.contributions_chart, { scenario: scenarioName(now.scenario), region: regionName(now.region), indicator: dated }),
      traces: [
        { type: "bar", orientation: "h", x: rows.map((p) => p.mean), y: rows.map((_, n) => n), text: rows.map((p) => plain(`${p.title} ${p.setting}`)), textposition: "none",
          name: plain(scenarioName(now.scenario)), marker: { color: colour, opacity: 0.75 }, customdata: bands.map((b) => [b[0], b[2]]),
          hovertemplate: "%{text}: %{x:,.3~g} [%{customdata[0]:,.3~g}, %{customdata[1]:,.3~g}]<extra></extra>" },
        { x: bands.map((b) => b[1]), y: rows.map((_, n) => n), mode: "markers", hoverinfo: "skip", marker: { size: 1, color: css("--soft") }, error_x: whiskers(bands, css("--soft")) },
      ],
      layout: onLines("contribution-chart", rows.map((p) => p.title), 30, term(unit), { bargap: 0.4, xaxis: { zeroline: true } }),
      legend: restsOn(now.scenario, [now.region]),
    });
  });
  const again = () => redraw("contribution-chart");
  select("contribution-chart", words.scenario, told.map((s) => [s, scenarioName(s)]), now.scenario, (v) => { now.scenario = v; again(); });
  select("contribution-chart", words.region, regionOptions, now.region, (v) => { now.region = v; again(); });
  select("contribution-chart", words.indicator, indicators.map((key) => [key, data.contributions[told[0]][key].title]), now.indicator, (v) => { now.indicator = v; again(); });
}
