// The one picture at the top: real GDP of every region on one index, under the reference.
chart("headline-chart", () => show("headline-chart", {
  title: headed(quantityName("GDP"), scenarioName(reference)),
  traces: data.regions.flatMap((r) => traces(r.key, reference, "GDP", "index", readable(r.colour), regionName(r.key), true)),
  layout: { ...overYears(440, words.unit_index, { rangemode: "tozero" }), ...upright(data.base, "") },
  legend: data.regions.map((r) => ({ name: regionName(r.key), colour: readable(r.colour), sign: r.illustrative ? "dash" : "line", of: [r.key, reference] })),
}));
