package diagram

import (
	"fmt"
	"slices"

	"lintel/analyzer"
	"lintel/rules"
	"lintel/schema"
)

// Build makes the diagram of the design that a analyses. Its findings are marked where o asks for it;
// otherwise r may be nil. An error is an *OptionError. It costs time near linear in the size of the
// design.
func Build(a *analyzer.Analysis, r *rules.Result, o Options) (*Diagram, error) {
	b := &builder{a: a, o: o, d: &Diagram{System: a.Design.System, Stamp: o.Stamp}}
	b.first = firstDependencies(a)
	steps := []func() error{b.readOptions, b.chooseModules, b.chooseView, b.group, b.collapse}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	b.simulate()
	if b.d.View == ViewMatrix {
		b.matrix()
	} else {
		b.nodes()
		b.edges()
	}
	b.changed()
	if o.Findings && r != nil {
		b.findings(r)
	}
	b.noteChanges()
	b.thinOut()
	b.describe()
	return b.d, nil
}

// builder holds what the steps of Build tell each other.
type builder struct {
	a     *analyzer.Analysis
	o     Options
	d     *Diagram
	first []int32 // by module: its first dependency

	// What is chosen.
	placed   bool // nodes are parts of modules, in the failure domains where they stand
	summed   bool // every group is one box
	journey  int  // the journey that is drawn, by index; -1 for none
	shown    []bool
	faded    []bool
	way      []bool // by dependency: on the journey's way; nil without a journey
	count    int    // of shown modules
	all      bool   // no module was left out
	subtitle []string

	// How it is grouped.
	groups    []Group // all that hold something; parents before their children
	collapsed []bool  // by group: drawn as one box
	groupOf   []int32 // by module: its group, -1 for none; nil in a placed diagram
	domainOf  []int32 // by group: its failure domain; nil unless placed
	frameOf   []int32 // by failure domain: the group that its replicas stand in, -1 for none; nil unless placed

	// How it fares; nil where no failure was chosen.
	before, sim *analyzer.Simulation
	states      []State         // by module
	hit         []bool          // by module: chosen to fail as a whole
	gone        map[int32][]int // by module: the replicas that were chosen to fail, sorted
	cuts        cutTargets      // dependencies that were chosen to fail

	// What is drawn.
	frame   []int             // by group: its index in d.Groups; -1 where it is in a box
	box     []int             // by group: the node that stands for it; -1 where it is a frame
	boxesOf [][]int           // by module: its nodes
	inGroup []int             // by node: its group, that of a summary the group itself; -1 for none
	choices map[choiceKey]int // the forks
	edgeAt  map[[2]int][]int  // by the two ends; the gravest first
	cut     bool              // lines between failure domains were left out

	// Of a matrix.
	rowOf  []int32          // by module: its row; -1 for none
	cellAt map[[2]int32]int // by row and column
}

// choiceKey names the fork of a dependency with alternatives at one node of its caller.
type choiceKey struct {
	node       int
	dependency int32
}

func (b *builder) module(i int32) *schema.Module { return b.a.Module(i) }

// readOptions refuses values that no option has, and settles what follows from the options alone.
func (b *builder) readOptions() error {
	o := &b.o
	if err := oneOf("view", o.View, ViewOverview, ViewModules, ViewDeployment, ViewJourney, ViewMatrix); err != nil {
		return err
	}
	if err := oneOf("group-by", o.GroupBy, GroupByGroup, GroupByTeam, GroupByLayer, GroupByZone, GroupByRegion, GroupByDomain, GroupByKind, GroupByNone); err != nil {
		return err
	}
	if err := oneOf("flow", o.Flow, FlowDown, FlowRight); err != nil {
		return err
	}
	if o.Direction == "both" {
		o.Direction = Both
	}
	if err := oneOf("direction", o.Direction, Up, Deep, "both"); err != nil {
		return err
	}
	if o.Rest == "drop" {
		o.Rest = DropRest
	}
	if err := oneOf("rest", o.Rest, FadeRest, "drop"); err != nil {
		return err
	}
	if o.Depth < 0 {
		return &OptionError{Option: "depth", Detail: fmt.Sprintf("%d steps", o.Depth), Hint: "give 1 or more"}
	}
	if b.a.Modules() == 0 {
		return &OptionError{Option: "view", Detail: "the design has no modules"}
	}
	if o.View == ViewMatrix {
		o.Rest = DropRest
	}
	b.d.Flow = o.Flow
	if o.Flow == "" {
		b.d.Flow = FlowDown
	}
	b.placed = byDomain(o.GroupBy)
	switch {
	case o.View == ViewDeployment && o.GroupBy == GroupByAuto:
		o.GroupBy, b.placed = GroupByDomain, true
	case o.View == ViewDeployment && !b.placed:
		return &OptionError{Option: "group-by", Detail: fmt.Sprintf("the deployment view shows failure domains, not %q", o.GroupBy), Hint: "use zone, region or domain"}
	case b.placed && (o.View == ViewOverview || o.View == ViewMatrix):
		return &OptionError{Option: "group-by", Detail: fmt.Sprintf("a module may stand in several failure domains, so the %s can't go by %s", o.View, o.GroupBy), Hint: "use group, team or layer, or --view deployment"}
	case o.View == ViewOverview && o.GroupBy == GroupByNone:
		return &OptionError{Option: "group-by", Detail: "the overview draws a box for each group", Hint: "use group, team or layer, or --view modules"}
	}
	return nil
}

func byDomain(g GroupBy) bool {
	return g == GroupByZone || g == GroupByRegion || g == GroupByDomain
}

// oneOf refuses a value that is neither "" nor one of values.
func oneOf[T ~string](option string, value T, values ...T) error {
	if value == "" || slices.Contains(values, value) {
		return nil
	}
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = string(v)
	}
	return unknown(option, "%q is none of its values", string(value), names)
}

// chooseView settles what ViewAuto means, and makes a picture that would be too large a summary.
func (b *builder) chooseView() error {
	o, d := &b.o, b.d
	large := b.count > LargeDesign
	d.View = o.View
	if o.View == ViewAuto {
		d.View = ViewModules
		switch {
		case o.Journey != "":
			d.View = ViewJourney
		case b.placed:
			d.View = ViewDeployment
		case large && o.GroupBy != GroupByNone && len(o.Collapse) == 0:
			d.View = ViewOverview
		}
	}
	switch {
	case b.placed || o.GroupBy == GroupByNone:
	case d.View == ViewOverview:
		b.summed = true
		if o.View == ViewAuto {
			d.Reduced = fmt.Sprintf("%s: drew the overview; --view modules draws all of them", counted(b.count, "module"))
		}
	case d.View == ViewJourney && large:
		b.summed = true
		d.Reduced = fmt.Sprintf("the journey leads over %s: drew its groups; --view modules draws all of them", counted(b.count, "module"))
	case d.View == ViewMatrix && large && o.GroupBy == GroupByAuto:
		b.summed = true
		d.Reduced = fmt.Sprintf("%s: drew the matrix of their groups; --group-by none draws all of them", counted(b.count, "module"))
	}
	return nil
}
