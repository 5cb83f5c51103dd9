package analyzer

import (
	"runtime"
	"sync"
)

// outcomes gathers, after run and runWays, what the first n scenarios of the block bring down.
// before is nil to have all of it, or what is down before anything fails, to be left out.
func (b *block) outcomes(n int, before *Outcome) []Outcome {
	m, p := b.m, &b.m.plan
	all := firstOf(n)
	var lost, degraded, unsatisfied perScenario
	var degradedBefore []int32
	if before != nil {
		degradedBefore = before.Degraded
	}
	for j, node := range m.journeyNode {
		if node < 0 {
			continue
		}
		for len(degradedBefore) > 0 && degradedBefore[0] < int32(j) {
			degradedBefore = degradedBefore[1:]
		}
		row := p.row[node]
		if row < 0 {
			if before == nil {
				lost.add(int32(j), all)
			}
			continue
		}
		w := b.down[row]
		w.and(&all)
		lost.add(int32(j), w)
		if len(degradedBefore) > 0 && degradedBefore[0] == int32(j) {
			continue
		}
		w = b.way[row]
		w.without(&b.down[row])
		w.and(&all)
		degraded.add(int32(j), w)
	}
	always := p.unsatisfiedBefore
	for k := range p.choices {
		c := &p.choices[k]
		for before == nil && len(always) > 0 && always[0] < c.dependency {
			unsatisfied.add(always[0], all)
			always = always[1:]
		}
		var w word
		b.unsatisfied(&c.gate, &w)
		w.and(&all)
		unsatisfied.add(c.dependency, w)
	}
	for before == nil && len(always) > 0 {
		unsatisfied.add(always[0], all)
		always = always[1:]
	}

	count := b.tally()
	downBefore := 0
	if before == nil {
		downBefore = m.downBefore()
	}
	l, d, u := lost.lists(n), degraded.lists(n), unsatisfied.lists(n)
	out := make([]Outcome, n)
	for s := range out {
		out[s] = Outcome{Lost: l[s], Degraded: d[s], Down: downBefore + count.count(s), Unsatisfied: u[s]}
	}
	return out
}

// downBefore counts the modules that are down before anything fails.
func (m *failureModel) downBefore() int {
	n := 0
	for _, down := range m.down[:m.analysis.Modules()] {
		if down {
			n++
		}
	}
	return n
}

func (m *failureModel) computeBefore() *Outcome {
	b := m.newBlock()
	defer m.release(b)
	b.reset()
	b.run()
	b.runWays()
	return &b.outcomes(1, nil)[0]
}

// computeFailures simulates each set of modules that an event deprives of their capacity once, and
// shares the outcome among the events that have it in common.
func (a *Analysis) computeFailures() *Failures {
	m := a.failureModel()
	c := m.capacities
	f := &Failures{Before: *m.before()}
	var scenarios [][]int32 // the modules deprived
	var scenario []int      // by event; -1 where nothing is
	add := func(e Event, alike, s int) {
		f.Events = append(f.Events, e)
		f.Alike = append(f.Alike, alike)
		scenario = append(scenario, s)
	}
	alone := func(i int32) int {
		scenarios = append(scenarios, []int32{i})
		return len(scenarios) - 1
	}
	for i := range c.modules {
		mc := &c.modules[i]
		if mc.external || !mc.holds(0, false) || mc.holds(1, true) {
			continue
		}
		s := alone(int32(i))
		for _, r := range c.fatalReplicas(int32(i)) {
			add(Event{ReplicaEvent, int32(i), r.first, -1}, r.count, s)
		}
	}
	for d, fatal := range c.fatal {
		s := -1
		if len(fatal) > 0 {
			scenarios = append(scenarios, fatal)
			s = len(scenarios) - 1
		}
		add(Event{DomainEvent, -1, 0, int32(d)}, 1, s)
	}
	for i := range c.modules {
		if mc := &c.modules[i]; mc.external && mc.holds(0, false) {
			add(Event{ExternalEvent, int32(i), 0, -1}, 1, alone(int32(i)))
		}
	}

	outcomes := make([]Outcome, len(scenarios))
	m.eachBlock((len(scenarios)+blockScenarios-1)/blockScenarios, func(b *block, i int) {
		own := outcomes[i*blockScenarios : min((i+1)*blockScenarios, len(outcomes))]
		for s := range own {
			for _, module := range scenarios[i*blockScenarios+s] {
				b.deprive(module, s)
			}
		}
		b.run()
		b.runWays()
		copy(own, b.outcomes(len(own), &f.Before))
	})
	f.Outcomes = make([]Outcome, len(f.Events))
	for i, s := range scenario {
		if s >= 0 {
			f.Outcomes[i] = outcomes[s]
		}
	}
	return f
}

func (a *Analysis) computeModuleFailures() *ModuleFailures {
	m := a.failureModel()
	f := &ModuleFailures{Down: make([]int, a.Modules()), Lost: make([][]int32, a.Modules())}
	order := m.scenarioOrder()
	m.eachBlock((len(order)+blockScenarios-1)/blockScenarios, func(b *block, i int) {
		own := order[i*blockScenarios : min((i+1)*blockScenarios, len(order))]
		for s, module := range own {
			b.deprive(module, s)
		}
		b.run()
		var lost perScenario
		for j, node := range m.journeyNode {
			if node >= 0 && m.plan.row[node] >= 0 {
				lost.add(int32(j), b.down[m.plan.row[node]])
			}
		}
		lists, count := lost.lists(len(own)), b.tally()
		for s, module := range own {
			f.Lost[module] = lists[s]
			if !m.down[module] {
				f.Down[module] = count.count(s) - 1
			}
		}
	})
	return f
}

// scenarioOrder lists the modules so that those whose failures touch the same part of the graph
// come together: in order of row.
func (m *failureModel) scenarioOrder() []int32 {
	rows := m.plan.row[:m.analysis.Modules()]
	at := make([]int32, m.plan.rows+2)
	for _, r := range rows {
		at[r+2]++ // row -1 first
	}
	sums(at)
	order := make([]int32, len(rows))
	for i, r := range rows {
		order[at[r+1]] = int32(i)
		at[r+1]++
	}
	return order
}

// Simulate runs one scenario. It costs time linear in the size of the design; more of it, once for each
// call, where the scenario cuts dependencies.
func (a *Analysis) Simulate(s Scenario) *Simulation {
	m := a.modelOf(s)
	modules, domainDown := a.deprived(m.capacities, s)
	b := m.newBlock()
	defer m.release(b)
	b.reset()
	for _, i := range modules {
		b.deprive(i, 0)
	}
	b.cut(&s, 0)
	b.run()
	b.runWays()
	out := &Simulation{
		Outcome:    b.outcomes(1, nil)[0],
		ModuleDown: make([]bool, a.Modules()),
		NoCapacity: make([]bool, a.Modules()),
		DomainDown: make([]bool, len(a.domainParent)),
	}
	for i := range out.ModuleDown {
		out.ModuleDown[i] = b.moduleDown(int32(i), 0)
		out.NoCapacity[i] = !m.capacities.modules[i].holds(0, false)
	}
	for _, i := range modules {
		out.NoCapacity[i] = true
	}
	for d := range domainDown {
		out.DomainDown[d] = true
	}
	return out
}

func (b *block) moduleDown(i int32, scenario int) bool {
	r := b.m.plan.row[i]
	return r < 0 || b.down[r].has(scenario)
}

// SimulateAll runs many scenarios, many at a time, and calls visit with each outcome in order. As
// in Simulate, an outcome includes what is down before anything fails. down reports for a module
// whether it is down in that scenario; it is valid only during the call.
func (a *Analysis) SimulateAll(scenarios []Scenario, visit func(i int, o Outcome, down func(module int32) bool)) {
	m := a.modelOf(scenarios...)
	blocks := make([]*block, runtime.GOMAXPROCS(0))
	for i := range blocks {
		blocks[i] = m.newBlock()
		defer m.release(blocks[i])
	}
	outcomes := make([][]Outcome, len(blocks))
	for start := 0; start < len(scenarios); start += len(blocks) * blockScenarios {
		var wait sync.WaitGroup
		for k, b := range blocks {
			from := start + k*blockScenarios
			if from >= len(scenarios) {
				outcomes[k] = nil
				continue
			}
			wait.Go(func() {
				own := scenarios[from:min(from+blockScenarios, len(scenarios))]
				b.reset()
				for s := range own {
					modules, _ := a.deprived(m.capacities, own[s])
					for _, i := range modules {
						b.deprive(i, s)
					}
					b.cut(&own[s], s)
				}
				b.run()
				b.runWays()
				outcomes[k] = b.outcomes(len(own), nil)
			})
		}
		wait.Wait()
		for k, b := range blocks {
			for s, o := range outcomes[k] {
				visit(start+k*blockScenarios+s, o, func(module int32) bool { return b.moduleDown(module, s) })
			}
		}
	}
}
