package generate

import (
	"fmt"
	"math"
	"slices"
	"time"

	"lintel/schema"
)

func milliseconds(n int) *time.Duration { return new(time.Duration(n) * time.Millisecond) }

func minutes(n int) *time.Duration { return new(time.Duration(n) * time.Minute) }

// modules makes a module for each place in the network.
func (g *generator) modules() {
	n := g.spec.Modules
	replicas := g.replicas()
	groups, teams := max(n/15, 2), max(n/8, 2)
	for i := range n {
		m := &schema.Module{
			Kind:     g.kinds[i],
			Replicas: replicas[i],
			Team:     fmt.Sprintf("team-%03d", g.IntN(teams)),
			Group:    fmt.Sprintf("group-%03d", (i*groups/n+g.IntN(3))%groups),
		}
		m.Name = fmt.Sprintf("%s-%05d", m.Kind, i)
		m.State = m.Kind.DefaultState()
		m.Tier = new(min(3, g.IntN(3)+g.IntN(3)))
		if i < max(n/50, 3) {
			m.Entry, m.Tier = true, new(g.IntN(2))
			if g.chance(0.2) {
				m.State = schema.SessionKeeper
			}
		}
		if m.Kind == schema.External {
			m.Availability = new(some(g, 99.9, 99.95, 99.99))
		} else {
			g.redundancy(m)
			g.place(m)
		}
		if g.chance(0.5) {
			m.Latency = milliseconds(1 + g.IntN(40))
		}
		if g.chance(0.3) {
			m.Availability = new(some(g, 99.0, 99.5, 99.9))
		}
		if g.chance(0.2) {
			m.SLO.Availability = new(some(g, 99.5, 99.9, 99.99))
		}
		if g.chance(0.4) {
			m.Capacity = new(float64(50 * (1 + g.IntN(40))))
		}
		if g.chance(0.02) {
			m.Deploy.Unit = fmt.Sprintf("unit-%03d", g.IntN(max(n/200, 2)))
		}
		if g.chance(0.1) {
			m.Operations = new(1 + g.IntN(60))
		}
		g.list = append(g.list, m)
	}
	g.d.Modules = slices.Clone(g.list)
}

// kind gives modules at the top to users, and modules that call nothing to data and infrastructure.
func (g *generator) kind(i int) schema.Kind {
	n := g.spec.Modules
	switch {
	case i < max(n/50, 3):
		return some(g, schema.Gateway, schema.Frontend, schema.Service)
	case len(g.targets[i]) == 0 && g.chance(0.25):
		return schema.External
	case len(g.targets[i]) <= 1 && i > n/3 && g.chance(0.7):
		return some(g, schema.Database, schema.Database, schema.Database, schema.Cache, schema.Cache, schema.Queue, schema.ObjectStore, schema.Search)
	case i > n-n/100:
		return some(g, schema.Configuration, schema.Discovery, schema.DNS, schema.Identity, schema.Service)
	case g.chance(0.02):
		return schema.Monitoring
	}
	return some(g, schema.Service, schema.Service, schema.Service, schema.Service, schema.Service, schema.Worker, schema.Job, schema.Function)
}

// replicas draws the kinds, and a number of replicas for each module. Externals, voters and
// databases have few; the others take the rest of the distribution of instances.
func (g *generator) replicas() []int {
	n := g.spec.Modules
	out := make([]int, n)
	var others []int
	for i := range n {
		kind := g.kind(i)
		g.kinds = append(g.kinds, kind)
		switch kind {
		case schema.External:
			out[i] = 1
		case schema.Discovery, schema.Configuration, schema.Queue:
			out[i] = some(g, 3, 3, 5, 5, 4)
		case schema.Database:
			out[i] = some(g, 1, 1, 2, 3)
		default:
			others = append(others, i)
		}
	}
	g.Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
	few := float64(n-len(others)) / float64(n)
	for k, i := range others {
		out[i] = int(math.Round(instances.at(few + (1-few)*(float64(k)+0.5)/float64(len(others)))))
	}
	return out
}

func (g *generator) redundancy(m *schema.Module) {
	switch {
	case m.Kind == schema.Discovery || m.Kind == schema.Configuration || m.Kind == schema.Queue && g.chance(0.5):
		m.Redundancy.Mode = schema.Quorum
	case m.Kind == schema.Database && g.chance(0.6):
		m.Redundancy = schema.Redundancy{
			Mode:        schema.ActivePassive,
			Failover:    some(g, schema.AutomaticFailover, schema.AutomaticFailover, schema.AutomaticFailover, schema.ManualFailover),
			Replication: some(g, schema.Synchronous, schema.Asynchronous),
		}
	case m.Replicas > 2 && g.chance(0.3):
		m.Redundancy.Need = new(1 + m.Replicas*some(g, 3, 5, 6, 7)/10)
	}
	if m.Redundancy.Mode == "" && g.chance(0.3) {
		m.Autoscaling = &schema.Autoscaling{Min: m.Replicas, Max: m.Replicas * (1 + g.IntN(3))}
		m.LoadBalancing = some(g, schema.BalancedByPlatform, schema.BalancedByProxy, schema.NotBalanced)
	}
}

// place spreads most modules over the zones of a region, some over regions, and leaves some in one
// zone.
func (g *generator) place(m *schema.Module) {
	region := g.IntN(g.spec.Regions) * 3
	zones := g.zones[region : region+3]
	refs := func(names []string) (out []schema.Ref) {
		for _, n := range names {
			out = append(out, schema.Ref{Name: n})
		}
		return out
	}
	switch g.IntN(20) {
	case 0, 1: // not stated
	case 2:
		m.Placement = &schema.Placement{Spread: refs(zones[:1])}
	case 3, 4, 5:
		first := m.Replicas / 2
		m.Placement = &schema.Placement{Counts: []schema.PlacementCount{{Domain: schema.Ref{Name: zones[0]}, Count: first}, {Domain: schema.Ref{Name: zones[1]}, Count: m.Replicas - first}}}
	case 6, 7, 8:
		m.Placement = &schema.Placement{Spread: refs(g.zones)}
	case 9, 10:
		if g.spec.Racks > 0 {
			var racks []string
			for _, z := range zones {
				racks = append(racks, fmt.Sprintf("%s-rack-%d", z, 1+g.IntN(g.spec.Racks)))
			}
			m.Placement = &schema.Placement{Spread: refs(racks)}
			return
		}
		fallthrough
	default:
		m.Placement = &schema.Placement{Spread: refs(zones)}
	}
}

// dependencies states the calls of the network. Those that lead upwards are soft, save the ones that
// are to close a cycle. A few of a module's calls are alternatives.
func (g *generator) dependencies() {
	for i, targets := range g.targets {
		m := g.list[i]
		for k := 0; k < len(targets); k++ {
			t := targets[k]
			d := &schema.Dependency{Key: g.list[t].Name, To: g.ref(t), Need: 1}
			if rest := len(targets) - k; rest >= 2 && g.chance(0.01) {
				d.Key, d.To = fmt.Sprintf("either-%d", k), schema.Ref{}
				for range min(rest, 2+g.IntN(2)) {
					d.AnyOf = append(d.AnyOf, g.ref(targets[k]))
					k++
				}
				k--
				if len(d.AnyOf) == 3 && g.chance(0.3) {
					d.Need = 2
				}
			}
			g.guard(d, i, t)
			m.DependsOn = append(m.DependsOn, d)
		}
	}
	g.tiers()
}

// tiers makes what a module needs as critical as the module, with few exceptions, as teams that
// state tiers do: in order from the entries down, which is the order of the list.
func (g *generator) tiers() {
	index := make(map[string]int, len(g.list))
	for i, m := range g.list {
		index[m.Name] = i
	}
	for i, m := range g.list {
		for _, d := range m.DependsOn {
			if d.Strength == schema.Soft || len(d.AnyOf) > 0 || g.chance(0.01) {
				continue
			}
			if t := index[d.To.Name]; t > i && *g.list[t].Tier > *m.Tier {
				g.list[t].Tier = new(*m.Tier)
			}
		}
	}
}

func (g *generator) guard(d *schema.Dependency, from int, to int32) {
	target := g.list[to]
	back := g.back[[2]int32{int32(from), to}]
	if !back && (int(to) < from || g.chance(0.25)) {
		d.Strength = schema.Soft
		if g.chance(0.95) {
			d.Fallback = "serve without"
		}
	}
	if target.Kind == schema.Queue || g.chance(0.08) {
		d.Mode = schema.Async
	}
	switch g.IntN(100) {
	case 0, 1, 2:
		d.When = schema.Startup
	case 3:
		d.When = schema.Deploys
	case 4:
		d.When = schema.Recovery
	}
	if target.Kind.IsStore() {
		d.Access = some(g, schema.Read, schema.Write, schema.ReadWrite)
	}
	if g.chance(0.98) {
		d.Protocol = some(g, "grpc", "http", "tcp")
	}
	if g.chance(0.9) {
		// Timeouts shrink on the way down, most of the time.
		left := g.spec.Modules - from
		d.Timeout = milliseconds(50 + 2000*left/g.spec.Modules + g.IntN(200))
	}
	if g.chance(0.2) {
		d.Retries = &schema.Retries{Max: 1 + g.IntN(3), Backoff: some(g, "exponential", "exponential", "exponential", "exponential", "linear", "linear", "linear", "linear", "linear", "none"), Jitter: new(g.chance(0.5))}
	}
	if g.chance(0.2) {
		d.CircuitBreaker = new(true)
	}
	if g.chance(0.7) {
		d.Calls = new(some(g, 0.1, 0.5, 1.0, 1.0, 1.0, 2.0))
	}
}
