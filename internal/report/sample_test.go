package report

import (
	"bytes"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lintel/analyzer"
	"lintel/rules"
	"lintel/schema"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s differs (-want +got):\n%s", file, d)
	}
}

var (
	spof = &rules.Rule{
		ID: "RES901", Name: "single-point-of-failure", Severity: rules.Error, Summary: "One event brings a journey down.",
		Sources: []rules.Source{{Title: "Fault tree analysis", URL: "https://example.com/fta"}},
	}
	cycle   = &rules.Rule{ID: "CPL901", Name: "dependency-cycle", Severity: rules.Error, Summary: "Modules depend on each other in a circle."}
	unowned = &rules.Rule{ID: "HYG903", Name: "unowned-module", Severity: rules.Info, Summary: "A module has no team."}
	timeout = &rules.Rule{ID: "INT901", Name: "unguarded-call", Severity: rules.Warning, Summary: "A call has no timeout."}
	stale   = &rules.Rule{ID: "HYG904", Name: "stale-waiver", Severity: rules.Warning, Summary: "A waiver matches nothing."}
)

const shopSource = `package shop

system: "shop"
modules: {
	web: {kind: "gateway", entry: true, replicas: 3, dependsOn: ["orders", "recommendations"]}
	orders: {replicas: 2, dependsOn: "orders-db": {protocol: "postgres"}}
	"orders-db": {kind: "database"}
	recommendations: {description: "überraschend gute Empfehlungen 推薦 für alle, die noch nicht wissen, was sie wollen", replicas: 2}
	"在庫": {replicas: 2}
}
`

// at finds the n-th line of a source that holds text and gives the place of the text in it.
func at(t *testing.T, file, source, text string) schema.Range {
	t.Helper()
	for i, line := range strings.Split(source, "\n") {
		if k := strings.Index(line, text); k >= 0 {
			return schema.Range{File: file, StartLine: i + 1, StartColumn: k + 1, EndLine: i + 1, EndColumn: k + 1 + len(text)}
		}
	}
	t.Fatalf("%q is not in %s", text, file)
	return schema.Range{}
}

func shop(t *testing.T) *rules.Result {
	t.Helper()
	file := "designs/shop.cue"
	where := func(text string) schema.Range { return at(t, file, shopSource, text) }
	d := &schema.Design{
		System: "shop", Path: file, Files: []string{file}, Sources: map[string][]byte{file: []byte(shopSource)},
		Modules: []*schema.Module{
			{Name: "web", Entry: true, Replicas: 3, Pos: where("web"), DependsOn: []*schema.Dependency{{Key: "orders"}, {Key: "recommendations"}}},
			{Name: "orders", Replicas: 2, Pos: where("orders"), DependsOn: []*schema.Dependency{{Key: "orders-db"}}},
			{Name: "orders-db", Kind: schema.Database, Replicas: 1, Pos: where(`"orders-db": {kind`)},
			{Name: "recommendations", Replicas: 2, Pos: where("recommendations")},
			{Name: "在庫", Replicas: 2, Pos: where(`"在庫"`)},
		},
	}
	d.Normalize()
	until := time.Date(2099, 12, 31, 0, 0, 0, 0, time.UTC)
	db := where(`"orders-db": {kind`)
	db.EndColumn = db.StartColumn + len(`"orders-db"`)
	return &rules.Result{
		Design: d, Analysis: analyzer.New(d),
		Findings: []rules.Finding{
			{
				Rule: timeout, Severity: rules.Warning, System: "shop", Subject: rules.Subject{Kind: rules.OfDependency, Name: "orders -> orders-db"},
				Message: "orders calls orders-db without a timeout or a circuit breaker", Location: where(`protocol: "postgres"`),
			},
			{
				Rule: spof, Severity: rules.Error, System: "shop", Subject: rules.Subject{Kind: rules.OfModule, Name: "orders-db"},
				Message:  "orders-db is a single point of failure: losing its one replica takes down checkout and browse",
				Location: db, Journeys: []string{"browse", "checkout"},
				Path: []string{"web", "orders", "orders-db"},
				Paths: []rules.JourneyPath{
					{Journey: "browse", Path: []string{"web", "catalogue-of-everything-we-sell", "search-gateway", "inventory-service", "orders", "orders-db"}},
					{Journey: "checkout", Path: []string{"web", "orders", "orders-db"}},
					{Journey: "return", Path: []string{"web", "orders", "orders-db"}},
				},
				Related: []rules.Related{
					{Message: "orders depends on it here", Location: where(`"orders-db": {protocol`)},
					{Message: "and web on orders", Location: where(`"orders", "reco`)},
				},
				Suggestions: []string{`replicas: 2 in two zones of eu-west-1, or make the dependency from orders soft with a fallback that users can live with`, "back it up"},
				Remedies: []rules.Remedy{
					{Suggestion: 0, Effect: "no single point of failure left on checkout; single points of failure: browse 3 → 2"},
					{Suggestion: 1, All: true},
				},
			},
			{
				Rule: unowned, Severity: rules.Info, System: "shop", Subject: rules.Subject{Kind: rules.OfModule, Name: "recommendations"},
				Message: "recommendations has no team", Location: where("für alle"),
			},
			{
				Rule: cycle, Severity: rules.Error, System: "shop", Subject: rules.Subject{Kind: rules.OfModule, Name: "在庫"},
				Message: "在庫 depends on itself", Location: where(`"在庫"`), Path: []string{"在庫", "orders", "在庫"},
			},
		},
		Waived: []rules.Finding{{
			Rule: unowned, Severity: rules.Info, System: "shop", Subject: rules.Subject{Kind: rules.OfModule, Name: "web"}, Message: "web has no team",
			Location: where("web"), Waiver: &schema.Waiver{Rule: "HYG003", At: "web", Reason: "being decided", Until: &until, Ticket: "OPS-1", Pos: where("system")},
		}},
		Unchecked: []rules.Unchecked{{Rule: timeout, Fields: []string{"timeout", "circuitBreaker"}, Count: 3}, {Rule: spof, Fields: []string{"placement"}, Count: 1}},
	}
}

// hostile is a design whose author tries to steer the terminal, the log or the page that shows it.
func hostile(t *testing.T) *rules.Result {
	t.Helper()
	file := "designs/a b,c:%d.cue"
	source := "\ufeff\tsystem: \"x\" // \x1b[31mred\x07 \u202eright to left\r\nmodules: \"::error::\": {}\n"
	name := "::error::\n\x1b]0;owned\x07</script>]]>[x](http://evil)|`@all`"
	d := &schema.Design{System: name, Path: file, Files: []string{file}, Sources: map[string][]byte{file: []byte(source)}}
	return &rules.Result{Design: d, Analysis: analyzer.New(d), Findings: []rules.Finding{{
		Rule: spof, Severity: rules.Error, System: name, Subject: rules.Subject{Kind: rules.OfModule, Name: name},
		Message: name + " fails", Location: schema.Range{File: file, StartLine: 1, StartColumn: 5, EndLine: 2, EndColumn: 3},
		Path: []string{name, name}, Related: []rules.Related{{Message: "see " + name, Location: schema.Range{File: "/abs/o.cue", StartLine: 1, StartColumn: 1, EndLine: 1, EndColumn: 2}}},
		Suggestions: []string{"rename " + name},
	}}}
}

func clean() *rules.Result {
	d := &schema.Design{System: "clean", Path: "designs/clean.cue", Files: []string{"designs/clean.cue"}}
	return &rules.Result{Design: d, Analysis: analyzer.New(d)}
}

// samples are the reports that every format is tried on.
func samples(t *testing.T) map[string]*Report {
	t.Helper()
	settings := "lint: waivers: [{rule: \"RES001\", at: \"gone\"}]\n"
	out := map[string]*Report{
		"one":   {Version: "v1.2.3", FailOn: rules.Error, Results: []*rules.Result{shop(t)}},
		"clean": {Version: "v1.2.3", FailOn: rules.Error, Results: []*rules.Result{clean()}},
		"empty": {Version: "v1.2.3", FailOn: rules.Error},
		"many": {
			Version: "(devel)", FailOn: rules.Warning, Prefix: "teams/shop", Results: []*rules.Result{hostile(t), clean(), shop(t), shop(t)},
			Settings: []rules.Finding{{
				Rule: stale, Severity: rules.Warning, Subject: rules.Subject{Kind: rules.OfSystem, Name: ".lintel.cue"},
				Message: `the waiver of RES001 at "gone" matches no finding`, Location: schema.Range{File: ".lintel.cue", StartLine: 1, StartColumn: 34, EndLine: 1, EndColumn: 44},
				Suggestions: []string{"remove it"},
			}},
			Sources: map[string][]byte{".lintel.cue": []byte(settings)},
			Errors: schema.Errors{
				{Pos: schema.Range{File: "bad.cue", StartLine: 3, StartColumn: 2, EndLine: 3, EndColumn: 9}, Message: `unknown field "replcas"`, Hint: `did you mean "replicas"?`,
					Related: []schema.Related{{Message: "the module starts here", Pos: schema.Range{File: "bad.cue", StartLine: 2, StartColumn: 1, EndLine: 2, EndColumn: 4}}}},
				{Pos: schema.Range{File: "secret.cue"}, Message: "permission denied"},
				{Message: "nothing to read"},
			},
		},
	}
	maps.Copy(out, withBaselines(t))
	return out
}

// formats are the formats with one form for all reports.
var formats = map[string]func(*bytes.Buffer, *Report) error{
	"text":       func(b *bytes.Buffer, r *Report) error { return Text(b, r, TextOptions{}) },
	"text-file":  func(b *bytes.Buffer, r *Report) error { return Text(b, r, TextOptions{Notes: true}) },
	"text-wide":  func(b *bytes.Buffer, r *Report) error { return Text(b, r, TextOptions{Width: 120}) },
	"text-small": func(b *bytes.Buffer, r *Report) error { return Text(b, r, TextOptions{Width: 40}) },
	"text-color": func(b *bytes.Buffer, r *Report) error { return Text(b, r, TextOptions{Color: true}) },
	"concise":    func(b *bytes.Buffer, r *Report) error { return Concise(b, r) },
	"json":       func(b *bytes.Buffer, r *Report) error { return JSON(b, r) },
	"sarif":      func(b *bytes.Buffer, r *Report) error { return SARIF(b, r) },
	"github":     func(b *bytes.Buffer, r *Report) error { return GitHub(b, r) },
	"gitlab":     func(b *bytes.Buffer, r *Report) error { return GitLab(b, r) },
	"junit":      func(b *bytes.Buffer, r *Report) error { return JUnit(b, r) },
	"checkstyle": func(b *bytes.Buffer, r *Report) error { return Checkstyle(b, r) },
	"markdown":   func(b *bytes.Buffer, r *Report) error { return Markdown(b, r) },
}

// TestGolden pins the bytes of every format for every sample, and that two runs give the same.
func TestGolden(t *testing.T) {
	for name, r := range samples(t) {
		for format, write := range formats {
			var got, again bytes.Buffer
			if err := write(&got, r); err != nil {
				t.Fatalf("%s %s: %v", name, format, err)
			}
			if err := write(&again, r); err != nil || !bytes.Equal(got.Bytes(), again.Bytes()) {
				t.Errorf("%s %s: two runs differ (%v)", name, format, err)
			}
			golden(t, name+"."+format+".golden", got.Bytes())
		}
	}
}
