package resilience_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"lintel/analyzer"
	"lintel/analyzer/resilience"
	"lintel/schema"
)

// TestTypicalValues: every kind has one value, and the document has the same table.
func TestTypicalValues(t *testing.T) {
	seen := map[string]int{}
	var table strings.Builder
	table.WriteString("| of | availability | where it is from |\n| --- | ---: | --- |\n")
	for _, v := range resilience.TypicalValues() {
		var of []string
		for _, k := range v.Modules {
			seen["module "+string(k)]++
			of = append(of, string(k))
		}
		text := strings.Join(of, ", ")
		if len(of) > 0 {
			text = "a replica: " + text
			if v.Modules[0] == schema.External {
				text = "an external module"
			}
		}
		for _, k := range v.Domains {
			seen["domain "+string(k)]++
			if text != "" {
				text += "; "
			}
			text += "a failure domain: " + string(k)
		}
		if !(v.Availability >= 99 && v.Availability < 100) || v.Reason == "" {
			t.Errorf("%+v", v)
		}
		fmt.Fprintf(&table, "| %s | %s %% | %s |\n", text, strconv.FormatFloat(v.Availability, 'f', -1, 64), v.Reason)
	}
	for _, k := range []schema.Kind{
		schema.Service, schema.Frontend, schema.Gateway, schema.LoadBalancer, schema.Worker, schema.Job, schema.Function, schema.Database, schema.Cache, schema.Queue,
		schema.ObjectStore, schema.Search, schema.Discovery, schema.Configuration, schema.DNS, schema.Identity, schema.Monitoring, schema.Network, schema.External,
	} {
		if seen["module "+string(k)] != 1 {
			t.Errorf("kind %s has %d values", k, seen["module "+string(k)])
		}
	}
	for _, k := range []schema.DomainKind{schema.Host, schema.Rack, schema.Power, schema.Net, schema.Zone, schema.Region, schema.Provider} {
		if seen["domain "+string(k)] != 1 {
			t.Errorf("failure domains of kind %s have %d values", k, seen["domain "+string(k)])
		}
	}
	inDocument(t, "typical values", table.String(), *updateWorked)
}

// TestTypicalIsNeverSilent: without the assumption nothing is taken; with it, only what is not stated.
func TestTypicalIsNeverSilent(t *testing.T) {
	d := &schema.Design{System: "s", Modules: []*schema.Module{
		{Name: "a", Replicas: 1, Entry: true, DependsOn: []*schema.Dependency{{Key: "b", To: schema.Ref{Name: "b"}}, {Key: "c", To: schema.Ref{Name: "c"}}}},
		{Name: "b", Replicas: 1, Availability: new(99.99), Placement: &schema.Placement{Spread: []schema.Ref{{Name: "z"}}}},
		{Name: "c", Kind: schema.External, Replicas: 1},
	}, FailureDomains: []*schema.FailureDomain{{Name: "z", Kind: schema.Zone}}}
	d.Normalize()
	for _, typical := range []bool{false, true} {
		s, err := resilience.New(analyzer.New(d), resilience.Assumptions{Typical: typical, Pessimistic: 98}, resilience.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Availability(analyzer.OfModule(0))
		if err != nil {
			t.Fatal(err)
		}
		want, assumed, unknown := 1-0.98*0.98*0.98*0.9999, 0, 3
		if typical {
			want, assumed, unknown = 1-0.995*0.9999*0.999*0.999, 3, 0
		}
		if len(got.Assumed) != assumed || len(got.Unknown) != unknown || abs(got.Worst.Low-want) > 1e-15 {
			t.Errorf("typical %v: %+v, want %v", typical, got, want)
		}
		for _, c := range got.Contributors {
			if stated := c.Event.Module == 1; stated != (c.Source == resilience.Stated) {
				t.Errorf("typical %v: %+v", typical, c)
			}
		}
	}
}

func abs(x float64) float64 { return max(x, -x) }
