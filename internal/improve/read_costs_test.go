package improve

import (
	"strings"
	"testing"

	"lintel/schema"
)

func shopOf(names ...string) *schema.Design {
	d := &schema.Design{System: "s"}
	for _, n := range names {
		d.Modules = append(d.Modules, &schema.Module{Name: n, Kind: schema.Database, Replicas: 1})
	}
	d.Normalize()
	return d
}

func TestTheNarrowestPriceHolds(t *testing.T) {
	d := shopOf("a", "b", "c")
	costs, faults := ReadCosts("c.cue", []byte(`
replica: 2
kinds: database: {replica: 4, move: 0}
modules: {a: replica: 7, b: replica: "never", c: soft: 1}
`), d)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	for i, want := range []float64{7, Never, 4} {
		if got := costs.replica(d.Modules[i]); got != want {
			t.Errorf("replica of %s: %v, want %v", d.Modules[i].Name, got, want)
		}
	}
	service := &schema.Module{Name: "z", Kind: schema.Service, State: schema.Stateless}
	if costs.replica(service) != 2 || costs.move(service) != movePrice || costs.move(d.Modules[0]) != 0 {
		t.Error("prices of others:", costs.replica(service), costs.move(service), costs.move(d.Modules[0]))
	}
	if costs.soft(d.Modules[0], false) != Never || costs.soft(d.Modules[0], true) != softPrice || costs.soft(d.Modules[2], false) != 1 {
		t.Error("prices of soft dependencies")
	}
	none := Costs{}
	if none.replica(d.Modules[0]) != statefulReplicaPrice || none.replica(service) != replicaPrice {
		t.Error("defaults")
	}
}

func TestFaultsOfCosts(t *testing.T) {
	for name, want := range map[string]string{
		"a.cue:replica: -1":                    "1:1: replica is not from 0",
		"a.cue:replica: 1001":                  "replica is not from 0 to 1000",
		"a.cue:replica: \"no\"":                "replica is \"no\"",
		"a.cue:replica: int":                   "",
		"a.cue:replica: {}":                    "replica is no number",
		"a.cue:replica: null":                  "replica is no number",
		"a.cue:replicas: 1":                    "costs have no field \"replicas\"",
		"a.cue:modules: x: 3":                  "the design has no module \"x\"",
		"a.cue:modules: a: 3":                  "is a struct",
		"a.cue:modules: []":                    "is a struct",
		"a.cue:{":                              "",
		"a.json:[]":                            "is a struct",
		"a.json:{\"replica\": 1, \"move\": x}": "",
		"a.yaml:- 1":                           "is a struct",
		"a.yaml:replica: .nan":                 "",
		"a.yml:":                               "is a struct",
		"a.cue:\x00\xff":                       "",
		"a.cue:replica: 1/0":                   "",
		"a.cue:import \"strings\"\nmove: 1":    "",
	} {
		file, text, _ := strings.Cut(name, ":")
		costs, faults := ReadCosts(file, []byte(text), shopOf("a"))
		if len(faults) == 0 {
			t.Errorf("%q is read as %v", name, costs)
			continue
		}
		if !strings.Contains(faults.Error(), want) || faults[0].Pos.File != file {
			t.Errorf("%q: %v, want %q", name, faults, want)
		}
	}
}
