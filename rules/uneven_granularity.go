package rules

import (
	"fmt"
	"math"
	"slices"

	"lintel/schema"
)

// unevenGranularity tells of services that offer far more operations (mega) or far fewer (nano) than the others. Far is by
// two measures at once, so that neither a design of even services nor one of all sizes has outliers: the factor from the
// median, and Tukey's fence, one and a half times the span between the quartiles beyond them, of the logarithms, since
// sizes differ by factors.
var unevenGranularity = &Rule{
	ID:       "CPL017",
	Name:     "mega-or-nano-module",
	Severity: Info,
	Summary:  "A service offers far more or far fewer operations than the others do.",
	Needs:    []string{"operations"},
	Params: []Param{
		{Name: "factor", Default: 4.0, Min: 1, Doc: "How many times the median's operations are too many, and which part of them too few.", Source: "convention of lintel"},
		{Name: "least", Default: int64(5), Min: 3, Doc: "The number of services that must at least state their operations.", Source: "convention of lintel: the quartiles of fewer say little"},
		{Name: "kinds", Default: []string{string(schema.Service)}, Allowed: kindNames, Doc: "The kinds of modules that are compared; of the others, one operation or very many are ordinary."},
	},
	Sources: []Source{
		{Title: "Taibi, Lenarduzzi, Pahl, Microservices Anti-Patterns: A Taxonomy (2019): mega-service, nano-service", URL: "https://arxiv.org/abs/1908.04101"},
		{Title: "Tukey, Exploratory Data Analysis (1977): fences"},
		{Title: "Bogner and others, Towards an Evolvability Assurance for Service-Based Systems: operations of a service", URL: "https://doi.org/10.1109/ICSA-C.2019.00021"},
	},
	Run: runUnevenGranularity,
}

func runUnevenGranularity(p *Pass) {
	kinds := p.kindsOf("kinds")
	var sizes []float64
	judged, silent := 0, 0
	for _, m := range p.Design.Modules {
		switch {
		case !kinds[m.Kind]:
		case m.Operations == nil:
			silent++
		default:
			sizes = append(sizes, sizeOf(m))
			judged++
		}
	}
	if judged == 0 {
		return
	}
	p.Unchecked(silent, "operations")
	if judged < p.Int("least") {
		return
	}
	slices.Sort(sizes)
	factor := math.Log2(p.Float("factor"))
	median, low, high := quantile(sizes, 0.5), quantile(sizes, 0.25), quantile(sizes, 0.75)
	fence := 1.5 * (high - low)
	usual := formatNumber(math.Round(math.Exp2(median)*10) / 10)
	for _, m := range p.Design.Modules {
		if !kinds[m.Kind] || m.Operations == nil {
			continue
		}
		f := Finding{Subject: Subject{OfModule, m.Name}, Location: placeOfFirst(m, "operations")}
		switch size := sizeOf(m); {
		case size >= median+factor && size > high+fence:
			f.Key = "mega"
			f.Message = fmt.Sprintf("%s offers %s, while half of the services offer %s or fewer: it is several services in one", m.Name, counted(*m.Operations, "operation"), usual)
			f.Suggestions = []string{fmt.Sprintf("split %s by what its operations work on, and by who calls them", m.Name)}
		case size <= median-factor && size < low-fence:
			f.Key = "nano"
			f.Message = fmt.Sprintf("%s offers %s, while half of the services offer %s or more: it costs as much to run as they do", m.Name, counted(*m.Operations, "operation"), usual)
			f.Suggestions = []string{fmt.Sprintf("merge %s with the service whose data it works on, or that calls it most", m.Name)}
		default:
			continue
		}
		p.Report(f)
	}
}

// sizeOf is the logarithm of the number of operations; none count as half a one.
func sizeOf(m *schema.Module) float64 { return math.Log2(math.Max(float64(*m.Operations), 0.5)) }

// quantile returns the value below which the part q of a sorted list lies, between two values by their distance.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
