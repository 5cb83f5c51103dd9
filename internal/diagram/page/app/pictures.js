// A picture is one view of the design as it was drawn, and what the page lays over it: signs of failure,
// numbers of findings, folded groups, rings and highlights.
const boxOf = (e) => {
  const b = e.getBBox();
  return { x: b.x, y: b.y, width: b.width, height: b.height };
};

const grown = (b, by) => ({ x: b.x - by, y: b.y - by, width: b.width + 2 * by, height: b.height + 2 * by });

const union = (boxes) => {
  const x = Math.min(...boxes.map((b) => b.x));
  const y = Math.min(...boxes.map((b) => b.y));
  return {
    x,
    y,
    width: Math.max(...boxes.map((b) => b.x + b.width)) - x,
    height: Math.max(...boxes.map((b) => b.y + b.height)) - y,
  };
};

const rectangle = (b, attributes) => svgElement('rect', { x: b.x, y: b.y, width: b.width, height: b.height, ...attributes });

// newPicture wraps view v, which is in the page as #view-ID.
function newPicture(v) {
  const svg = byID(`svg-${v.id}`);
  const world = svg.querySelector('.world');
  const rowBoxes = v.grid && v.rows ? addRows(v, world) : [];
  const part = (kind, i) => byID(`${v.id}-${kind}${i}`);
  const nodes = v.nodes.map((_, i) => part('n', i));
  const edges = v.edges.map((_, i) => part('e', i));
  const labels = v.edges.map((_, i) => byID(`${v.id}-e${i}-label`));
  const groups = v.groups.map((_, i) => part('g', i));
  const overlay = svgElement('g', { class: 'overlay' });
  world.append(overlay);
  // Rings lie beneath the lines, so that their tips can be seen; lines to folded groups lie beneath the nodes.
  const below = svgElement('g', { class: 'overlay below' });
  const rerouted = svgElement('g', { class: 'reroutes' });
  const layer = (name) => world.querySelector(`:scope > .picture > .${name}`);
  const lines = layer('edges');
  if (lines) lines.before(below);
  else world.prepend(below);
  const boxesLayer = layer('nodes');
  if (boxesLayer) boxesLayer.before(rerouted);
  else below.after(rerouted);
  const boxes = new Map(rowBoxes);
  const keep = (e, b) => {
    if (e && b && !boxes.has(e)) boxes.set(e, { x: b[0], y: b[1], width: b[2], height: b[3] });
  };
  v.nodes.forEach((n, i) => keep(nodes[i], n.box));
  v.groups.forEach((g, i) => keep(groups[i], g.box));
  // A box is kept once it is known: the drawing itself never changes.
  const box = (e) => {
    if (!boxes.has(e)) boxes.set(e, boxOf(e));
    return boxes.get(e);
  };
  const nodesOf = new Map(); // by module
  v.nodes.forEach((n, i) => {
    for (const m of n.modules ?? []) {
      if (!nodesOf.has(m)) nodesOf.set(m, []);
      nodesOf.get(m).push(i);
    }
  });
  const within = (i, g) => {
    for (let k = i; k >= 0; k = v.groups[k].parent ?? -1) if (k === g) return true;
    return false;
  };
  const outermostFolded = (i) => {
    let found = -1;
    for (let k = i; k >= 0; k = v.groups[k].parent ?? -1) if (isFoldable(v.groups[k]) && state.folded.has(v.groups[k].name)) found = k;
    return found;
  };
  const groupOf = (n) => v.nodes[n].group ?? -1;

  return { view: v, svg, world, overlay, below, rerouted, nodes, edges, labels, groups, box, nodesOf, within, outermostFolded, groupOf, place: null };
}

// The rows of a matrix are its nodes: each a strip over its name and cells.
const mostRows = 400;
function addRows(v, world) {
  if (v.rows.length > mostRows) return [];
  const [x, y, side] = v.grid;
  const cell = side / v.rows.length;
  const left = v.box[0];
  v.nodes = v.rows.map((r) => (r.modules.length === 1 ? { modules: r.modules } : { role: 'summary', name: r.name, modules: r.modules }));
  return v.rows.map((_, i) => {
    const e = svgElement('g', { id: `${v.id}-n${i}`, class: 'node row' }, rectangle({ x: left, y: y + i * cell, width: x + side - left, height: cell }, { class: 'strip' }));
    world.append(e);
    return [e, { x: left, y: y + i * cell, width: x - left, height: cell }];
  });
}

// cellAt is the cell of a matrix at a point of the drawing: [row, column], or null.
function cellAt(view, x, y) {
  const [x0, y0, side] = view.grid;
  const n = view.rows.length;
  const [row, column] = [Math.floor(((y - y0) / side) * n), Math.floor(((x - x0) / side) * n)];
  return row >= 0 && row < n && column >= 0 && column < n ? [row, column] : null;
}

function cellWords(view, [row, column]) {
  const [a, b] = [view.rows[row].name, view.rows[column].name];
  if (row === column) return a;
  view.cellMap ??= new Map((view.cells ?? []).map((c) => [c[0] * view.rows.length + c[1], c]));
  const c = view.cellMap.get(row * view.rows.length + column);
  return c ? `${a} needs ${b}${c[2] > 1 ? `, ${plural(c[2], 'dependency', 'dependencies')}` : ''}${c[3] ? '' : ', soft'}` : `${a} does not need ${b}`;
}

const severities = ['error', 'warning', 'info'];

const isFoldable = (group) => group.name !== '';

// covers says whether a node stands for a module; a fork of alternatives stands for any.
const covers = (node, module) => node.role === 'choice' || (node.modules ?? []).includes(module);

// edgesAlong lists the edges of a picture that a way from module to module takes.
function edgesAlong(picture, path) {
  const out = new Set();
  for (let i = 0; i + 1 < path.length; i++) {
    const [a, b] = [path[i], path[i + 1]];
    picture.view.edges.forEach((e, k) => {
      const leads = e.dependencies.some((d) => design.dependencies[d].from === a && design.dependencies[d].targets.includes(b));
      if (!leads || !covers(picture.view.nodes[e.from], a) || !covers(picture.view.nodes[e.to], b)) return;
      // Of several lines between the same two boxes, the first is that of the gravest dependencies.
      if (![...out].some((o) => picture.view.edges[o].from === e.from && picture.view.edges[o].to === e.to)) out.add(k);
    });
  }
  return out;
}

// interest says what a picture is about now: sets of modules and edges, or null where it is all of it.
function interest(picture) {
  const { view } = picture;
  if (state.finding >= 0) {
    const f = design.findings[state.finding];
    const modules = new Set(f.culprits ?? []);
    const edges = new Set();
    for (const p of f.paths ?? []) {
      p.modules.forEach((m) => modules.add(m));
      edgesAlong(picture, p.modules).forEach((k) => edges.add(k));
    }
    if (f.dependency !== undefined) {
      const d = design.dependencies[f.dependency];
      d.targets.forEach((t) => modules.add(t));
      view.edges.forEach((e, k) => {
        if (e.dependencies.includes(f.dependency)) edges.add(k);
      });
    }
    if (modules.size > 0) return { modules, edges, path: true };
  }
  if (state.module >= 0) {
    const modules = new Set([state.module]);
    const edges = new Set();
    view.edges.forEach((e, k) => {
      for (const i of e.dependencies) {
        const d = design.dependencies[i];
        if (d.from === state.module || d.targets.includes(state.module)) {
          edges.add(k);
          if (d.from === state.module) d.targets.forEach((t) => modules.add(t));
          else modules.add(d.from);
        }
      }
    });
    return { modules, edges };
  }
  if (state.journey >= 0) {
    const { modules, dependencies } = simulator.closure(state.journey);
    const edges = new Set();
    view.edges.forEach((e, k) => {
      if (e.dependencies.some((d) => dependencies.has(d))) edges.add(k);
    });
    return { modules, edges };
  }
  return null;
}

const stateWords = { works: 'works', degraded: 'degraded: a soft dependency is missing', down: 'down', failed: 'failed' };

// nodeState is that of a node. A group as one box is failed or down only if all of its members are; a part
// of a module's replicas failed if all of them did.
function nodeState(picture, n, result) {
  const node = picture.view.nodes[n];
  const modules = node.modules ?? [];
  if (node.role === 'choice' || modules.length === 0) return { state: 'works', label: '' };
  const states = modules.map((m) => result.states[m]);
  if (node.role === 'summary') {
    const out = states.filter((s) => s === 'failed' || s === 'down').length;
    const label = out > 0 ? `${out} of ${states.length} down` : '';
    if (states.every((s) => s === 'failed')) return { state: 'failed', label };
    if (out === states.length) return { state: 'down', label };
    return { state: states.every((s) => s === 'works') ? 'works' : 'degraded', label };
  }
  const { lost, shown } = lostReplicas(node, modules[0], result);
  const label = lost > 0 && lost < shown ? `${lost} of ${shown} replicas down` : '';
  return { state: node.domain === undefined ? states[0] : stateOfPart(states[0], lost, shown), label };
}

// lostReplicas counts the replicas that a node shows, and those of them that are down.
function lostReplicas(node, m, result) {
  const all = simulator.replicasOf(m);
  if (node.domain === undefined) return { lost: result.lostReplicas[m], shown: all };
  const shown = node.replicas;
  if (state.fail.modules.has(m) || (node.domain >= 0 && result.domainDown[node.domain])) return { lost: shown, shown };
  let lost = 0;
  for (const number of state.fail.replicas.get(m) ?? []) if (simulator.domainOfReplica(m, number) === node.domain) lost++;
  return { lost: Math.min(lost, shown), shown };
}

// The signs of states: a shape each, so that colour is not the only one.
// They keep a size that can be seen when the drawing is small.
function stateSign(kind, x, y) {
  const shapes = {
    degraded: ['M0-11 11 8H-11Z', 'M0-4V2M0 4.6V5'],
    failed: ['M-5-11H5L11-5V5L5 11H-5L-11 5V-5Z', 'M-4-4 4 4M4-4-4 4'],
    down: ['M0-10A10 10 0 1 1 0 10A10 10 0 1 1 0-10Z', 'M-4-4 4 4M4-4-4 4'],
  };
  const [plate, glyph] = shapes[kind];
  return svgElement(
    'g',
    { class: `sign ${kind}`, transform: `translate(${x} ${y})`, 'aria-hidden': 'true' },
    svgElement('g', { class: 'sized' }, svgElement('path', { class: 'plate', d: plate }), svgElement('path', { class: 'glyph', d: glyph })),
  );
}

// findingBadges are the numbers of findings, a badge for each severity: an octagon for errors, a triangle for
// warnings, a circle for infos. They stand one above the other to the left of a point; they grow away from it.
function findingBadges(numbers, x, y) {
  const list = severities.map((s) => numbers.filter((i) => design.findings[i].severity === s).sort((a, b) => a - b)).filter((l) => l.length > 0);
  return list.map((own, slot) => {
    const { w, plate } = findingPlate(own);
    return findingBadge(own, x, y, plate, `translate(${-w / 2} ${18 * slot})`);
  });
}

function findingPlate(numbers) {
  const { severity } = design.findings[numbers[0]];
  const text = numbers.length === 1 ? `${numbers[0] + 1}` : `${numbers[0] + 1} +${numbers.length - 1}`;
  const k = 3.2 * text.length; // half of the text
  const w = k + (severity === 'error' ? 5 : 4);
  const outline = {
    error: `M${3.3 - w - 1}-8H${w - 2.3}L${w + 1}-4.7V4.7L${w - 2.3} 8H${2.3 - w}L${-w - 1} 4.7V-4.7L${2.3 - w}-8Z`,
    warning: `M${1 - k}-9.5H${k - 1}L${w + 5} 8H${-w - 5}Z`,
    info: `M${Math.min(0, 8 - w)}-8H${Math.max(0, w - 8)}A8 8 0 0 1 ${Math.max(0, w - 8)} 8H${Math.min(0, 8 - w)}A8 8 0 0 1 ${Math.min(0, 8 - w)}-8Z`,
  }[severity];
  return { w: 2 * (severity === 'info' ? Math.max(8, w) : w + (severity === 'error' ? 1 : 5)), plate: { severity, outline, text } };
}

function findingBadge(numbers, x, y, { severity, outline, text }, aside) {
  return svgElement(
    'g',
    { class: `badge ${severity}`, transform: `translate(${x} ${y})`, 'data-finding': numbers[0] },
    svgElement('title', { text: numbers.slice(0, 8).map((i) => `${i + 1}: ${design.findings[i].severity}: ${design.findings[i].message}`).join('\n') }),
    svgElement('g', { class: 'sized' }, svgElement('g', { transform: aside }, svgElement('path', { d: outline }), svgElement('text', { y: severity === 'warning' ? 5 : 3.8, text }))),
  );
}

// draw brings a picture up to date with the state.
function drawPicture(picture, result) {
  const { view, overlay, below } = picture;
  overlay.replaceChildren();
  below.replaceChildren();
  picture.hatches?.forEach((e) => e.remove());
  picture.hatches = [];
  const failing = anyFailure();
  // While failures are chosen, a chosen module has its ring, but fades nothing of what they bring down.
  const about = failing && state.finding < 0 ? null : interest(picture);
  const hiddenNode = view.nodes.map((_, n) => picture.outermostFolded(picture.groupOf(n)) >= 0);
  const isNear = (node) => !about || (node.role === 'choice' ? null : (node.modules ?? []).some((m) => about.modules.has(m)));

  const nearChoice = new Set();
  if (about) {
    for (const k of about.edges) {
      const e = view.edges[k];
      [e.from, e.to].forEach((n) => nearChoice.add(n));
    }
  }
  view.nodes.forEach((node, n) => {
    const e = picture.nodes[n];
    if (!e) return;
    const near = isNear(node) ?? nearChoice.has(n);
    const { state: fares, label } = nodeState(picture, n, result);
    e.classList.toggle('faded', !near);
    e.classList.toggle('away', hiddenNode[n]);
    e.classList.toggle('chosen', node.role !== 'summary' && state.module >= 0 && (node.modules ?? []).includes(state.module));
    e.dataset.state = failing || fares !== 'works' ? fares : '';
    if (e.hasAttribute('tabindex')) e.setAttribute('aria-label', nodeWords(node, failing ? label || stateWords[fares] : ''));
    if (hiddenNode[n]) return;
    const b = picture.box(e);
    const isRow = e.classList.contains('row');
    e.classList.toggle('near', isRow && Boolean(about) && near);
    if (e.classList.contains('chosen')) (isRow ? overlay : below).append(rectangle(grown(b, isRow ? 0 : 6), { class: 'ring', rx: isRow ? 3 : 11 }));
    if (about?.path && near) (isRow ? overlay : below).append(rectangle(grown(b, 4), { class: 'on-path', rx: 9 }));
    if (isRow) {
      if (fares === 'works') return;
      if (fares !== 'degraded') overlay.append(rectangle(b, { class: `tint ${fares}` }));
      const sign = stateSign(fares, b.x - b.height / 2, b.y + b.height / 2);
      sign.setAttribute('transform', `${sign.getAttribute('transform')} scale(${Math.min(1, b.height / 26)})`);
      overlay.append(sign);
      return;
    }
    if (label) overlay.append(labelPlate(label, b.x + b.width / 2, b.y + b.height + 11, fares));
    if (fares === 'works') return;
    if (fares !== 'degraded') {
      // Beneath the icon and the text, so that they stay readable.
      const hatch = rectangle(grown(b, -1), { class: 'hatch', rx: 6, fill: `url(#${view.id}-hatch)`, 'aria-hidden': 'true' });
      e.insertBefore(hatch, e.querySelector(':scope > .tile') ?? e.querySelector(':scope > text'));
      picture.hatches.push(hatch);
      overlay.append(rectangle(grown(b, 1), { class: `outline ${fares}`, rx: 7 }));
    }
    overlay.append(stateSign(fares, b.x + b.width - 2, b.y + 2));
  });
  view.edges.forEach((edge, k) => {
    const e = picture.edges[k];
    if (!e) return;
    const [a, b] = [picture.outermostFolded(picture.groupOf(edge.from)), picture.outermostFolded(picture.groupOf(edge.to))];
    const hidden = a >= 0 || b >= 0; // lines of folded groups are drawn anew
    const faded = Boolean(about) && !about.edges.has(k);
    for (const part of [e, picture.labels[k]]) {
      part?.classList.toggle('away', hidden);
      part?.classList.toggle('faded', faded);
    }
    e.classList.toggle('lit', Boolean(about) && about.edges.has(k));
    e.classList.toggle('on-path', Boolean(about?.path) && about.edges.has(k));
    e.dataset.state = edgeState(view, edge, result);
  });
  const foldedGroups = [];
  view.groups.forEach((group, g) => {
    const e = picture.groups[g];
    if (!e) return;
    const folded = picture.outermostFolded(g);
    e.classList.toggle('away', folded >= 0);
    byID(`${view.id}-g${g}-label`)?.classList.toggle('away', folded >= 0);
    e.dataset.state = group.domain !== undefined && result.domainDown[group.domain] ? 'failed' : '';
    if (e.dataset.fold !== undefined) {
      const isDown = e.dataset.state ? ', down' : '';
      e.setAttribute('aria-label', `${group.kind} ${group.name}${isDown}, ${folded >= 0 ? 'folded' : 'unfolded'}`);
      e.setAttribute('aria-expanded', String(folded < 0));
    }
    if (folded < 0 && e.dataset.state) {
      const b = picture.box(e);
      overlay.append(rectangle(b, { class: 'hatch frame', rx: 6, fill: `url(#${view.id}-hatch)` }), stateSign('failed', b.x + b.width - 2, b.y + 2));
    }
    if (folded === g) foldedGroups.push(g);
  });
  reroute(picture, result, about);
  const marks = state.marks ? marksOf(picture) : null;
  for (const g of foldedGroups) drawFolded(picture, g, result, about, marks ? marksWithin(picture, g, marks) : new Set());
  if (marks) drawMarks(picture, marks);
}

// edgeState tells how a line fares: down where what it needs is missing and its caller fails, degraded where
// the caller goes on. From a fork on, only lines to what is down are hurt.
function edgeState(view, edge, result) {
  const missing = edge.dependencies.filter((d) => result.unsatisfied(d));
  const state = missing.some((d) => !design.dependencies[d].soft) ? 'down' : missing.length > 0 ? 'degraded' : '';
  const to = view.nodes[edge.to];
  if (view.nodes[edge.from].role !== 'choice') return state;
  return (to.modules ?? []).some((m) => result.moduleDown[m]) ? state || 'degraded' : '';
}

function nodeWords(node, fares) {
  if (node.role === 'choice') return `alternatives of ${node.name}`;
  if (node.role === 'summary') return [`${node.name}, ${plural(node.modules.length, 'module')}`, fares].filter(Boolean).join(', ');
  const m = design.modules[node.modules[0]];
  const where = node.domain >= 0 ? `in ${design.domains[node.domain].name}` : '';
  return [m.name, m.kind, where, fares].filter(Boolean).join(', ');
}

function labelPlate(text, x, y, kind) {
  const w = 3.2 * text.length + 8;
  return svgElement(
    'g',
    { class: `state-label ${kind}`, transform: `translate(${x} ${y})`, 'aria-hidden': 'true' },
    svgElement('rect', { x: -w, y: -9, width: 2 * w, height: 18, rx: 9 }),
    svgElement('text', { y: 4, text }),
  );
}

// marksOf tells which findings mark which nodes, edges and groups of a picture.
function marksOf(picture) {
  const { view } = picture;
  const [nodes, edges, groups] = [new Map(), new Map(), new Map()];
  const mark = (map, i, f) => {
    if (!map.has(i)) map.set(i, new Set());
    map.get(i).add(f);
  };
  design.findings.forEach((f, i) => {
    if (f.dependency !== undefined && view.edges.length > 0) {
      const k = view.edges.findIndex((e) => e.dependencies.includes(f.dependency));
      if (k >= 0) mark(edges, k, i);
      return;
    }
    if (f.subjectKind === 'failureDomain' || f.subjectKind === 'group' || f.subjectKind === 'team') {
      const g = view.groups.findIndex((x) => x.name === f.subject && (x.domain === undefined) === (f.subjectKind !== 'failureDomain'));
      if (g >= 0) mark(groups, g, i);
      if (g >= 0 || f.subjectKind !== 'failureDomain') return;
    }
    for (const m of f.culprits ?? []) for (const n of picture.nodesOf.get(m) ?? []) mark(nodes, n, i);
  });
  return { nodes, edges, groups };
}

// marksWithin are the findings that mark something that is folded away in group g.
function marksWithin(picture, g, { nodes, edges, groups }) {
  const out = new Set();
  const add = (list) => list.forEach((i) => out.add(i));
  const inside = (n) => picture.within(picture.groupOf(n), g);
  for (const [n, list] of nodes) if (inside(n)) add(list);
  for (const [k, list] of edges) if (inside(picture.view.edges[k].from)) add(list);
  for (const [i, list] of groups) if (picture.within(i, g)) add(list);
  return out;
}

function drawMarks(picture, { nodes, edges, groups }) {
  const { overlay } = picture;
  const isAway = (e) => !e || e.classList.contains('away');
  for (const [n, numbers] of nodes) {
    if (isAway(picture.nodes[n]) || picture.nodes[n].classList.contains('row')) continue;
    const b = picture.box(picture.nodes[n]);
    overlay.append(...findingBadges([...numbers], b.x + 5, b.y + 5));
  }
  for (const [k, numbers] of edges) {
    const { from } = picture.view.edges[k];
    if (isAway(picture.edges[k])) {
      // The line is folded away: its caller shows what is said of it.
      if (!isAway(picture.nodes[from])) overlay.append(...findingBadges([...numbers], picture.box(picture.nodes[from]).x + 5, picture.box(picture.nodes[from]).y + picture.box(picture.nodes[from]).height - 3));
      continue;
    }
    const line = picture.edges[k].querySelector('path');
    if (!line) continue;
    // Beside the line, lest a short one is covered.
    const length = line.getTotalLength();
    const t = Math.min(length * 0.38, 60);
    const [p, q] = [line.getPointAtLength(t), line.getPointAtLength(Math.min(length, t + 2))];
    const d = Math.hypot(q.x - p.x, q.y - p.y) || 1;
    const side = q.x < p.x ? -1 : 1; // above a line that leads across, to the right of one that leads down
    const [nx, ny] = [(side * (q.y - p.y)) / d, (-side * (q.x - p.x)) / d];
    const list = severities.map((s) => [...numbers].filter((i) => design.findings[i].severity === s)).filter((l) => l.length > 0);
    list.forEach((own, slot) => {
      const { w, plate } = findingPlate(own.sort((a, b) => a - b));
      const off = Math.abs(nx) * (w / 2) + Math.abs(ny) * 9 + 4;
      const badge = findingBadge(own, p.x, p.y, plate, `translate(${(nx * off).toFixed(2)} ${(ny * off + slot * 18).toFixed(2)})`);
      badge.classList.add('beside');
      overlay.append(badge);
    });
  }
  for (const [g, numbers] of groups) {
    if (isAway(picture.groups[g])) continue;
    const b = picture.box(picture.groups[g]);
    overlay.append(...findingBadges([...numbers], b.x + 5, b.y + 10));
  }
}
