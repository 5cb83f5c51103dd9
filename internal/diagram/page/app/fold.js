// A folded group is one small box, a folder, in the place of its frame. The lines of its members lead to
// it instead, those to or from the same other end as one line with their number.
const foldedSizes = new Map(); // by words: measuring needs the document

function textWidth(picture, text, size, bold) {
  const key = `${size} ${bold} ${text}`;
  if (foldedSizes.has(key)) return foldedSizes.get(key);
  const e = svgElement('text', { 'font-size': size, class: bold ? 'b' : null, text });
  picture.overlay.append(e);
  const width = e.getComputedTextLength();
  e.remove();
  if (width > 0) foldedSizes.set(key, width);
  return width > 0 ? width : text.length * size * 0.6;
}

const membersOf = (picture, g) => {
  const out = new Set();
  picture.view.nodes.forEach((n, i) => {
    if (picture.within(picture.groupOf(i), g)) (n.modules ?? []).forEach((m) => out.add(m));
  });
  return [...out].sort((a, b) => a - b);
};

const foldedName = (group) => cut(group.name, 32);

// foldedBoxOf is the box of a folded group.
function foldedBoxOf(picture, g) {
  const frame = picture.box(picture.groups[g]);
  const count = plural(membersOf(picture, g).length, 'module');
  const width = Math.max(112, textWidth(picture, foldedName(picture.view.groups[g]), 13, true) + 44, textWidth(picture, `${count}, 99 down`, 11, false) + 32);
  const height = 62;
  return { x: frame.x + (frame.width - width) / 2, y: frame.y + (frame.height - height) / 2, width, height };
}

// folder is the outline of a group's box, as in the overview.
const folder = ({ x, y, width, height }) =>
  `M${x} ${y + 4}q0-4 4-4h43l7 7h${width - 61}q7 0 7 7v${height - 21}q0 7-7 7h${14 - width}q-7 0-7-7Z`;

// drawFolded draws the box of folded group g, with what the states and findings of its members come to.
function drawFolded(picture, g, result, about, marks) {
  const group = picture.view.groups[g];
  const b = foldedBoxOf(picture, g);
  const modules = membersOf(picture, g);
  const failing = anyFailure();
  const out = modules.filter((m) => result.moduleDown[m]).length;
  const limping = modules.some((m) => result.states[m] === 'degraded');
  let fares = 'works';
  if (out > 0 && out === modules.length) fares = modules.every((m) => result.states[m] === 'failed') ? 'failed' : 'down';
  else if (out > 0 || (failing && limping)) fares = 'degraded';
  if (group.domain !== undefined && result.domainDown[group.domain]) fares = 'failed';
  const words = plural(modules.length, 'module') + (out > 0 ? `, ${out} down` : '');
  const near = !about || modules.some((m) => about.modules.has(m));
  const e = svgElement(
    'g',
    {
      class: `folded ${fares}${near ? '' : ' faded'}`,
      role: 'button',
      tabindex: '-1',
      'data-unfold': g,
      'data-state': fares,
      'aria-expanded': 'false',
      'aria-label': `${group.kind} ${group.name}, ${words}, folded`,
    },
    svgElement('title', { text: `${group.kind} ${group.name}: ${words}. Unfold` }),
    state.module >= 0 && modules.includes(state.module) ? rectangle(grown(b, 6), { class: 'ring', rx: 11 }) : null,
    svgElement('path', { class: 'plate', d: folder(b) }),
    fares === 'failed' || fares === 'down' ? svgElement('path', { class: 'hatch', fill: `url(#${picture.view.id}-hatch)`, d: folder(b) }) : null,
    svgElement('text', { class: 'title b', x: b.x + 16, y: b.y + 31, 'font-size': 13, text: foldedName(group) }),
    svgElement('text', { class: 'count', x: b.x + 16, y: b.y + 48, 'font-size': 11, text: words }),
    svgElement('path', { class: 'unfold', d: `M${b.x + b.width - 19} ${b.y + 17}h10M${b.x + b.width - 14} ${b.y + 12}v10` }),
  );
  picture.overlay.append(e);
  if (fares !== 'works') picture.overlay.append(stateSign(fares, b.x + b.width - 2, b.y + 6));
  if (marks.size > 0) picture.overlay.append(...findingBadges([...marks], b.x + 5, b.y + 14));
}

// endOf names the box that an end of a line is seen at: a node, or the folded group around it.
const endOf = (picture, n) => {
  const g = picture.outermostFolded(picture.groupOf(n));
  return g >= 0 ? `g${g}` : `n${n}`;
};

// reroute draws the lines from and to folded groups.
function reroute(picture, result, about) {
  const lines = new Map(); // by both ends
  picture.view.edges.forEach((edge, k) => {
    const [from, to] = [endOf(picture, edge.from), endOf(picture, edge.to)];
    if (from === to || (from[0] === 'n' && to[0] === 'n')) return;
    const key = `${from} ${to}`;
    if (!lines.has(key)) lines.set(key, { from, to, edges: [] });
    lines.get(key).edges.push(k);
  });
  const boxAt = (end) => (end[0] === 'g' ? foldedBoxOf(picture, Number(end.slice(1))) : picture.box(picture.nodes[Number(end.slice(1))]));
  const obstacles = [];
  picture.nodes.forEach((e, n) => {
    if (e && endOf(picture, n)[0] === 'n') obstacles.push([`n${n}`, picture.box(e)]);
  });
  picture.view.groups.forEach((_, g) => {
    if (picture.groups[g] && picture.outermostFolded(g) === g) obstacles.push([`g${g}`, foldedBoxOf(picture, g)]);
  });
  const nameAt = (end) => {
    if (end[0] === 'g') return picture.view.groups[Number(end.slice(1))].name;
    const node = picture.view.nodes[Number(end.slice(1))];
    return node.name ?? (node.modules?.length ? design.modules[node.modules[0]].name : '');
  };
  const out = [];
  for (const line of lines.values()) {
    const { from, to, edges } = line;
    const dependencies = new Set(edges.flatMap((k) => picture.view.edges[k].dependencies));
    const all = [...dependencies].map((d) => design.dependencies[d]);
    const states = edges.map((k) => edgeState(picture.view, picture.view.edges[k], result));
    const fares = states.includes('down') ? 'down' : states.includes('degraded') ? 'degraded' : '';
    const near = !about || edges.some((k) => about.edges.has(k));
    const others = obstacles.filter(([end]) => end !== from && end !== to).map(([, b]) => b);
    const course = bestCourse(boxAt(from), boxAt(to), others, lines.has(`${to} ${from}`));
    const soft = all.length > 0 && all.every((d) => d.soft);
    const later = all.length > 0 && all.every((d) => d.when);
    const async = all.length > 0 && all.every((d) => d.async);
    const classes = ['edge', 'own', 'rerouted', soft && 'soft', later && 'later', !near && 'faded', about && near && 'lit', about?.path && near && 'on-path'];
    const turned = `translate(${course.end.x} ${course.end.y}) rotate(${course.angle})`;
    const e = svgElement(
      'g',
      { class: classes.filter(Boolean).join(' '), 'data-state': fares, 'data-from': from, 'data-to': to, 'data-count': dependencies.size },
      svgElement('title', { text: `${nameAt(from)} needs ${nameAt(to)}: ${plural(dependencies.size, 'dependency', 'dependencies')}` }),
      svgElement('path', { class: 'line f0', d: course.d }),
      svgElement('path', { class: async ? 'open tip f0' : 'tip', d: async ? 'M-9-5 0 0-9 5' : 'M0 0-9-4.5V4.5Z', transform: turned }),
    );
    if (dependencies.size > 1) {
      const text = `×${dependencies.size}`;
      const w = 3.6 * text.length + 4;
      e.append(
        svgElement(
          'g',
          { class: 'tally', transform: `translate(${course.middle.x} ${course.middle.y})` },
          svgElement('rect', { x: -w, y: -8, width: 2 * w, height: 16, rx: 8 }),
          svgElement('text', { y: 4, 'font-size': 11, class: 'b', text }),
        ),
      );
    }
    out.push(e);
  }
  picture.rerouted.replaceChildren(...out);
}

const middleOf = (b) => ({ x: b.x + b.width / 2, y: b.y + b.height / 2 });

// onRim is where the ray from the middle of a box towards a point leaves the box.
function onRim(b, p) {
  const m = middleOf(b);
  const [dx, dy] = [p.x - m.x, p.y - m.y];
  const t = Math.min(dx === 0 ? Infinity : b.width / 2 / Math.abs(dx), dy === 0 ? Infinity : b.height / 2 / Math.abs(dy));
  return Number.isFinite(t) ? { x: m.x + dx * t, y: m.y + dy * t } : { x: m.x, y: b.y + b.height };
}

// bestCourse leads from box a to box b: straight, or with the gentlest bend that meets the fewest other boxes.
// Where a line leads back as well, both bend, each to its own side.
function bestCourse(a, b, others, both) {
  const [p, q] = [middleOf(a), middleOf(b)];
  let best = null;
  for (const bend of both ? [0.12, 0.24, 0.4] : [0, 0.12, -0.12, 0.24, -0.24, 0.4, -0.4]) {
    const control = { x: (p.x + q.x) / 2 - (q.y - p.y) * bend, y: (p.y + q.y) / 2 + (q.x - p.x) * bend };
    const [start, end] = [onRim(a, control), onRim(b, control)];
    const at = (t) => ({
      x: (1 - t) ** 2 * start.x + 2 * t * (1 - t) * control.x + t ** 2 * end.x,
      y: (1 - t) ** 2 * start.y + 2 * t * (1 - t) * control.y + t ** 2 * end.y,
    });
    let met = 0;
    for (let i = 1; i < 24; i++) {
      const c = at(i / 24);
      if (others.some((o) => c.x > o.x - 4 && c.x < o.x + o.width + 4 && c.y > o.y - 4 && c.y < o.y + o.height + 4)) met++;
    }
    if (!best || met < best.met) {
      const d = bend === 0 ? `M${start.x} ${start.y}L${end.x} ${end.y}` : `M${start.x} ${start.y}Q${control.x} ${control.y} ${end.x} ${end.y}`;
      best = { met, d, end, middle: at(0.5), angle: (Math.atan2(end.y - control.y, end.x - control.x) * 180) / Math.PI };
    }
    if (best.met === 0) break;
  }
  return best;
}
