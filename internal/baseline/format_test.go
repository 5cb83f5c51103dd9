package baseline

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"lintel/rules"
	"lintel/schema"
)

func compiledSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile("../../docs/schemas/baseline.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t interface{ Fatalf(string, ...any) }, s *jsonschema.Schema, text []byte) {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err == nil {
		err = s.Validate(v)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
}

// TestFormat: any entries come back as they were, each on a line of its own, and valid against the published schema.
func TestFormat(t *testing.T) {
	s := compiledSchema(t)
	rapid.Check(t, func(t *rapid.T) {
		b := &Baseline{}
		seen := map[id]bool{}
		for range rapid.IntRange(0, 5).Draw(t, "entries") {
			e := Entry{
				Rule: rapid.SampledFrom([]string{"RES001", "POL/team owners"}).Draw(t, "rule"), Design: rapid.StringN(1, 10, -1).Draw(t, "design"),
				System: rapid.String().Draw(t, "system"), Kind: "module", Subject: rapid.String().Draw(t, "subject"), Message: rapid.String().Draw(t, "message"),
				Fingerprint: rapid.StringMatching(`[0-9a-f]{32}`).Draw(t, "fingerprint"), Count: rapid.SampledFrom([]int{0, 2, 7}).Draw(t, "count"),
				Shape: rapid.SampledFrom([]string{"", "0123abcd", "0123abcd -> ", " -> 0123abcd"}).Draw(t, "shape"),
			}
			if !seen[e.id()] {
				seen[e.id()] = true
				b.Entries = append(b.Entries, e)
			}
		}
		b.sort()
		text := b.Format()
		validate(t, s, text)
		if n := bytes.Count(text, []byte("\n")); n != len(b.Entries)+7 {
			t.Fatalf("%d lines for %d entries:\n%s", n, len(b.Entries), text)
		}
		got, err := Read("b.json", text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if d := cmp.Diff(b.Entries, got.Entries, cmpopts.IgnoreFields(Entry{}, "Line")); d != "" {
			t.Fatalf("came back changed (-want +got):\n%s", d)
		}
		for i, e := range got.Entries {
			if e.Line != i+5 {
				t.Fatalf("entry %d is said to stand on line %d", i, e.Line)
			}
		}
	})
}

// TestSchemaRefuses: the published schema is no open door.
func TestSchemaRefuses(t *testing.T) {
	s := compiledSchema(t)
	for _, text := range []string{
		`{"schemaVersion": 2, "about": "", "findings": []}`, `{"schemaVersion": 1, "about": "", "findings": [{}]}`, `{"schemaVersion": 1, "findings": []}`, `[]`,
	} {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if s.Validate(v) == nil {
			t.Errorf("accepted: %s", text)
		}
	}
}

const (
	printA = "0123456789abcdef0123456789abcdef"
	entryA = `{"rule":"RES001","design":"a.cue","system":"a","kind":"module","subject":"x","fingerprint":"` + printA + `","message":"m"}`
	head   = "{\n\"schemaVersion\": 1,\n\"findings\": [\n"
)

// TestFaults: what is wrong with a file is told with its place and with what to do.
func TestFaults(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"empty":          {" \n", "b.json: the baseline is empty"},
		"not JSON":       {"hello\n", "b.json:1:1: this is no valid JSON"},
		"cut off":        {head + entryA + ",\n", "b.json:4:"},
		"comma missing":  {head + entryA + "\n" + entryA + ",\nnull\n]\n}\n", "b.json:5:1: this is no valid JSON"},
		"comma too many": {head + entryA + ",\n]\n}\n", "b.json:5:1: this is no valid JSON"},
		"more behind":    {head + "null]}\n{}", "b.json:5:1: this is no valid JSON"},
		"a list":         {"[]", "b.json: this is no baseline of lintel"},
		"another file":   {`{"name": "x", "version": "1"}`, "b.json: this is no baseline of lintel"},
		"no findings":    {`{"schemaVersion": 1}`, "b.json: this is no baseline of lintel"},
		"findings":       {`{"schemaVersion": 1, "findings": {}}`, "b.json:1:34: findings is no list"},
		"newer":          {"{\"findings\": [],\n \"schemaVersion\": 12}", "b.json:2:19: schemaVersion is 12, and this lintel knows 1"},
		"version text":   {`{"schemaVersion": "1", "findings": []}`, `b.json:1:19: schemaVersion is "1", and this lintel knows 1`},
		"conflict":       {head + "<<<<<<< HEAD\n" + entryA + ",\n=======\n>>>>>>> b\nnull\n]}", "b.json:4:1: git could not merge the baseline here"},
		"conflict, CRLF": {"{\r\n<<<<<<< HEAD\r\n=======\r\n>>>>>>> b\r\n}", "b.json:2:1: git could not merge the baseline here"},
		"entry a text":   {head + "\"x\",\nnull]}", "b.json:4:1: this is no entry of a baseline"},
		"field a number": {head + strings.Replace(entryA, `"x"`, "1", 1) + ",\nnull]}", "b.json:4:1: subject is a number"},
		"no rule":        {head + strings.Replace(entryA, "RES001", "", 1) + "]}", "b.json:4:1: the entry names no rule"},
		"no design":      {head + strings.Replace(entryA, "a.cue", "", 1) + "]}", "b.json:4:1: the entry names no design"},
		"no kind":        {head + "null,\n" + strings.Replace(entryA, `"module"`, `""`, 1) + "]}", "b.json:5:1: the entry names no kind"},
		"fingerprint":    {head + strings.Replace(entryA, printA, "0123", 1) + "]}", `b.json:4:1: "0123" is no fingerprint`},
		"count":          {head + strings.Replace(entryA, `"message"`, `"count":-1,"message"`, 1) + "]}", "b.json:4:1: count is -1"},
		"twice":          {head + entryA + ",\n" + entryA + ",\nnull]}", "b.json:5:1: RES001 of x stands in the baseline twice"},
	} {
		_, err := Read("b.json", []byte(c.text))
		if err == nil {
			t.Errorf("%s: accepted", name)
			continue
		}
		list, ok := err.(schema.Errors)
		if !ok || len(list) == 0 || list[0].Hint == "" {
			t.Errorf("%s: %#v", name, err)
			continue
		}
		if !strings.HasPrefix(list[0].Error(), c.want) {
			t.Errorf("%s: got %q, want %q", name, list[0].Error(), c.want)
		}
	}
}

// TestLenient: what a formatter does to the file, and fields of later versions, do no harm.
func TestLenient(t *testing.T) {
	for name, text := range map[string]string{
		"byte order mark": "\xef\xbb\xbf" + head + entryA + "]}",
		"CRLF":            strings.ReplaceAll(head+entryA+",\nnull\n]\n}\n", "\n", "\r\n"),
		"one line":        `{"findings":[` + entryA + `],"schemaVersion":1}`,
		"wrapped":         head + strings.ReplaceAll(entryA, ",", ",\n") + ",\nnull\n]}",
		"later fields":    `{"later": [1, {"a": null}], "schemaVersion": 1, "findings": [` + strings.Replace(entryA, "{", `{"owner":{"x":1},`, 1) + `]}`,
	} {
		b, err := Read("b.json", []byte(text))
		if err != nil || len(b.Entries) != 1 || b.Entries[0].Fingerprint != printA {
			t.Errorf("%s: %v, %+v", name, err, b)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(head + entryA + ",\nnull\n]\n}\n"))
	f.Add([]byte(`{"schemaVersion": 1e999, "findings": [[[]]]}`))
	f.Add([]byte("<<<<<<< \n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := Read("b.json", text)
		if (b == nil) == (err == nil) {
			t.Fatalf("%v, %v", b, err)
		}
		if b != nil {
			if _, err := Read("b.json", b.Format()); err != nil {
				t.Fatalf("%v\n%s", err, b.Format())
			}
		}
	})
}

// TestMerge: two branches that each add and remove entries merge in git without a conflict, as long as they do not touch
// neighbours, the first and the last entry included.
func TestMerge(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("git is not installed, and CI is set")
		}
		t.Skip("git is not installed")
	}
	dir := t.TempDir()
	run := func(args ...string) {
		t.Helper()
		cmd := exec.Command(git, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1",
			"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=A", "GIT_COMMITTER_EMAIL=a@example.com")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	file := filepath.Join(dir, FileName)
	write := func(subjects string) {
		t.Helper()
		b := &Baseline{}
		for s := range strings.FieldsSeq(subjects) {
			f := rules.Finding{Rule: &rules.Rule{ID: "RES001"}, System: "shop", Subject: rules.Subject{Kind: rules.OfModule, Name: s}}
			b.Entries = append(b.Entries, Entry{Rule: "RES001", Design: "shop.cue", System: "shop", Kind: "module", Subject: s, Fingerprint: f.Fingerprint()})
		}
		b.sort()
		if err := os.WriteFile(file, b.Format(), 0o666); err != nil {
			t.Fatal(err)
		}
		run("add", ".")
		run("commit", "-q", "-m", subjects)
	}
	run("init", "-q", "-b", "main")
	write("b d f h")
	run("checkout", "-q", "-b", "other")
	write("b d f h z") // one more at the end
	run("checkout", "-q", "main")
	write("a b f h") // one more at the start, one less in the middle
	run("merge", "-q", "other")
	check := func(want string) {
		t.Helper()
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Read(FileName, text)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range b.Entries {
			got = append(got, e.Subject)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("merged to %q, want %q", got, want)
		}
	}
	check("a b f h z")
}
