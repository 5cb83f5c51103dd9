package cli

import (
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	urfave "github.com/urfave/cli/v2"

	"lintel/analyzer"
	"lintel/internal/report"
	"lintel/schema"
)

var metricFormats = []string{"text", "json", "csv"}

var metricsCommand = &command{
	name: "metrics", args: "[PATH…]", takes: design, maxArgs: -1,
	summary: "Show coupling figures of modules, groups and the whole design",
	about: `Shows afferent (Ca) and efferent (Ce) coupling, instability, the number of
modules that each reaches and is reached from (both with itself), and Rud's
importance (AIS), dependence (ADS) and criticality (ACS); for groups their
cohesion; for the design Lakos' CCD, ACD, RACD and NCCD, propagation cost,
cyclicality and SIY. PATH is as for lintel check.`,
	flags: []flagSpec{
		{name: "format", short: "f", value: "FORMAT", takes: choice, choices: metricFormats, initial: "text", usage: "text, json or csv."},
		{name: "sort", value: "COLUMN", takes: choice, choices: sortColumns(), initial: "name", usage: "Sort modules by name, ca, ce, instability, dependsOn, dependents, ais, ads or acs; figures from the largest."},
		{name: "stdin-filename", value: "NAME", takes: path, usage: "The name to report for -; its ending says the format."},
	},
	examples: []example{
		{"lintel metrics", "the design in this folder"},
		{"lintel metrics shop.cue --sort instability", "the least stable modules first"},
		{"lintel metrics ./... --format csv > metrics.csv", "for a spreadsheet"},
	},
	run: runMetrics,
}

// column is one figure of a module: its name in JSON, CSV and --sort, and the head of its column in text.
type column struct {
	name, head string
	value      func(m *analyzer.ModuleMetrics) float64
	fraction   bool
}

var moduleColumns = []column{
	{"ca", "Ca", func(m *analyzer.ModuleMetrics) float64 { return float64(m.Ca) }, false},
	{"ce", "Ce", func(m *analyzer.ModuleMetrics) float64 { return float64(m.Ce) }, false},
	{"instability", "instability", func(m *analyzer.ModuleMetrics) float64 { return m.Instability }, true},
	{"dependsOn", "depends on", func(m *analyzer.ModuleMetrics) float64 { return float64(m.DependsOn) }, false},
	{"dependents", "dependents", func(m *analyzer.ModuleMetrics) float64 { return float64(m.Dependents) }, false},
	{"ais", "AIS", func(m *analyzer.ModuleMetrics) float64 { return float64(m.AIS) }, false},
	{"ads", "ADS", func(m *analyzer.ModuleMetrics) float64 { return float64(m.ADS) }, false},
	{"acs", "ACS", func(m *analyzer.ModuleMetrics) float64 { return float64(m.ACS) }, false},
}

func sortColumns() []string {
	out := []string{"name"}
	for _, c := range moduleColumns {
		out = append(out, c.name)
	}
	return out
}

// moduleFigures are the figures of one module under its name.
type moduleFigures struct {
	module *schema.Module
	*analyzer.ModuleMetrics
}

// designFigures are the figures of one design; its modules are in the order that the user asked for.
type designFigures struct {
	design  *schema.Design
	modules []moduleFigures
	metrics *analyzer.Metrics
}

func runMetrics(s *session, c *urfave.Context) error {
	format, by := c.String("format"), c.String("sort")
	if !slices.Contains(metricFormats, format) {
		return badChoice("--format", format, metricFormats)
	}
	i := slices.IndexFunc(sortColumns(), func(name string) bool { return strings.EqualFold(name, by) })
	if i < 0 {
		return badChoice("--sort", by, sortColumns())
	}
	by = sortColumns()[i]
	p := s.startProgress()
	defer p.end()
	p.phase("reading designs", 0)
	designs, err := schema.Load(s.loadOptions(c.String("stdin-filename")), pathsOf(c)...)
	var faults schema.Errors
	if err != nil && !errors.As(err, &faults) {
		return err
	}
	list := make([]designFigures, len(designs))
	eachOnAllCores(len(designs), func(i int) { list[i] = figuresOf(designs[i], by) })
	p.end()
	s.tellErrors(faults)
	var text string
	var failed error
	switch format {
	case "text":
		text = metricsText(list, tableWidthOf(s.stdout))
	case "json":
		text, failed = metricsJSON(list)
	case "csv":
		text, failed = metricsCSV(list)
	}
	if failed != nil {
		return failed
	}
	if err := s.print(text); err != nil {
		return err
	}
	if len(faults) > 0 {
		return exit(exitInput)
	}
	return nil
}

func figuresOf(d *schema.Design, by string) designFigures {
	f := designFigures{design: d, metrics: analyzer.New(d).Metrics()}
	for i := range f.metrics.Modules {
		f.modules = append(f.modules, moduleFigures{d.Modules[i], &f.metrics.Modules[i]})
	}
	if k := slices.IndexFunc(moduleColumns, func(c column) bool { return c.name == by }); k >= 0 {
		value := moduleColumns[k].value
		slices.SortStableFunc(f.modules, func(a, b moduleFigures) int {
			switch x, y := value(a.ModuleMetrics), value(b.ModuleMetrics); {
			case x > y:
				return -1
			case x < y:
				return 1
			}
			return 0
		})
	}
	return f
}

func number(f float64, fraction bool) string {
	if fraction {
		return strconv.FormatFloat(f, 'f', 2, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// groupHead is the first row of the table of groups.
var groupHead = []string{"group", "members", "inside", "Ca", "Ce", "crossing", "instability", "cohesion"}

// moduleHead gives the first row of the table of modules.
func moduleHead() []string {
	head := []string{"module"}
	for _, c := range moduleColumns {
		head = append(head, c.head)
	}
	return append(head, "cyclic")
}

// metricsText gives tables. On a terminal of width columns names give way to figures; 0 stands for no terminal, where
// names stay whole.
func metricsText(list []designFigures, width int) string {
	var b strings.Builder
	for i, f := range list {
		if i > 0 {
			b.WriteString("\n")
		}
		y := f.metrics.System
		fmt.Fprintf(&b, "%s (%s)\n\n", printable(f.design.System), printable(f.design.Path))
		fmt.Fprintf(&b, "modules %d, dependencies %d\nCCD %d, ACD %.2f, RACD %.2f, NCCD %.2f\npropagation cost %.2f, cyclicality %.2f, SIY %d\n\n",
			y.Modules, y.Dependencies, y.CCD, y.ACD, y.RACD, y.NCCD, y.PropagationCost, y.Cyclicality, y.SIY)
		var rows []report.Row
		for _, m := range f.modules {
			row := []string{printable(m.module.Name)}
			for _, c := range moduleColumns {
				row = append(row, number(c.value(m.ModuleMetrics), c.fraction))
			}
			rows = append(rows, report.Row{Cells: report.Cells(append(row, yes(m.Cyclic))...)})
		}
		writeTable(&b, moduleHead(), rows, width)
		if len(f.metrics.Groups) > 0 {
			b.WriteString("\n")
			rows = nil
			for _, g := range f.metrics.Groups {
				rows = append(rows, report.Row{Cells: report.Cells(
					printable(g.Name), strconv.Itoa(g.Members), strconv.Itoa(g.Inside),
					strconv.Itoa(g.Ca), strconv.Itoa(g.Ce), strconv.Itoa(g.Crossing), number(g.Instability, true), number(g.Cohesion, true),
				)})
			}
			writeTable(&b, groupHead, rows, width)
		}
	}
	return b.String()
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// leastName is the width that the names of a table have at least, in columns.
const leastName = 20

// writeTable writes a table of names and figures, in the columns of heads. Names give way to figures where it is wider than
// width, if that is not 0.
func writeTable(b *strings.Builder, heads []string, rows []report.Row, width int) {
	t := report.Table{Rows: rows, Width: width}
	for i, head := range heads {
		t.Columns = append(t.Columns, report.Column{Head: head, Right: i > 0})
	}
	t.Columns[0].Least = leastName
	_ = t.Write(b) // which takes all
}

type systemJSON struct {
	Modules         int     `json:"modules"`
	Dependencies    int     `json:"dependencies"`
	CCD             int     `json:"ccd"`
	ACD             float64 `json:"acd"`
	RACD            float64 `json:"racd"`
	NCCD            float64 `json:"nccd"`
	PropagationCost float64 `json:"propagationCost"`
	Cyclicality     float64 `json:"cyclicality"`
	SIY             int     `json:"siy"`
}

type moduleJSON struct {
	Name        string  `json:"name"`
	Group       string  `json:"group"`
	Ca          int     `json:"ca"`
	Ce          int     `json:"ce"`
	Instability float64 `json:"instability"`
	DependsOn   int     `json:"dependsOn"`
	Dependents  int     `json:"dependents"`
	AIS         int     `json:"ais"`
	ADS         int     `json:"ads"`
	ACS         int     `json:"acs"`
	Cyclic      bool    `json:"cyclic"`
}

type groupJSON struct {
	Name        string  `json:"name"`
	Members     int     `json:"members"`
	Inside      int     `json:"inside"`
	Ca          int     `json:"ca"`
	Ce          int     `json:"ce"`
	Crossing    int     `json:"crossing"`
	Instability float64 `json:"instability"`
	Cohesion    float64 `json:"cohesion"`
}

type designJSON struct {
	System  string       `json:"system"`
	Path    string       `json:"path"`
	Figures systemJSON   `json:"figures"`
	Modules []moduleJSON `json:"modules"`
	Groups  []groupJSON  `json:"groups"`
}

func metricsJSON(list []designFigures) (string, error) {
	out := struct {
		SchemaVersion int          `json:"schemaVersion"`
		Designs       []designJSON `json:"designs"`
	}{1, []designJSON{}}
	for _, f := range list {
		d := designJSON{f.design.System, f.design.Path, systemJSON(f.metrics.System), []moduleJSON{}, []groupJSON{}}
		for _, m := range f.modules {
			d.Modules = append(d.Modules, moduleJSON{m.module.Name, m.module.Group, m.Ca, m.Ce, m.Instability, m.DependsOn, m.Dependents, m.AIS, m.ADS, m.ACS, m.Cyclic})
		}
		for _, g := range f.metrics.Groups {
			d.Groups = append(d.Groups, groupJSON(g))
		}
		out.Designs = append(out.Designs, d)
	}
	return indentedJSON(out)
}

// metricsCSV gives one row for each design, group and module; what a row does not have is empty.
func metricsCSV(list []designFigures) (string, error) {
	var b strings.Builder
	w := csv.NewWriter(&b)
	rows := [][]string{{"system", "path", "scope", "name", "group", "modules", "dependencies", "ca", "ce", "instability", "dependsOn", "dependents",
		"ais", "ads", "acs", "cyclic", "inside", "crossing", "cohesion", "ccd", "acd", "racd", "nccd", "propagationCost", "cyclicality", "siy"}}
	i, x := strconv.Itoa, func(f float64) string { return strconv.FormatFloat(f, 'f', 6, 64) }
	for _, f := range list {
		y := f.metrics.System
		add := func(cells ...string) { rows = append(rows, append([]string{f.design.System, f.design.Path}, cells...)) }
		add("system", f.design.System, "", i(y.Modules), i(y.Dependencies), "", "", "", "", "", "", "", "", "", "", "", "",
			i(y.CCD), x(y.ACD), x(y.RACD), x(y.NCCD), x(y.PropagationCost), x(y.Cyclicality), i(y.SIY))
		for _, g := range f.metrics.Groups {
			add("group", g.Name, g.Name, i(g.Members), "", i(g.Ca), i(g.Ce), x(g.Instability), "", "", "", "", "", "", i(g.Inside), i(g.Crossing), x(g.Cohesion),
				"", "", "", "", "", "", "")
		}
		for _, m := range f.modules {
			add("module", m.module.Name, m.module.Group, "", "", i(m.Ca), i(m.Ce), x(m.Instability), i(m.DependsOn), i(m.Dependents),
				i(m.AIS), i(m.ADS), i(m.ACS), strconv.FormatBool(m.Cyclic), "", "", "", "", "", "", "", "", "", "")
		}
	}
	err := w.WriteAll(rows)
	return b.String(), err
}
