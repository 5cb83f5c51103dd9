// The state is all that the address of the page keeps: what is shown, chosen and taken to have failed.
const state = {
  view: design.start.view,
  journey: -1,
  module: -1,
  finding: -1,
  marks: design.start.marks,
  around: false, // only the neighbours of the chosen module are drawn
  folded: new Set(), // names of groups
  fail: { modules: new Set(), domains: new Set(), replicas: new Map() },
};

const moduleByName = new Map(design.modules.map((m, i) => [m.name, i]));
const domainByName = new Map(design.domains.map((d, i) => [d.name, i]));
const journeyByName = new Map(design.journeys.map((j, i) => [j.name, i]));

const anyFailure = () => state.fail.modules.size + state.fail.domains.size + state.fail.replicas.size > 0;

function scenario() {
  const replicas = [];
  for (const [m, numbers] of state.fail.replicas) for (const n of numbers) replicas.push([m, n]);
  return { modules: [...state.fail.modules], domains: [...state.fail.domains], replicas };
}

function failReplica(m, number, on) {
  const own = state.fail.replicas.get(m) ?? new Set();
  if (on) own.add(number);
  else own.delete(number);
  if (own.size > 0) state.fail.replicas.set(m, own);
  else state.fail.replicas.delete(m);
}

function resetFailures() {
  state.fail = { modules: new Set(), domains: new Set(), replicas: new Map() };
}

// eventNames lists the chosen failures: {text, remove, key}.
function chosenFailures() {
  const out = [];
  for (const d of [...state.fail.domains].sort((a, b) => a - b)) {
    out.push({ key: `domain:${design.domains[d].name}`, text: design.domains[d].name, remove: () => state.fail.domains.delete(d) });
  }
  for (const m of [...state.fail.modules].sort((a, b) => a - b)) {
    out.push({ key: `module:${design.modules[m].name}`, text: design.modules[m].name, remove: () => state.fail.modules.delete(m) });
  }
  for (const [m, numbers] of [...state.fail.replicas].sort(([a], [b]) => a - b)) {
    for (const n of [...numbers].sort((a, b) => a - b)) {
      const { name } = design.modules[m];
      out.push({ key: `replica:${name}/${n}`, text: `${name}, replica ${n}`, remove: () => failReplica(m, n, false) });
    }
  }
  return out;
}

// addFailure reads a failure as the address or a user of the command names it; unknown ones are ignored.
function addFailure(text) {
  const [, kind, name] = /^(?:(module|domain|replica):)?([^]*)$/.exec(text);
  const replica = /^([^]*)\/(\d{1,9})$/.exec(name);
  if (kind !== 'replica' && kind !== 'domain' && moduleByName.has(name)) state.fail.modules.add(moduleByName.get(name));
  else if (kind !== 'replica' && kind !== 'module' && domainByName.has(name)) state.fail.domains.add(domainByName.get(name));
  else if (kind !== 'domain' && replica && moduleByName.has(replica[1])) {
    const m = moduleByName.get(replica[1]);
    const n = Number(replica[2]);
    if (n >= 1 && n <= simulator.replicasOf(m)) failReplica(m, n, true);
  }
}

function addressOf() {
  const p = new URLSearchParams();
  p.set('view', state.view);
  if (state.around) p.set('around', '1');
  if (state.journey >= 0) p.set('journey', design.journeys[state.journey].name);
  if (state.module >= 0) p.set('module', design.modules[state.module].name);
  if (state.finding >= 0) p.set('finding', String(state.finding + 1));
  for (const f of chosenFailures()) p.append('fail', f.key);
  for (const g of [...state.folded].sort()) p.append('fold', g);
  if (state.marks !== design.start.marks) p.set('marks', state.marks ? '1' : '0');
  return `#${p}`;
}

function readAddress() {
  const p = new URLSearchParams(location.hash.slice(1));
  const known = (id) => design.views.some((v) => v.id === id);
  state.view = known(p.get('view')) ? p.get('view') : design.start.view;
  const journey = p.has('view') ? p.get('journey') : (p.get('journey') ?? design.start.journey);
  state.journey = journeyByName.get(journey) ?? -1;
  state.module = moduleByName.get(p.get('module')) ?? -1;
  state.around = p.get('around') === '1' && state.module >= 0;
  const finding = Number(p.get('finding')) - 1;
  state.finding = Number.isInteger(finding) && finding >= 0 && finding < design.findings.length ? finding : -1;
  state.folded = new Set(p.getAll('fold'));
  state.marks = p.has('marks') ? p.get('marks') === '1' : design.start.marks;
  resetFailures();
  if (p.has('view') || p.has('fail')) p.getAll('fail').forEach(addFailure);
  else {
    const { modules = [], externals = [], domains = [], replicas = [] } = design.start.fail;
    [...modules, ...externals].forEach((m) => state.fail.modules.add(m));
    domains.forEach((d) => state.fail.domains.add(d));
    replicas.forEach(([m, n]) => failReplica(m, n, true));
  }
}
