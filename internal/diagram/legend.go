package diagram

import (
	"slices"

	"lintel/schema"
)

// LegendEntry explains one sign of the picture.
type LegendEntry struct {
	Sign Sign
	Kind string // of SignKind: the module kind
	Text string
	// Grey says that the sign is drawn without its colour, which would outshine what changed; that of a finding, without the
	// frame, which tells what changed.
	Grey bool
}

// Sign names a sign that a legend explains.
type Sign string

// The signs.
const (
	SignKind     Sign = "kind"     // a module's shape and icon
	SignReplicas Sign = "replicas" // stacked boxes
	SignSummary  Sign = "summary"  // a group as one box
	SignChoice   Sign = "choice"   // alternatives
	SignEntry    Sign = "entry"    // called from outside
	SignSync     Sign = "sync"     // line: hard, synchronous, at run time
	SignAsync    Sign = "async"
	SignSoft     Sign = "soft"
	SignPhase    Sign = "phase" // needed at startup, deploy or recovery only
	SignCycle    Sign = "cycle"
	SignError    Sign = "error" // culprit of a finding, by severity
	SignWarning  Sign = "warning"
	SignInfo     Sign = "info"
	SignPath     Sign = "path" // on the path of a finding
	SignFailed   Sign = "failed"
	SignDown     Sign = "down"
	SignDegraded Sign = "degraded"
	SignFaded    Sign = "faded"
	SignCell     Sign = "cell" // matrix: row needs column
	SignSoftCell Sign = "soft-cell"

	SignBroken    Sign = "broken"     // line: what it leads to is not there, and its caller fails
	SignWeakened  Sign = "weakened"   // line: what it leads to is not there, and its caller goes on
	SignLost      Sign = "lost"       // some replicas of a module are down
	SignCount     Sign = "count"      // line: stands for several dependencies
	SignCellCount Sign = "cell-count" // matrix: number in a cell
	SignCellCycle Sign = "cell-cycle" // matrix: cell in a cycle
	SignBand      Sign = "band"       // matrix: rows of one group
	SignDiagonal  Sign = "diagonal"   // matrix: where a row meets its own column

	SignAdded   Sign = "added" // since another state of the design
	SignRemoved Sign = "removed"
	SignChanged Sign = "changed"
)

// Legend lists the signs that occur in d, and only those, in a fixed order.
func (d *Diagram) Legend() []LegendEntry {
	found := make(map[Sign]bool)
	kinds := make(map[schema.Kind]bool)
	phases := make(map[schema.Phase]bool)
	downNow, downBefore := false, false
	state := func(s State, before bool) {
		switch s {
		case Failed:
			found[SignFailed] = true
		case Down:
			found[SignDown] = true
			downNow, downBefore = downNow || !before, downBefore || before
		case Degraded:
			found[SignDegraded] = true
		}
	}
	change := func(c Change) {
		if c != NotChanged {
			found[Sign(c.String())] = true
		}
	}
	marks := func(numbers []int) {
		for _, n := range numbers {
			if n >= 1 && n <= len(d.Findings) {
				found[Sign(d.Findings[n-1].Severity)] = true
			}
		}
	}
	for _, n := range d.Nodes {
		switch n.Role {
		case ModuleNode:
			kinds[n.Kind] = true
			found[SignReplicas] = found[SignReplicas] || n.Replicas > 1
			found[SignLost] = found[SignLost] || n.Lost > 0 && n.Lost < n.Replicas
		case SummaryNode:
			found[SignSummary] = true
		case ChoiceNode:
			found[SignChoice] = true
		}
		found[SignEntry] = found[SignEntry] || n.Entry
		found[SignPath] = found[SignPath] || len(n.OnPath) > 0
		found[SignFaded] = found[SignFaded] || n.Faded
		state(n.State, n.DownBefore)
		change(n.Change)
		marks(n.Marks)
	}
	for _, e := range d.Edges {
		switch {
		case e.When != schema.Runtime && e.When != "":
			found[SignPhase], phases[e.When] = true, true
		case e.Strength == schema.Soft:
			found[SignSoft] = true
		case e.Mode == schema.Async:
		default:
			found[SignSync] = true
		}
		found[SignAsync] = found[SignAsync] || e.Mode == schema.Async
		found[SignCycle] = found[SignCycle] || e.InCycle
		found[SignPath] = found[SignPath] || len(e.OnPath) > 0
		found[SignFaded] = found[SignFaded] || e.Faded
		found[SignCount] = found[SignCount] || e.Count > 1
		found[SignBroken] = found[SignBroken] || e.State == Down || e.State == Failed
		found[SignWeakened] = found[SignWeakened] || e.State == Degraded
		change(e.Change)
		marks(e.Marks)
	}
	for _, g := range d.Groups {
		found[SignFaded] = found[SignFaded] || g.Faded
		state(g.State, false)
		change(g.Change)
		marks(g.Marks)
	}
	if m := d.Matrix; m != nil {
		found[SignDiagonal] = len(m.Rows) > 0
		for _, b := range m.Bands {
			found[SignBand] = found[SignBand] || b.Kind == "group"
			found[SignCellCycle] = found[SignCellCycle] || b.Kind == "cycle"
		}
		for _, r := range m.Rows {
			if r.Module >= 0 {
				kinds[r.Kind] = true
			} else {
				found[SignSummary] = true
			}
			state(r.State, r.DownBefore)
			change(r.Change)
			marks(r.Marks)
		}
		for _, c := range m.Cells {
			if c.Hard {
				found[SignCell] = true
			} else {
				found[SignSoftCell] = true
			}
			found[SignCellCount] = found[SignCellCount] || c.Count > 1
			found[SignCellCycle] = found[SignCellCycle] || c.InCycle
			change(c.Change)
			marks(c.Marks)
		}
	}

	var out []LegendEntry
	for _, k := range moduleKinds {
		if kinds[k] {
			out = append(out, LegendEntry{Sign: SignKind, Kind: string(k), Text: KindName(k), Grey: d.Changed})
		}
	}
	var needed []string
	for _, p := range []schema.Phase{schema.Startup, schema.Deploys, schema.Recovery} {
		if phases[p] {
			needed = append(needed, phaseWord(p))
		}
	}
	for _, entry := range []struct {
		sign Sign
		text string
	}{
		{SignReplicas, "several replicas"},
		{SignSummary, d.summaryText()},
		{SignChoice, "alternatives, and how many must work"},
		{SignEntry, "called from outside"},
		{SignSync, "hard dependency, synchronous"},
		{SignAsync, "asynchronous dependency"},
		{SignSoft, "soft dependency: goes on without it"},
		{SignPhase, "needed only " + orWords(needed)},
		{SignCell, "the row depends on the column: hard"},
		{SignSoftCell, "the row depends on the column: soft"},
		{SignCellCount, "number of dependencies, where more than one"},
		{SignCellCycle, "rows in a dependency cycle"},
		{SignBand, d.bandText()},
		{SignDiagonal, "where a row meets its own column"},
		{SignCount, "several dependencies in one line"},
		{SignCycle, d.cycleText()},
		{SignAdded, "added"},
		{SignRemoved, "removed"},
		{SignChanged, d.changedText()},
		{SignError, d.causeText("an", "error")},
		{SignWarning, d.causeText("a", "warning")},
		{SignInfo, d.causeText("an", "info finding")},
		{SignPath, "on the way to a cause"},
		{SignFailed, "failed"},
		{SignDown, downText(downNow, downBefore)},
		{SignDegraded, d.degradedText()},
		{SignLost, "some replicas lost"},
		{SignBroken, "needs what is not there; its caller is down"},
		{SignWeakened, "needs what is not there; its caller goes on"},
		{SignFaded, d.fadedText()},
	} {
		if found[entry.sign] {
			grey := d.Changed && slices.Contains(greySigns, entry.sign)
			out = append(out, LegendEntry{Sign: entry.sign, Text: entry.text, Grey: grey})
		}
	}
	return slices.Clip(out)
}

// greySigns are those that have no colour where changes are told.
var greySigns = []Sign{
	SignSummary, SignSync, SignAsync, SignSoft, SignPhase, SignCount, SignCell, SignSoftCell, SignCellCount, SignError, SignWarning, SignInfo, SignPath,
}

func downText(now, before bool) string {
	switch {
	case now && before:
		return "down because of it, or before"
	case before:
		return "down before it already"
	}
	return "down because of it"
}

// causeText says that a comparison marks new findings only.
func (d *Diagram) causeText(article, finding string) string {
	if d.Changed {
		return "cause of a new " + finding
	}
	return "cause of " + article + " " + finding
}

func (d *Diagram) cycleText() string {
	if d.Changed {
		return "in a new dependency cycle"
	}
	return "in a dependency cycle"
}

// changedText tells what changed itself from what stands for parts of which some did.
func (d *Diagram) changedText() string {
	for _, n := range d.Nodes {
		if n.Role == SummaryNode && n.Change == WasChanged {
			return "changed, or a part of it"
		}
	}
	for _, e := range d.Edges {
		if e.Count > 1 && e.Change == WasChanged {
			return "changed, or a part of it"
		}
	}
	if d.Matrix != nil {
		for _, c := range d.Matrix.Cells {
			if c.Count > 1 && c.Change == WasChanged {
				return "changed, or a part of it"
			}
		}
	}
	return "changed"
}

func (d *Diagram) summaryText() string {
	switch d.GroupBy {
	case GroupByGroup, GroupByNone, GroupByAuto:
		return "a group of modules"
	case GroupByKind:
		return "all modules of a kind"
	case GroupByDomain:
		return "all that stands in a failure domain"
	case GroupByZone, GroupByRegion:
		return "all that stands in a " + string(d.GroupBy)
	}
	return "all modules of a " + string(d.GroupBy)
}

func (d *Diagram) bandText() string {
	if d.GroupBy == GroupByAuto || d.GroupBy == GroupByNone {
		return "rows of one group"
	}
	return "rows of one " + string(d.GroupBy)
}

// degradedText tells groups as one box, of which a part is down, from what works without something.
func (d *Diagram) degradedText() string {
	partly, other := false, false
	for _, n := range d.Nodes {
		partly = partly || n.PartlyDown()
		other = other || n.State == Degraded && !n.PartlyDown()
	}
	switch {
	case partly && other:
		return "works, but degraded; of groups, a part"
	case partly:
		return "a part of the group is down"
	}
	return "works, but degraded"
}

func (d *Diagram) fadedText() string {
	if d.View == ViewJourney {
		return "not needed by the journey"
	}
	return "outside of what is shown"
}

func phaseWord(p schema.Phase) string {
	switch p {
	case schema.Deploys:
		return "to deploy"
	case schema.Recovery:
		return "to recover"
	}
	return "to start"
}

func orWords(words []string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	case 2:
		return words[0] + " or " + words[1]
	default:
		return words[0] + ", " + words[1] + " or " + words[2]
	}
}
