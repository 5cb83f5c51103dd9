package rules

import (
	"fmt"
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// dualWrite tells of transactions in which one service writes both a store and a queue, with nothing that makes the two
// one: neither an outbox nor a two-phase commit. A transaction that spans stores or queues by name writes these and no
// others, each unless the dependency on it states that it is only read. Where it spans services alone, what they write
// counts, by the access that their dependencies state.
//
// Where TXN001 tells of the transaction, because it spans several services or stores, nothing is told here. A
// saga or tcc says how the services agree, not how each of them sends its messages, so by default it is not judged.
var dualWrite = &Rule{
	ID:       "TXN003",
	Name:     "dual-write",
	Severity: Warning,
	Summary:  "A transaction writes a store and a queue without an outbox.",
	Needs:    []string{"transactions", "access"},
	Params: []Param{{
		Name: "coordination", Default: []string{"none"}, Allowed: []string{"none", "saga", "tcc"},
		Doc: "The kinds of coordination under which a transaction is judged; one that states none counts as `none`.",
	}},
	Sources: []Source{
		{Title: "Richardson, Microservices Patterns: transactional outbox", URL: "https://microservices.io/patterns/data/transactional-outbox.html"},
		{Title: "Kleppmann, Designing Data-Intensive Applications (2017): dual writes"},
	},
	Run: runDualWrite,
}

func runDualWrite(p *Pass) {
	a := p.Analysis
	unchecked := 0
	for _, t := range p.Design.Transactions {
		coordination := t.Coordination
		if coordination == "" {
			coordination = "none"
		}
		if !slices.Contains(p.Strings("coordination"), coordination) {
			continue
		}
		services, stores := participants(a, t)
		if coordination == "none" && p.Runs("TXN001") && isUncoordinated(a, services, stores) {
			continue
		}
		open := false
		for _, s := range services {
			store, queue, unknown := writesOf(a, s, stores)
			if store == nil || queue == nil {
				open = open || unknown
				continue
			}
			p.reportDualWrite(t, a.Module(s), store, queue)
			open = false
			break
		}
		if open {
			unchecked++
		}
	}
	p.Unchecked(unchecked, "access")
}

// writesOf returns the dependencies by which service s writes a store and a queue, nil where it does not; spanned are the
// stores of the transaction, and no others count where there are any. unknown tells that it may do so by one whose access is not stated.
func writesOf(a *analyzer.Analysis, s int32, spanned []int32) (store, queue *analyzer.Dependency, unknown bool) {
	maybeStore, maybeQueue := false, false
	own := a.DependenciesOf(s)
	for k := range own {
		d := &own[k]
		if d.When != schema.Runtime {
			continue
		}
		for _, t := range d.Targets {
			kind := a.Module(t).Kind
			if !kind.IsStore() || kind == schema.Cache || len(spanned) > 0 && !slices.Contains(spanned, t) {
				continue
			}
			writes := d.Access == schema.Write || d.Access == schema.ReadWrite || d.Access == "" && slices.Contains(spanned, t)
			to, maybe := &store, &maybeStore
			if kind == schema.Queue {
				to, maybe = &queue, &maybeQueue
			}
			switch {
			case writes && *to == nil:
				*to = d
			case d.Access == "":
				*maybe = true
			}
		}
	}
	return store, queue, (store != nil || maybeStore) && (queue != nil || maybeQueue)
}

func (p *Pass) reportDualWrite(t *schema.Transaction, m *schema.Module, store, queue *analyzer.Dependency) {
	a := p.Analysis
	s, q := targetName(store), targetName(queue)
	f := Finding{
		Subject:  Subject{OfTransaction, t.Name},
		Key:      m.Name,
		Message:  fmt.Sprintf("in %s, %s writes %s and %s, which do not commit together: when it stops in between, one of them has what the other lacks", t.Name, m.Name, s, q),
		Location: t.At("coordination"),
		Related: []Related{
			{Message: edgeName(m.Name, s) + " is written", Location: store.At("access")},
			{Message: edgeName(m.Name, q) + " is written", Location: queue.At("access")},
		},
		Aliases: dependencyAliases(a, store, queue),
		Suggestions: []string{
			fmt.Sprintf("coordination: \"outbox\": write the message into %s with the data, and pass it on to %s from there", s, q),
			fmt.Sprintf("or follow the changes of %s (change data capture) in place of writing %s", s, q),
		},
	}
	p.Report(f)
}
