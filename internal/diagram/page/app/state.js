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

// eventName is how the command's --fail names a module or domain as well: with what it is where both have the name.
const eventName = (kind, name) => (moduleByName.has(name) && domainByName.has(name) ? `${kind}:${name}` : name);

function replicaName(name, number) {
  const text = `${name}/${number}`;
  return moduleByName.has(text) || domainByName.has(text) ? `replica:${text}` : text;
}

// chosenFailures lists them: {key, text, remove}.
function chosenFailures() {
  const out = [];
  const { domains, modules, replicas } = state.fail;
  for (const d of [...domains].sort((a, b) => a - b)) {
    const { name } = design.domains[d];
    out.push({ key: eventName('domain', name), text: name, remove: () => domains.delete(d) });
  }
  for (const m of [...modules].sort((a, b) => a - b)) {
    const { name } = design.modules[m];
    out.push({ key: eventName('module', name), text: name, remove: () => modules.delete(m) });
  }
  for (const [m, numbers] of [...replicas].sort(([a], [b]) => a - b)) {
    for (const n of [...numbers].sort((a, b) => a - b)) {
      const { name } = design.modules[m];
      out.push({ key: replicaName(name, n), text: `${name}, replica ${n}`, remove: () => failReplica(m, n, false) });
    }
  }
  return out;
}

// addFailures reads failures that happen at once as the command's --fail does: a module, a domain, "module/2" for
// its second replica, "module:2" for two further ones, with "module:" or "domain:" before a name that both have. It
// ignores what does not exist.
function addFailures(texts) {
  const any = []; // [module, number of further replicas]
  const some = (name) => {
    const [, base, mark, digits] = /^([^]*)([/:])(\d{1,9})$/.exec(name) ?? [];
    const m = moduleByName.get(base);
    const n = Number(digits);
    if (m === undefined || design.modules[m].external || n < 1 || n > simulator.replicasOf(m)) return;
    if (mark === '/') failReplica(m, n, true);
    else if (n === simulator.replicasOf(m)) state.fail.modules.add(m);
    else any.push([m, n]);
  };
  for (const text of new Set(texts)) {
    const [, kind, name] = /^(?:(module|domain|replica):)([^]*)$/.exec(text) ?? [];
    if (moduleByName.has(text) && !domainByName.has(text)) state.fail.modules.add(moduleByName.get(text));
    else if (domainByName.has(text) && !moduleByName.has(text)) state.fail.domains.add(domainByName.get(text));
    else if (kind === 'domain' && domainByName.has(name)) state.fail.domains.add(domainByName.get(name));
    else if (kind === 'module' && moduleByName.has(name)) state.fail.modules.add(moduleByName.get(name));
    else some(kind ? name : text);
  }
  for (const [m, n] of any) takeReplicas(m, n);
}

// takeReplicas fails so many of a module's replicas beside those that other failures take: the primary first, then
// those that follow it.
function takeReplicas(m, count) {
  if (state.fail.modules.has(m)) return;
  const isGone = (domain) => {
    for (let d = domain; d >= 0; d = design.domains[d].in ?? -1) if (state.fail.domains.has(d)) return true;
    return false;
  };
  const { manual, primary } = design.modules[m];
  for (let i = 1, left = count; i <= simulator.replicasOf(m) && left > 0; i++) {
    const domain = manual && i === 1 ? (primary ?? -1) : simulator.domainOfReplica(m, i);
    if (isGone(domain) || state.fail.replicas.get(m)?.has(i)) continue;
    failReplica(m, i, true);
    left--;
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
  if (p.has('view') || p.has('fail')) addFailures(p.getAll('fail'));
  else {
    const { modules = [], externals = [], domains = [], replicas = [] } = design.start.fail;
    [...modules, ...externals].forEach((m) => state.fail.modules.add(m));
    domains.forEach((d) => state.fail.domains.add(d));
    replicas.forEach(([m, n]) => failReplica(m, n, true));
  }
}
