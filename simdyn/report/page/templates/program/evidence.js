// What a number rests on: pills that name the kinds of evidence and open the evidence itself.
const dialog = element("evidence-of");
const kindsOf = (region, scenario) => {
  const own = data.evidence?.regions[region];
  if (!own) return [];
  const found = [];
  const levers = data.evidence.levers[scenario]?.[region] ?? [];
  if (own.documents.length || levers.some((l) => !l.assumed)) found.push("documents");
  if (own.public.length) found.push("public");
  if (own.priors.length) found.push("prior");
  if (levers.some((l) => l.assumed)) found.push("assumption");
  return found;
};
const listed = (title, items, kind) => {
  if (!items.length) return [];
  const heading = document.createElement("h4"), list = document.createElement("ul"), badge = document.createElement("span");
  badge.className = `badge ${kind}`;
  badge.textContent = words[kind];
  heading.append(badge, ` ${title}`);
  list.append(...items);
  return [heading, list];
};
const item = (...content) => {
  const node = document.createElement("li");
  node.append(...content);
  return node;
};
const factItem = (id) => {
  const row = element(id), link = document.createElement("a");
  link.href = `#${id}`;
  link.addEventListener("click", () => dialog.close());
  if (!row) return item(id);
  const cells = [...row.cells].map((cell) => cell.textContent.trim());
  link.textContent = `${cells[1]}, ${cells[2]}: ${cells[3]} (${cells[4]})`;
  const source = document.createElement("small");
  source.textContent = ` ${row.dataset.title} ${cells[6]}`;
  return item(link, source);
};
const openEvidence = (region, scenario) => {
  const own = data.evidence.regions[region], levers = data.evidence.levers[scenario]?.[region] ?? [];
  element("evidence-title").textContent = `${regionName(region)}, ${scenarioName(scenario)}`;
  const small = (text) => { const node = document.createElement("small"); node.textContent = ` ${text}`; return node; };
  dialog.querySelector("div").replaceChildren(
    ...listed(filled(words.evidence_documents, { n: own.documents.length }), own.documents.map(factItem), "documents"),
    ...listed(filled(words.evidence_public, { n: own.public.length }), own.public.map(factItem), "public"),
    ...listed(filled(words.evidence_priors, { n: own.priors.length }), own.priors.map((p) => item(`${term(p.name)} (${term(p.verdict)})`, small(p.source))), "prior"),
    ...[["documents", "evidence_stated", false], ["assumption", "evidence_levers", true]].flatMap(([kind, title, assumed]) => {
      const found = levers.filter((l) => l.assumed === assumed);
      return listed(filled(words[title], { n: found.length }), found.map((l) => item(`${l.name}: ${l.value}`, small(l.source))), kind);
    }),
  );
  dialog.showModal();
};
const pills = (region, scenario) => {
  const kinds = kindsOf(region, scenario), button = document.createElement("button");
  button.type = "button";
  button.className = "pills";
  button.hidden = !kinds.length;
  button.title = kinds.map((kind) => words[kind]).join(", ");
  button.setAttribute("aria-label", `${words.rests_on}: ${button.title}`);
  for (const kind of kinds) {
    const pill = document.createElement("span");
    pill.className = `badge ${kind}`;
    pill.textContent = words[`short_${kind}`];
    button.append(pill);
  }
  button.addEventListener("click", () => openEvidence(region, scenario));
  return button;
};
for (const place of document.querySelectorAll(".of")) place.append(pills(place.dataset.region, place.dataset.scenario));
