// Regions compared: on one axis, in one year, and in small panels, a row a quantity.
{
  const now = { scenario: reference, quantity: "GDP", view: "value", bands: true, year: LAST };
  const legend = () => data.regions.map((r) => ({ name: regionName(r.key), colour: readable(r.colour), sign: r.illustrative ? "dash" : "line", of: [r.key, now.scenario] }));
  const floor = () => ({ rangemode: now.view === "difference" ? "normal" : "tozero" });
  chart("compare-chart", () => show("compare-chart", {
    title: viewed(headed(quantityName(now.quantity), scenarioName(now.scenario)), now.view),
    traces: data.regions.flatMap((r) => traces(r.key, now.scenario, now.quantity, now.view, readable(r.colour), regionName(r.key), now.bands)),
    layout: { ...overYears(460, unitOf(now.quantity, now.view), floor()), ...upright(data.base, "") },
    legend: legend(),
  }));
  chart("year-chart", () => {
    const at = data.years.indexOf(now.year);
    const found = data.regions.map((r) => [r, data.paths[r.key][now.scenario][now.quantity][now.view].map((row) => row[at])]).reverse();
    show("year-chart", {
      title: viewed(headed(`${quantityName(now.quantity)}, ${now.year}`, scenarioName(now.scenario)), now.view),
      traces: [{
        x: found.map(([, b]) => b[1]), y: found.map((_, n) => n), text: found.map(([r]) => plain(regionName(r.key))), mode: "markers", type: "scatter", name: String(now.year),
        marker: { size: 11, color: found.map(([r]) => readable(r.colour)), symbol: found.map(([r]) => (r.illustrative ? "diamond-open" : "circle")) },
        error_x: { type: "data", symmetric: false, array: found.map(([, b]) => b[2] - b[1]), arrayminus: found.map(([, b]) => b[1] - b[0]), color: GREY, thickness: 2, width: 4 },
        customdata: found.map(([, b]) => [b[0], b[2]]), hovertemplate: "%{text}: %{x:,.4~g} [%{customdata[0]:,.4~g}, %{customdata[1]:,.4~g}]<extra></extra>",
      }],
      layout: onLines("year-chart", found.map(([r]) => regionName(r.key)), 34, unitOf(now.quantity, now.view), { xaxis: floor() }),
      legend: restsOn(now.scenario),
    });
  });
  const both = ["compare-chart", "year-chart"];
  select("compare-chart", words.indicator, quantityOptions, now.quantity, (v) => { now.quantity = v; redraw(...both); });
  select("compare-chart", words.scenario, scenarioOptions, now.scenario, (v) => { now.scenario = v; redraw(...both, ...panels); });
  select("compare-chart", words.view, views, now.view, (v) => { now.view = v; redraw(...both); });
  tick("compare-chart", words.bands, now.bands, (v) => { now.bands = v; redraw("compare-chart"); });
  slider("year-chart", words.year, data.years, now.year, (v) => { now.year = v; redraw("year-chart"); });

  const trellis = element("trellis");
  const panels = data.core.flatMap((quantity) => {
    const row = document.createElement("div"), heading = document.createElement("h4");
    heading.textContent = `${quantityName(quantity)}, ${term(quantities[quantity].unit)}`;
    row.append(heading);
    trellis.append(row);
    return data.regions.map((r, n) => {
      const panel = document.createElement("div");
      panel.className = "chart small";
      panel.id = `panel-${data.core.indexOf(quantity)}-${n}`;
      row.append(panel);
      chart(panel.id, () => {
        const points = pointsOf(r.key, quantity);
        put(panel, [...traces(r.key, now.scenario, quantity, "value", readable(r.colour), scenarioName(now.scenario), true), ...points.traces], layoutOf(170, {
          
          title: { text: plain(regionName(r.key)), font: { size: 12.5 }, x: 0, xanchor: "left", y: 0.97, yanchor: "top" },
          margin: { l: 46, r: 16, t: 24, b: 22 }, xaxis: yearAxis({ dtick: 10, tickfont: { size: 10.5 } }), yaxis: axis({ rangemode: "tozero", nticks: 4, tickfont: { size: 10.5 } }),
          ...(r.fitted_to && { shapes: upright(r.fitted_to + 0.5, "").shapes }),
        }));
        showLegend("trellis", restsOn(now.scenario));
        element("trellis-note").textContent = filled(words.trellis_note, { scenario: scenarioName(now.scenario) });
      });
      return panel.id;
    });
  });
}
