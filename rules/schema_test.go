package rules_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"cuelang.org/go/cue/format"

	"lintel/rules"
)

// TestSchemaOfSettings holds the CUE definition of "lint: rules:" in package schema to the
// catalogue. With -update it writes the definition and all that derives from it.
func TestSchemaOfSettings(t *testing.T) {
	const path = "../schema/rules_gen.cue"
	want, err := format.Source(settingsSchema(rules.All()))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(got, want) {
		return
	}
	if !*update {
		t.Fatalf("%s is out of date: go test ./rules -run TestSchemaOfSettings -update", path)
	}
	if err := os.WriteFile(path, want, 0o644); err != nil {
		t.Fatal(err)
	}
	generate := exec.Command("go", "generate", ".")
	generate.Dir = "../schema"
	if out, err := generate.CombinedOutput(); err != nil {
		t.Fatalf("go generate: %v\n%s", err, out)
	}
}

// settingsSchema gives the definition of the settings of rules, in CUE.
func settingsSchema(list []*rules.Rule) []byte {
	var b bytes.Buffer
	b.WriteString("// Code generated from the catalogue of rules by go test ./rules -update. DO NOT EDIT.\n\npackage schema\n\n")
	b.WriteString("// Settings of rules, by id or name: a severity, or a struct with a severity and parameters. A rule\n// is given by one of the two, not by both.\n#RuleSettings: {\n")
	var names []string
	for _, r := range list {
		comment(&b, "\t", fmt.Sprintf("%s: %s Default: %q.", r.Name, r.Summary, r.Severity))
		fmt.Fprintf(&b, "\t%s?: #%s\n\n", r.ID, r.ID)
		comment(&b, "\t", fmt.Sprintf("%s: %s Default: %q.", r.ID, r.Summary, r.Severity))
		fmt.Fprintf(&b, "\t%q?: #%s\n\n", r.Name, r.ID)
		names = append(names, r.ID, r.Name)
	}
	b.WriteString("\t// All other names are those of policies.\n")
	fmt.Fprintf(&b, "\t[!~%q]: #PolicySettings\n", "^("+strings.Join(names, "|")+")$")
	b.WriteString("}\n")
	for _, r := range list {
		b.WriteString("\n")
		comment(&b, "", fmt.Sprintf("Settings of %s, %s.", r.ID, r.Name))
		fmt.Fprintf(&b, "#%s: *{\n", r.ID)
		comment(&b, "\t", fmt.Sprintf("How grave the findings are. Default: %q.", r.Severity))
		b.WriteString("\tseverity?: #Severity\n\n")
		names := []string{"severity"}
		for i := range r.Params {
			p := &r.Params[i]
			comment(&b, "\t", fmt.Sprintf("%s Default: %s.", p.Doc, literal(p.Default)))
			fmt.Fprintf(&b, "\t%s?: %s\n\n", p.Name, cueType(p))
			names = append(names, p.Name)
		}
		closeStruct(&b, "\t", names, r.ID+" has no such setting")
		b.WriteString("} | #Severity\n")
	}
	return b.Bytes()
}

// cueType gives the values of a parameter. What has no bound of its own gets a wide one, so that a
// value always fits its Go type.
func cueType(p *rules.Param) string {
	const wide = 1e15
	most := p.Max
	if most == 0 {
		most = wide
	}
	text := "string"
	if p.Allowed != nil {
		quoted := make([]string, len(p.Allowed))
		for i, s := range p.Allowed {
			quoted[i] = strconv.Quote(s)
		}
		text = strings.Join(quoted, " | ")
	}
	switch p.Default.(type) {
	case int64:
		return fmt.Sprintf("int & >=%s & <=%s", literal(p.Min), literal(most))
	case float64:
		return fmt.Sprintf("number & >=%s & <=%s", literal(p.Min), literal(most))
	case bool:
		return "bool"
	case string:
		return text
	}
	return "[...(" + text + ")]"
}

// closeStruct refuses all fields but names.
func closeStruct(b *bytes.Buffer, indent string, names []string, message string) {
	fmt.Fprintf(b, "%s[!~%q]: error(%q)\n", indent, "^("+strings.Join(names, "|")+")$", message)
}

func comment(b *bytes.Buffer, indent, text string) {
	line := indent + "//"
	for _, word := range strings.Fields(text) {
		if len(line)+1+len(word) > 100 {
			b.WriteString(line + "\n")
			line = indent + "//"
		}
		line += " " + word
	}
	b.WriteString(line + "\n")
}

// literal gives a value of a parameter as CUE writes it.
func literal(v any) string {
	switch v := v.(type) {
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case string:
		return strconv.Quote(v)
	case []string:
		quoted := make([]string, len(v))
		for i, s := range v {
			quoted[i] = strconv.Quote(s)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	}
	return fmt.Sprint(v)
}
