package availability

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/rivo/uniseg"

	"lintel/analyzer/faulttree"
	"lintel/analyzer/resilience"
)

func exactly(q float64) resilience.Probability {
	return resilience.Probability{Low: q, High: q}
}

// everything is a report with results of each kind.
func everything() *Report {
	long := strings.Repeat("a-very-long-name-", 6)
	part := Part{Name: "search", Kind: "service", Replicas: 2}
	assumed := Part{Name: long, Kind: "zone", Domain: true, Availability: 99.9}
	slo := 99.95
	contributors := []Contributor{
		{Events: []string{long + "/1", long + "/2"}, Part: long, Unavailability: 0.005, Source: resilience.Typical, Importance: faulttree.Importance{Birnbaum: 1, FussellVesely: 0.99, RiskAchievementWorth: 1234.5, RiskReductionWorth: math.Inf(1)}},
		{Events: []string{long, "zone-b"}, Unavailability: 0.01, Source: resilience.Unknown, Importance: faulttree.Importance{Birnbaum: 1e-7, FussellVesely: 1e-5, RiskAchievementWorth: 1, RiskReductionWorth: 1}},
		{Events: []string{"stripe"}, Part: "stripe", Unavailability: 0.0001, Source: resilience.Stated},
	}
	return &Report{
		System: "shop\x1b[31m", Path: "shop.cue", Assume: resilience.Assumptions{Typical: true, Pessimistic: 99}, Stated: true,
		Unknown: []Part{part}, Assumed: []Part{assumed}, NotComputed: []string{"late", "later"},
		Journeys: []Target{
			{Name: "never", SLO: &slo, Best: exactly(1), Worst: exactly(1), DownBefore: true, Contributors: []Contributor{}},
			{Name: "bounded", SLO: &slo, Best: resilience.Probability{Low: 1e-4, High: 2e-4, Method: resilience.Interval}, Worst: resilience.Probability{Low: 1e-4, High: 2e-2, Method: resilience.Interval}, Unknown: []Part{part}},
			{Name: "simulated", SLO: &slo, Best: resilience.Probability{Low: 4e-4, High: 6e-4, Method: resilience.Simulated}, Worst: resilience.Probability{Low: 4e-4, High: 6e-4, Method: resilience.Simulated}},
			{Name: long, SLO: &slo, Best: exactly(5e-4), Worst: exactly(1e-3), Unknown: []Part{part}, Contributors: contributors, Left: 7},
		},
		Modules: []Target{{Name: "perfect", Best: exactly(0), Worst: exactly(0), Contributors: contributors[2:]}},
	}
}

func text(t *testing.T, r *Report, colored bool) string {
	t.Helper()
	return textAs(t, r, TextOptions{Color: colored, Width: 80})
}

func textAs(t *testing.T, r *Report, o TextOptions) string {
	t.Helper()
	var b bytes.Buffer
	if err := Text(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var update = flag.Bool("update", false, "write the expected text anew")

// TestText: every kind of result is told as what it is, within the columns of a terminal, and no name can steer it.
func TestText(t *testing.T) {
	const golden = "testdata/everything.txt"
	got := text(t, everything(), false)
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	exact := everything()
	for _, g := range []*Target{&exact.Journeys[1], &exact.Journeys[2]} {
		g.Best, g.Worst = exactly(g.Best.Low), exactly(g.Worst.High)
	}
	for _, width := range []int{60, 80, 120} {
		for line := range strings.Lines(textAs(t, exact, TextOptions{Width: width, TableWidth: width})) {
			if w := uniseg.StringWidth(strings.TrimSuffix(line, "\n")); w > width && strings.ContainsAny(strings.TrimSpace(line), " ") && !strings.HasPrefix(line, "What contributes") {
				t.Errorf("%d of %d columns: %s", w, width, line)
			}
			if strings.TrimRight(line, " \n") != strings.TrimRight(line, "\n") {
				t.Errorf("blanks at the end: %q", line)
			}
		}
	}
	// What a narrow terminal has no room for is named, and not explained.
	narrow := textAs(t, exact, TextOptions{Width: 40, TableWidth: 40})
	if !strings.Contains(narrow, "no room for these columns") || strings.Contains(narrow, "RRW:") || !strings.Contains(narrow, "missed") {
		t.Errorf("on a narrow terminal:\n%s", narrow)
	}
	if colored := text(t, everything(), true); !strings.Contains(colored, "\x1b[31mmissed") || strings.Contains(colored, "shop\x1b[31m") {
		t.Error("colours are not as they should be")
	}
}

// TestLimit: the worst are shown, of journeys and of modules, and how many there are besides; JSON says so, too.
func TestLimit(t *testing.T) {
	r := &Report{System: "s", Path: "p", Stated: true}
	for i := range 4005 {
		r.Modules = append(r.Modules, Target{Name: fmt.Sprintf("m%d", i), Best: exactly(1e-3), Worst: exactly(1e-3)})
	}
	r.Journeys = r.Modules[:2]
	got := textAs(t, r, TextOptions{Width: 80, Limit: 5})
	if !strings.Contains(got, "\nm4 ") || strings.Contains(got, "\nm5 ") || strings.Count(got, "more: --limit") != 1 || !strings.Contains(got, "… and 4,000 more: --limit 10 shows more, --limit 0 all\n") {
		t.Errorf("%s", got)
	}
	if got := textAs(t, r, TextOptions{Width: 80}); !strings.Contains(got, "\nm4004 ") || strings.Contains(got, "--limit") {
		t.Errorf("without a limit:\n%s", got[len(got)-500:])
	}
	for limit, want := range map[int][3]int{0: {4005, 0, 0}, 1: {1, 1, 4004}} {
		var b bytes.Buffer
		if err := JSON(&b, r, limit); err != nil {
			t.Fatal(err)
		}
		var out documentJSON
		if err := json.Unmarshal(b.Bytes(), &out); err != nil {
			t.Fatal(err)
		}
		if got := [3]int{len(out.Modules), out.JourneysLeft, out.ModulesLeft}; got != want {
			t.Errorf("--limit %d: %v, want %v", limit, got, want)
		}
	}
}

// TestNothingStated: figures that rest on nothing say so, and what to do.
func TestNothingStated(t *testing.T) {
	r := everything()
	r.Stated, r.Assumed, r.Assume.Typical = false, nil, false
	got := strings.Join(strings.Fields(text(t, r, false)), " ")
	for _, want := range []string{"say nothing of this system yet", "--assume typical takes typical values instead", `mtbf: "90d"`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "What contributes") {
		t.Error("contributors of nothing")
	}
}

func TestFigures(t *testing.T) {
	for q, want := range map[float64]string{
		0: "100 %", 1: "0 %", 0.5: "50 %", 0.0523: "94.77 %", 0.00021884103871457183: "99.97812 %", 1e-3: "99.9 %", 0.000999: "99.9001 %", 1e-9: "99.9999999 %",
		1e-14: "over 99.9999999999 %", 0.999999: "0 %", 0.9996: "0.04 %", 1.5e-12: "99.99999999985 %",
	} {
		if got := percent(q); got != want {
			t.Errorf("%v leaves %s, want %s", q, got, want)
		}
	}
	for q, want := range map[float64]string{0: "0", 1: "365 d", 0.001: "8.76 h", 0.0001: "52.6 min", 1e-8: "315 ms", 1e-14: "under 1 ms", 1.0 / 8760: "1.00 h", 0.00270: "23.7 h", 0.00274: "1.00 d"} {
		if got := downtime(q, Year); got != want {
			t.Errorf("%v of a year is %s, want %s", q, got, want)
		}
	}
	for x, want := range map[float64]string{0: "0 %", 1: "100 %", 0.5: "50 %", 0.123: "12.3 %", 2.5: "250 %", 0.0001: "under 0.1 %", 5368.51: "5369 ×", math.Inf(1): "∞", 0.9996: "100 %"} {
		if got := share(x); got != want {
			t.Errorf("share of %v: %s, want %s", x, got, want)
		}
	}
	for x, want := range map[float64]string{0: "0", 1: "1.00", 12.345: "12.3", 999.9: "1000", 0.00012345: "0.000123", 3e-5: "3.00e-05", 2.5e7: "2.50e+07", math.Inf(1): "∞"} {
		if got := rounded(x); got != want {
			t.Errorf("%v: %s, want %s", x, got, want)
		}
	}
}

// TestPromises: what is promised to the last digit is kept; 100 % is kept by what never fails only.
func TestPromises(t *testing.T) {
	for _, c := range []struct {
		q, slo, used float64
		met          bool
	}{
		{0.001, 99.9, 1, true}, {0.0010000000000000009, 99.9, 1, true}, {0.001001, 99.9, 1.001, false}, {0.0005, 99.9, 0.5, true},
		{0, 100, 0, true}, {1e-12, 100, math.Inf(1), false}, {1, 0, 1, true},
	} {
		if Met(c.q, c.slo) != c.met || math.Abs(Used(c.q, c.slo)-c.used) > 1e-9 {
			t.Errorf("%v of %v: %v, %v", c.q, c.slo, Met(c.q, c.slo), Used(c.q, c.slo))
		}
	}
}
