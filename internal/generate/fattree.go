package generate

import (
	"fmt"

	"lintel/analyzer/faulttree"
)

// FatTree is the failure of a service in a fat-tree network of switches with that many ports (an even number), as in
// INDaaS (E. Zhai et al., Heading off correlated failures through independence-as-a-service, OSDI 2014). The service has
// replicas in as many pods, and needs some of them. A replica is lost with its server, with its top-of-rack switch, or when
// it reaches no core group: way i leads over the i-th aggregation switch of its pod to the i-th core group, which is lost
// when all of its cores are.
func FatTree(ports, replicas, need int) *faulttree.Tree {
	t := &faulttree.Tree{Name: fmt.Sprintf("fat-tree-%d-%d", ports, replicas)}
	event := func(p float64, format string, args ...any) faulttree.Ref {
		t.Events = append(t.Events, faulttree.Event{Name: fmt.Sprintf(format, args...), P: p})
		return faulttree.EventRef(len(t.Events) - 1)
	}
	gate := func(op faulttree.Op, k int, in []faulttree.Ref, format string, args ...any) faulttree.Ref {
		t.Gates = append(t.Gates, faulttree.Gate{Name: fmt.Sprintf(format, args...), Op: op, K: k, In: in})
		return faulttree.GateRef(len(t.Gates) - 1)
	}
	half := ports / 2
	var groups, lost []faulttree.Ref
	for g := range half {
		var cores []faulttree.Ref
		for c := range half {
			cores = append(cores, event(0.01, "core-%d-%d", g+1, c+1))
		}
		groups = append(groups, gate(faulttree.And, 0, cores, "cores-%d", g+1))
	}
	for r := range replicas {
		var ways []faulttree.Ref
		for g := range half {
			aggregation := event(0.01, "aggregation-%d-%d", r+1, g+1)
			ways = append(ways, gate(faulttree.Or, 0, []faulttree.Ref{aggregation, groups[g]}, "way-%d-%d", r+1, g+1))
		}
		cut := gate(faulttree.And, 0, ways, "ways-%d", r+1)
		lost = append(lost, gate(faulttree.Or, 0, []faulttree.Ref{event(0.02, "server-%d", r+1), event(0.01, "rack-switch-%d", r+1), cut}, "replica-%d", r+1))
	}
	t.Top = gate(faulttree.AtLeast, replicas-need+1, lost, "service")
	return t
}
