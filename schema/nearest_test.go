package schema

import (
	"slices"
	"strings"
	"testing"
)

// TestSynonyms holds the words that people use instead of ours to the definition: each stands for a
// name of the language, none is one itself, and none stands for two.
func TestSynonyms(t *testing.T) {
	check := func(where string, names []string, list []synonym) {
		seen := map[string]string{}
		for _, s := range list {
			if !slices.Contains(names, s.means) {
				t.Errorf("%s: %q is not in the language", where, s.means)
			}
			for w := range strings.FieldsSeq(s.words) {
				if w != letters(w) {
					t.Errorf("%s: %q is not in the form of letters", where, w)
				}
				if slices.ContainsFunc(names, func(n string) bool { return n == w }) {
					t.Errorf("%s: %q is a name itself", where, w)
				}
				if other := seen[w]; other != "" {
					t.Errorf("%s: %q stands for %s and %s", where, w, other, s.means)
				}
				seen[w] = s.means
			}
		}
	}
	for def, list := range fieldSynonyms {
		i := slices.IndexFunc(definitions, func(d *valueType) bool { return d.name == def })
		if i < 0 {
			t.Errorf("no definition #%s", def)
			continue
		}
		var names []string
		for _, k := range definitions[i].fields.known {
			names = append(names, k.name)
		}
		check("#"+def, names, list)
	}
	values := map[string][]string{}
	for _, d := range definitions {
		if d.fields == nil {
			continue
		}
		for _, k := range d.fields.known {
			if k.typ.text != nil {
				values[k.name] = append(values[k.name], k.typ.text.values...)
			}
		}
	}
	for field, list := range valueSynonyms {
		// One field name can have several sets of values ("kind", "mode"), and a word a meaning in each.
		for _, s := range list {
			check(field, values[field], []synonym{s})
		}
	}
}

func TestNearest(t *testing.T) {
	fields := func(t *valueType) (names []string) {
		for _, k := range t.fields.known {
			names = append(names, k.name)
		}
		return names
	}
	module := fields(&typeModule)
	for _, c := range []struct {
		name  string
		names []string
		want  string
	}{
		{"replica", module, "replicas"},
		{"Replicas", module, "replicas"},
		{"repilcas", module, "replicas"},
		{"depends_on", module, "dependsOn"},
		{"dependOn", module, "dependsOn"},
		{"depends-on", module, "dependsOn"},
		{"load_balancing", module, "loadBalancing"},
		{"descripton", module, "description"},
		{"autoscalling", module, "autoscaling"},
		{"colour", module, ""},
		{"x", module, ""},
		{"", module, ""},
		{strings.Repeat("replicas", 1000), module, ""},
		{"gatway", typeKind.text.values, "gateway"},
		{"databse", typeKind.text.values, "database"},
		{"load_balancer", typeKind.text.values, "load-balancer"},
		{"objectstore", typeKind.text.values, "object-store"},
		{"activepassive", []string{"active-active", "active-passive", "quorum"}, "active-passive"},
		{"banana", typeKind.text.values, ""},
	} {
		if got := nearest(c.name, c.names); got != c.want {
			t.Errorf("%.20q: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestFieldHints(t *testing.T) {
	for _, c := range []struct{ path, name, want string }{
		{"modules.web", "type", `did you mean "kind"?`},
		{"modules.web", "deps", `did you mean "dependsOn"?`},
		{"modules.web", "dependencies", `did you mean "dependsOn"?`},
		{"modules.web", "instances", `did you mean "replicas"?`},
		{"modules.web", "count", `did you mean "replicas"?`},
		{"modules.web", "critical", `did you mean "tier"?`},
		{"modules.web", "owner", `did you mean "team"?`},
		{"modules.web", "zone", `did you mean "placement"?`},
		{"modules.web", "perReplica", `it belongs in capacity: capacity: {perReplica: 3}`},
		{"modules.web", "retries", `it belongs to a dependency: dependsOn: {NAME: {retries: {max: 3}}}`},
		{"", "replicas", `it belongs to a module: modules: {NAME: {replicas: 3}}`},
		{"", "waivers", `it belongs in lint: lint: {waivers: [{rule: "NAME", at: "NAME"}]}`},
		{"", "name", `did you mean "system"?`},
		{"", "components", `did you mean "modules"?`},
	} {
		f := pairs{c.name, 1}
		root := pairs{"system", "s", "modules", pairs{"web", pairs{}}}
		if c.path == "" {
			root = append(root, f...)
		} else {
			root[3] = pairs{"web", f}
		}
		_, errs := decode(&document{root: tree(root)})
		if len(errs) != 1 || errs[0].Hint != c.want {
			t.Errorf("%s %s: %+v, want %s", c.path, c.name, errs, c.want)
		}
	}
}
