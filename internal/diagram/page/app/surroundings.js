// The surroundings of a module are drawn by the page itself: what needs it on the left, what it needs on
// the right. So every module of a design can be looked at, however large the design is.
const surroundingsDrawn = new Map();
const mostBeside = 40;

function surroundings(m) {
  if (surroundingsDrawn.has(m)) return surroundingsDrawn.get(m);
  surroundingsDrawn.clear(); // one at a time is in the page
  const callers = [...new Set(incomingOf[m].map((k) => design.dependencies[k].from))].filter((i) => i !== m);
  const targets = [...new Set(simulator.dependenciesOf[m].flatMap((k) => design.dependencies[k].targets))].filter((i) => i !== m);
  const left = callers.slice(0, mostBeside);
  const right = targets.filter((t) => !left.includes(t)).slice(0, mostBeside);
  const [width, height, gap, aside] = [190, 46, 14, 150];
  const tall = Math.max(left.length, right.length, 1);
  const place = (list, column) =>
    list.map((i, k) => ({ module: i, x: column * (width + aside), y: ((tall - list.length) / 2 + k) * (height + gap) }));
  const nodes = [...place([m], 1), ...place(left, 0), ...place(right, 2)];
  const at = new Map(nodes.map((n, i) => [n.module, i]));
  const edges = [];
  const connect = (from, to, k) => {
    if (from === undefined || to === undefined) return;
    const old = edges.find((e) => e.from === from && e.to === to);
    if (old) old.dependencies.push(k);
    else edges.push({ from, to, dependencies: [k] });
  };
  for (const k of incomingOf[m]) connect(at.get(design.dependencies[k].from), 0, k);
  for (const k of simulator.dependenciesOf[m]) for (const t of design.dependencies[k].targets) if (t !== m) connect(0, at.get(t), k);

  const world = byID('svg-around').querySelector('.world');
  const lines = edges.map((e, k) => {
    const [a, b] = [nodes[e.from], nodes[e.to]];
    const backwards = b.x < a.x;
    const [x1, x2] = backwards ? [a.x, b.x + width] : [a.x + width, b.x];
    const [y1, y2] = [a.y + height / 2 + (backwards ? 6 : 0), b.y + height / 2 + (backwards ? 6 : 0)];
    const bend = backwards ? -aside / 2 : aside / 2;
    const all = e.dependencies.map((i) => design.dependencies[i]);
    const soft = all.every((d) => d.soft);
    const later = all.every((d) => d.when);
    const async = all.every((d) => d.async);
    const tip = backwards ? `M${x2} ${y2}l9-4.5v9Z` : `M${x2} ${y2}l-9-4.5v9Z`;
    const open = backwards ? `M${x2 + 9} ${y2 - 5}L${x2} ${y2}L${x2 + 9} ${y2 + 5}` : `M${x2 - 9} ${y2 - 5}L${x2} ${y2}L${x2 - 9} ${y2 + 5}`;
    return svgElement(
      'g',
      { id: `around-e${k}`, class: `edge own${soft ? ' soft' : ''}${later ? ' later' : ''}` },
      svgElement('title', { text: `${design.modules[a.module].name} needs ${design.modules[b.module].name}` }),
      svgElement('path', { class: 'line f0', d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}` }),
      svgElement('path', { class: async ? 'open tip f0' : 'tip', d: async ? open : tip }),
    );
  });
  const boxes = nodes.map((n, i) => {
    const { name, kind } = design.modules[n.module];
    const replicas = simulator.replicasOf(n.module);
    return svgElement(
      'g',
      { id: `around-n${i}`, class: 'node own' },
      svgElement('title', { text: name }),
      svgElement('rect', { class: 'box', x: n.x, y: n.y, width, height, rx: 6 }),
      svgElement('text', { class: 'title', x: n.x + 12, y: n.y + 20, text: cut(name, 22) }),
      svgElement('text', { class: 'caption', x: n.x + 12, y: n.y + 36, text: kind + (replicas === 1 ? '' : ` · ×${replicas}`) }),
    );
  });
  const rest = [];
  const more = (count, column) => {
    if (count > 0) rest.push(svgElement('text', { class: 'caption own', x: column * (width + aside), y: tall * (height + gap) + 12, text: `and ${count} more` }));
  };
  more(callers.length - left.length, 0);
  more(targets.filter((t) => !left.includes(t)).length - right.length, 2);
  world.replaceChildren(...lines, ...boxes, ...rest);
  const p = newPicture({
    id: 'around',
    nodes: nodes.map((n) => ({ modules: [n.module], box: [n.x, n.y, width, height] })),
    groups: [],
    edges,
    box: [0, 0, 3 * width + 2 * aside, tall * (height + gap) + (rest.length > 0 ? 24 : 0)],
  });
  makeReachable(p);
  surroundingsDrawn.set(m, p);
  return p;
}

// cut shortens a text to so many letters, counted as people see them.
function cut(text, most) {
  const line = text.replace(/\s+/g, ' ');
  const letters = typeof Intl.Segmenter === 'function' ? [...new Intl.Segmenter().segment(line)].map((s) => s.segment) : [...line];
  return letters.length <= most ? line : `${letters.slice(0, most - 1).join('')}…`;
}
