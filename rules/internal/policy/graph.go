package policy

import (
	"fmt"
	"slices"
	"strings"

	"lintel/analyzer"
)

// dependencies judges what the policy demands of the dependencies of the modules selected. What a module needs of itself
// does not count.
func (j *judge) dependencies() {
	n := j.facts.analysis.Modules()
	j.isChosen = make([]bool, n)
	at := make([]*subject, n)
	for _, s := range j.selected {
		j.isChosen[s.module], at[s.module] = true, s
	}
	if j.limitsUse || j.limitsUsers || len(j.layers) > 0 || j.independent != "" {
		for _, e := range j.facts.edges() {
			if e.from == e.to {
				continue
			}
			if j.limitsUse && j.isChosen[e.from] {
				j.mayOnly(at[e.from], e, e.to, j.mayUse, "mayUse")
			}
			if j.limitsUsers && j.isChosen[e.to] {
				j.mayOnly(at[e.to], e, e.from, j.mayBeUsedBy, "mayBeUsedBy")
			}
			if j.isChosen[e.from] && j.isChosen[e.to] {
				j.layered(at[e.from], e)
				j.apart(at[e.from], e)
			}
		}
	}
	j.seek()
	for _, s := range j.selected {
		if j.mustUse != nil {
			j.mustHave(s, j.facts.neighbours().DependsOn[s.module], j.mustUse, "mustUse", "depends on no module such as ")
		}
		if j.mustBeUsedBy != nil {
			j.mustHave(s, j.facts.neighbours().Dependents[s.module], j.mustBeUsedBy, "mustBeUsedBy", "is used by no module such as ")
		}
	}
	if j.reaches != nil || j.neverReaches != nil {
		j.reachability()
	}
	if j.acyclic {
		j.cycles()
	}
}

// seek notes which names of layers, or which field, no module selected has.
func (j *judge) seek() {
	if len(j.selected) == 0 {
		return
	}
	if len(j.layers) > 0 && !slices.ContainsFunc(j.selected, func(s *subject) bool { return slices.Contains(j.layers, s.m().Layer) }) {
		j.aimless = "selects modules of which none is of one of its layers"
	}
	if j.independent != "" && !slices.ContainsFunc(j.selected, func(s *subject) bool { return j.facts.moduleValue(s.module, j.independent) != nil }) {
		j.aimless = "selects modules of which none has " + j.independent
	}
}

func (j *judge) matchesModule(p *pattern, m int32) bool {
	return p.matches(&subject{facts: j.facts, module: m})
}

func (j *judge) mayOnly(s *subject, e edge, other int32, allowed []*pattern, demand string) {
	if slices.ContainsFunc(allowed, func(p *pattern) bool { return j.matchesModule(p, other) }) {
		return
	}
	v := j.ofEdge(s, e)
	v.wanted = j.texts[demand]
	a := j.facts.analysis
	if demand == "mayUse" {
		v.Message = fmt.Sprintf("%s must not depend on %s: it may use only %s", a.Module(e.from).Name, a.Module(e.to).Name, textsOf(allowed))
	} else {
		v.Message = fmt.Sprintf("%s must not depend on %s, which only %s may use", a.Module(e.from).Name, a.Module(e.to).Name, textsOf(allowed))
		v.Aliases = append(v.Aliases, a.Module(e.to).Name)
	}
	v.Key = keyed(demand, v.Key)
	j.report(v)
}

// keyed gives the key of a violation of a demand on dependencies: a policy may have several, on the same thing.
func keyed(demand, key string) string { return strings.TrimSuffix(demand+" "+key, " ") }

func textsOf(list []*pattern) string {
	parts := make([]string, len(list))
	for i, p := range list {
		parts[i] = p.text()
	}
	return strings.Join(parts, " or ")
}

func (j *judge) mustHave(s *subject, others []int32, wanted *pattern, demand, says string) {
	if slices.ContainsFunc(others, func(m int32) bool { return j.matchesModule(wanted, m) }) {
		return
	}
	v := j.violation(s)
	v.wanted, v.Key = j.texts[demand], keyed(demand, "")
	v.Message = v.Name + " " + says + wanted.text()
	j.report(v)
}

// layered demands that a dependency leads down.
func (j *judge) layered(s *subject, e edge) {
	if len(j.layers) == 0 {
		return
	}
	a := j.facts.analysis
	upper, lower := slices.Index(j.layers, a.Module(e.from).Layer), slices.Index(j.layers, a.Module(e.to).Layer)
	if upper < 0 || lower < 0 || lower >= upper && (!j.strict || lower <= upper+1) {
		return
	}
	v := j.ofEdge(s, e)
	v.wanted, v.Key = j.texts["layers"], keyed("layers", v.Key)
	from, to := a.Module(e.from), a.Module(e.to)
	if lower < upper {
		v.Message = fmt.Sprintf("%s in layer %s must not depend on %s in layer %s, which is above it", from.Name, from.Layer, to.Name, to.Layer)
	} else {
		v.Message = fmt.Sprintf("%s in layer %s must not depend on %s in layer %s: it skips %s", from.Name, from.Layer, to.Name, to.Layer, enumerate(j.layers[upper+1:lower]))
	}
	j.report(v)
}

// apart demands that the two ends of a dependency have the same value.
func (j *judge) apart(s *subject, e edge) {
	if j.independent == "" {
		return
	}
	x, y := j.facts.moduleValue(e.from, j.independent), j.facts.moduleValue(e.to, j.independent)
	if x == nil || y == nil || x == y {
		return
	}
	v := j.ofEdge(s, e)
	v.wanted, v.Key = quote(j.independent), keyed("independent", v.Key)
	a := j.facts.analysis
	v.Message = fmt.Sprintf("%s of %s %s must not depend on %s of %s %s", a.Module(e.from).Name, j.independent, inWords(x, ""), a.Module(e.to).Name, j.independent, inWords(y, ""))
	j.report(v)
}

// reachability judges reaches and neverReaches: a module reaches another over one or more dependencies that via allows.
func (j *judge) reachability() {
	a := j.facts.analysis
	n := a.Modules()
	allowed := 0
	into, out := make([][]edge, n), make([][]edge, n) // by target and by source
	for _, e := range j.facts.edges() {
		if j.via == nil || j.via.matches(&subject{facts: j.facts, module: e.from, edge: e}) {
			allowed++
			into[e.to], out[e.from] = append(into[e.to], e), append(out[e.from], e)
		}
	}
	for _, r := range []struct {
		wanted *pattern
		name   string
	}{{j.reaches, "reaches"}, {j.neverReaches, "neverReaches"}} {
		if r.wanted == nil {
			continue
		}
		goals, near := j.waysTo(into, r.wanted)
		switch {
		case len(j.selected) == 0:
		case j.via != nil && allowed == 0 && len(j.facts.edges()) > 0:
			j.aimless = "follows dependencies of which there are none"
		case r.name == "neverReaches" && !slices.Contains(goals, true):
			j.aimless = "names modules never to be reached of which there are none"
		}
		for _, s := range j.selected {
			switch reaches := near[s.module]; {
			case r.name == "reaches" && !reaches:
				v := j.violation(s)
				v.wanted, v.Key = j.texts[r.name], keyed(r.name, "")
				v.Message = fmt.Sprintf("%s reaches no module such as %s", v.Name, r.wanted.text())
				j.report(v)
			case r.name == "neverReaches" && reaches:
				j.reached(s, out, goals)
			}
		}
	}
}

// waysTo tells which modules match, and which reach another module that does, by a search backwards that passes each
// module at most twice: a module that matches itself is a goal of its own, and reaches another only by the second.
func (j *judge) waysTo(into [][]edge, wanted *pattern) (goals, reaches []bool) {
	n := len(into)
	goals, reaches = make([]bool, n), make([]bool, n)
	known := make([][2]int32, n) // the goals that are found so far, from 1
	type reach struct{ module, goal int32 }
	var frontier []reach
	for m := range goals {
		if goals[m] = j.matchesModule(wanted, int32(m)); goals[m] {
			known[m][0] = int32(m) + 1
			frontier = append(frontier, reach{int32(m), int32(m) + 1})
		}
	}
	for ; len(frontier) > 0; frontier = frontier[1:] {
		at := frontier[0]
		for _, e := range into[at.module] {
			w := &known[e.from]
			free := slices.Index(w[:], 0)
			if free < 0 || w[0] == at.goal {
				continue
			}
			w[free] = at.goal
			reaches[e.from] = reaches[e.from] || at.goal != e.from+1
			frontier = append(frontier, reach{e.from, at.goal})
		}
	}
	return goals, reaches
}

// maxGoals bounds the modules of which it is told that one module reaches them; they are those that are nearest.
const maxGoals = 100

// reached reports for each module that s reaches and never may a shortest way to it. Ties are broken by order.
func (j *judge) reached(s *subject, out [][]edge, goals []bool) {
	a := j.facts.analysis
	start := s.module
	step := map[int32]edge{start: {dependency: -1}} // by which each module was found
	left := maxGoals
	for queue := []int32{start}; len(queue) > 0 && left > 0; queue = queue[1:] {
		for _, e := range out[queue[0]] {
			if _, seen := step[e.to]; seen {
				continue
			}
			step[e.to] = e
			queue = append(queue, e.to)
			if !goals[e.to] {
				continue
			}
			if left--; left < 0 {
				break
			}
			v := j.violation(s)
			goal := a.Module(e.to).Name
			v.wanted, v.Key = j.texts["neverReaches"], keyed("neverReaches", goal)
			v.Aliases = append(v.Aliases, v.Name+" -> "+goal)
			var way []edge
			for m := e.to; m != start; m = step[m].from {
				way = append(way, step[m])
			}
			slices.Reverse(way)
			v.Path = []string{v.Name}
			for _, x := range way {
				v.Path = append(v.Path, a.Module(x.to).Name)
				if len(v.Related) < maxRelated {
					v.Related = append(v.Related, Step{a.Module(x.from).Name + " -> " + a.Module(x.to).Name, a.Dependencies()[x.dependency].Pos})
				}
			}
			v.Message = fmt.Sprintf("%s must never reach %s, and does by way of %s", v.Name, goal, strings.Join(v.Path, " -> "))
			if len(way) == 1 {
				v.Message = fmt.Sprintf("%s must never reach %s, and depends on it", v.Name, goal)
			}
			j.report(v)
		}
	}
}

// cycles demands that the modules selected do not depend on each other in a cycle; one violation for each strongly
// connected component, with one of its shortest cycles through its first module.
func (j *judge) cycles() {
	a := j.facts.analysis
	n := a.Modules()
	out := make([][]int32, n)
	step := map[[2]int32]int32{}
	for _, e := range j.facts.edges() {
		if e.from != e.to && j.isChosen[e.from] && j.isChosen[e.to] {
			out[e.from] = append(out[e.from], e.to)
			if _, ok := step[[2]int32{e.from, e.to}]; !ok {
				step[[2]int32{e.from, e.to}] = e.dependency
			}
		}
	}
	component := analyzer.Components(out)
	members := map[int32][]int32{}
	var order []int32
	for _, s := range j.selected {
		c := component[s.module]
		if len(members[c]) == 0 {
			order = append(order, c)
		}
		members[c] = append(members[c], s.module)
	}
	for _, c := range order {
		if len(members[c]) < 2 {
			continue
		}
		first := members[c][0]
		v := j.violation(&subject{facts: j.facts, module: first})
		names := j.facts.namesOf(members[c])
		v.wanted, v.Key = "acyclic: true", keyed("acyclic", strings.Join(names, ", ")) // to grow is another fault
		v.Aliases = names[1:]
		v.Path = j.facts.namesOf(shortestCycle(out, first))
		v.Message = fmt.Sprintf("%s depend on each other in a cycle: %s", enumerate(names), strings.Join(v.Path, " -> "))
		way := shortestCycle(out, first)
		for i := 0; i+1 < len(way) && i < maxRelated; i++ {
			v.Related = append(v.Related, Step{a.Module(way[i]).Name + " -> " + a.Module(way[i+1]).Name, a.Dependencies()[step[[2]int32{way[i], way[i+1]}]].Pos})
		}
		j.report(v)
	}
}

// shortestCycle gives a shortest cycle through a module, which is its first and its last.
func shortestCycle(out [][]int32, start int32) []int32 {
	before := map[int32]int32{}
	for queue := []int32{start}; len(queue) > 0; queue = queue[1:] {
		m := queue[0]
		for _, t := range out[m] {
			if t == start {
				way := []int32{start}
				for ; m != start; m = before[m] {
					way = append(way, m)
				}
				way = append(way, start)
				slices.Reverse(way)
				return way
			}
			if _, ok := before[t]; !ok {
				before[t] = m
				queue = append(queue, t)
			}
		}
	}
	return nil
}
