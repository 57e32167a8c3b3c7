// Search of the evidence and of the equations.
const searched = (fieldId, table) => {
  const rows = [...document.querySelectorAll(`#${table} tbody tr`)];
  element(fieldId).addEventListener("input", (event) => {
    const wanted = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !wanted.every((word) => text.includes(word));
    }
  });
};
searched("search", "facts");
searched("search-equations", "equations");
