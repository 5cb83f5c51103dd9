package cli

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/fatih/color"

	"lintel/analyzer"
	"lintel/analyzer/change"
	"lintel/analyzer/resilience"
	"lintel/internal/improve"
	"lintel/internal/report"
	"lintel/internal/report/availability"
)

// most is how many things of a kind the text lists.
const mostListed = 10

type improveText struct {
	strings.Builder
	*improvement
	bold, red, green func(...any) string
}

// text gives the improvement for people.
func (r *improvement) text(colored bool) string {
	t := &improveText{improvement: r, bold: painter(colored, color.Bold), red: painter(colored, color.FgRed), green: painter(colored, color.FgGreen)}
	t.linef("%s (%s)", report.Visible(r.design.System), report.Visible(r.design.Path))
	t.answer()
	t.steps()
	t.proof()
	t.notes()
	t.edits()
	return t.String()
}

func (t *improveText) linef(format string, args ...any) { fmt.Fprintf(t, format+"\n", args...) }

// listedNames writes a sentence of many things: the first, and how many more there are.
func listedNames(names []string) string {
	if len(names) > mostListed {
		return strings.Join(names[:mostListed], ", ") + fmt.Sprintf(" and %d more", len(names)-mostListed)
	}
	return strings.Join(names, ", ")
}

// fewNames writes a list that is not what a line is about: five names at most.
func fewNames(names []string) string {
	const most = 5
	if len(names) > most+1 {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}

// priceText writes a cost.
func priceText(x float64) string { return strconv.FormatFloat(math.Round(x*1e6)/1e6, 'f', -1, 64) }

// goalText says what the goal is.
func (t *improveText) goalText() string {
	of := "any journey"
	if js := t.settings.Journeys; len(js) > 0 {
		of = listedNames(js)
	}
	switch g := t.plan.Goal.String(); g {
	case "no-spof":
		return "no single event brings down " + of
	case "slo":
		if js := t.settings.Journeys; len(js) > 0 {
			return "the SLO of " + of + " is reached"
		}
		return "every SLO of availability is reached"
	default:
		_, kind, _ := strings.Cut(g, ":")
		return fmt.Sprintf("the loss of no single %s brings down %s", kind, of)
	}
}

func (t *improveText) answer() {
	p := t.plan
	steps := fmt.Sprintf("%s at a cost of %s", counted(len(p.Steps), "step"), priceText(p.Price))
	t.linef("goal %s: %s", p.Goal, t.goalText())
	switch {
	case p.Reached && len(p.Steps) == 0:
		t.linef("%s; there is nothing to change", t.green("reached already"))
	case p.Reached && p.Cheapest:
		t.linef("%s by %s: the cheapest of all that is considered", t.green("can be reached"), steps)
	case p.Reached:
		t.linef("%s by %s: found, not proved to be the cheapest; at least %s is needed", t.green("can be reached"), steps, priceText(p.AtLeast))
	case p.Unproven && len(p.Steps) == 0:
		t.linef("%s", t.red("seems to be reached already, which is not proven within --timeout"))
	case p.Unproven:
		t.linef("%s by %s, which is not proven within --timeout; at least %s is needed", t.red("seems to be reached"), steps, priceText(p.AtLeast))
	case p.Impossible && len(p.Steps) == 0:
		none := "nothing that is considered helps"
		if p.Goal.String() == "slo" {
			none = "no changes were found that are sure to bring it nearer"
			if slices.Contains(p.Late, improve.LateSearch) {
				none = "within --timeout no changes were found that bring it nearer"
			}
		}
		t.linef("%s; %s", t.red("cannot be reached"), none)
	case p.Impossible:
		t.linef("%s; %s", t.red("cannot be reached"), t.nearest(steps))
	case slices.Contains(p.Late, improve.LateSearch) && len(p.Steps) == 0:
		t.linef("%s", t.red("the time of --timeout is over, and no way to reach it was found yet"))
	case slices.Contains(p.Late, improve.LateSearch):
		t.linef("%s; the best so far is %s", t.red("the time of --timeout is over, and no way to reach it was found yet"), steps)
	case len(p.Steps) == 0:
		t.linef("%s", t.red("no way to reach it was found"))
	default:
		t.linef("%s; the best that was found is %s", t.red("no way to reach it was found"), steps)
	}
	t.remaining()
}

// nearest tells of the steps that do not reach the goal.
func (t *improveText) nearest(steps string) string {
	if slices.Contains(t.plan.Late, improve.LateSearch) {
		return "the best that was found within --timeout is " + steps
	}
	return "the best that was found is " + steps
}

// remaining says why the goal is not reached.
func (t *improveText) remaining() {
	p := t.plan
	if p.Reached {
		return
	}
	a := p.Analysis()
	if len(p.Down) > 0 {
		t.linef("  %s down before anything fails: lintel check --only HYG002 says why", areDown(p.Down))
	}
	type reason struct {
		event    analyzer.Event
		journeys []string
		why      []string
	}
	var reasons []reason
	for _, h := range p.Hopeless {
		name := a.Journeys()[h.Journey].Name
		i := slices.IndexFunc(reasons, func(r reason) bool { return r.event == h.Event && slices.Equal(r.why, h.Why) })
		if i < 0 {
			reasons = append(reasons, reason{h.Event, []string{name}, h.Why})
			continue
		}
		reasons[i].journeys = append(reasons[i].journeys, name)
	}
	for _, r := range reasons[:min(len(reasons), mostListed)] {
		why := "nothing withstands it together with the others"
		if len(r.why) > 0 {
			why = listedNames(r.why)
		}
		t.linef("  %s still brings down %s: %s", eventText(a, r.event), fewNames(r.journeys), why)
	}
	if len(reasons) > mostListed {
		t.linef("  … and %d more events", len(reasons)-mostListed)
	}
	t.short()
}

// short says what stays short of its SLO, and what holds it down: those that the same holds down together.
func (t *improveText) short() {
	p := t.plan
	type group struct {
		why   []string
		lines []string
	}
	var groups []group
	for i := range p.After.Figures {
		f := &p.After.Figures[i]
		if f.Reaches() {
			continue
		}
		line := fmt.Sprintf("  %s stays short of its SLO of %s: %s", f.Name, plainPercent(*f.SLO), figureText(f))
		var why []string
		if k := slices.IndexFunc(p.Ceilings, func(c improve.Ceiling) bool { return c.Name == f.Name && c.Journey == f.Journey }); k >= 0 {
			line += ", and at most " + percentText(p.Ceilings[k].Unavailability) + " whatever is changed"
			why = p.Ceilings[k].Why
		}
		k := slices.IndexFunc(groups, func(g group) bool { return slices.Equal(g.why, why) })
		if k < 0 {
			k = len(groups)
			groups = append(groups, group{why: why})
		}
		groups[k].lines = append(groups[k].lines, line)
	}
	const few = 3
	for i, g := range groups {
		if i == mostListed {
			t.linef("  … and others for %d further reasons", len(groups)-i)
			break
		}
		most := len(g.lines)
		if len(groups) > 1 && most > few+1 || most > mostListed {
			most = few
		}
		for _, line := range g.lines[:most] {
			t.linef("%s", line)
		}
		if more := len(g.lines) - most; more > 0 {
			t.linef("  … and %d more", more)
		}
		for _, why := range g.why {
			t.linef("    %s", why)
		}
	}
	if len(p.After.Figures) == 0 {
		for i, c := range p.Ceilings {
			if i == mostListed {
				t.linef("  … and %d more", len(p.Ceilings)-i)
				break
			}
			t.linef("  %s reaches at most %s, whatever is changed: %s", c.Name, percentText(c.Unavailability), strings.Join(c.Why, "; "))
		}
	}
}

func areDown(names []string) string {
	if len(names) == 1 {
		return names[0] + " is"
	}
	return listedNames(names) + " are"
}

// eventText says what happens.
func eventText(a *analyzer.Analysis, e analyzer.Event) string {
	switch e.Kind {
	case analyzer.DomainEvent:
		return fmt.Sprintf("the loss of %s %s", a.Design.FailureDomains[e.Domain].Kind, a.Design.FailureDomains[e.Domain].Name)
	case analyzer.ExternalEvent:
		return "the failure of " + a.Module(e.Module).Name
	}
	return "the loss of a replica of " + a.Module(e.Module).Name
}

func (t *improveText) steps() {
	if len(t.plan.Steps) == 0 {
		return
	}
	t.linef("")
	for i, step := range t.plan.Steps {
		head := fmt.Sprintf("%d. ", i+1)
		indent := strings.Repeat(" ", len(head))
		for k, text := range step.Text {
			if k == 0 {
				t.linef("%s", t.bold(head+text))
			} else {
				t.linef("%s", t.bold(indent+text))
			}
		}
		t.linef("%s", indent+"cost "+priceText(step.Price)+t.effect(&step))
		for _, line := range t.availabilities(&step) {
			t.linef("%s%s", indent, line)
		}
		if step.Assumes != "" {
			t.linef("%s", indent+"if "+step.Assumes)
		}
	}
}

// effect says what a step does to the events of the goal.
func (t *improveText) effect(step *improve.Step) string {
	b, a := step.Before, step.After
	if t.plan.Goal.String() == "slo" || !step.Measured {
		return ""
	}
	line := fmt.Sprintf("; %s %d → %d", t.pointsName(), b.Points, a.Points)
	var saved []string
	for _, j := range b.Lost {
		if !slices.Contains(a.Lost, j) {
			saved = append(saved, j)
		}
	}
	if len(saved) > 0 {
		line += ", none left on " + listedNames(saved)
	}
	return line
}

// pointsName names the events of the goal that bring journeys down.
func (t *improveText) pointsName() string {
	if _, kind, ok := strings.Cut(t.plan.Goal.String(), ":"); ok {
		return kind + "s that bring journeys down"
	}
	return "single points of failure"
}

// availabilities says what a step does to availabilities.
func (t *improveText) availabilities(step *improve.Step) (out []string) {
	const most = 4
	more := 0
	if !step.Measured {
		return nil
	}
	for i := range step.After.Figures {
		if i >= len(step.Before.Figures) {
			break
		}
		was, is := &step.Before.Figures[i], &step.After.Figures[i]
		if figureText(was) == figureText(is) {
			continue
		}
		if len(out) == most {
			more++
			continue
		}
		line := fmt.Sprintf("%s %s → %s", is.Name, figureText(was), figureText(is))
		if is.SLO != nil {
			line += fmt.Sprintf(", SLO %s", plainPercent(*is.SLO))
		}
		out = append(out, line)
	}
	if more > 0 {
		out = append(out, fmt.Sprintf("… and the availability of %d more", more))
	}
	return out
}

// figureText writes an availability, the lower bound where it is not known exactly.
func figureText(f *improve.Figure) string {
	q := f.Worst
	switch {
	case q.Method == resilience.Simulated:
		return fmt.Sprintf("about %s (99 %% sure of %s)", percentText(q.Mid()), percentText(q.High))
	case f.Unknown > 0 || q.Method != resilience.Exact:
		return "at least " + percentText(q.High)
	}
	return percentText(q.High)
}

// plainPercent writes a stated percentage.
func plainPercent(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) + " %" }

// percentText writes the availability of an unavailability as lintel availability does, so that it shows on which side of an
// SLO it lies.
func percentText(q float64) string { return availability.Percent(q) }

func (t *improveText) proof() {
	p := t.plan
	if len(p.Steps) == 0 {
		return
	}
	t.linef("")
	switch {
	case slices.Contains(p.Late, improve.LateProof):
		t.linef("Not proven within --timeout: the changed design could not be analysed in time.")
	case p.Reached:
		t.linef("Proven by analysing the changed design: %s.", t.goalText())
	default:
		t.linef("By analysis of the changed design: %s.", t.leftOver())
	}
	if slices.Contains(p.Late, improve.LateRules) {
		t.linef("Whether lintel check finds more in the changed design was not looked at within --timeout.")
	}
	if slices.Contains(p.Late, improve.LateEffects) {
		t.linef("Not each step was measured within --timeout.")
	}
	if len(p.Errors) > 0 {
		t.linef("%s", t.red("lintel check finds errors in the changed design that it does not find now:"))
	}
	for _, f := range p.Errors {
		t.linef("  %s %s", f.Rule.ID, f.Message)
	}
	if n := len(p.Warnings); n > 0 {
		t.linef("lintel check finds warnings in the changed design that it does not find now:")
		for _, f := range p.Warnings[:min(n, mostListed)] {
			t.linef("  %s %s", f.Rule.ID, f.Message)
		}
		if n > mostListed {
			t.linef("  … and %d more", n-mostListed)
		}
	}
}

// leftOver says how far a plan gets that does not reach its goal.
func (t *improveText) leftOver() string {
	p := t.plan
	if slices.Contains(p.Late, improve.LateBefore) {
		return fmt.Sprintf("%d single points and %d broken promises are left", len(p.After.Points), len(p.Short))
	}
	if p.Goal.String() == "slo" {
		return fmt.Sprintf("%d of %d that promise an availability stay short", len(p.Short), len(p.After.Figures))
	}
	return fmt.Sprintf("%s: %d are left of %d", t.pointsName(), len(p.After.Points), len(p.Before.Points))
}

// notes says what the answer rests on.
func (t *improveText) notes() {
	p := t.plan
	if len(p.Unplaced) > 0 && p.Goal.String() != "slo" {
		t.linef("")
		t.linef("%s: %s. No failure domain is taken to hold %s.", t.bold("Not known where it stands"), listedNames(p.Unplaced), themOrIt(len(p.Unplaced)))
	}
	unknown := 0
	for _, f := range p.After.Figures {
		unknown = max(unknown, f.Unknown)
	}
	if unknown > 0 {
		t.linef("")
		t.linef("Availabilities that are not stated are taken for %s: lintel availability lists them.", plainPercent(t.settings.Assume.Pessimistic))
	}
}

func themOrIt(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}

func (t *improveText) edits() {
	t.handEdits()
	switch {
	case t.late:
		t.linef("")
		t.linef("The patch was not made within --timeout; no file is changed.")
	case len(t.written) > 0 && !t.proven && len(t.left) == 0:
		t.linef("")
		t.linef("Written: %s. What it says now was read again; that it reaches the goal is not proven within --timeout.", listedNames(t.written))
	case len(t.written) > 0 && t.proven:
		t.linef("")
		t.linef("Written: %s. What it says now was read again and proven.", listedNames(t.written))
	case len(t.written) > 0:
		t.linef("")
		t.linef("Written: %s, all steps but %s.", listedNames(t.written), stepNumbers(t.left))
	case len(t.patch.Files) > 0:
		t.linef("")
		t.WriteString(t.patchText())
	}
}

// handEdits lists what has to be edited by hand: what stands in one place, such as a template, together.
func (t *improveText) handEdits() {
	if len(t.byHand) == 0 {
		return
	}
	t.linef("")
	t.linef("%s, with the rest of their steps:", t.bold("To be edited by hand"))
	type group struct {
		place string
		list  []handEdit
	}
	var groups []group
	for _, h := range t.byHand {
		place := fmt.Sprint(h.Place)
		i := slices.IndexFunc(groups, func(g group) bool { return g.place == place })
		if i < 0 {
			i = len(groups)
			groups = append(groups, group{place: place})
		}
		groups[i].list = append(groups[i].list, h)
	}
	for _, g := range groups {
		const few = 2
		if len(g.list) <= few {
			for _, h := range g.list {
				why := h.Why
				if from, ok := h.comesFrom(); ok {
					why = "it " + from
				}
				t.linef("  step %d: %s = %s at %s: %s", h.step+1, strings.Join(h.Field.Path, "."), change.Text(h.Field.Value), g.place, why)
			}
			continue
		}
		why := g.list[0].Why
		if from, ok := g.list[0].comesFrom(); ok {
			why = "what " + from
		}
		t.linef("  at %s, %s:", g.place, why)
		var lines []string
		for i := 0; i < len(g.list); {
			// The fields of one step are one line.
			var sets []string
			k := i
			for ; k < len(g.list) && g.list[k].step == g.list[i].step; k++ {
				sets = append(sets, strings.Join(g.list[k].Field.Path, ".")+" = "+change.Text(g.list[k].Field.Value))
			}
			lines = append(lines, fmt.Sprintf("    step %d: %s", g.list[i].step+1, strings.Join(sets, ", ")))
			i = k
		}
		for _, line := range lines[:min(len(lines), mostListed)] {
			t.linef("%s", line)
		}
		if more := len(lines) - mostListed; more > 0 {
			t.linef("    … and %d more", more)
		}
	}
}

// comesFrom is what a field comes from, where that is why it is told.
func (h *handEdit) comesFrom() (why string, ok bool) {
	name, why, ok := strings.Cut(h.Why, " comes from ")
	return "comes from " + why, ok && strings.HasPrefix(strings.Join(h.Field.Path, "."), name)
}

func stepNumbers(steps []int) string {
	var out []string
	for _, i := range steps {
		out = append(out, strconv.Itoa(i+1))
	}
	return strings.Join(out, ", ")
}

// tellBeside prints, beside a patch, what the patch does not say.
func (r *improvement) tellBeside(s *session) {
	t := &improveText{improvement: r, bold: painter(false), red: painter(false), green: painter(false)}
	t.answer()
	if r.late {
		t.linef("the patch was not made within --timeout")
	} else if slices.Contains(r.plan.Late, improve.LateProof) {
		t.linef("not proven within --timeout")
	}
	for _, h := range r.byHand {
		t.linef("to be edited by hand: %s at %s: %s", strings.Join(h.Field.Path, "."), h.Place, h.Why)
	}
	fmt.Fprint(s.stderr, t.String())
}
