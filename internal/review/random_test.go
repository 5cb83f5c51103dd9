package review

import (
	"fmt"
	"reflect"
	"time"

	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/rules"
	"lintel/schema"
)

var today = time.Date(2026, time.June, 15, 0, 0, 0, 0, time.UTC)

func judge(d *schema.Design) *rules.Result {
	return rules.Run(analyzer.New(d), rules.Settings{}, today)
}

// words that names and texts are made of.
var vocabulary = []string{"orders", "cart", "search", "billing", "mail", "stock", "login", "audit", "photo", "rank", "quote", "fleet"}

// randomDesign draws a design in which things state much, so that they differ.
func randomDesign(t *rapid.T) *schema.Design {
	d := &schema.Design{System: "shop", Path: "shop.cue"}
	n := rapid.IntRange(1, 9).Draw(t, "modules")
	names := rapid.Permutation(vocabulary).Draw(t, "names")[:n]
	zones := rapid.IntRange(0, 3).Draw(t, "zones")
	if zones > 0 {
		d.FailureDomains = append(d.FailureDomains, &schema.FailureDomain{Name: "north", Kind: schema.Region})
	}
	for z := range zones {
		f := &schema.FailureDomain{Name: fmt.Sprintf("zone-%c", 'a'+z), Kind: schema.Zone, In: schema.Ref{Name: "north"}}
		if rapid.Bool().Draw(t, "availability") {
			f.Availability = new(99 + float64(z)/10)
		}
		d.FailureDomains = append(d.FailureDomains, f)
	}
	some := func(label string) schema.Ref { return schema.Ref{Name: rapid.SampledFrom(names).Draw(t, label)} }
	for _, name := range names {
		d.Modules = append(d.Modules, randomModule(t, name, names, zones))
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "journeys") {
		j := &schema.Journey{Name: fmt.Sprintf("journey-%d", i), Entry: some("entry")}
		if rapid.Bool().Draw(t, "peak") {
			j.Peak = new(float64(10 * (i + 1)))
		}
		if m := find(d.Modules, j.Entry.Name); len(m.DependsOn) > 1 && rapid.Bool().Draw(t, "uses") {
			j.HasUses, j.Uses = true, m.DependsOn[0].Targets()[:1]
		}
		d.Journeys = append(d.Journeys, j)
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "transactions") {
		d.Transactions = append(d.Transactions, &schema.Transaction{
			Name: fmt.Sprintf("transaction-%d", i), Spans: []schema.Ref{some("spans")}, Coordination: rapid.SampledFrom([]string{"", "saga", "none"}).Draw(t, "coordination"),
		})
	}
	d.Normalize()
	return d
}

func find(list []*schema.Module, name string) *schema.Module {
	for _, m := range list {
		if m.Name == name {
			return m
		}
	}
	return nil
}

func randomModule(t *rapid.T, name string, names []string, zones int) *schema.Module {
	m := &schema.Module{Name: name, Replicas: rapid.IntRange(1, 4).Draw(t, "replicas")}
	m.Kind = rapid.SampledFrom([]schema.Kind{schema.Service, schema.Service, schema.Gateway, schema.Database, schema.Cache, schema.External}).Draw(t, "kind")
	m.Team = rapid.SampledFrom([]string{"", "red", "blue", "green"}).Draw(t, "team")
	m.Group = rapid.SampledFrom([]string{"", "sales", "platform"}).Draw(t, "group")
	m.Technology = rapid.SampledFrom([]string{"", "Go", "Java", "PostgreSQL"}).Draw(t, "technology")
	m.Entry = rapid.IntRange(0, 4).Draw(t, "entry") == 0
	if rapid.Bool().Draw(t, "tier") {
		m.Tier = new(rapid.IntRange(0, 3).Draw(t, "tier"))
	}
	if zones > 0 && rapid.Bool().Draw(t, "placed") {
		m.Placement = &schema.Placement{}
		for z := range zones {
			if z == 0 || rapid.Bool().Draw(t, "in zone") {
				m.Placement.Spread = append(m.Placement.Spread, schema.Ref{Name: fmt.Sprintf("zone-%c", 'a'+z)})
			}
		}
	}
	if rapid.IntRange(0, 3).Draw(t, "backup") == 0 {
		m.Backup = &schema.Backup{To: schema.Ref{Name: rapid.SampledFrom(names).Draw(t, "backup to")}, Tested: new(rapid.Bool().Draw(t, "tested"))}
	}
	for _, to := range names {
		if to == name || rapid.IntRange(0, 3).Draw(t, "depends") > 0 {
			continue
		}
		dep := &schema.Dependency{Key: to}
		dep.Strength = rapid.SampledFrom([]schema.Strength{schema.Hard, schema.Hard, schema.Soft}).Draw(t, "strength")
		dep.Mode = rapid.SampledFrom([]schema.Mode{schema.Sync, schema.Sync, schema.Async}).Draw(t, "mode")
		dep.When = rapid.SampledFrom([]schema.Phase{schema.Runtime, schema.Runtime, schema.Startup}).Draw(t, "when")
		dep.Protocol = rapid.SampledFrom([]string{"", "grpc", "sql"}).Draw(t, "protocol")
		if rapid.Bool().Draw(t, "timeout") {
			dep.Timeout = new(time.Duration(rapid.IntRange(1, 9).Draw(t, "timeout")) * 100 * time.Millisecond)
		}
		if rapid.IntRange(0, 3).Draw(t, "retries") == 0 {
			dep.Retries = &schema.Retries{Max: rapid.IntRange(0, 3).Draw(t, "max")}
		}
		if rapid.IntRange(0, 4).Draw(t, "anyOf") == 0 {
			other := rapid.SampledFrom(names).Draw(t, "alternative")
			dep.Key = "some " + to
			dep.AnyOf = []schema.Ref{{Name: to}}
			if other != to {
				dep.AnyOf = append(dep.AnyOf, schema.Ref{Name: other})
			}
		}
		m.DependsOn = append(m.DependsOn, dep)
	}
	return m
}

// copyOf copies a value and all that it holds.
func copyOf[T any](v T) T {
	return deepCopy(reflect.ValueOf(v)).Interface().(T)
}

func deepCopy(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		out := reflect.New(v.Type().Elem())
		out.Elem().Set(deepCopy(v.Elem()))
		return out
	case reflect.Slice:
		if v.IsNil() {
			return v
		}
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			out.Index(i).Set(deepCopy(v.Index(i)))
		}
		return out
	case reflect.Struct:
		out := reflect.New(v.Type()).Elem()
		out.Set(v)
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && v.Type().PkgPath() == "lintel/schema" {
				out.Field(i).Set(deepCopy(v.Field(i)))
			}
		}
		return out
	}
	return v
}

// shuffle draws a design that says the same in another order of declaration, as it is after a load.
func shuffle(t *rapid.T, d *schema.Design) *schema.Design {
	out := copyOf(d)
	out.Modules = rapid.Permutation(out.Modules).Draw(t, "order of modules")
	for i, m := range out.Modules {
		m.DependsOn = rapid.Permutation(m.DependsOn).Draw(t, "order of dependencies")
		m.Tags = rapid.Permutation(m.Tags).Draw(t, "order of tags")
		m.Pos = schema.Range{File: "other.cue", StartLine: i + 1, StartColumn: 1, EndLine: i + 1, EndColumn: 2}
		for k, dep := range m.DependsOn {
			dep.AnyOf = rapid.Permutation(dep.AnyOf).Draw(t, "order of alternatives")
			dep.Pos = schema.Range{File: "other.cue", StartLine: 100*i + k + 1, StartColumn: 1, EndLine: 100*i + k + 1, EndColumn: 2}
		}
	}
	out.FailureDomains = rapid.Permutation(out.FailureDomains).Draw(t, "order of domains")
	out.Journeys = rapid.Permutation(out.Journeys).Draw(t, "order of journeys")
	out.Transactions = rapid.Permutation(out.Transactions).Draw(t, "order of transactions")
	out.Lint.Waivers = rapid.Permutation(out.Lint.Waivers).Draw(t, "order of waivers")
	out.Normalize()
	return out
}
