package improve

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"lintel/analyzer"
	"lintel/analyzer/change"
	"lintel/rules"
	"lintel/schema"
)

// Plan is what was found, and what it was proven to do.
type Plan struct {
	Goal  Goal
	Steps []Step
	Price float64
	// Cheapest tells that no other choice of the changes that are considered reaches the goal for less. Otherwise none does
	// for less than AtLeast.
	Cheapest bool
	AtLeast  float64

	// Reached tells that the changed design reaches the goal, by analysis of that design.
	Reached       bool
	Before, After Measure
	// Impossible tells that no choice of the changes that are considered reaches the goal. Where neither this nor Reached is
	// set, none was found within the bounds.
	Impossible bool
	// Unproven tells that the search found the goal reached, and that the time was over before that was proven.
	Unproven bool
	// Late lists what the time did not suffice for: LateBefore and the others.
	Late []string

	// Down lists the journeys that are down before anything fails, by name: a contradiction of the design, which no change
	// here mends.
	Down     []string
	Hopeless []Hopeless // what nothing helps against
	Short    []string   // for the goal slo: what stays short of its promise, by name
	Ceilings []Ceiling  // for the goal slo: what stays short whatever is changed

	// Errors and Warnings are what the rules find in the changed design and not before.
	Errors, Warnings []rules.Finding

	// Unplaced are modules of the journeys, by name, whose place is not known although the design has failure domains: no
	// failure domain takes them.
	Unplaced []string

	Old, New *schema.Design
	analysis *analyzer.Analysis
}

// Step is a part of a plan, with what it does after the ones before it.
type Step struct {
	Part
	Text    []string // one line for each change
	Assumes string   // what the figures take for granted; "" for nothing
	// Measured tells that Before and After are known: of very long plans the whole is measured, and not each step.
	Measured      bool
	Before, After Effect

	fields []change.Field
}

// Effect is what a step changes.
type Effect struct {
	Points  int      // single events that bring journeys down
	Lost    []string // journeys that they bring down
	Figures []Figure
}

// ErrNothingToReach tells of a goal that the design gives nothing to measure by.
var ErrNothingToReach = errors.New("nothing to reach")

// NothingToReach is a goal about something that the design does not have.
type NothingToReach struct{ Detail, Hint string }

func (e *NothingToReach) Error() string { return e.Detail + ": " + e.Hint }

// Unwrap makes it an ErrNothingToReach.
func (e *NothingToReach) Unwrap() error { return ErrNothingToReach }

// Find searches for the cheapest changes and proves them. judge are the settings of the rules by which new faults are looked
// for, today the day by which waivers expire. An error tells of a goal that makes no sense here (*NothingToReach), or of a
// design that is too large.
func Find(d *schema.Design, settings Settings, judge rules.Settings, today time.Time) (*Plan, error) {
	start := time.Now()
	if settings.Lint == nil {
		settings.Lint = judge.File
	}
	a := analyzer.New(d)
	s := newSystem(a, settings.ending(settings.share(start, untilSearch)))
	if err := s.check(); err != nil {
		return nil, err
	}
	p := &Plan{Goal: settings.Goal, Old: d, analysis: a, Unplaced: s.unplaced()}
	figures := s.affordable()
	var err error
	p.Before, err = measureUntil(a, &settings, figures, settings.share(start, untilBefore))
	if errors.Is(err, ErrOver) {
		p.late(LateBefore)
	} else if err != nil {
		return nil, err
	}
	// The rules look at the design while the search goes on.
	old := make(chan *rules.Result, 1)
	go func() { old <- rules.Run(a, judge, today) }()
	var was *rules.Result
	const tries = 5
	var first *Plan
	for try := 0; ; try++ {
		got, parts, err := s.searchUntil(settings.share(start, untilSearch))
		if err != nil {
			return nil, err
		}
		if got.late {
			p.late(LateSearch)
		}
		if err := p.take(a, got, parts, &settings, figures, start); err != nil {
			return nil, err
		}
		if got.reached && !p.Reached && !p.Unproven {
			return nil, fmt.Errorf("the search and the analysis of the changed design disagree about %s: this is a fault of lintel", p.Goal)
		}
		changed := p.New
		new, err := Until(settings.share(start, untilJudged), func() (*rules.Result, error) {
			if was == nil {
				was = <-old
			}
			return rules.Run(analyzer.New(changed), judge, today), nil
		})
		if err != nil {
			p.Errors, p.Warnings = nil, nil
			p.late(LateRules)
			break
		}
		p.judge(was, new)
		if first != nil {
			// Of the choices that avoid errors, other than by these options, one might be cheaper.
			p.Cheapest, p.AtLeast, p.Impossible = false, first.AtLeast, false
			if !p.Reached {
				first.Late = p.Late
				return first, nil
			}
		}
		// A change that brings a new error is no repair: the next best one is taken, where there is one.
		if len(p.Errors) == 0 || !p.Reached || try == tries || got.late || s.settings.stopped() || !s.forbid(got.choice, p.Errors) {
			break
		}
		if first == nil {
			first = clonePlan(p)
		}
	}
	return p, nil
}

// check refuses goals that the design gives nothing to measure by.
func (s *system) check() error {
	switch g := s.settings.Goal; g.kind {
	case survive:
		if !slices.Contains(s.counted, true) {
			return &NothingToReach{
				fmt.Sprintf("the design has no failure domain of the kind %s", g.domain),
				fmt.Sprintf("declare them: failureDomains: {a: kind: %q, …}, and where modules stand: placement: [\"a\", …]", g.domain),
			}
		}
	case slo:
		if len(s.targets) == 0 {
			return &NothingToReach{"nothing that is asked about promises an availability", "state it: journeys: {NAME: {entry: …, slo: availability: 99.9}}"}
		}
	}
	if len(s.journeys) == 0 && len(s.targets) == 0 {
		return &NothingToReach{"the design has no journey", "state one, or mark the modules that are called from outside with entry: true"}
	}
	return nil
}

// affordable reports whether availabilities are shown beside other goals: where the design states some, and is small.
func (s *system) affordable() bool {
	const most = 2_000 // journeys times modules, and replicas
	replicas := 0
	for _, m := range s.a.Design.Modules {
		replicas += m.ReliableReplicas()
	}
	if len(s.journeys)*s.a.Modules() > most || replicas > most {
		return false
	}
	for _, f := range s.a.Design.FailureDomains {
		if _, ok := f.Unavailability(); ok {
			return true
		}
	}
	return s.settings.Assume.Typical || slices.ContainsFunc(s.a.Design.Modules, func(m *schema.Module) bool {
		_, ok := m.Unavailability()
		return ok
	})
}

// unplaced lists what no failure domain takes because its place is not stated.
func (s *system) unplaced() (out []string) {
	if len(s.a.Design.FailureDomains) == 0 {
		return nil
	}
	for i, m := range s.a.Design.Modules {
		if s.reached[i] && m.Kind != schema.External && m.ReliableReplicas() > 0 && m.Placement == nil {
			out = append(out, m.Name)
		}
	}
	return out
}

// take makes the changes of a choice and measures what they do.
func (p *Plan) take(a *analyzer.Analysis, got found, parts []Part, settings *Settings, figures bool, start time.Time) error {
	p.Hopeless, p.Ceilings, p.Steps, p.Down, p.Short, p.Price = got.hopeless, got.ceilings, nil, nil, nil, 0
	for _, j := range got.down {
		p.Down = append(p.Down, a.Journeys()[j].Name)
	}
	p.Cheapest, p.AtLeast, p.Impossible = got.cheapest, priceOf(got.lower), got.impossible
	if err := p.order(settings, parts, figures, settings.share(start, untilEffects)); err != nil {
		return err
	}
	var all []change.Change
	for _, step := range p.Steps {
		all = append(all, step.Changes...)
		p.Price += step.Price
	}
	p.Price = roundPrice(p.Price)
	var err error
	if p.New, err = change.Apply(p.Old, all...); err != nil {
		return err
	}
	p.Unproven = false
	p.After, err = measureUntil(analyzer.New(p.New), settings, figures, settings.share(start, untilProof))
	if errors.Is(err, ErrOver) {
		p.late(LateProof)
		p.Unproven = got.reached
	} else if err != nil {
		return err
	}
	p.Reached = err == nil && p.After.Met() && len(p.Down) == 0
	if got.reached && !p.Reached && err == nil && settings.Goal.kind == slo && !settings.Deadline.IsZero() && p.After.loose() {
		// The time left bounds too wide to tell; that is no fault.
		p.late(LateProof)
		p.Unproven = true
	}
	for _, f := range p.After.Figures {
		if !f.Reaches() {
			p.Short = append(p.Short, f.Name)
		}
	}
	return nil
}

// manySteps is from where on steps are not put in order of what they do, which takes an analysis for each pair of them.
const manySteps = 12

// mostMeasured is up to how many steps each is measured.
const mostMeasured = 100

// order puts parts in order, those that do most first, and measures each on top of those before it.
func (p *Plan) order(settings *Settings, parts []Part, figures bool, end time.Time) error {
	d, last := p.Old, p.Before
	each := len(parts) <= mostMeasured && !slices.Contains(p.Late, LateBefore)
	for len(parts) > 0 {
		best := 0
		var bestMeasure *Measure
		var bestDesign *schema.Design
		tried := parts
		if len(parts) > manySteps || !each {
			tried = parts[:1]
		}
		for i, part := range tried {
			next, err := change.Apply(d, part.Changes...)
			if err != nil {
				return err
			}
			m := Measure{}
			if each {
				if m, err = measureUntil(analyzer.New(next), settings, false, end); errors.Is(err, ErrOver) {
					each = false
					p.late(LateEffects)
				} else if err != nil {
					return err
				}
			}
			if bestMeasure == nil || lessMissed(&m, bestMeasure) {
				best, bestMeasure, bestDesign = i, &m, next
			}
			if len(tried) > 1 && !each {
				break
			}
		}
		if each && figures && settings.Goal.kind != slo {
			m, err := measureUntil(analyzer.New(bestDesign), settings, true, end)
			if errors.Is(err, ErrOver) {
				each = false
				p.late(LateEffects)
			} else if err != nil {
				return err
			}
			bestMeasure = &m
		}
		step := Step{Part: parts[best], Measured: each, Before: effectOf(&last), After: effectOf(bestMeasure)}
		for _, c := range step.Changes {
			step.Text = append(step.Text, c.In(d))
		}
		step.Assumes = step.Part.assumes
		var err error
		if step.fields, err = change.Fields(d, step.Changes...); err != nil {
			return err
		}
		p.Steps = append(p.Steps, step)
		d, last = bestDesign, *bestMeasure
		parts = slices.Delete(slices.Clone(parts), best, best+1)
	}
	return nil
}

func lessMissed(a, b *Measure) bool {
	na, la := a.missed()
	nb, lb := b.missed()
	return na < nb || na == nb && la < lb-1e-12
}

func effectOf(m *Measure) Effect { return Effect{len(m.Points), m.Lost, m.Figures} }

// assumes says what a part takes for granted.
func (s *system) assumes(v *variable) string {
	switch {
	case v.dependency >= 0:
		d := &s.a.Dependencies()[v.dependency]
		return fmt.Sprintf("%s can serve its users without %s", s.a.Module(d.From).Name, d.Key)
	case s.a.Module(v.module).Kind == schema.External:
		text := fmt.Sprintf("an alternative to %s can be had that fails independently of it", s.a.Module(v.module).Name)
		if _, ok := s.a.Module(v.module).Unavailability(); ok {
			text += " and is as available"
		}
		return text
	}
	return ""
}

// judge compares what the rules find.
func (p *Plan) judge(old, new *rules.Result) {
	p.Errors, p.Warnings = nil, nil
	was := map[string]rules.Severity{}
	for _, list := range [][]rules.Finding{old.Findings, old.Waived, old.Known} {
		for i := range list {
			f := &list[i]
			was[f.Fingerprint()] = max(was[f.Fingerprint()], f.Severity)
		}
	}
	brought := p.broughtDown()
	for _, f := range new.Findings {
		switch {
		case (f.Rule.ID == "RES001" || f.Rule.ID == "RES002") && brought[f.Subject]:
			// It is so before too, and was told with another event.
		case f.Severity <= was[f.Fingerprint()]:
		case f.Severity == rules.Error:
			p.Errors = append(p.Errors, f)
		case f.Severity == rules.Warning:
			p.Warnings = append(p.Warnings, f)
		}
	}
}

// broughtDown holds what brings journeys down by itself before the changes.
func (p *Plan) broughtDown() map[rules.Subject]bool {
	out := map[rules.Subject]bool{}
	f := p.analysis.Failures()
	for i, e := range f.Events {
		if len(f.Outcomes[i].Lost) == 0 {
			continue
		}
		if e.Kind == analyzer.DomainEvent {
			out[rules.Subject{Kind: rules.OfFailureDomain, Name: p.Old.FailureDomains[e.Domain].Name}] = true
		} else {
			out[rules.Subject{Kind: rules.OfModule, Name: p.Old.Modules[e.Module].Name}] = true
		}
	}
	return out
}

// forbid takes back the options of modules and dependencies that findings are about, and says whether there were any.
func (s *system) forbid(choice []uint8, findings []rules.Finding) bool {
	any := false
	for _, f := range findings {
		for v, o := range choice {
			x := &s.vars[v]
			if o == 0 || x.allowed>>o&1 == 0 {
				continue
			}
			subject := ""
			if x.dependency >= 0 {
				d := &s.a.Dependencies()[x.dependency]
				subject = s.a.Module(d.From).Name + " -> " + d.Key
			} else {
				subject = s.a.Module(x.module).Name
			}
			if f.Subject.Name == subject {
				x.allowed &^= 1 << o
				any = true
			}
		}
	}
	return any
}

// Prove measures a design against a goal.
func Prove(d *schema.Design, settings Settings) (Measure, error) {
	return measureUntil(analyzer.New(d), &settings, false, settings.Deadline)
}

// Fields gives the fields of the source that a step sets, after those of the steps before it.
func (s *Step) Fields() []change.Field { return s.fields }

// Analysis is that of the design before the changes.
func (p *Plan) Analysis() *analyzer.Analysis { return p.analysis }
