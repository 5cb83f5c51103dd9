// The nodes of a picture are one stop of the tab key, at first the module that the first journey enters
// at; arrow keys lead on from one to the next.
function entryNode(p) {
  const stops = p.nodes.map((e, n) => n).filter((n) => p.nodes[n]?.hasAttribute('data-node'));
  const of = (m) => stops.find((n) => (p.view.nodes[n].modules ?? []).includes(m));
  for (const m of [...design.journeys.map((j) => j.entry), ...design.modules.flatMap((m, i) => (m.entry ? [i] : []))]) {
    const n = m >= 0 ? of(m) : undefined;
    if (n !== undefined) return n;
  }
  return stops[0] ?? -1;
}

function makeReachable(p) {
  p.nodes.forEach((e, n) => {
    if (!e || p.view.nodes[n].role === 'choice') return;
    e.setAttribute('role', 'button');
    e.setAttribute('tabindex', '-1');
    e.dataset.node = n;
  });
  p.nodes[entryNode(p)]?.setAttribute('tabindex', '0');
  p.groups.forEach((e, g) => {
    if (!e || !isFoldable(p.view.groups[g])) return;
    e.setAttribute('role', 'button');
    e.setAttribute('tabindex', '-1');
    e.dataset.fold = g;
  });
  for (const a of p.svg.querySelectorAll('a')) a.setAttribute('tabindex', '-1');
}

// stopsOf lists what arrow keys reach: nodes, and the boxes of folded groups.
function stopsOf(p) {
  const out = [];
  p.nodes.forEach((e) => {
    if (e?.dataset.node !== undefined && !e.classList.contains('away')) out.push({ e, box: p.box(e) });
  });
  for (const e of p.overlay.querySelectorAll('[data-unfold]')) out.push({ e, box: foldedBoxOf(p, Number(e.dataset.unfold)) });
  return out;
}

function focusStop({ e, box }) {
  for (const old of shown.nodes) if (old?.tabIndex === 0) old.setAttribute('tabindex', '-1');
  for (const old of shown.overlay.querySelectorAll('[data-unfold]')) old.setAttribute('tabindex', '-1');
  e.setAttribute('tabindex', '0');
  e.focus({ preventScroll: true });
  viewport.reveal(box);
}

function focusNode(n) {
  focusStop({ e: shown.nodes[n], box: shown.box(shown.nodes[n]) });
}

// keepStop sees to it that the tab key finds something: the module that it found may have been folded away.
function keepStop() {
  const stops = stopsOf(shown);
  if (stops.length === 0 || stops.some(({ e }) => e.tabIndex === 0)) return;
  const entry = shown.nodes[entryNode(shown)];
  (stops.find(({ e }) => e === entry) ?? stops[0]).e.setAttribute('tabindex', '0');
}

// nextStop is the nearest stop in a direction: what lies aside counts double.
function nextStop(from, [dx, dy]) {
  const frame = from.closest('[data-fold]');
  const own = stopsOf(shown).find(({ e }) => e === from);
  const b = own ? own.box : frame ? shown.box(frame) : null;
  if (!b) return null;
  const a = own ? middleOf(b) : { x: b.x + 24, y: b.y }; // a frame is where its name is
  let best = null;
  let least = Infinity;
  for (const stop of stopsOf(shown)) {
    if (stop.e === from) continue;
    const m = middleOf(stop.box);
    const ahead = (m.x - a.x) * dx + (m.y - a.y) * dy;
    const aside = Math.abs((m.x - a.x) * dy) + Math.abs((m.y - a.y) * dx);
    if (ahead > 1 && ahead + 2 * aside < least) [best, least] = [stop, ahead + 2 * aside];
  }
  return best;
}

// endStop is the first or last stop, as one reads.
function endStop(last) {
  const stops = stopsOf(shown).sort((a, b) => a.box.y - b.box.y || a.box.x - b.box.x);
  return last ? stops.at(-1) : stops[0];
}

// focusFrame moves from a module to the frame around it, and from that to the next one out.
function focusFrame() {
  const at = document.activeElement;
  let g = -1;
  if (at.dataset?.node !== undefined) g = shown.groupOf(Number(at.dataset.node));
  else if (at.dataset?.fold !== undefined) g = shown.view.groups[Number(at.dataset.fold)].parent ?? -1;
  if (g >= 0 && shown.groups[g]?.dataset.fold !== undefined) shown.groups[g].focus({ preventScroll: true });
}
