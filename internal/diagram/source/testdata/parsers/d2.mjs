// Compiles many D2 texts and tells what the compiler made of them.
//
//	node d2.mjs CASES.json [FOLDER]
//
// CASES.json holds an array of texts. Standard output gets an array with, for each, {error} or {nodes: [{id, label}],
// edges: [{from, to, label}]}, title and notes among the nodes. With a FOLDER, the drawings go
// there as 0.svg, 4.svg, …, every fourth, since drawing is slow.
import { readFile, writeFile } from "node:fs/promises";
import { D2 } from "@terrastruct/d2";

const [file, folder] = process.argv.slice(2);
const cases = JSON.parse(await readFile(file, "utf8"));
const d2 = new D2();
const results = [];
for (const [i, source] of cases.entries()) {
  try {
    const made = await d2.compile(source, { options: { layout: "dagre" } });
    if (folder && i % 4 === 0) {
      await writeFile(`${folder}/${i}.svg`, await d2.render(made.diagram, made.renderOptions));
    }
    const { shapes, connections } = made.diagram;
    results.push({
      nodes: (shapes ?? []).map((s) => ({ id: s.id, label: s.label, kind: s.type, link: s.link, tooltip: s.tooltip })),
      edges: (connections ?? []).map((c) => ({ from: c.src, to: c.dst, label: c.label })),
    });
  } catch (e) {
    results.push({ error: String(e.message ?? e) });
  }
}
process.stdout.write(JSON.stringify(results), () => process.exit(0));
