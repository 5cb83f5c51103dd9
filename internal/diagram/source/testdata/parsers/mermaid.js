// Reads and draws many Mermaid texts. The page loads mermaid.min.js, sets the array "cases" and the flag "html" (whether
// drawings may hold HTML), then loads this script, which writes into the page, as JSON, for each text {error} or
// {nodes: [{id, label, link}], edges: [{from, to, label}], groups: [{id, label}], description} as Mermaid read them, and of the
// drawing {title, texts: [{id, label}] of the nodes, active: the number of elements that load or do something}.
(async () => {
  const results = [];
  mermaid.initialize({ startOnLoad: false, securityLevel: "strict", htmlLabels: html, flowchart: { htmlLabels: html } });
  const decoded = (s) => {
    const t = document.createElement("textarea");
    t.innerHTML = String(s ?? "").replace(/ﬂ°°/g, "&#").replace(/ﬂ°/g, "&").replace(/¶ß/g, ";");
    return t.value;
  };
  for (const [i, source] of cases.entries()) {
    try {
      const d = await mermaid.mermaidAPI.getDiagramFromText(source);
      const db = d.db;
      const result = {
        nodes: [...db.getVertices().values()].map((v) => ({ id: v.id, label: decoded(v.text), kind: v.type, link: v.link })),
        edges: db.getEdges().map((e) => ({ from: e.start, to: e.end, label: decoded(e.text) })),
        groups: db.getSubGraphs().map((g) => ({ id: g.id, label: decoded(g.title) })),
        description: decoded(db.getAccDescription()),
      };
      const { svg } = await mermaid.render("drawing" + i, source);
      const box = document.createElement("div");
      box.innerHTML = svg;
      result.title = box.querySelector(".flowchartTitleText")?.textContent ?? "";
      result.active = box.querySelectorAll("script, iframe, object, embed, img, form, [onclick], [onerror], [onload]").length;
      result.texts = [...box.querySelectorAll("g.node")].map((g) => {
        for (const br of g.querySelectorAll("br")) br.replaceWith("\n");
        const rows = [...g.querySelectorAll("tspan.text-outer-tspan, tspan.row")];
        return { id: g.id, label: rows.length ? rows.map((r) => r.textContent).join("\n") : g.textContent };
      });
      results.push(result);
    } catch (e) {
      results.push({ error: String(e.message ?? e) });
    }
  }
  const out = document.createElement("script");
  out.type = "application/json";
  out.id = "results";
  out.textContent = JSON.stringify(results).replace(/</g, "\\u003c");
  document.body.append(out);
})();
