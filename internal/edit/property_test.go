package edit_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"cuelang.org/go/cue/format"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"lintel/analyzer/change"
	"lintel/internal/edit"
	"lintel/schema"
)

// plan is a design before it is written: what each module says, in words of the language.
type plan struct {
	modules []string
	fields  map[string][]string // of each module, in order of declaration; the values are in text
	text    map[string]string   // by module and field
	deps    map[string][]string
	details map[string]string // by module and dependency
}

var domainNames = []string{"zone-a", "b"}

func drawPlan(t *rapid.T) plan {
	p := plan{fields: map[string][]string{}, text: map[string]string{}, deps: map[string][]string{}, details: map[string]string{}}
	p.modules = []string{"orders", "stock-level", "db", "true", "kind"}[:rapid.IntRange(1, 5).Draw(t, "modules")]
	values := map[string][]string{
		"kind": {`"gateway"`, `"database"`}, "replicas": {"2", "5"}, "team": {`"a // b"`, `"c"`}, "availability": {"99.9"},
		"placement": {`["b"]`, `["zone-a", "b"]`}, "redundancy": {`{mode: "active-passive"}`}, "tags": {`["x", "y"]`},
	}
	for _, m := range p.modules {
		names := []string{"kind", "replicas", "team", "availability", "placement", "redundancy", "tags", "dependsOn"}
		for _, f := range rapid.Permutation(names).Draw(t, "order") {
			if !rapid.Bool().Draw(t, f) {
				continue
			}
			p.fields[m] = append(p.fields[m], f)
			if f != "dependsOn" {
				p.text[m+"."+f] = rapid.SampledFrom(values[f]).Draw(t, f)
				continue
			}
			for _, to := range p.modules {
				if to != m && rapid.Bool().Draw(t, "depends") {
					p.deps[m] = append(p.deps[m], to)
					p.details[m+" "+to] = rapid.SampledFrom([]string{"", "", `protocol: "grpc"`, `strength: "soft", fallback: "none"`}).Draw(t, "details")
				}
			}
		}
	}
	return p
}

// write gives the plan as a file in a style that is drawn: on few lines or many, with chains, quotes, commas, comments. Every
// comment is another.
func (p plan) write(t *rapid.T, json bool) string {
	var b strings.Builder
	n := 0
	maybe := func(label string) bool { return rapid.Bool().Draw(t, label) }
	quoted := json || maybe("quoted")
	label := func(name string) string {
		if quoted || strings.Contains(name, "-") {
			return `"` + name + `"`
		}
		return name
	}
	comment := func(indent string) {
		if !json && maybe("comment") {
			n++
			fmt.Fprintf(&b, "%s// comment %d: \"{\n", indent, n)
		}
	}
	lineComment := func() {
		if !json && maybe("line comment") {
			n++
			fmt.Fprintf(&b, " // comment %d, }", n)
		}
	}
	quoteKeys := func(text string) string {
		if json {
			for _, k := range []string{"mode", "protocol", "strength", "fallback"} {
				text = strings.ReplaceAll(text, k+":", `"`+k+`":`)
			}
		}
		return text
	}
	deps := func(m, indent string) string {
		all := p.deps[m]
		plain := !slices.ContainsFunc(all, func(to string) bool { return p.details[m+" "+to] != "" })
		items := make([]string, len(all))
		open, end := "[", "]"
		if plain && maybe("list") {
			for i, to := range all {
				items[i] = `"` + to + `"`
			}
		} else {
			open, end = "{", "}"
			for i, to := range all {
				items[i] = label(to) + ": {" + quoteKeys(p.details[m+" "+to]) + "}"
			}
			if len(all) == 1 && !json && maybe("chain of a dependency") {
				open, end = "", ""
			}
		}
		if len(all) == 0 || open == "" || maybe("dependencies on one line") {
			return open + strings.Join(items, ", ") + end
		}
		var s strings.Builder
		s.WriteString(open)
		for i, item := range items {
			s.WriteString("\n" + indent + "\t" + item)
			if json && i < len(items)-1 || !json && (open == "[" || maybe("comma")) {
				s.WriteString(",")
			}
			if !json && maybe("comment of a dependency") {
				n++
				fmt.Fprintf(&s, " // comment %d", n)
			}
		}
		return s.String() + "\n" + indent + end
	}
	value := func(m, f, indent string) string {
		if f == "dependsOn" {
			return deps(m, indent)
		}
		return quoteKeys(p.text[m+"."+f])
	}
	if json {
		b.WriteString("{\n\t\"system\": \"s\",\n\t\"failureDomains\": {\"zone-a\": {\"kind\": \"zone\"}, \"b\": {\"kind\": \"zone\"}},\n\t\"modules\": {\n")
	} else {
		b.WriteString("// comment of the file\nsystem: \"s\"\n\nfailureDomains: {\"zone-a\": kind: \"zone\", b: kind: \"zone\"}\n\n")
		comment("")
		b.WriteString(label("modules") + ": {\n")
	}
	for i, m := range p.modules {
		comment("\t")
		if i > 0 && maybe("blank line") {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "\t%s: ", label(m))
		fields := p.fields[m]
		end := "}"
		switch {
		case len(fields) == 1 && !json && maybe("chain"):
			fmt.Fprintf(&b, "%s: %s", label(fields[0]), value(m, fields[0], "\t"))
			end = ""
		case len(fields) == 0 || maybe("one line"):
			b.WriteString("{")
			for k, f := range fields {
				if k > 0 {
					b.WriteString(", ")
				}
				fmt.Fprintf(&b, "%s: %s", label(f), value(m, f, "\t"))
			}
		default:
			b.WriteString("{")
			lineComment()
			b.WriteString("\n")
			for k, f := range fields {
				comment("\t\t")
				fmt.Fprintf(&b, "\t\t%s: %s", label(f), value(m, f, "\t\t"))
				if json && k < len(fields)-1 || !json && maybe("comma") {
					b.WriteString(",")
				}
				lineComment()
				b.WriteString("\n")
			}
			comment("\t\t")
			b.WriteString("\t")
		}
		b.WriteString(end)
		if json && i < len(p.modules)-1 {
			b.WriteString(",")
		}
		lineComment()
		b.WriteString("\n")
	}
	comment("\t")
	b.WriteString("}\n")
	if json {
		b.WriteString("}\n")
	}
	return b.String()
}

// drawField draws a field and the same change of the model.
func drawField(t *rapid.T, d *schema.Design) (change.Field, func(*schema.Design)) {
	m := rapid.SampledFrom(d.Modules).Draw(t, "module").Name
	of := func(do func(*schema.Module)) func(*schema.Design) {
		return func(d *schema.Design) {
			for _, x := range d.Modules {
				if x.Name == m {
					do(x)
				}
			}
		}
	}
	switch rapid.IntRange(0, 8).Draw(t, "what") {
	case 0:
		n := rapid.IntRange(0, 9).Draw(t, "replicas")
		return set("modules/"+m+"/replicas", n), of(func(m *schema.Module) { m.Replicas = n })
	case 1:
		list := rapid.Permutation(domainNames).Draw(t, "placement")[:rapid.IntRange(1, 2).Draw(t, "domains")]
		return set("modules/"+m+"/placement", list), of(func(m *schema.Module) {
			m.Placement = &schema.Placement{}
			for _, name := range list {
				m.Placement.Spread = append(m.Placement.Spread, schema.Ref{Name: name})
			}
		})
	case 2:
		return set("modules/"+m+"/placement", object("zone-a", 2, "b", 1)), of(func(m *schema.Module) {
			m.Placement = &schema.Placement{Counts: []schema.PlacementCount{{Domain: schema.Ref{Name: "b"}, Count: 1}, {Domain: schema.Ref{Name: "zone-a"}, Count: 2}}}
		})
	case 3:
		v := rapid.SampledFrom([]schema.Failover{schema.AutomaticFailover, schema.ManualFailover}).Draw(t, "failover")
		return set("modules/"+m+"/redundancy/failover", string(v)), of(func(m *schema.Module) { m.Redundancy.Failover = v })
	case 4:
		text := rapid.SampledFrom([]string{`a "quoted" \ word`, "ü // no comment", "x"}).Draw(t, "team")
		return set("modules/"+m+"/team", text), of(func(m *schema.Module) { m.Team = text })
	case 5:
		to := rapid.SampledFrom(d.Modules).Draw(t, "to").Name
		return set("modules/"+m+"/dependsOn/"+to, object("strength", "soft", "fallback", "f")), of(func(m *schema.Module) {
			m.DependsOn = slices.DeleteFunc(m.DependsOn, func(d *schema.Dependency) bool { return d.Key == to })
			m.DependsOn = append(m.DependsOn, &schema.Dependency{Key: to, To: schema.Ref{Name: to}, Strength: schema.Soft, Fallback: "f"})
		})
	case 6:
		to := rapid.SampledFrom(d.Modules).Draw(t, "to").Name
		return set("modules/"+m+"/dependsOn/"+to+"/timeout", "2s"), of(func(m *schema.Module) {
			for _, d := range m.DependsOn {
				if d.Key == to {
					d.Timeout = new(2 * time.Second)
					return
				}
			}
			m.DependsOn = append(m.DependsOn, &schema.Dependency{Key: to, To: schema.Ref{Name: to}, Timeout: new(2 * time.Second)})
		})
	case 7:
		return set("modules/fresh one", object("kind", "cache", "replicas", 2)), func(d *schema.Design) {
			d.Modules = slices.DeleteFunc(d.Modules, func(m *schema.Module) bool { return m.Name == "fresh one" })
			d.Modules = append(d.Modules, &schema.Module{Name: "fresh one", Kind: schema.Cache, Replicas: 2})
		}
	}
	return set("modules/"+m+"/team", nil), of(func(m *schema.Module) { m.Team = "" })
}

// plainly compares designs by all but where and how things are written.
var plainly = cmp.Options{
	cmpopts.IgnoreTypes(schema.Range{}, schema.Places{}),
	cmpopts.IgnoreFields(schema.Design{}, "Sources", "Path", "Files"),
	cmpopts.EquateEmpty(),
}

// Whatever the design and the style of its source, setting fields in the source gives the design with these fields, and
// comments, the lines of other modules and the formatting stay.
func TestSetFieldsLoadAsThatDesign(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		json := rapid.IntRange(0, 3).Draw(t, "json") == 0
		name := "design.cue"
		if json {
			name = "design.json"
		}
		text := drawPlan(t).write(t, json)
		if !json && rapid.Bool().Draw(t, "formatted") {
			out, err := format.Source([]byte(text))
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			text = string(out)
		}
		opts := inMemory(fstest.MapFS{name: {Data: []byte(text)}})
		d := loadIn(t, opts, name, text)
		want := loadIn(t, opts, name, text)
		var fields []change.Field
		touched := map[string]bool{}
		for range rapid.IntRange(1, 8).Draw(t, "fields") {
			f, do := drawField(t, d)
			fields = append(fields, f)
			touched[f.Path[1]] = true
			do(want)
		}
		want.Normalize()
		p, err := edit.FieldsAt(opts, d, fields)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range p.Elsewhere {
			t.Fatalf("%v is left to be done by hand: %s\n%s", e.Field, e.Why, text)
		}
		if len(p.Files) == 0 {
			if diff := cmp.Diff(want, d, plainly); diff != "" {
				t.Fatalf("nothing changed, but should:\n%s\n%v\n%s", diff, fields, text)
			}
			return
		}
		edited := string(p.Files[0].New)
		got := loadIn(t, inMemory(fstest.MapFS{name: {Data: []byte(edited)}}), name, edited)
		if diff := cmp.Diff(want, got, plainly); diff != "" {
			t.Fatalf("-want +got:\n%s\n%v\n%s\n=>\n%s", diff, fields, text, edited)
		}
		if diff := cmp.Diff(comments(text), comments(edited)); diff != "" && !json {
			t.Fatalf("comments:\n%s\n%v\n%s\n=>\n%s", diff, fields, text, edited)
		}
		if formatted, err := format.Source([]byte(text)); !json && err == nil && string(formatted) == text {
			if again, err := format.Source([]byte(edited)); err != nil || !bytes.Equal(again, []byte(edited)) {
				t.Fatalf("was formatted, and is no longer:\n%s", edited)
			}
			return
		}
		for _, m := range d.Modules {
			if touched[m.Name] {
				continue
			}
			if lines := linesOf(text, m.Name, d, json); !strings.Contains(edited, lines) {
				t.Fatalf("the lines of %s changed:\n%s\n%v\n%s\n=>\n%s", m.Name, lines, fields, text, edited)
			}
		}
	})
}

// linesOf is the text from a module's label to the next one's, less what may have to change between them.
func linesOf(text, name string, d *schema.Design, json bool) string {
	lines := strings.SplitAfter(text, "\n")
	first, next := 0, len(lines)
	for _, m := range d.Modules {
		if m.Name == name {
			first = m.Pos.StartLine
		}
	}
	for _, m := range d.Modules {
		if m.Pos.StartLine > first && m.Pos.StartLine < next {
			next = m.Pos.StartLine
		}
	}
	if next == len(lines) {
		next = first + 1 // what stands behind the last module's first line is not looked at
	}
	out := strings.Join(lines[first-1:next-1], "")
	if json {
		out = strings.TrimRight(out, ",\n")
	}
	return out
}

func comments(text string) []string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		if _, c, ok := strings.Cut(line, "// comment"); ok {
			out = append(out, c)
		}
	}
	return out
}

func loadIn(t *rapid.T, opts schema.LoadOptions, path, text string) *schema.Design {
	designs, err := schema.Load(opts, path)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return designs[0]
}

// Many fields at once give the texts that they give one after the other.
func TestAllAtOnceIsOneByOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"design.cue", "design.json"}).Draw(t, "name")
		text := drawPlan(t).write(t, name == "design.json")
		opts := inMemory(fstest.MapFS{name: {Data: []byte(text)}})
		d := loadIn(t, opts, name, text)
		var fields []change.Field
		for range rapid.IntRange(2, 12).Draw(t, "fields") {
			f, _ := drawField(t, d)
			if f.Value == 1 || f.Value == "automatic" {
				continue // alone, a value that holds anyway is not written
			}
			fields = append(fields, f)
		}
		result := func(p *edit.Patch, before string) string {
			if len(p.Files) == 0 {
				return before
			}
			return string(p.Files[0].New)
		}
		p, err := edit.FieldsAt(opts, d, fields)
		if err != nil {
			t.Fatal(err)
		}
		one, blanks := text, false
		for _, f := range fields {
			if is, err := format.Source([]byte(one)); name == "design.cue" && err == nil && string(is) == one {
				blanks = true // it is formatted after this edit, which may leave other blanks
			}
			opts := inMemory(fstest.MapFS{name: {Data: []byte(one)}})
			q, err := edit.FieldsAt(opts, loadIn(t, opts, name, one), []change.Field{f})
			if err != nil {
				t.Fatal(err)
			}
			one = result(q, one)
		}
		together := result(p, text)
		if blanks {
			one, together = strings.Join(strings.Fields(one), ""), strings.Join(strings.Fields(together), "")
		}
		if diff := cmp.Diff(one, together); diff != "" {
			t.Fatalf("-one by one +at once:\n%s\n%v\n%s", diff, fields, text)
		}
	})
}
