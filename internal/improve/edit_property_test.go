package improve

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/analyzer/change"
	"lintel/internal/edit"
	"lintel/schema"
)

const editable = `
system: "s"
failureDomains: {
	a: kind: "zone"
	b: kind: "zone"
	c: kind: "zone"
}
transactions: pay: spans: ["web", "orders"]
modules: {
	web: {entry: true, replicas: 2, placement: ["a", "b"], dependsOn: ["orders", "mail"]}
	orders: {
		placement: {a: 1} // one, for now
		dependsOn: {
			db: {access: "write"}
			payment: {to: "stripe", timeout: "1s"}
			search: {}
		}
	}
	mail: {autoscaling: {min: 1, max: 2}, placement: ["c"], dependsOn: {post: {anyOf: ["post", "pigeon"], need: 2}}}
	search: {kind: "search", dependsOn: ["keys"]}
	keys: {kind: "discovery", technology: "etcd", placement: ["a"]}
	db: {kind: "database", replicas: 2, placement: {a: 1, b: 1}, redundancy: {mode: "active-passive", failover: "manual"}}
	stripe: {kind: "external", availability: 99.9}
	post: kind: "external"
	pigeon: kind: "external"
}
`

// TestChangesAsEdits makes changes in the design and in its source: the two agree.
func TestChangesAsEdits(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "s.cue"), []byte(editable), 0o600); err != nil {
		t.Fatal(err)
	}
	designs, err := schema.Load(schema.LoadOptions{Dir: dir}, "s.cue")
	if err != nil {
		t.Fatal(err)
	}
	d := designs[0]
	rapid.Check(t, func(t *rapid.T) {
		goal, _ := ParseGoal(rapid.SampledFrom([]string{"no-spof", "survive:zone"}).Draw(t, "goal"))
		s := newSystem(analyzer.New(d), &Settings{Goal: goal, AllowSoft: true})
		s.addAll()
		var all []change.Change
		for v := range s.vars {
			o := rapid.IntRange(0, len(s.vars[v].options)-1).Draw(t, "option")
			all = append(all, s.vars[v].options[o].changes...)
		}
		want, err := change.Apply(d, all...)
		if err != nil {
			t.Fatal(err)
		}
		fields, err := change.Fields(d, all...)
		if err != nil {
			t.Fatal(err)
		}
		patch, err := edit.FieldsAt(schema.LoadOptions{Dir: dir}, d, fields)
		if err != nil {
			t.Fatal(err)
		}
		if len(patch.Elsewhere) > 0 {
			t.Fatalf("%v", patch.Elsewhere)
		}
		if len(fields) == 0 {
			return
		}
		if diff := cmp.Diff(want, patch.Design, cmpopts.IgnoreTypes(schema.Range{}, schema.Places{}), cmpopts.IgnoreFields(schema.Design{}, "Sources", "Files", "Path")); diff != "" {
			t.Fatalf("the change in the design, and in the source (-want +got):\n%s", diff)
		}
	})
}
