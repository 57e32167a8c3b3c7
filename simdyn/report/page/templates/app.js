"use strict";
// The interactive part of the report: charts of the data that the page carries, no server.
(() => {
  const { data, words, terms, language } = JSON.parse(document.getElementById("data").textContent);
  const byKey = (list) => Object.fromEntries(list.map((item) => [item.key, item]));
  const regions = byKey(data.regions), scenarios = byKey(data.scenarios), quantities = byKey(data.quantities);
  const term = (english) => terms[english] ?? english;
  const regionName = (key) => (language === "zh" && regions[key].name_zh || regions[key].name) + (regions[key].illustrative ? " *" : "");
  const scenarioName = (key) => language === "zh" && scenarios[key].title_zh || scenarios[key].title;
  const quantityName = (key) => term(quantities[key].title);
  const shortName = (key) => quantityName(key).split(/ ?[(（]/)[0];
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const narrow = () => window.innerWidth < 520;

  // Plotly reads a little HTML and TeX in its texts: names are text and nothing else.
  const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;", "%": "&#37;" };
  const plain = (text) => String(text).replace(/[&<>$%]/g, (letter) => ENTITIES[letter]);
  const alpha = (hex, a) => {
    const n = parseInt(hex.slice(1), 16);
    return `rgba(${n >> 16},${(n >> 8) & 255},${n & 255},${a})`;
  };
  const readable = (hex) => (hex === "#000000" ? css("--ink") : hex);
  const PALETTE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"];

  const layout = (extra) => ({
    font: { family: "inherit", size: 13, color: css("--ink") },
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    margin: { l: 62, r: 24, t: 34, b: 36 }, hovermode: "x unified",
    hoverlabel: { bgcolor: css("--panel"), bordercolor: css("--line"), font: { color: css("--ink") } },
    legend: { orientation: "h", y: -0.14, x: 0 },
    xaxis: { gridcolor: css("--line"), zeroline: false, tick0: 2015, dtick: 5, ticks: "outside", ticklen: 4, tickcolor: "rgba(0,0,0,0)" },
    yaxis: { gridcolor: css("--line"), zerolinecolor: css("--soft"), rangemode: "tozero", automargin: true, ticks: "outside", ticklen: 6, tickcolor: "rgba(0,0,0,0)" },
    ...extra,
  });
  const config = { responsive: true, displaylogo: false, displayModeBar: false };
  const charts = [];
  const chart = (draw) => { charts.push(draw); draw(); };

  const unitOf = (key, view) => {
    const q = quantities[key];
    if (view === "index") return words.unit_index;
    if (view === "difference") return q.kind === "ratio" ? words.unit_difference_share : words.unit_difference;
    return term(q.unit);
  };

  // A band and its median as two traces; the hover says value and interval.
  const traces = (region, scenario, quantity, view, colour, name, banded, dashed) => {
    const [low, median, high] = data.paths[region][scenario][quantity][view];
    const line = {
      x: data.years, y: median, name: plain(name), mode: "lines", line: { color: colour, width: 2.4, dash: dashed ? "dash" : "solid" },
      customdata: data.years.map((_, n) => [low[n], high[n]]), legendgroup: name,
      hovertemplate: `${plain(name)}: %{y:,.4~g} [%{customdata[0]:,.3~g}, %{customdata[1]:,.3~g}]<extra></extra>`,
    };
    if (!banded) return [line];
    const edge = { x: data.years, mode: "lines", line: { width: 0 }, hoverinfo: "skip", showlegend: false, legendgroup: name };
    return [{ ...edge, y: low }, { ...edge, y: high, fill: "tonexty", fillcolor: alpha(colour.startsWith("#") ? colour : "#888888", 0.16) }, line];
  };
  const points = (region, quantity, colour) => {
    const found = data.reported.filter((p) => p.region === region && p.quantity === quantity);
    return ["documents", "public"].map((layer) => {
      const own = found.filter((p) => p.layer === layer);
      return {
        x: own.map((p) => p.year), y: own.map((p) => p.value), mode: "markers", name: plain(words[layer]), showlegend: own.length > 0,
        marker: { color: colour, size: 9, symbol: layer === "documents" ? "circle" : "square", line: { color: css("--paper"), width: 1.5 } },
        text: own.map((p) => plain(p.source)), hovertemplate: "%{y:,.4~g}, %{text}<extra></extra>",
      };
    }).filter((trace) => trace.x.length);
  };

  const select = (box, label, options, value, changed) => {
    const wrap = document.createElement("label"), field = document.createElement("select");
    wrap.append(label, field);
    for (const [key, name] of options) field.add(new Option(name, key, false, key === value));
    field.addEventListener("change", () => changed(field.value));
    box.append(wrap);
    return field;
  };
  const tick = (box, label, value, changed) => {
    const wrap = document.createElement("label"), field = document.createElement("input");
    wrap.className = "tick"; field.type = "checkbox"; field.checked = value;
    wrap.append(field, label);
    field.addEventListener("change", () => changed(field.checked));
    box.append(wrap);
    return field;
  };
  const scenarioOptions = data.scenarios.map((s) => [s.key, scenarioName(s.key)]);
  const regionOptions = data.regions.map((r) => [r.key, regionName(r.key)]);
  const quantityOptions = data.quantities.map((q) => [q.key, quantityName(q.key)]);
  const views = [["value", words.view_value], ["index", words.view_index], ["difference", words.view_difference]];

  // Regions compared: all regions on one axis, and a small panel a region and core quantity.
  const compare = { scenario: data.scenarios[0].key, quantity: "GDP", view: "index", bands: true };
  const drawCompare = () => {
    const all = data.regions.flatMap((r) =>
      traces(r.key, compare.scenario, compare.quantity, compare.view, readable(r.colour), regionName(r.key), compare.bands, r.illustrative));
    const title = `${quantityName(compare.quantity)}, ${scenarioName(compare.scenario)}`;
    Plotly.react("compare-chart", all, layout({
      title: { text: plain(title), font: { size: 15 }, x: 0, xanchor: "left" }, height: narrow() ? 420 : 460,
      yaxis: { ...layout().yaxis, rangemode: compare.view === "difference" ? "normal" : "tozero", title: { text: plain(unitOf(compare.quantity, compare.view)), font: { size: 12 } } },
      shapes: [{ type: "line", x0: data.base, x1: data.base, y0: 0, y1: 1, yref: "paper", line: { color: css("--soft"), width: 1, dash: "dot" } }],
    }), config);
  };
  const box = document.getElementById("compare-controls");
  select(box, words.indicator, quantityOptions, compare.quantity, (v) => { compare.quantity = v; drawCompare(); });
  select(box, words.scenario, scenarioOptions, compare.scenario, (v) => { compare.scenario = v; drawCompare(); drawTrellis(); });
  select(box, words.view, views, compare.view, (v) => { compare.view = v; drawCompare(); });
  tick(box, words.bands, compare.bands, (v) => { compare.bands = v; drawCompare(); });

  const trellis = document.getElementById("trellis");
  const panels = data.core.map((quantity) => data.regions.map((r) => {
    const panel = document.createElement("div");
    trellis.append(panel);
    return [panel, quantity, r];
  })).flat();
  const drawTrellis = () => {
    for (const [panel, quantity, r] of panels) {
      const small = layout({
        title: { text: `${plain(regionName(r.key))}<br><span style="font-size:11px">${plain(shortName(quantity))}</span>`, font: { size: 12.5 }, x: 0.02, xanchor: "left" },
        height: 190, margin: { l: 44, r: 8, t: 42, b: 24 }, showlegend: false,
        font: { family: "inherit", size: 10.5, color: css("--ink") },
        xaxis: { ...layout().xaxis, dtick: 10 },
        yaxis: { ...layout().yaxis, title: { text: plain(term(quantities[quantity].unit)), font: { size: 9 } }, nticks: 4 },
      });
      Plotly.react(panel, [...traces(r.key, compare.scenario, quantity, "value", readable(r.colour), regionName(r.key), true, r.illustrative), ...points(r.key, quantity, css("--ink"))], small, config);
    }
  };

  // One region under its scenarios.
  const one = { region: data.regions[0].key, quantity: "GDP", view: "value", highlight: "", bands: true };
  const drawRegion = () => {
    const shown = data.scenarios.filter((s) => s.featured || s.key === one.highlight);
    const all = shown.flatMap((s, n) => {
      const bright = !one.highlight || s.key === one.highlight;
      const colour = bright ? PALETTE[n % PALETTE.length] : "#9aa5b0";
      return traces(one.region, s.key, one.quantity, one.view, colour, scenarioName(s.key), one.bands && bright, regions[one.region].illustrative);
    });
    if (one.view === "value") all.push(...points(one.region, one.quantity, css("--ink")));
    Plotly.react("region-chart", all, layout({
      title: { text: plain(`${regionName(one.region)}: ${quantityName(one.quantity)}`), font: { size: 15 }, x: 0, xanchor: "left" }, height: narrow() ? 460 : 460,
      yaxis: { ...layout().yaxis, rangemode: one.view === "difference" ? "normal" : "tozero", title: { text: plain(unitOf(one.quantity, one.view)), font: { size: 12 } } },
    }), config);
    document.getElementById("region-note").textContent = regions[one.region].note;
  };
  const regionBox = document.getElementById("region-controls");
  select(regionBox, words.region, regionOptions, one.region, (v) => { one.region = v; drawRegion(); });
  select(regionBox, words.indicator, quantityOptions, one.quantity, (v) => { one.quantity = v; drawRegion(); });
  select(regionBox, words.view, views, one.view, (v) => { one.view = v; drawRegion(); });
  select(regionBox, words.scenario, [["", words.all], ...scenarioOptions], "", (v) => { one.highlight = v; drawRegion(); });
  tick(regionBox, words.bands, one.bands, (v) => { one.bands = v; drawRegion(); });

  // Where growth is from: stacked contributions, the sum as a mark.
  const SUM = "GDP growth", MUTED = ["#56B4E9", "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#8c9a3d", "#D55E00", "#9aa5b0", "#7b5ea7", "#444c54"];
  const account = { scenario: data.scenarios[0].key, period: Object.keys(data.accounts[data.scenarios[0].key]).slice(-1)[0] };
  const drawAccount = () => {
    const found = data.accounts[account.scenario][account.period];
    const terms_ = Object.keys(Object.values(found)[0]);
    const x = data.regions.map((r) => plain(regionName(r.key)));
    const row = (name, column) => data.regions.map((r) => found[r.key]?.[name]?.[column] ?? null);
    const hover = (name) => `${plain(term(name))}: %{y:.2f} [%{customdata[0]:.2f}, %{customdata[1]:.2f}]<extra></extra>`;
    const band = (name) => row(name, 1).map((low, n) => [low, row(name, 2)[n]]);
    const bars = terms_.filter((name) => name !== SUM && row(name, 0).some((v) => Math.abs(v) >= 0.005)).map((name, n) => ({
      type: "bar", x, y: row(name, 0), name: plain(term(name)), marker: { color: MUTED[n % MUTED.length] }, customdata: band(name), hovertemplate: hover(name),
    }));
    const sum = { x, y: row(SUM, 0), name: plain(term(SUM)), mode: "markers", marker: { color: css("--ink"), symbol: "diamond", size: 10 }, customdata: band(SUM), hovertemplate: hover(SUM) };
    Plotly.react("account-chart", [...bars, sum], layout({
      title: { text: plain(`${scenarioName(account.scenario)}, ${account.period}`), font: { size: 15 }, x: 0, xanchor: "left" },
      barmode: "relative", hovermode: "closest", height: narrow() ? 560 : 460,
      xaxis: { automargin: true, tickfont: { size: narrow() ? 10 : 13 } },
      yaxis: { ...layout().yaxis, title: { text: plain(words.account_axis), font: { size: 12 } } },
    }), config);
  };
  const accountBox = document.getElementById("account-controls");
  select(accountBox, words.scenario, scenarioOptions, account.scenario, (v) => { account.scenario = v; drawAccount(); });
  select(accountBox, words.period_label, Object.keys(data.accounts[account.scenario]).map((p) => [p, p]), account.period, (v) => { account.period = v; drawAccount(); });
  chart(drawAccount);
  if (document.getElementById("sigma-chart")) {
    const drawSigma = () => {
      const shown = data.scenarios.filter((s) => s.featured && data.sigma[s.key]);
      const all = shown.flatMap((s, n) => {
        const { years, band: [low, median, high] } = data.sigma[s.key], colour = PALETTE[n % PALETTE.length];
        const edge = { x: years, mode: "lines", line: { width: 0 }, hoverinfo: "skip", showlegend: false };
        return [{ ...edge, y: low }, { ...edge, y: high, fill: "tonexty", fillcolor: alpha(colour, 0.12) }, {
          x: years, y: median, name: plain(scenarioName(s.key)), mode: "lines", line: { color: colour, width: 2.4 },
          customdata: years.map((_, k) => [low[k], high[k]]), hovertemplate: `${plain(scenarioName(s.key))}: %{y:.2f} [%{customdata[0]:.2f}, %{customdata[1]:.2f}]<extra></extra>`,
        }];
      });
      Plotly.react("sigma-chart", all, layout({ height: 380, yaxis: { ...layout().yaxis, title: { text: plain(words.sigma_axis), font: { size: 12 } } } }), config);
    };
    chart(drawSigma);
  }

  // Sensitivity: inputs by year.
  const questions = Object.keys(data.shares);
  if (questions.length) {
    const share = { question: questions[questions.length - 1], region: data.regions[0].key, indicator: "GDP" };
    const drawShare = () => {
      const inputs = data.shares[share.question]?.[share.region]?.[share.indicator] ?? {};
      const largest = (input) => Math.max(...input.total);
      const names = Object.keys(inputs).sort((a, b) => largest(inputs[a]) - largest(inputs[b])).slice(-14);
      const years = data.years.slice(1);
      const at = (input, year, column) => { const n = input.years.indexOf(year); return n < 0 ? null : input[column][n]; };
      Plotly.react("share-chart", [{
        type: "heatmap", x: years, y: names.map((n) => plain(term(n))), zmin: 0, zmax: 1, xgap: 1, ygap: 1,
        z: names.map((n) => years.map((year) => at(inputs[n], year, "total"))),
        customdata: names.map((n) => years.map((year) => [at(inputs[n], year, "total_low"), at(inputs[n], year, "total_high")])),
        colorscale: [[0, css("--panel")], [0.15, "#9ecae1"], [0.5, "#3182bd"], [1, "#08306b"]],
        colorbar: { title: { text: plain(words.share_axis), side: "right", font: { size: 11 } }, thickness: 12 },
        hovertemplate: "%{y}, %{x}: %{z:.2f} [%{customdata[0]:.2f}, %{customdata[1]:.2f}]<extra></extra>",
      }], layout({
        title: { text: plain(`${regionName(share.region)}: ${quantityName(share.indicator)}, ${term(share.question)}`), font: { size: 15 }, x: 0, xanchor: "left" },
        height: 120 + 26 * Math.max(names.length, 4), hovermode: "closest", margin: { l: 10, r: 10, t: 40, b: 30 },
        yaxis: { automargin: true, tickfont: { size: narrow() ? 10 : 12 } },
      }), config);
    };
    const shareBox = document.getElementById("share-controls");
    const indicators = Object.keys(Object.values(Object.values(data.shares)[0])[0]);
    select(shareBox, words.question, questions.map((q) => [q, term(q)]), share.question, (v) => { share.question = v; drawShare(); });
    select(shareBox, words.region, regionOptions, share.region, (v) => { share.region = v; drawShare(); });
    select(shareBox, words.indicator, indicators.map((i) => [i, quantities[i] ? quantityName(i) : i]), share.indicator, (v) => { share.indicator = v; drawShare(); });
    chart(drawShare);
  }
  chart(drawCompare); chart(drawTrellis); chart(drawRegion);

  // Search of the evidence and of the equations.
  const searched = (field, table) => {
    const rows = [...document.querySelectorAll(`#${table} tbody tr`)];
    document.getElementById(field).addEventListener("input", (event) => {
      const wanted = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !wanted.every((word) => text.includes(word));
      }
    });
  };
  searched("search", "facts"); searched("search-equations", "equations");

  const root = document.documentElement;
  const dark = () => (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  document.getElementById("theme").addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    for (const draw of charts) draw();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { for (const draw of charts) draw(); });
})();
