package rules

import (
	"fmt"
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// uncoordinatedTransaction tells of business transactions over several participants with
// coordination "none" or not stated. Participants are
//
//   - services: all that is no store and does not merely pass calls on (load balancer, gateway,
//     frontend, network, DNS); those that ship as one deploy.unit are one;
//   - stores.
//
// One service with one store that it works on is a local transaction, which the store coordinates.
// Modules that the design does not have are HYG001's.
var uncoordinatedTransaction = &Rule{
	ID: "TXN001", Name: "uncoordinated-transaction", Severity: Error,
	Summary: "A transaction spans several services or stores, and nothing coordinates it.",
	Needs:   []string{"transactions"},
	Sources: []Source{
		{"Richardson, Microservices Patterns: saga", "https://microservices.io/patterns/data/saga.html"},
		{"Garcia-Molina and Salem, Sagas, SIGMOD 1987", "https://doi.org/10.1145/38713.38742"},
	},
	Run: runUncoordinatedTransaction,
}

func runUncoordinatedTransaction(p *Pass) {
	for _, t := range p.Design.Transactions {
		if t.Coordination != "" && t.Coordination != "none" {
			continue
		}
		services, stores := participants(p.Analysis, t)
		if !isUncoordinated(p.Analysis, services, stores) {
			continue
		}
		how := "and does not say what coordinates it"
		if t.Coordination == "none" {
			how = "with no coordination"
		}
		names := moduleNames(p.Analysis, append(slices.Clone(services), stores...))
		f := Finding{
			Subject:  Subject{OfTransaction, t.Name},
			Message:  fmt.Sprintf("%s spans %s %s: when one part fails, the others keep what they did", t.Name, enumerate(unique(names)), how),
			Location: t.At("coordination"),
			Suggestions: []string{
				"coordination: \"saga\", with a step that undoes each part",
			},
		}
		if len(stores) > 1 && len(services) < 2 {
			f.Suggestions = []string{"coordination: \"outbox\": write one store, and let the other follow from it"}
		}
		f.Suggestions = append(f.Suggestions, "or give the data that change together one owner")
		p.Report(f)
	}
}

// isUncoordinated reports whether a transaction over these participants needs coordination: one service with one store that
// it works on does not.
func isUncoordinated(a *analyzer.Analysis, services, stores []int32) bool {
	return len(services) > 1 || len(stores) > 1 || len(services) > 0 && len(stores) > 0 && !worksOn(a, services[0], stores[0])
}

// participants returns the services and the stores of a transaction, one service for each deploy unit,
// in order of name.
func participants(a *analyzer.Analysis, t *schema.Transaction) (services, stores []int32) {
	var spans []int32
	for _, s := range t.Spans {
		if m, ok := a.ModuleIndex(s.Name); ok {
			spans = append(spans, m)
		}
	}
	slices.Sort(spans)
	units := map[string]bool{}
	for _, i := range slices.Compact(spans) {
		switch m := a.Module(i); {
		case m.Kind.IsStore():
			stores = append(stores, i)
		case passesOn(m.Kind), m.Kind == schema.Gateway, m.Kind == schema.Frontend, m.Kind == schema.DNS:
		case m.Deploy.Unit != "" && units[m.Deploy.Unit]:
		default:
			units[m.Deploy.Unit] = true
			services = append(services, i)
		}
	}
	return services, stores
}

// worksOn reports whether a service depends on a store, directly, through modules that pass calls on,
// or through others that ship with it.
func worksOn(a *analyzer.Analysis, service, store int32) bool {
	unit := a.Module(service).Deploy.Unit
	through := func(m *schema.Module) bool {
		return passesOn(m.Kind) || unit != "" && m.Deploy.Unit == unit
	}
	seen := map[int32]bool{service: true}
	queue := []int32{service}
	if unit != "" {
		for i, m := range a.Design.Modules {
			if m.Deploy.Unit == unit && !seen[int32(i)] {
				seen[int32(i)] = true
				queue = append(queue, int32(i))
			}
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		own := a.DependenciesOf(queue[0])
		for k := range own {
			for _, t := range own[k].Targets {
				if t == store {
					return true
				}
				if !seen[t] && through(a.Module(t)) {
					seen[t] = true
					queue = append(queue, t)
				}
			}
		}
	}
	return false
}
