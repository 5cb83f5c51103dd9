package improve

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"lintel/analyzer"
	"lintel/analyzer/resilience"
)

// ErrOver tells that the time was over before something was done.
var ErrOver = errors.New("the time is over")

// Shares of the time up to which the phases may go on. Where one needs less, the rest is left to those after it.
const (
	untilBefore  = 0.25
	untilSearch  = 0.6
	untilEffects = 0.7
	untilProof   = 0.85
	untilJudged  = 0.92
)

// Phases that may be without a result when the time is over, as Plan.Late names them.
const (
	LateBefore  = "before"
	LateSearch  = "search"
	LateEffects = "effects"
	LateProof   = "proof"
	LateRules   = "rules"
)

// Until waits for what f gives, until a time at most; a zero time waits as long as it takes. What f gives later is lost, so it
// must not write what others read.
func Until[T any](end time.Time, f func() (T, error)) (T, error) {
	if end.IsZero() {
		return f()
	}
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		v, err := f()
		done <- result{v, err}
	}()
	timer := time.NewTimer(time.Until(end))
	defer timer.Stop()
	select {
	case r := <-done:
		return r.value, r.err
	case <-timer.C:
		var none T
		return none, ErrOver
	}
}

// share is the time at which a share of that between start and the deadline is over; it is zero without a deadline.
func (o *Settings) share(start time.Time, part float64) time.Time {
	if o.Deadline.IsZero() {
		return o.Deadline
	}
	return start.Add(time.Duration(part * float64(o.Deadline.Sub(start))))
}

// ending gives settings of which the limits end at a time.
func (o *Settings) ending(end time.Time) *Settings {
	out := *o
	if !end.IsZero() {
		stop := new(atomic.Bool)
		time.AfterFunc(time.Until(end), func() { stop.Store(true) })
		out.Limits.Stop = stop
	}
	return &out
}

// stopped reports whether the time is over.
func (o *Settings) stopped() bool { return o.Limits.Stop != nil && o.Limits.Stop.Load() }

// late notes that a phase has no result.
func (p *Plan) late(phase string) {
	if !slices.Contains(p.Late, phase) {
		p.Late = append(p.Late, phase)
	}
}

// snapshot is the best that a search has so far, for who does not wait for its end.
type snapshot struct {
	sync.Mutex
	best  found
	parts []Part
}

// publish lets others see the best so far.
func (s *system) publish(got found) {
	s.sofar.Lock()
	defer s.sofar.Unlock()
	if s.settings.Goal.kind == slo && !got.reached && !got.safe {
		got.choice = nil // half of a plan may make something worse: only fallback tells what does not
	}
	got.choice = slices.Clone(got.choice)
	s.sofar.best, s.sofar.parts = got, s.parts(got.choice)
}

func (s *system) published() (found, []Part) {
	s.sofar.Lock()
	defer s.sofar.Unlock()
	return s.sofar.best, s.sofar.parts
}

// searchUntil searches, and gives what is the best so far when the time is over.
func (s *system) searchUntil(end time.Time) (found, []Part, error) {
	type result struct {
		found
		parts []Part
	}
	got, err := Until(end, func() (result, error) {
		if s.settings.Goal.kind == slo {
			got, err := s.searchAvailability()
			return result{got, s.parts(got.choice)}, err
		}
		got := s.search()
		return result{got, s.parts(got.choice)}, nil
	})
	if errors.Is(err, ErrOver) {
		best, parts := s.published()
		best.late, best.cheapest = true, false
		return best, parts, nil
	}
	return got.found, got.parts, err
}

// measureUntil measures, and gives ErrOver when the time is over.
func measureUntil(a *analyzer.Analysis, settings *Settings, figures bool, end time.Time) (Measure, error) {
	settings = settings.ending(end)
	if figures && settings.Goal.kind != slo {
		// Availabilities are shown beside these goals, which do not depend on them.
		plain, err := Until(end, func() (Measure, error) { return measure(a, settings, false) })
		if err != nil || settings.stopped() {
			return plain, err
		}
		if full, err := Until(end, func() (Measure, error) { return measure(a, settings, true) }); err == nil {
			return full, nil
		} else if !errors.Is(err, ErrOver) {
			return full, err
		}
		return plain, nil
	}
	return Until(end, func() (Measure, error) { return measure(a, settings, figures) })
}

// loose reports whether a figure is no exact one.
func (m *Measure) loose() bool {
	return slices.ContainsFunc(m.Figures, func(f Figure) bool { return f.Worst.Method != resilience.Exact })
}

func clonePlan(p *Plan) *Plan {
	out := *p
	return &out
}
