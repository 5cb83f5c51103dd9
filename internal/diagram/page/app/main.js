// What the user does changes the state; then all is brought up to date with it.
const pictures = new Map(design.views.map((v) => [v.id, newPicture(v)]));
const canvas = byID('canvas');
let current = simulator.before;
let shown = null;
let wayBack = null; // to the view in which a module was chosen
const viewport = newViewport(canvas, () => shown);

const picture = () => (state.around && state.module >= 0 ? surroundings(state.module) : pictures.get(state.view));

// wholeOf is the box of all that a picture shows.
const wholeOf = (p) => (p.view.box ? { x: p.view.box[0], y: p.view.box[1], width: p.view.box[2], height: p.view.box[3] } : boxOf(p.world));

function fit() {
  viewport.show(wholeOf(shown), 1.6);
  shown.fitted = true; // until it is moved
}

function change(what) {
  what();
  update();
}

// update shows the state: the picture, the panel, the line of results and the address.
function update({ keepAddress = false } = {}) {
  current = simulator.simulate(scenario());
  const next = picture();
  const isNew = next !== shown;
  if (isNew) {
    shown = next;
    for (const e of document.querySelectorAll('.view')) e.hidden = e.id !== `view-${shown.view.id}`;
    drawLegend();
  }
  if (!shown.place) fit();
  drawPicture(shown, current);
  keepStop();
  drawPanel();
  for (const b of document.querySelectorAll('[data-view]')) b.setAttribute('aria-pressed', String(b.dataset.view === state.view && !state.around));
  byID('journey').value = String(state.journey);
  const failing = anyFailure();
  byID('result-bar').hidden = !failing;
  const words = failing ? outcomeWords(current) : '';
  if (byID('result').textContent !== words) byID('result').textContent = words;
  byID('result-bar').dataset.verdict = added(current.lost, simulator.before.lost).length > 0 ? 'lost' : added(current.degraded, simulator.before.degraded).length > 0 ? 'degraded' : 'fine';
  if (!keepAddress && location.hash !== addressOf()) {
    try {
      history.replaceState(null, '', addressOf());
    } catch {
      // Some browsers bound how often an address may change.
    }
  }
}

// drawLegend explains the signs of the drawing, and those that the page lays over it.
function drawLegend({ failures = true, findings = true } = {}) {
  const signs = byID(`legend-${shown.view.id}`)?.content.cloneNode(true) ?? element('ul');
  const list = signs.querySelector?.('ul') ?? signs;
  const add = (sign, text) => list.append(element('li', {}, sign, element('span', { text })));
  const states = [
    ['failed', 'failed: chosen, or without enough replicas'],
    ['down', 'down, because of something else'],
    ['degraded', 'degraded: works without something'],
  ];
  for (const [kind, text] of failures ? states : []) {
    add(svgElement('svg', { width: 42, height: 24, viewBox: '-21 -12 42 24', 'aria-hidden': 'true' }, stateSign(kind, 0, 0)), text);
  }
  for (const severity of findings ? severities : []) {
    if (design.findings.some((f) => f.severity === severity)) add(severitySign(severity), `finding: ${severity}`);
  }
  byID('legend').replaceChildren(signs);
}

function openLeaf(id, { focus = false } = {}) {
  leaf = id;
  document.body.classList.add('with-panel');
  byID('toggle-panel').setAttribute('aria-expanded', 'true');
  drawPanel();
  if (focus) byID('subject')?.focus();
}

function closePanel() {
  document.body.classList.remove('with-panel');
  byID('toggle-panel').setAttribute('aria-expanded', 'false');
}

// boxesOf are those of a picture's nodes that stand for one of the modules, as they are seen.
function boxesOf(p, modules) {
  const out = [];
  for (const m of modules) {
    for (const n of p.nodesOf.get(m) ?? []) {
      const g = p.outermostFolded(p.groupOf(n));
      if (g >= 0) out.push(foldedBoxOf(p, g));
      else if (p.nodes[n]) out.push(p.box(p.nodes[n]));
    }
  }
  return out;
}

// goToModule chooses a module, and brings it into sight; where the view does not show it, the first
// view that does.
function goToModule(m, focus = false) {
  if (state.module < 0 && shown?.place) {
    wayBack = { picture: shown, place: { ...shown.place }, fitted: shown.fitted, panel: document.body.classList.contains('with-panel') };
  }
  state.module = m;
  state.finding = -1;
  leaf = 'details';
  const shows = (id) => (pictures.get(id).nodesOf.get(m) ?? []).some((n) => !pictures.get(id).view.nodes[n].role);
  if (!state.around && !shows(state.view)) {
    const other = design.views.find((v) => shows(v.id));
    if (other) state.view = other.id;
    else state.around = true;
  }
  update();
  openLeaf('details');
  const boxes = boxesOf(shown, [m]);
  if (boxes.length > 0) {
    if (shown.place.scale < 0.5) viewport.show(grown(union(boxes), 220), 1);
    else viewport.reveal(union(boxes));
  }
  if (focus) {
    const n = shown.nodesOf.get(m)?.find((k) => shown.nodes[k]?.dataset.node !== undefined);
    if (n !== undefined && !shown.nodes[n].classList.contains('away')) focusNode(n);
    else byID('subject')?.focus();
  }
}

function chooseJourney(j) {
  Object.assign(state, { journey: j, module: -1, finding: -1, around: false });
  leaf = 'details';
  wayBack = null;
  if (canvas.contains(document.activeElement)) document.activeElement.blur();
  update();
  showJourney();
}

// showJourney brings all that the journey needs into sight, or all modules where none is chosen.
function showJourney() {
  const boxes = state.journey >= 0 ? boxesOf(shown, simulator.closure(state.journey).modules) : [];
  if (boxes.length > 0) viewport.show(grown(union(boxes), 24), 1.6);
  else fit();
}

function revealFinding(i) {
  const f = design.findings[i];
  state.module = -1;
  state.around = false;
  const modules = new Set([...(f.culprits ?? []), ...(f.paths ?? []).flatMap((p) => p.modules)]);
  if (modules.size === 0) return;
  requestAnimationFrame(() => {
    const boxes = boxesOf(shown, modules);
    if (boxes.length > 0) viewport.reveal(union(boxes));
  });
}

function toggleGroup(g) {
  const { name } = shown.view.groups[g];
  change(() => (state.folded.has(name) ? state.folded.delete(name) : state.folded.add(name)));
}

function activate(target) {
  const node = target.closest('[data-node]');
  const fold = target.closest('[data-fold]');
  const unfold = target.closest('[data-unfold]');
  const badge = target.closest('[data-finding]');
  if (badge && canvas.contains(badge)) {
    state.finding = Number(badge.dataset.finding);
    state.module = -1;
    openLeaf('findings');
    update();
  } else if (node) {
    const { role, modules = [], name } = shown.view.nodes[Number(node.dataset.node)];
    if (role === 'summary') openGroup(name, modules);
    else if (modules.length > 0) goToModule(modules[0]);
  } else if (unfold) {
    toggleGroup(Number(unfold.dataset.unfold));
    shown.groups[Number(unfold.dataset.unfold)]?.focus({ preventScroll: true });
  } else if (fold) {
    const g = Number(fold.dataset.fold);
    toggleGroup(g);
    const box = shown.overlay.querySelector(`[data-unfold="${g}"]`);
    if (box) focusStop({ e: box, box: foldedBoxOf(shown, g) });
  } else return false;
  return true;
}

// openGroup lists the members of a group.
function openGroup(name, modules) {
  state.module = -1;
  state.finding = -1;
  update();
  openLeaf('details');
  const down = modules.filter((m) => current.moduleDown[m]).length;
  byID('leaf').replaceChildren(
    element('header', { class: 'subject' }, element('p', { class: 'kind', text: 'group' }), element('h2', { id: 'subject', tabindex: '-1' }, nameElement(name))),
    section(
      plural(modules.length, 'module') + (down > 0 ? `, ${down} down` : ''),
      element('ul', { class: 'plain members' }, modules.map((m) => element('li', {}, moduleLink(m), element('small', { text: ` ${design.modules[m].kind}` })))),
    ),
  );
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  byID('theme').value = theme;
  try {
    localStorage.setItem('lintel-theme', theme);
  } catch {
    // A page from a file may not keep anything.
  }
}

function isTyping(e) {
  return e.target.matches('input:not([type=checkbox]), select, textarea');
}

function onKey(e) {
  if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'k') {
    e.preventDefault();
    searchBox.open();
    return;
  }
  if (e.ctrlKey || e.metaKey || e.altKey || isTyping(e) || document.querySelector('dialog[open]')) return;
  const inCanvas = canvas.contains(document.activeElement) || document.activeElement === document.body;
  const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
  if (direction && inCanvas) {
    const at = document.activeElement.closest?.('[data-node], [data-fold], [data-unfold]');
    if (at && !e.shiftKey) {
      const next = nextStop(at, direction);
      if (next) focusStop(next);
    } else viewport.pan(-60 * direction[0], -60 * direction[1]);
    e.preventDefault();
    return;
  }
  if ((e.key === 'Home' || e.key === 'End') && inCanvas) {
    const stop = endStop(e.key === 'End');
    if (stop) focusStop(stop);
    e.preventDefault();
    return;
  }
  if ((e.key === 'Enter' || e.key === ' ') && canvas.contains(e.target) && activate(e.target)) {
    e.preventDefault();
    return;
  }
  const command = {
    '/': () => searchBox.open(),
    '?': () => byID('help').showModal(),
    '+': () => viewport.zoom(1.25),
    '=': () => viewport.zoom(1.25),
    '-': () => viewport.zoom(0.8),
    0: fit,
    f: fit,
    g: focusFrame,
    r: () => change(resetFailures),
    Escape: escape,
  }[e.key];
  if (command) {
    command();
    e.preventDefault();
  } else if (/^[1-9]$/.test(e.key) && design.views[Number(e.key) - 1]) {
    change(() => ((state.view = design.views[Number(e.key) - 1].id), (state.around = false)));
  }
}

// Escape goes back by one step: from a finding or module to the journey, from that to all, then closes the panel.
function escape() {
  if (!byID('legend').hidden) toggleLegend();
  else if (state.finding >= 0 || state.module >= 0) {
    change(() => ((state.finding = -1), (state.module = -1), (state.around = false)));
    goBack();
  }
  else if (state.journey >= 0) chooseJourney(-1);
  else closePanel();
}

// goBack restores the view that a module was chosen in, and on narrow screens closes the panel that this opened.
function goBack() {
  const back = wayBack;
  wayBack = null;
  if (!back || back.picture !== shown) return;
  if (!back.panel && isNarrow()) closePanel();
  settle();
  if (back.fitted) fit();
  else {
    shown.place = back.place;
    shown.fitted = false;
    viewport.apply();
  }
}

const isNarrow = () => window.matchMedia('(max-width: 48em)').matches;

function toggleLegend() {
  byID('legend').hidden = !byID('legend').hidden;
  byID('show-legend').setAttribute('aria-expanded', String(!byID('legend').hidden));
}

// settle takes the size of the canvas as it is.
let size = { width: 0, height: 0 };
function settle() {
  size = { width: canvas.clientWidth, height: canvas.clientHeight };
}

// What was in the middle stays there; a chosen module comes into it where it would leave the canvas.
function onResize() {
  const old = size;
  settle();
  if (shown?.printed || (old.width === size.width && old.height === size.height)) return;
  if (shown?.fitted) fit();
  else if (shown?.place && old.width > 0) viewport.pan((size.width - old.width) / 2, (size.height - old.height) / 2);
  if (shown?.place && state.module >= 0) {
    const boxes = boxesOf(shown, [state.module]);
    if (boxes.length > 0 && !viewport.isInSight(union(boxes))) viewport.centre(union(boxes));
  }
}

function listen() {
  document.addEventListener('keydown', onKey);
  canvas.addEventListener('click', (e) => {
    if (e.target.closest('[data-still]')) return;
    if (e.target.closest('a')) return;
    if (!activate(e.target) && (state.module >= 0 || state.finding >= 0) && !state.around) change(() => ((state.module = -1), (state.finding = -1), (wayBack = null)));
  });
  for (const b of document.querySelectorAll('[data-view]')) {
    b.addEventListener('click', () => change(() => ((state.view = b.dataset.view), (state.around = false))));
  }
  const journey = byID('journey');
  journey.append(element('option', { value: '-1', text: 'All journeys' }), ...design.journeys.map((j, i) => element('option', { value: String(i), text: j.name })));
  journey.addEventListener('change', () => chooseJourney(Number(journey.value)));
  byID('open-search').addEventListener('click', () => searchBox.open());
  byID('open-help').addEventListener('click', () => byID('help').showModal());
  byID('theme').addEventListener('change', (e) => setTheme(e.target.value));
  byID('zoom-in').addEventListener('click', () => viewport.zoom(1.25));
  byID('zoom-out').addEventListener('click', () => viewport.zoom(0.8));
  byID('fit').addEventListener('click', fit);
  byID('show-legend').addEventListener('click', toggleLegend);
  byID('reset').addEventListener('click', () => change(resetFailures));
  byID('why').addEventListener('click', () => openLeaf('failures', { focus: true }));
  byID('toggle-panel').addEventListener('click', () => (document.body.classList.contains('with-panel') ? closePanel() : openLeaf(leaf)));
  canvas.addEventListener('pointermove', (e) => {
    const { view, world, place } = shown;
    const r = canvas.getBoundingClientRect();
    const cell = view.grid ? cellAt(view, (e.clientX - r.left - place.x) / place.scale, (e.clientY - r.top - place.y) / place.scale) : null;
    byID('cell').hidden = !cell;
    world.querySelector('.crosshair')?.remove();
    if (!cell) return;
    byID('cell').textContent = cellWords(view, cell);
    const [x, y, side] = view.grid;
    const size = side / view.rows.length;
    world.append(
      svgElement('g', { class: 'crosshair' }, rectangle({ x: view.box[0], y: y + cell[0] * size, width: x + side - view.box[0], height: size }, {}), rectangle({ x: x + cell[1] * size, y: view.box[1], width: size, height: y + side - view.box[1] }, {})),
    );
  });
  const tabs = Object.keys(leaves);
  for (const id of tabs) {
    byID(`tab-${id}`).addEventListener('click', () => openLeaf(id));
    byID(`tab-${id}`).addEventListener('keydown', (e) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
      if (!step) return;
      const next = tabs[(tabs.indexOf(id) + step + tabs.length) % tabs.length];
      openLeaf(next);
      byID(`tab-${next}`).focus();
      e.preventDefault();
    });
  }
  for (const a of document.querySelectorAll('.skip')) {
    a.addEventListener('click', (e) => {
      e.preventDefault();
      if (a.dataset.to === 'leaf') openLeaf(leaf, { focus: true });
      else (shown.svg.querySelector('[data-node][tabindex="0"]') ?? canvas).focus();
    });
  }
  for (const d of document.querySelectorAll('dialog [data-close]')) d.addEventListener('click', () => d.closest('dialog').close());
  window.addEventListener('hashchange', () => {
    readAddress();
    if (state.module >= 0) leaf = 'details';
    else if (state.finding >= 0) leaf = 'findings';
    update({ keepAddress: true });
  });
  new ResizeObserver(onResize).observe(canvas);
  searchBox.listen();
  listenToPrinting();
}

function begin() {
  document.documentElement.classList.add('alive');
  for (const p of pictures.values()) makeReachable(p);
  // From here on the pictures fill the canvas and are moved by the viewport.
  for (const svg of document.querySelectorAll('svg.picture')) {
    for (const name of ['viewBox', 'width', 'height']) svg.removeAttribute(name);
  }
  let theme = design.start.theme;
  try {
    theme = localStorage.getItem('lintel-theme') ?? theme;
  } catch {
    // as above
  }
  setTheme(['auto', 'light', 'dark', 'print'].includes(theme) ? theme : 'auto');
  readAddress();
  listen();
  if (window.matchMedia('(min-width: 62em)').matches) openLeafFirst();
  update();
  if (state.module >= 0) goToModule(state.module);
  else if (state.journey >= 0) showJourney();
  document.documentElement.dataset.ready = '';
}

function openLeafFirst() {
  document.body.classList.add('with-panel');
  byID('toggle-panel').setAttribute('aria-expanded', 'true');
  if (state.finding >= 0) leaf = 'findings';
  else if (anyFailure() && state.module < 0) leaf = 'failures';
}

begin();
