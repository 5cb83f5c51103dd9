package cli

import (
	"errors"
	"io/fs"
	"slices"
	"time"

	"lintel/analyzer"
	"lintel/internal/report"
	"lintel/internal/review"
	"lintel/internal/review/format"
	"lintel/rules"
	"lintel/schema"
)

// judge runs the rules over both states of each design and compares them. Both are judged by the rule settings and
// policies of the new state, each by its own waivers: so findings are new where the design is at fault. Where the
// settings are other ones than before, both states are judged by the old ones, too.
func (o *reviewOptions) judge(pairs []pair, new *side, known baselines, p *progress) ([]*format.Design, error) {
	today := time.Now()
	p.phase("comparing designs", len(pairs))
	out := make([]*format.Design, len(pairs))
	judgements := make([]judgement, len(pairs))
	eachOnAllCores(len(pairs), func(i int) { judgements[i] = o.byNew(pairs[i], today) })
	o.accept(known, new, judgements)
	eachOnAllCores(len(pairs), func(i int) {
		out[i] = judgements[i].compare()
		p.step()
	})
	var relaxed []int
	for i, d := range out {
		if d.SettingsDiffer() {
			relaxed = append(relaxed, i)
		}
	}
	before := make([]judgement, len(relaxed))
	eachOnAllCores(len(relaxed), func(k int) { before[k] = o.byOld(pairs[relaxed[k]], today) })
	o.accept(known, new, before)
	eachOnAllCores(len(relaxed), func(k int) {
		out[relaxed[k]].CompareSettings(review.Compare(before[k].old, before[k].new))
	})
	return out, nil
}

// judgement is what the rules found in both states of a design.
type judgement struct {
	pair
	old, new *rules.Result
	// held are the findings of the new state, by fingerprint, that the baseline of the old state holds.
	held map[string]bool
}

func (j judgement) compare() *format.Design {
	d := &format.Design{Comparison: review.Compare(j.old, j.new), Unread: j.unread}
	d.Findings.NewlyKnown = slices.DeleteFunc(d.Findings.NewlyKnown, func(f *rules.Finding) bool { return j.held[f.Fingerprint()] })
	if j.old != nil && j.new != nil {
		d.Moved = j.moved
		d.Settings = review.LintChanges(j.oldLint, j.newLint)
	}
	return d
}

func (o *reviewOptions) byNew(p pair, today time.Time) judgement {
	j := judgement{pair: p}
	switch {
	case p.old == nil:
		j.new = o.run(p.new, &p.new.Lint, p.newLint, today)
	case p.new == nil:
		j.old = o.run(p.old, &p.old.Lint, p.oldLint, today)
	default:
		j.old = o.run(p.old, mixed(&p.new.Lint, &p.old.Lint), mixed(p.newLint, p.oldLint), today)
		j.new = o.run(p.new, &p.new.Lint, p.newLint, today)
	}
	return j
}

func (o *reviewOptions) byOld(p pair, today time.Time) judgement {
	return judgement{
		pair: p,
		old:  o.run(p.old, &p.old.Lint, p.oldLint, today),
		new:  o.run(p.new, mixed(&p.old.Lint, &p.new.Lint), mixed(p.oldLint, p.newLint), today),
	}
}

// run judges a design as if its own settings were these, with those of a settings file or nil.
func (o *reviewOptions) run(d *schema.Design, own, file *schema.Lint, today time.Time) *rules.Result {
	settings := o.settings
	settings.File = file
	by := *d
	by.Lint = *own
	a := analyzer.New(d)
	a.Design = &by
	res := rules.Run(a, settings, today)
	a.Design, res.Design = d, d
	return res
}

// baselines are those of the two states; nil where there are none to be read.
type baselines struct{ before, now *baselineFile }

// openBaselines reads the baseline of each state where its designs are read. One that only one of them has is empty in the
// other.
func (o *reviewOptions) openBaselines(old, new *side, r *format.Report) (b baselines, err error) {
	if o.baseline == "" {
		return b, nil
	}
	there := func(one *side) bool {
		f, err := openIn(one.load, placeBaseline(one.load, o.baseline).path(one.load))
		if err == nil {
			f.Close()
		}
		return !errors.Is(err, fs.ErrNotExist)
	}
	b.before, b.now = placeBaseline(old.load, o.baseline), placeBaseline(new.load, o.baseline)
	if there(new) || !there(old) {
		if b.now, err = openBaseline(new.load, o.baseline); err != nil {
			return b, err
		}
	}
	if there(old) {
		before, err := openBaseline(old.load, o.baseline)
		if err == nil {
			b.before = before
		} else {
			r.Notes = append(r.Notes, "the baseline cannot be read at "+old.name+", so that it counts as empty there: "+err.Error())
		}
	}
	return b, nil
}

// accept puts the findings of the new states that the baseline holds aside, and notes which of them the one of the old
// state holds, too.
func (o *reviewOptions) accept(known baselines, new *side, judgements []judgement) {
	if known.now == nil {
		return
	}
	all := &report.Report{}
	for _, j := range judgements {
		if j.new != nil {
			all.Results = append(all.Results, j.new)
		}
	}
	before, _ := known.before.match(new.load, all, new.designs)
	for i := range judgements {
		j := &judgements[i]
		if j.new == nil {
			continue
		}
		j.held = map[string]bool{}
		for k := range j.new.Findings {
			if f := &j.new.Findings[k]; before.Known[f] {
				j.held[f.Fingerprint()] = true
			}
		}
	}
	m, _ := known.now.match(new.load, all, new.designs)
	for _, res := range all.Results {
		res.Accept(func(f *rules.Finding) bool { return m.Known[f] })
	}
}

// mixed gives the rule settings and policies of one state with the waivers of another.
func mixed(judging, waiving *schema.Lint) *schema.Lint {
	switch {
	case judging == nil && waiving == nil:
		return nil
	case judging == nil:
		return &schema.Lint{Waivers: waiving.Waivers}
	case waiving == nil:
		return &schema.Lint{Rules: judging.Rules, Policies: judging.Policies}
	}
	return &schema.Lint{Rules: judging.Rules, Policies: judging.Policies, Waivers: waiving.Waivers}
}
