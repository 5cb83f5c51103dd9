package review

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"lintel/schema"
)

// fullDesign states every field of every kind of thing.
func fullDesign() *schema.Design {
	second := time.Second
	full := &schema.Module{
		Name: "orders", Kind: schema.Database, Description: "keeps orders", Technology: "PostgreSQL", Tags: []string{"pci", "eu"},
		Links: []schema.Link{{Label: "runbook", URL: "https://example.com"}}, Team: "red", Group: "sales", Layer: "data", Tier: new(1), Entry: true,
		Replicas:   3,
		Redundancy: schema.Redundancy{Mode: schema.Quorum, Need: new(1), Failover: schema.ManualFailover, Replication: schema.Synchronous},
		Placement:  &schema.Placement{Spread: []schema.Ref{{Name: "zone-a"}, {Name: "zone-b"}}}, LoadBalancing: schema.BalancedByProxy,
		State: schema.Stateless, Session: &schema.Session{Kept: "shared", In: schema.Ref{Name: "web"}},
		Backup:   &schema.Backup{To: schema.Ref{Name: "web"}, Every: &second, Tested: new(true)},
		Monitors: []schema.Ref{{Name: "web"}}, Recovers: []schema.Ref{{Name: "web"}},
		Availability: new(99.9), MTBF: &second, MTTR: &second, SLO: schema.SLO{Availability: new(99.5), Latency: &second}, Latency: &second, Capacity: new(100.0),
		Deploy: schema.Deploy{Unit: "shop", Strategy: "canary"}, Operations: new(5),
		DependsOn: []*schema.Dependency{
			{
				Key: "store", To: schema.Ref{Name: "web"}, Need: 1, Mode: schema.Async, Strength: schema.Soft, When: schema.Startup, Access: schema.Read,
				Fallback: "none", Protocol: "grpc", Description: "reads", Timeout: &second,
				Retries: &schema.Retries{Max: 2, Backoff: "linear", Jitter: new(true)}, CircuitBreaker: new(true), Calls: new(2.0),
			},
			{Key: "some", AnyOf: []schema.Ref{{Name: "web"}, {Name: "api"}}, Need: 2, Retries: &schema.Retries{Max: 1, Pause: &second}},
		},
	}
	web := &schema.Module{Name: "web", Replicas: 1, Autoscaling: &schema.Autoscaling{Min: 2, Max: 4}, Placement: &schema.Placement{Counts: []schema.PlacementCount{{Domain: schema.Ref{Name: "zone-a"}, Count: 2}}}}
	until := time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
	d := &schema.Design{
		System: "shop", Modules: []*schema.Module{full, web, {Name: "api", Replicas: 1}},
		FailureDomains: []*schema.FailureDomain{{Name: "zone-a", Kind: schema.Zone, In: schema.Ref{Name: "north"}, Availability: new(99.0), MTBF: &second, MTTR: &second}, {Name: "zone-b", Kind: schema.Zone}, {Name: "north", Kind: schema.Region}},
		Journeys:       []*schema.Journey{{Name: "buy", Entry: schema.Ref{Name: "web"}, HasUses: true, Uses: []schema.Ref{{Name: "api"}}, SLO: schema.SLO{Availability: new(99.0), Latency: &second}, Peak: new(10.0)}},
		Transactions:   []*schema.Transaction{{Name: "order", Spans: []schema.Ref{{Name: "web"}, {Name: "api"}}, Coordination: "saga"}},
		Lint: schema.Lint{
			Rules:    []schema.RuleSetting{{Rule: "CPL002", Severity: "info", Params: []schema.RuleParam{{Name: "limit", Value: int64(9)}}}},
			Waivers:  []schema.Waiver{{Rule: "RES001", At: "web", Reason: "cheap", Until: &until, Ticket: "T-1"}},
			Policies: []*schema.Policy{{Name: "owned", Message: "no owner", Severity: "warning", Description: "why", Link: "https://example.com"}},
		},
	}
	d.Normalize()
	return d
}

// Every field of the model shows in the comparison: each is changed by itself, and taken away where it can be.
func TestNoFieldIsForgotten(t *testing.T) {
	seen := 0
	base := fullDesign()
	var walk func(path string, at func(*schema.Design) reflect.Value)
	try := func(path, how string, at func(*schema.Design) reflect.Value, change func(reflect.Value)) {
		seen++
		other := copyOf(base)
		change(at(other))
		m := matchDesigns(base, other)
		if len(m.changes()) == 0 {
			t.Errorf("%s %s: no change is told", path, how)
		}
	}
	walk = func(path string, at func(*schema.Design) reflect.Value) {
		v := at(base)
		switch v.Kind() {
		case reflect.Pointer:
			if v.IsNil() {
				if !slices.Contains([]string{"*schema.Autoscaling", "*schema.Session", "*schema.Backup", "*schema.Retries", "*schema.Placement", "*schema.PolicyLock"}, v.Type().String()) {
					try(path, "stated", at, func(v reflect.Value) { v.Set(reflect.New(v.Type().Elem())) })
				}
				return
			}
			if v.Elem().Kind() != reflect.Struct || v.Elem().Type().PkgPath() != "lintel/schema" || !v.Elem().FieldByName("Name").IsValid() && !v.Elem().FieldByName("Key").IsValid() {
				try(path, "taken away", at, func(v reflect.Value) { v.SetZero() })
			}
			if v.Type() != reflect.TypeFor[*time.Time]() {
				walk(path, func(d *schema.Design) reflect.Value { return at(d).Elem() })
			}
		case reflect.Struct:
			for i := range v.NumField() {
				f := v.Type().Field(i)
				switch f.Type {
				case reflect.TypeFor[schema.Range](), reflect.TypeFor[schema.Places](), reflect.TypeFor[*schema.PolicyLock](), reflect.TypeFor[map[string][]byte]():
					continue // places
				}
				if !f.IsExported() || v.Type() == reflect.TypeFor[schema.Design]() && (f.Name == "Path" || f.Name == "Files") {
					continue
				}
				if r, ok := v.Interface().(schema.Retries); ok && f.Name == "Backoff" && r.Pause != nil {
					continue // the pause is the backoff
				}
				if f.Type.String() == "cue.Value" || f.Type == reflect.TypeFor[[]schema.PolicyExample]() {
					continue // see TestPolicyChanges
				}
				walk(path+"."+f.Name, func(d *schema.Design) reflect.Value { return at(d).Field(i) })
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(fmt.Sprintf("%s[%d]", path, i), func(d *schema.Design) reflect.Value { return at(d).Index(i) })
			}
			if v.Len() > 0 {
				try(path, "shortened", at, func(v reflect.Value) { v.Set(v.Slice(0, v.Len()-1)) })
			}
		case reflect.String:
			try(path, "changed", at, func(v reflect.Value) { v.SetString(v.String() + "x") })
		case reflect.Bool:
			try(path, "changed", at, func(v reflect.Value) { v.SetBool(!v.Bool()) })
		case reflect.Int, reflect.Int64:
			try(path, "changed", at, func(v reflect.Value) { v.SetInt(v.Int() + 1) })
		case reflect.Float64:
			try(path, "changed", at, func(v reflect.Value) { v.SetFloat(v.Float() + 1) })
		case reflect.Interface:
			try(path, "changed", at, func(v reflect.Value) { v.Set(reflect.ValueOf(int64(77))) })
		default:
			t.Errorf("%s: a %s, which this test does not know", path, v.Kind())
		}
	}
	walk("design", func(d *schema.Design) reflect.Value { return reflect.ValueOf(d).Elem() })
	if seen < 150 {
		t.Errorf("only %d fields were tried", seen)
	}
}
