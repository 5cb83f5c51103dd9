// The panel beside the picture has three leaves: what is known of the chosen module (or of the whole
// system), the findings, and the failures.
let leaf = 'details';

const section = (title, ...children) => element('section', {}, element('h3', { text: title }), ...children);

const factList = (facts) =>
  element('dl', { class: 'facts' }, facts.map(([label, value]) => [element('dt', { text: label }), element('dd', {}, nameElement(value, 'span'))]));

// moduleLink is a button that moves on to a module.
function moduleLink(m, mark = '') {
  return element(
    'button',
    { type: 'button', class: `link ${mark}`, 'data-module': m, onclick: () => goToModule(m) },
    nameElement(design.modules[m].name),
  );
}

// moduleList lists the first of modules, of which there may be more than are given.
const moduleList = (modules, most = 12, all = modules.length, id = null) =>
  element(
    'ul',
    { class: 'names', id },
    modules.slice(0, most).map((m) => element('li', {}, moduleLink(m))),
    all > Math.min(most, modules.length) ? element('li', { class: 'quiet', text: `and ${all - Math.min(most, modules.length)} more` }) : null,
  );

// chain shows a way from module to module.
const chain = (modules, lastWord = '') =>
  element(
    'ol',
    { class: 'chain' },
    modules.map((m, i) => element('li', {}, moduleLink(m), i === modules.length - 1 && lastWord ? element('span', { class: 'word', text: lastWord }) : null)),
  );

function severitySign(severity) {
  const d = { error: 'M5 1H11L15 5V11L11 15H5L1 11V5Z', warning: 'M8 1 15 14H1Z', info: 'M8 1A7 7 0 1 1 8 15A7 7 0 1 1 8 1Z' }[severity];
  const glyph = severity === 'info' ? 'M8 7V11.5M8 4.4V4.8' : severity === 'warning' ? 'M8 5.5V9.6M8 11.6V12' : 'M5.4 5.4 10.6 10.6M10.6 5.4 5.4 10.6';
  return svgElement(
    'svg',
    { class: `severity ${severity}`, viewBox: '0 0 16 16', role: 'img', 'aria-label': severity },
    svgElement('path', { class: 'plate', d }),
    svgElement('path', { class: 'glyph', d: glyph }),
  );
}

function dependencyItem(k, other) {
  const d = design.dependencies[k];
  const words = [d.async ? 'async' : 'sync', d.soft ? 'soft' : 'hard'];
  if (d.when) words.push(d.when === 'removed' ? d.when : `at ${d.when}`);
  const missing = anyFailure() && current.unsatisfied(k);
  return element(
    'li',
    { class: missing ? 'missing' : null },
    element(
      'div',
      { class: 'row' },
      element('span', {}, other),
      element('span', { class: 'tags' }, words.map((w) => element('span', { class: `tag ${w}`, text: w })), missing ? element('span', { class: 'tag lost', text: 'not satisfied' }) : null),
    ),
    d.facts ? factList(d.facts) : null,
  );
}

function outgoing(m) {
  return simulator.dependenciesOf[m].map((k) => {
    const d = design.dependencies[k];
    const unknown = (d.unknown ?? []).map((u) => element('span', { class: 'unknown', title: 'not in the design' }, nameElement(u), ' (unknown)'));
    if (d.key === undefined) return dependencyItem(k, d.targets.length > 0 ? moduleLink(d.targets[0]) : unknown);
    return dependencyItem(k, [
      nameElement(d.key, 'strong'),
      `: ${d.need ?? 1} of`,
      moduleList(d.targets),
      unknown,
    ]);
  });
}

const incomingOf = design.modules.map(() => []);
design.dependencies.forEach((d, k) => d.targets.forEach((t) => incomingOf[t].push(k)));

const findingsOf = (m) =>
  design.findings.map((_, i) => i).filter((i) => {
    const f = design.findings[i];
    return (f.culprits ?? []).includes(m);
  });

// added are those of a list that were not in it before the failures that were chosen.
const added = (now, before) => now.filter((i) => !before.includes(i));

// outcomeWords says in one line what the chosen failures bring down, and then what was so before them.
function outcomeWords(result) {
  const { before } = simulator;
  const all = design.journeys.length;
  const names = (list, most) => listing(list.map((j) => design.journeys[j].name), most);
  const lost = added(result.lost, before.lost);
  const degraded = added(result.degraded, before.degraded);
  const parts = [lost.length > 0 ? `${lost.length} of ${plural(all, 'journey')} lost: ${names(lost, 5)}` : `No${before.lost.length > 0 ? ' further' : ''} journey lost of ${all}`];
  if (degraded.length > 0) parts.push(`${degraded.length} degraded: ${names(degraded, 4)}`);
  parts.push(`${plural(result.downCount - before.downCount, `${before.downCount > 0 ? 'further ' : ''}module`)} down`);
  const old = [];
  if (before.downCount > 0) old.push(`${plural(before.downCount, 'module')} down`);
  if (before.lost.length > 0) old.push(`${plural(before.lost.length, 'journey')} lost`);
  if (old.length > 0) parts.push(`before any failure: ${old.join(', ')}`);
  return parts.join('; ');
}

function replicaChoices(m) {
  const n = simulator.replicasOf(m);
  const { external, manual } = design.modules[m];
  if (external || n < 2) return null;
  const failed = state.fail.replicas.get(m) ?? new Set();
  const most = 24;
  const items = [];
  for (let i = 1; i <= Math.min(n, most); i++) {
    const d = simulator.domainOfReplica(m, i);
    const where = d >= 0 ? design.domains[d].name : '';
    items.push(
      element(
        'label',
        { class: 'replica' },
        element('input', { type: 'checkbox', checked: failed.has(i), 'data-replica': i, onchange: (e) => change(() => failReplica(m, i, e.target.checked)) }),
        element('span', {}, `replica ${i}`, manual && i === 1 ? ' (primary)' : '', where ? element('small', {}, nameElement(where)) : null),
      ),
    );
  }
  return [element('div', { class: 'replicas' }, items), n > most ? element('p', { class: 'quiet', text: `The first ${most} of ${n} replicas are listed.` }) : null];
}

function moduleLeaf(m) {
  const module = design.modules[m];
  const fares = current.states[m];
  const out = [];
  out.push(
    element(
      'header',
      { class: 'subject' },
      element('p', { class: 'kind', text: module.kind }),
      element('h2', { id: 'subject', tabindex: '-1' }, nameElement(module.name)),
      module.description ? element('p', { class: 'description', dir: 'auto', text: module.description }) : null,
      fares !== 'works' ? element('p', { class: `fares ${fares}`, text: stateWords[fares] }) : null,
    ),
  );
  const path = anyFailure() && current.moduleDown[m] ? wayOfFailure(m) : null;
  if (path && path.length > 1) out.push(section('Why it is down', chain(path, 'failed')));
  out.push(
    element(
      'div',
      { class: 'actions' },
      element(
        'label',
        { class: 'switch' },
        element('input', { type: 'checkbox', id: 'fail-module', checked: state.fail.modules.has(m), onchange: (e) => change(() => (e.target.checked ? state.fail.modules.add(m) : state.fail.modules.delete(m))) }),
        element('span', { text: 'Fail this module' }),
      ),
      element('button', { type: 'button', id: 'around', class: 'plain', 'aria-pressed': String(state.around), onclick: () => change(() => (state.around = !state.around)), text: 'Only its neighbours' }),
    ),
  );
  const replicas = replicaChoices(m);
  if (replicas) out.push(element('section', { class: 'unprinted' }, element('h3', { text: 'Fail single replicas' }), replicas));

  const alone = simulator.simulate({ modules: [m] });
  const before = simulator.before;
  const others = design.modules.map((_, i) => i).filter((i) => i !== m && alone.moduleDown[i] && !before.moduleDown[i]);
  const lost = alone.lost.filter((j) => !before.lost.includes(j));
  const degraded = alone.degraded.filter((j) => !before.degraded.includes(j));
  out.push(
    section(
      'What its loss takes down',
      before.moduleDown[m]
        ? element('p', { text: 'It does not work as the design stands.' })
        : [
            element('p', { id: 'blast', text: `${others.length === 0 ? 'No other module' : plural(others.length, 'other module')}. ${lost.length > 0 ? `${lost.length === 1 ? 'Journey' : 'Journeys'} lost: ${listing(lost.map((j) => design.journeys[j].name))}.` : 'No journey is lost.'}${degraded.length > 0 ? ` Degraded: ${listing(degraded.map((j) => design.journeys[j].name))}.` : ''}` }),
            others.length > 0 ? moduleList(others, 12) : null,
          ],
    ),
  );

  const own = findingsOf(m);
  if (own.length > 0) out.push(section(plural(own.length, 'finding'), element('ul', { class: 'findings' }, own.map((i) => findingItem(i)))));
  const facts = (module.facts ?? []).filter(([label]) => label !== 'Kind');
  const links = (module.links ?? []).map(([label, url]) => {
    const safe = safeURL(url);
    return element('li', {}, safe ? element('a', { href: safe, target: '_blank', rel: 'noopener noreferrer', text: label || url }) : `${label} ${url}`);
  });
  out.push(
    section('Facts', factList([...facts, ...(module.place ? [['Declared at', module.place]] : [])]), links.length > 0 ? element('ul', { class: 'links' }, links) : null),
  );
  const needs = outgoing(m);
  out.push(section(`Needs ${needs.length}`, needs.length > 0 ? element('ul', { class: 'neighbours', id: 'needs' }, needs) : element('p', { class: 'quiet', text: 'Nothing.' })));
  const needed = incomingOf[m].map((k) => dependencyItem(k, moduleLink(design.dependencies[k].from)));
  out.push(section(`Needed by ${needed.length}`, needed.length > 0 ? element('ul', { class: 'neighbours', id: 'needed-by' }, needed) : element('p', { class: 'quiet', text: 'Nothing.' })));
  const journeys = design.journeys.map((_, j) => j).filter((j) => simulator.closure(j).modules.has(m));
  if (journeys.length > 0) out.push(section('Journeys that use it', element('ul', { class: 'plain' }, journeys.slice(0, 30).map((j) => element('li', {}, journeyLink(j))), journeys.length > 30 ? element('li', { text: `and ${journeys.length - 30} more` }) : null)));
  return out;
}

// wayOfFailure leads from a module that is down to one that lost its capacity.
function wayOfFailure(m) {
  const from = new Map([[m, -1]]);
  for (const [at] of from) {
    if (current.noCapacity[at]) {
      const path = [];
      for (let n = at; n >= 0; n = from.get(n)) path.unshift(n);
      return path;
    }
    for (const k of simulator.dependenciesOf[at]) {
      const d = design.dependencies[k];
      if (d.soft || !current.unsatisfied(k)) continue;
      for (const t of d.targets) if (current.moduleDown[t] && !from.has(t)) from.set(t, at);
    }
  }
  return null;
}

const journeyLink = (j) =>
  element('button', { type: 'button', class: 'link', 'data-journey': j, onclick: () => chooseJourney(j) }, nameElement(design.journeys[j].name));

function journeyLeaf(j) {
  const journey = design.journeys[j];
  const needed = [...simulator.closure(j).modules].sort((a, b) => a - b);
  const lost = anyFailure() && current.lost.includes(j);
  const path = lost ? current.path(j) : null;
  return [
    element(
      'header',
      { class: 'subject' },
      element('p', { class: 'kind', text: 'journey' }),
      element('h2', { id: 'subject', tabindex: '-1' }, nameElement(journey.name)),
      lost ? element('p', { class: 'fares down', text: 'lost' }) : anyFailure() && current.degraded.includes(j) ? element('p', { class: 'fares degraded', text: 'degraded' }) : null,
    ),
    path ? section('Why it is lost', chain(path, 'failed')) : null,
    section('Enters at', element('p', {}, journey.entry >= 0 ? moduleLink(journey.entry) : 'a module that the design does not have')),
    journey.facts || journey.place ? section('Facts', factList([...(journey.facts ?? []), ...(journey.place ? [['Declared at', journey.place]] : [])])) : null,
    section(
      'Lost with any one of',
      journey.fatals ? moduleList(journey.fatal, 40, journey.fatals, 'fatal') : element('p', { class: 'quiet', text: simulator.before.lost.includes(j) ? 'It does not work as the design stands.' : 'No single module.' }),
    ),
    section(`Uses ${plural(needed.length, 'module')}`, moduleList(needed, 80)),
  ];
}

function systemLeaf() {
  const kinds = new Map();
  for (const m of design.modules) kinds.set(m.kind, (kinds.get(m.kind) ?? 0) + 1);
  const list = [...kinds].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([k, n]) => [k, String(n)]);
  const severities = ['error', 'warning', 'info'].map((s) => [s, design.findings.filter((f) => f.severity === s).length]).filter(([, n]) => n > 0);
  return [
    element('header', { class: 'subject' }, element('p', { class: 'kind', text: 'system' }), element('h2', { id: 'subject', tabindex: '-1' }, nameElement(design.system))),
    element('p', { class: 'quiet', text: 'Choose a module to see its facts, what it needs and what its loss takes down.' }),
    section(
      'At a glance',
      factList([
        ['Modules', String(design.modules.length)],
        ['Dependencies', String(design.dependencies.length)],
        ['Failure domains', String(design.domains.length)],
        ['Findings', severities.length > 0 ? severities.map(([s, n]) => plural(n, s, s === 'info' ? 'info' : `${s}s`)).join(', ') : 'none'],
      ]),
    ),
    design.journeys.length > 0
      ? section(
          'Journeys',
          element(
            'ul',
            { class: 'plain' },
            design.journeys.slice(0, 60).map((j, i) => element('li', {}, journeyLink(i), j.facts ? element('small', { text: ` ${j.facts.map(([l, v]) => `${l.toLowerCase()} ${v}`).join(', ')}` }) : null)),
          ),
        )
      : null,
    section('Kinds', factList(list)),
  ];
}

function findingItem(i) {
  const f = design.findings[i];
  const open = state.finding === i;
  return element(
    'li',
    { class: `finding ${f.severity}` },
    element(
      'button',
      { type: 'button', class: 'head', 'aria-expanded': String(open), 'data-finding': i, onclick: () => change(() => ((state.finding = open ? -1 : i), open || revealFinding(i))) },
      severitySign(f.severity),
      element('span', { class: 'number', text: String(i + 1) }),
      element('span', { class: 'message', dir: 'auto', text: f.message }),
    ),
    open
      ? element(
          'div',
          { class: 'body' },
          element('p', { class: 'quiet', text: [f.rule, f.name, f.place].filter(Boolean).join(' · ') }),
          (f.paths ?? []).slice(0, 8).map((p) => [p.journey ? element('p', { class: 'label' }, 'Journey ', nameElement(p.journey)) : null, chain(p.modules)]),
          (f.suggestions ?? []).length > 0 ? [element('p', { class: 'label', text: 'What to do' }), element('ul', { class: 'suggestions' }, f.suggestions.map((s) => element('li', { dir: 'auto', text: s })))] : null,
          (f.related ?? []).length > 0 ? [element('p', { class: 'label', text: 'See also' }), element('ul', { class: 'suggestions' }, f.related.map((s) => element('li', { dir: 'auto', text: s })))] : null,
        )
      : null,
  );
}

let shownFindings = 100;
function findingsLeaf() {
  const out = [element('header', { class: 'subject' }, element('h2', { id: 'subject', tabindex: '-1', text: design.findings.length > 0 ? plural(design.findings.length, 'finding') : 'No findings' }))];
  if (design.findings.length === 0) return out;
  out.push(
    element(
      'label',
      { class: 'switch' },
      element('input', { type: 'checkbox', id: 'marks', checked: state.marks, onchange: (e) => change(() => (state.marks = e.target.checked)) }),
      element('span', { text: 'Show them in the picture' }),
    ),
    element('p', { class: 'quiet', id: 'marks-state', text: state.marks ? 'The picture has their numbers where they apply.' : 'The picture does not show them now.' }),
  );
  const order = design.findings.map((_, i) => i); // the gravest come first
  if (state.finding >= 0) shownFindings = Math.max(shownFindings, state.finding + 1);
  out.push(element('ul', { class: 'findings' }, order.slice(0, shownFindings).map(findingItem)));
  if (order.length > shownFindings) {
    out.push(element('button', { type: 'button', class: 'plain', onclick: () => change(() => (shownFindings += 200)), text: `Show more of the ${order.length - shownFindings} others` }));
  }
  return out;
}

function domainTree(parent = -1) {
  const own = design.domains.map((_, i) => i).filter((i) => (design.domains[i].in ?? -1) === parent);
  if (own.length === 0) return null;
  return element(
    'ul',
    { class: 'domains' },
    own.map((i) =>
      element(
        'li',
        {},
        element(
          'label',
          {},
          element('input', { type: 'checkbox', 'data-domain': i, checked: state.fail.domains.has(i), onchange: (e) => change(() => (e.target.checked ? state.fail.domains.add(i) : state.fail.domains.delete(i))) }),
          element('span', {}, nameElement(design.domains[i].name), ' ', element('small', { text: design.domains[i].kind ?? '' })),
        ),
        domainTree(i),
      ),
    ),
  );
}

// outcomeSections tell what the chosen failures bring down, and then what was so before them.
function outcomeSections() {
  const { before } = simulator;
  const lost = added(current.lost, before.lost);
  const degraded = added(current.degraded, before.degraded);
  const out = [
    section(
      'Journeys',
      element(
        'ul',
        { class: 'verdicts' },
        lost.slice(0, 40).map((j) => {
          const path = current.path(j);
          return element('li', { class: 'lost' }, element('p', {}, journeyLink(j), ' is lost'), path ? chain(path, 'failed') : null);
        }),
        lost.length > 40 ? element('li', { text: `and ${lost.length - 40} more` }) : null,
        degraded.slice(0, 40).map((j) => element('li', { class: 'degraded' }, element('p', {}, journeyLink(j), ' is degraded'))),
        lost.length + degraded.length === 0 ? element('li', { class: 'quiet', text: before.lost.length + before.degraded.length === 0 ? 'All journeys work in full.' : 'No journey fares worse.' }) : null,
      ),
    ),
  ];
  const all = design.modules.map((_, i) => i);
  const list = (title, modules, id = null) => modules.length > 0 && out.push(section(`${plural(modules.length, 'module')} ${title}`, moduleList(modules, 60, modules.length, id)));
  list('down', all.filter((i) => current.moduleDown[i] && !before.moduleDown[i]), 'down-modules');
  list('degraded', all.filter((i) => current.states[i] === 'degraded' && before.states[i] !== 'degraded'));
  list('down before any failure', all.filter((i) => before.moduleDown[i]), 'down-before');
  if (before.lost.length > 0) {
    out.push(section(`${plural(before.lost.length, 'journey')} lost before any failure`, element('ul', { class: 'verdicts', id: 'lost-before' }, before.lost.slice(0, 40).map((j) => element('li', { class: 'lost' }, journeyLink(j))), before.lost.length > 40 ? element('li', { text: `and ${before.lost.length - 40} more` }) : null)));
  }
  return out;
}

function failuresLeaf() {
  const chosen = chosenFailures();
  const out = [element('header', { class: 'subject' }, element('h2', { id: 'subject', tabindex: '-1', text: 'What if it fails?' }))];
  if (chosen.length === 0) {
    out.push(element('p', { class: 'quiet', text: 'Choose failure domains below, or a module in the picture and “Fail this module”, and see at once what goes down with them.' }));
  } else {
    out.push(
      element(
        'ul',
        { class: 'chips', 'aria-label': 'Chosen failures' },
        chosen.map((f) => element('li', {}, nameElement(f.text), element('button', { type: 'button', class: 'remove', 'aria-label': `Remove ${f.text}`, onclick: () => change(f.remove), text: '×' }))),
      ),
      element('button', { type: 'button', class: 'plain', 'data-reset': true, onclick: () => change(resetFailures), text: 'Reset' }),
      ...outcomeSections(),
    );
  }
  const tree = domainTree();
  if (tree) out.push(section('Failure domains', tree));
  const worst = design.modules
    .map((m, i) => [i, m.takes ?? 0, m.loses ?? 0])
    .filter(([, down, lost]) => down + lost > 0)
    .sort((a, b) => b[2] - a[2] || b[1] - a[1] || a[0] - b[0])
    .slice(0, 10);
  if (worst.length > 0) {
    out.push(
      section(
        'The gravest single losses',
        element(
          'ol',
          { class: 'worst' },
          worst.map(([m, down, lost]) =>
            element(
              'li',
              {},
              element(
                'label',
                {},
                element('input', { type: 'checkbox', 'data-fail': m, checked: state.fail.modules.has(m), onchange: (e) => change(() => (e.target.checked ? state.fail.modules.add(m) : state.fail.modules.delete(m))) }),
                element('span', {}, nameElement(design.modules[m].name), element('small', { text: ` ${[lost > 0 ? plural(lost, 'journey') : '', down > 0 ? plural(down, 'other module') : ''].filter(Boolean).join(', ')}` })),
              ),
            ),
          ),
        ),
      ),
    );
  }
  return out;
}

const leaves = { details: () => (state.module >= 0 ? moduleLeaf(state.module) : state.journey >= 0 ? journeyLeaf(state.journey) : systemLeaf()), findings: findingsLeaf, failures: failuresLeaf };

function drawPanel() {
  const body = byID('leaf');
  const focused = body.contains(document.activeElement) ? focusKey(document.activeElement) : null;
  const scroll = body.dataset.shows === shownKey() ? body.scrollTop : 0;
  body.dataset.shows = shownKey();
  body.replaceChildren(...leaves[leaf]().flat(Infinity).filter(Boolean));
  body.scrollTop = scroll;
  for (const id of Object.keys(leaves)) {
    const tab = byID(`tab-${id}`);
    tab.setAttribute('aria-selected', String(id === leaf));
    tab.tabIndex = id === leaf ? 0 : -1;
  }
  body.setAttribute('aria-labelledby', `tab-${leaf}`);
  const count = chosenFailures().length;
  byID('count-failures').textContent = count > 0 ? String(count) : '';
  if (focused) body.querySelector(focused)?.focus({ preventScroll: true });
}

const shownKey = () => `${leaf} ${leaf === 'details' ? `${state.module} ${state.journey}` : ''}`;

// focusKey names a control of the panel, so that it keeps the focus when the panel is drawn anew.
function focusKey(e) {
  if (e.id) return `#${e.id}`;
  for (const key of ['replica', 'domain', 'fail', 'finding', 'module', 'journey']) {
    if (e.dataset[key] !== undefined) return `${e.tagName.toLowerCase()}[data-${key}="${Number(e.dataset[key])}"]`;
  }
  return e.classList.contains('remove') ? '.remove' : null;
}
