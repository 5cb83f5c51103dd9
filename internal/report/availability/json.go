package availability

import (
	"io"
	"math"
	"strconv"

	"lintel/analyzer/resilience"
	"lintel/internal/report"
)

type documentJSON struct {
	SchemaVersion int          `json:"schemaVersion"`
	System        string       `json:"system"`
	Path          string       `json:"path"`
	Assumptions   assumedJSON  `json:"assumptions"`
	Journeys      []targetJSON `json:"journeys"`
	Modules       []targetJSON `json:"modules"`
	JourneysLeft  int          `json:"journeysLeftOut"`
	ModulesLeft   int          `json:"modulesLeftOut"`
	NotComputed   []string     `json:"notComputed"`
	Assumed       []partJSON   `json:"assumed"`
	Unknown       []partJSON   `json:"unknown"`
}

type assumedJSON struct {
	Typical     bool    `json:"typical"`
	Pessimistic float64 `json:"pessimistic"`
	YearSeconds float64 `json:"yearSeconds"`
	MonthSec    float64 `json:"monthSeconds"`
}

type targetJSON struct {
	Name         string            `json:"name"`
	SLO          *sloJSON          `json:"slo"`
	Exact        bool              `json:"exact"`
	Best         resultJSON        `json:"best"`
	Worst        resultJSON        `json:"worst"`
	DownBefore   bool              `json:"downBeforeAnythingFails"`
	Unknown      []string          `json:"unknown"`
	Assumed      []string          `json:"assumed"`
	Contributors []contributorJSON `json:"contributors"` // null where they are not known
	Left         int               `json:"contributorsLeftOut"`
}

type sloJSON struct {
	Availability float64 `json:"availability"`
	BudgetYear   float64 `json:"budgetSecondsPerYear"`
	BudgetMonth  float64 `json:"budgetSecondsPerMonth"`
}

type resultJSON struct {
	Availability   float64 `json:"availability"`
	Unavailability float64 `json:"unavailability"`
	DownYear       float64 `json:"downSecondsPerYear"`
	DownMonth      float64 `json:"downSecondsPerMonth"`
	Exact          bool    `json:"exact"`
	*estimateJSON
	SLO *againstJSON `json:"slo,omitempty"`
}

// estimateJSON stands beside exact: false.
type estimateJSON struct {
	Method     string   `json:"method"`
	Low        float64  `json:"low"` // of the unavailability
	High       float64  `json:"high"`
	Confidence *float64 `json:"confidence,omitempty"`
}

type againstJSON struct {
	Met        *bool    `json:"met"`        // null where an estimate leaves it open
	BudgetUsed *float64 `json:"budgetUsed"` // null where there is no budget and some is needed
}

type contributorJSON struct {
	Events        []string `json:"events"`
	Availability  float64  `json:"availability"`
	Source        string   `json:"source"`
	Birnbaum      float64  `json:"birnbaum"`
	FussellVesely *float64 `json:"fussellVesely"` // null, as the two below, where the target never fails
	RAW           *float64 `json:"riskAchievementWorth"`
	RRW           *float64 `json:"riskReductionWorth"` // null also where the target can't fail without it
}

type partJSON struct {
	Name         string   `json:"name"`
	What         string   `json:"what"`
	Kind         string   `json:"kind"`
	Availability *float64 `json:"availability,omitempty"`
}

// JSON writes the report as docs/schemas/availability.schema.json has it, of no more than limit journeys and modules, where that
// is not 0.
func JSON(w io.Writer, r *Report, limit int) error {
	journeys, modules := limited(r.Journeys, limit), limited(r.Modules, limit)
	out := documentJSON{
		SchemaVersion: 1, System: r.System, Path: r.Path,
		Assumptions: assumedJSON{r.Assume.Typical, r.Assume.Pessimistic, Year.Seconds(), Month.Seconds()},
		Journeys:    targetsJSON(journeys), Modules: targetsJSON(modules),
		JourneysLeft: len(r.Journeys) - len(journeys), ModulesLeft: len(r.Modules) - len(modules),
		NotComputed: append([]string{}, r.NotComputed...), Assumed: partsJSON(r.Assumed, true), Unknown: partsJSON(r.Unknown, false),
	}
	return report.WriteJSON(w, out)
}

func targetsJSON(list []Target) []targetJSON {
	out := []targetJSON{}
	for i := range list {
		g := &list[i]
		t := targetJSON{
			Name: g.Name, Exact: g.Best.Method == resilience.Exact && g.Worst.Method == resilience.Exact, DownBefore: g.DownBefore,
			Best: resultOf(g.Best, g.SLO), Worst: resultOf(g.Worst, g.SLO), Unknown: namesOf(g.Unknown), Assumed: namesOf(g.Assumed), Left: g.Left,
		}
		if g.SLO != nil {
			b := budget(*g.SLO)
			t.SLO = &sloJSON{*g.SLO, figure(b * Year.Seconds()), figure(b * Month.Seconds())}
		}
		if g.Contributors != nil {
			t.Contributors = []contributorJSON{}
		}
		for _, c := range g.Contributors {
			t.Contributors = append(t.Contributors, contributorJSON{
				c.Events, figure(Availability(c.Unavailability)), sourceName(c.Source), figure(c.Birnbaum), finite(figure(c.FussellVesely)), finite(figure(c.RiskAchievementWorth)), finite(figure(c.RiskReductionWorth)),
			})
		}
		out = append(out, t)
	}
	return out
}

func sourceName(s resilience.Source) string {
	switch s {
	case resilience.Stated:
		return "stated"
	case resilience.Typical:
		return "typical"
	}
	return "unknown"
}

func finite(x float64) *float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return nil
	}
	return &x
}

func resultOf(p resilience.Probability, slo *float64) resultJSON {
	q := p.Mid()
	out := resultJSON{Availability: figure(Availability(q)), Unavailability: figure(q), DownYear: figure(q * Year.Seconds()), DownMonth: figure(q * Month.Seconds()), Exact: p.Method == resilience.Exact}
	if !out.Exact {
		out.estimateJSON = &estimateJSON{Method: p.Method.String(), Low: p.Low, High: p.High}
		if p.Method == resilience.Simulated {
			out.Confidence = new(resilience.Confidence)
		}
	}
	if slo != nil {
		out.SLO = &againstJSON{BudgetUsed: finite(figure(Used(q, *slo)))}
		if met := Met(p.High, *slo); met == Met(p.Low, *slo) {
			out.SLO.Met = &met
		}
	}
	return out
}

// figure drops digits that are noise of the last operations: twelve are left. Bounds are given whole.
func figure(x float64) float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return x
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 12, 64), 64)
	return rounded
}

func namesOf(list []Part) []string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = p.Name
	}
	return out
}

func partsJSON(list []Part, assumed bool) []partJSON {
	out := []partJSON{}
	for _, p := range list {
		j := partJSON{Name: p.Name, What: "module", Kind: p.Kind}
		if p.Domain {
			j.What = "failureDomain"
		}
		if assumed {
			j.Availability = new(figure(p.Availability))
		}
		out = append(out, j)
	}
	return out
}
