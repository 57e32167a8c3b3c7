// Runs inside a report that a test looks at: uses every control, then looks for text that is cut
// off or lies over other text. What it saw goes to the window around it.
const probe = (theme) => {
  const errors = [], requests = [];
  window.addEventListener("error", (event) => errors.push(event.message));
  window.addEventListener("unhandledrejection", (event) => errors.push(String(event.reason)));
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const box = (node) => node.getBoundingClientRect();
  const seen = (node) => { const b = box(node); return b.width > 0.5 && b.height > 0.5 && getComputedStyle(node).visibility !== "hidden" && !node.closest("[hidden]"); };

  const useControls = async () => {
    let n = 0;
    for (const field of document.querySelectorAll("select")) {
      const first = field.value;
      for (const option of field.options) { field.value = option.value; field.dispatchEvent(new Event("change")); n += 1; }
      field.value = first;
      field.dispatchEvent(new Event("change"));
    }
    for (const field of document.querySelectorAll("input[type=checkbox]")) { field.click(); field.click(); n += 1; }
    for (const field of document.querySelectorAll("input[type=range]")) {
      const first = field.value;
      for (const value of [field.min, field.max, first]) { field.value = value; field.dispatchEvent(new Event("input")); n += 1; }
    }
    let hidden = 0;
    for (const field of document.querySelectorAll("input[type=search]")) {
      field.value = "nothing of this kind"; field.dispatchEvent(new Event("input")); n += 1;
      hidden += document.querySelectorAll("tbody tr[hidden]").length;
      field.value = ""; field.dispatchEvent(new Event("input"));
    }
    let shown = 0;
    for (const button of document.querySelectorAll(".pills:not([hidden])")) {
      button.click(); n += 1;
      const dialog = document.querySelector("dialog");
      shown += dialog.open && dialog.querySelectorAll("li").length > 0;
      dialog.close();
    }
    return { n, hidden, shown, pills: document.querySelectorAll(".pills:not([hidden])").length };
  };
  const useSaves = async () => {
    const saved = [];
    const click = HTMLAnchorElement.prototype.click;
    HTMLAnchorElement.prototype.click = function () { saved.push([this.download, this.href.slice(0, 30), this.href.length]); };
    const buttons = [...document.querySelectorAll(".save button")].slice(0, 6);
    for (const button of buttons) button.click();
    for (let k = 0; k < 100 && saved.length < buttons.length; k += 1) await pause(100);
    HTMLAnchorElement.prototype.click = click;
    return saved;
  };

  // Texts of charts that leave their picture, or lie over each other.
  const chartFaults = () => {
    const found = [];
    for (const chart of document.querySelectorAll(".chart")) {
      const frame = box(chart), texts = [...chart.querySelectorAll("svg text")].filter((t) => t.textContent.trim() && seen(t));
      for (const text of texts) {
        const b = box(text);
        if (b.left < frame.left - 1.5 || b.right > frame.right + 1.5 || b.top < frame.top - 1.5 || b.bottom > frame.bottom + 1.5)
          found.push(`${chart.id}: '${text.textContent}' is cut off`);
      }
      texts.forEach((one, n) => texts.slice(n + 1).forEach((other) => {
        const a = box(one), b = box(other);
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left), high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 2 && high > 2.5) found.push(`${chart.id}: '${one.textContent}' lies over '${other.textContent}'`);
      }));
    }
    return found;
  };
  // Elements wider than the window, and text wider than its box, where nothing scrolls.
  const pageFaults = () => {
    const found = [], width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width + 1) found.push(`the page is ${document.documentElement.scrollWidth} wide in a window of ${width}`);
    for (const node of document.querySelectorAll("main *, nav *")) {
      if (!seen(node) || node.closest("svg") || node.closest(".chart")) continue;
      const scrolls = node.closest(".scroll, .diagram, .prose");
      if (!scrolls && box(node).right > width + 1) found.push(`<${node.tagName} ${node.className}> '${node.textContent.trim().slice(0, 40)}' leaves the window`);
      const direct = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
      if (direct && node.scrollWidth > node.clientWidth + 2 && getComputedStyle(node).display !== "inline" && !["SELECT", "OPTION"].includes(node.tagName))
        found.push(`<${node.tagName} ${node.className}> '${node.textContent.trim().slice(0, 40)}' is cut off`);
    }
    const blocks = [...document.querySelectorAll("h1, h2, h3, h4, .controls label, .legend > span, figcaption, .save, .cards div, .pills, nav a, #theme")].filter((node) => seen(node) && !node.closest(".scroll"));
    const byTop = blocks.map((node) => [node, box(node)]).sort((a, b) => a[1].top - b[1].top);
    byTop.forEach(([one, a], n) => {
      for (const [other, b] of byTop.slice(n + 1)) {
        if (b.top > a.bottom) break;
        if (one.contains(other) || other.contains(one) || one.closest("nav") || other.closest("nav")) continue;
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left), high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 2 && high > 2) found.push(`'${one.textContent.trim().slice(0, 30)}' lies over '${other.textContent.trim().slice(0, 30)}'`);
      }
    });
    return found;
  };
  const contrast = () => {
    const value = (colour) => { const c = colour.match(/[\d.]+/g).slice(0, 3).map((v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]; };
    const paper = value(getComputedStyle(document.body).backgroundColor);
    const poor = [];
    for (const node of document.querySelectorAll("p, li, h1, h2, h3, h4, td, th, dt, dd, a, .badge, figcaption, summary")) {
      if (!seen(node)) continue;
      const ink = value(getComputedStyle(node).color), ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
      if (ratio < 4.5) poor.push(`<${node.tagName} ${node.className}> ${ratio.toFixed(1)}`);
    }
    return [...new Set(poor)];
  };

  const run = async () => {
    for (let k = 0; k < 200 && document.body.dataset.ready === undefined; k += 1) await pause(50);
    if (theme === "dark") document.getElementById("theme").click();
    window.dispatchEvent(new Event("beforeprint"));
    window.dispatchEvent(new Event("afterprint"));
    await pause(500);
    const used = await useControls();
    const saved = await useSaves();
    await pause(500);
    for (const details of document.querySelectorAll("details")) details.open = true;
    await pause(500);
    const charts = [...document.querySelectorAll(".chart")];
    for (const entry of performance.getEntriesByType("resource")) requests.push(entry.name);
    window.parent.postMessage(JSON.stringify({
      width: innerWidth, errors, requests, ...used, saved, theme: document.documentElement.dataset.theme ?? "light",
      charts: charts.length, drawn: charts.filter((chart) => chart.querySelector("svg.main-svg")).length,
      bold: document.querySelectorAll("main b").length, chart_faults: chartFaults(), page_faults: pageFaults(), contrast: contrast(),
    }), "*");
  };
  run().catch((failure) => window.parent.postMessage(JSON.stringify({ errors: [...errors, String(failure), failure.stack] }), "*"));
};
