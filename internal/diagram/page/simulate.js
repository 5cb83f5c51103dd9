// The failure model of lintel, in the page: what is down and degraded after the failures that were
// chosen. It answers as the analyzer does; the tests hold the two together.
//
// A design is {modules, dependencies, domains, journeys}, all named by index:
//   module      {replicas, need, manual, external, primary, spread: [domain], counts: [[domain, n]]}
//   dependency  {from, targets: [module], need, soft, when}
//   domain      {in: domain}
//   journey     {entry: module, ignored: [dependency]}
// An unknown domain is -1. replicas and need are 1 where they are absent, primary and in -1, the rest
// false or empty; when is absent for run time.
//
// A scenario is {modules, domains, externals: [index], replicas: [[module, number]]}, each of which may be absent;
// replicas count from 1, and 1 is the primary.

// stateOfPart tells how a part of a module's replicas fares, of which so many are lost: it failed if all of
// them are, whatever the others do; the rest of a module that failed for want of others is down.
function stateOfPart(state, lost, shown) {
  if (shown > 0 && lost === shown) return 'failed';
  return state === 'failed' && lost === 0 && shown > 0 ? 'down' : state;
}

function newSimulator(design) {
  const { modules, dependencies, domains, journeys } = design;
  const replicasOf = (m) => m.replicas ?? 1;
  const needOf = (m) => m.need ?? 1;
  const isRuntime = (d) => !d.when;

  // The nodes are the modules and, for each journey that ignores some of its entry's dependencies, a
  // copy of the entry that has only the others. Nothing depends on a copy.
  const gates = []; // runtime dependencies: {owner, targets, need, hard, dependency}
  const gatesOf = []; // by node
  const dependenciesOf = modules.map(() => []);
  dependencies.forEach((d, k) => dependenciesOf[d.from].push(k));
  const addNode = (module, ignored) => {
    const own = [];
    for (const k of dependenciesOf[module]) {
      const d = dependencies[k];
      if (isRuntime(d) && d.targets.length > 0 && !ignored.has(k)) {
        own.push(gates.length);
        gates.push({ owner: gatesOf.length, targets: d.targets, need: d.need ?? 1, hard: !d.soft, dependency: k });
      }
    }
    gatesOf.push(own);
  };
  modules.forEach((_, i) => addNode(i, new Set()));
  const copies = modules.map(() => []);
  const journeyNode = journeys.map((j) => {
    if (j.entry >= 0 && j.ignored?.length) {
      copies[j.entry].push(gatesOf.length);
      addNode(j.entry, new Set(j.ignored));
      return gatesOf.length - 1;
    }
    return j.entry;
  });
  const neededBy = modules.map(() => []); // by module: the hard gates that have it among their targets
  gates.forEach((g, k) => {
    if (g.hard) for (const t of g.targets) neededBy[t].push(k);
  });

  // residents tells how many of a module's replicas stand in each domain: [[domain, count]].
  const residents = modules.map((m) => {
    const n = replicasOf(m);
    if (m.spread?.length) {
      const length = m.spread.length;
      return m.spread.slice(0, n).map((d, i) => [d, Math.floor(n / length) + (i < n % length ? 1 : 0)]);
    }
    let rest = n;
    const out = [];
    for (const [d, count] of m.counts ?? []) {
      const here = Math.min(count, rest);
      if (here > 0) out.push([d, here]);
      rest -= Math.max(here, 0);
    }
    if (rest > 0) out.push([-1, rest]);
    return out;
  });

  function domainOfReplica(module, number) {
    const { spread, counts } = modules[module];
    if (spread?.length) return spread[(number - 1) % spread.length];
    let rest = number;
    for (const [d, count] of counts ?? []) {
      if (count <= 0) continue;
      if (rest <= count) return d;
      rest -= count;
    }
    return -1;
  }

  function domainsDown(chosen) {
    const own = new Set(chosen);
    return domains.map((_, i) => {
      for (let d = i; d >= 0; d = domains[d].in ?? -1) if (own.has(d)) return true;
      return false;
    });
  }

  const holds = (m, lost, primaryLost) =>
    replicasOf(m) > 0 && replicasOf(m) - lost >= needOf(m) && !(m.manual && primaryLost);

  // losses tells, by module, how many of its replicas are down and whether it has capacity.
  function losses(scenario, domainDown) {
    const wholly = new Set(scenario.modules ?? []);
    for (const i of scenario.externals ?? []) if (modules[i]?.external) wholly.add(i);
    const singly = new Map();
    for (const [i, number] of scenario.replicas ?? []) {
      const m = modules[i];
      if (!m || m.external || number < 1 || number > replicasOf(m)) continue;
      if (!singly.has(i)) singly.set(i, new Set());
      singly.get(i).add(number);
    }
    const lostReplicas = [];
    const noCapacity = modules.map((m, i) => {
      let lost = 0;
      let primaryLost = (m.primary ?? -1) >= 0 && domainDown[m.primary];
      for (const [d, count] of residents[i]) if (d >= 0 && domainDown[d]) lost += count;
      for (const number of singly.get(i) ?? []) {
        if (number === 1) primaryLost = true;
        const d = domainOfReplica(i, number);
        if (d < 0 || !domainDown[d]) lost++;
      }
      lostReplicas.push(wholly.has(i) ? replicasOf(m) : lost);
      return wholly.has(i) || !holds(m, lost, primaryLost);
    });
    return { lostReplicas, noCapacity };
  }

  const working = (g, down) => g.targets.reduce((n, t) => (down[t] ? n : n + 1), 0);
  const isSatisfied = (g, down) => working(g, down) >= g.need;

  // spread carries the loss of capacity on to all that needs it: the least fixed point.
  function spread(noCapacity) {
    const down = new Array(gatesOf.length).fill(false);
    const left = gates.map((g) => g.targets.length);
    const queue = [];
    const fail = (n) => {
      if (!down[n]) {
        down[n] = true;
        queue.push(n);
      }
    };
    noCapacity.forEach((lost, i) => {
      if (lost) [i, ...copies[i]].forEach(fail);
    });
    gates.forEach((g, k) => {
      if (g.hard && left[k] < g.need) fail(g.owner); // asks for more alternatives than there are
    });
    for (let k = 0; k < queue.length; k++) {
      for (const g of neededBy[queue[k]] ?? []) {
        left[g]--;
        if (left[g] < gates[g].need) fail(gates[g].owner);
      }
    }
    return down;
  }

  // isDegraded follows the way of a journey that works.
  function isDegraded(node, down) {
    const seen = new Set();
    const queue = [node];
    for (let k = 0; k < queue.length; k++) {
      for (const i of gatesOf[queue[k]]) {
        const g = gates[i];
        if (!g.hard && !isSatisfied(g, down)) return true;
        for (const t of g.targets) {
          if (!down[t] && !seen.has(t)) {
            seen.add(t);
            queue.push(t);
          }
        }
      }
    }
    return false;
  }

  // proofs finds, for each node that fails and did not fail before, the next module on a shortest way
  // to one that lost its capacity, the first in order of index; -1 at its end.
  function proofs(down, noCapacity, before) {
    const fails = (n) => down[n] && !before?.down[n];
    const distance = new Map();
    const next = new Map();
    const queue = [];
    noCapacity.forEach((lost, i) => {
      if (lost) queue.push(...[i, ...copies[i]].filter(fails));
    });
    for (const n of queue) {
      distance.set(n, 0);
      next.set(n, -1);
    }
    for (let k = 0; k < queue.length; k++) {
      const t = queue[k];
      for (const i of neededBy[t] ?? []) {
        const { owner } = gates[i];
        if (isSatisfied(gates[i], down) || !fails(owner)) continue;
        if (!distance.has(owner)) {
          distance.set(owner, distance.get(t) + 1);
          next.set(owner, t);
          queue.push(owner);
        } else if (distance.get(owner) === distance.get(t) + 1 && t < next.get(owner)) {
          next.set(owner, t);
        }
      }
    }
    return next;
  }

  // statesOf tells how each module fares: "failed" for one that was chosen or lost its capacity, "down" for
  // one that does not work because of something else, "degraded" for one that works, but with some soft
  // dependency on its way over modules that work not satisfied, else "works".
  const callers = modules.map(() => []);
  for (const g of gates) {
    if (g.owner < modules.length) for (const t of g.targets) callers[t].push(g.owner);
  }
  function statesOf(scenario, down, noCapacity, before) {
    const chosen = new Set(scenario.modules ?? []);
    for (const i of scenario.externals ?? []) if (modules[i]?.external) chosen.add(i);
    const states = modules.map((_, i) => {
      if (chosen.has(i) || (noCapacity[i] && !before.noCapacity[i])) return 'failed';
      return down[i] ? 'down' : 'works';
    });
    const queue = [];
    const degrade = (i) => {
      if (states[i] === 'works') {
        states[i] = 'degraded';
        queue.push(i);
      }
    };
    for (const g of gates) if (!g.hard && g.owner < modules.length && !isSatisfied(g, down)) degrade(g.owner);
    for (let k = 0; k < queue.length; k++) callers[queue[k]].forEach(degrade);
    return states;
  }

  // closure is all that a journey needs at run time, hard and soft: sets of modules and dependencies.
  const closures = new Map();
  function closure(j) {
    if (!closures.has(j)) {
      const { entry, ignored } = journeys[j];
      const found = new Set(entry >= 0 ? [entry] : []);
      const way = new Set();
      const whole = new Set(); // modules all of whose dependencies count
      const follow = (k) => {
        if (!isRuntime(dependencies[k])) return;
        way.add(k);
        for (const t of dependencies[k].targets) {
          found.add(t);
          whole.add(t);
        }
      };
      if (entry >= 0) for (const k of dependenciesOf[entry]) if (!ignored?.includes(k)) follow(k);
      for (const m of whole) dependenciesOf[m].forEach(follow); // a set visits what is added on the way
      closures.set(j, { modules: found, dependencies: way });
    }
    return closures.get(j);
  }

  function simulate(scenario, before) {
    const domainDown = domainsDown(scenario.domains ?? []);
    const { lostReplicas, noCapacity } = losses(scenario, domainDown);
    const allDown = spread(noCapacity);
    const moduleDown = allDown.slice(0, modules.length);
    const lost = [];
    const degraded = [];
    journeyNode.forEach((n, j) => {
      if (n < 0) return;
      if (allDown[n]) lost.push(j);
      else if (isDegraded(n, allDown)) degraded.push(j);
    });
    const states = statesOf(scenario, allDown, noCapacity, before ?? { noCapacity });
    let next = null;
    return {
      lost,
      degraded,
      moduleDown,
      states,
      noCapacity,
      lostReplicas,
      domainDown,
      down: allDown,
      downCount: moduleDown.filter(Boolean).length,
      // unsatisfied tells whether a runtime dependency misses what it needs.
      unsatisfied(k) {
        const d = dependencies[k];
        return isRuntime(d) && d.targets.length > 0 && !isSatisfied({ targets: d.targets, need: d.need ?? 1 }, allDown);
      },
      // path leads from the entry of a lost journey to a module that lost its capacity; null for one
      // that works, or was lost before (where before is given).
      path(journey) {
        let n = journeyNode[journey];
        if (n < 0 || !allDown[n] || before?.down[n]) return null;
        next ??= proofs(allDown, noCapacity, before);
        if (!next.has(n)) return null; // asks for more alternatives than there are
        const path = [journeys[journey].entry];
        for (n = next.get(n); n >= 0; n = next.get(n)) path.push(n);
        return path;
      },
    };
  }

  const before = simulate({}, null);
  return {
    before,
    simulate: (scenario) => simulate(scenario, before),
    domainOfReplica,
    replicasOf: (i) => replicasOf(modules[i]),
    dependenciesOf,
    closure,
  };
}
