package diagram

import "lintel/analyzer"

// Options says what of a design is drawn. The zero value draws all of it.
type Options struct {
	View    View
	GroupBy GroupBy
	Flow    Flow   // FlowDown where ""
	Title   string // the system's name where ""
	Stamp   string

	Focus     []string // names of modules; only what lies within Depth dependencies of one is drawn
	Depth     int      // 0: 1 step
	Direction Direction

	Journey string // the name of a journey; ViewJourney without one draws the only journey there is
	Rest    Rest   // what becomes of modules that the journey does not need

	Only []Selector // modules must match all of them
	Hide []Selector // and none of these

	Collapse []string // names of groups, with * for any text, each drawn as one box

	Findings bool // mark the findings
	Fail     []Failing

	Changes *Changes // mark what became of the parts since another state of the design; nil: nothing
}

// Failing is one failure that was chosen: what it is, how the user named it, and which replicas stand for
// "any two of them"; nil where that was not said.
type Failing struct {
	Name     string
	Scenario analyzer.Scenario
	Any      *analyzer.AnyReplicas
}

// Direction says on which side of the focus to look.
type Direction string

// The directions.
const (
	Both Direction = ""     // "both"
	Up   Direction = "up"   // what needs it
	Deep Direction = "down" // what it needs
)

// Rest says what becomes of what a picture is not about.
type Rest string

// The fates of the rest.
const (
	DropRest Rest = "" // "drop"
	FadeRest Rest = "fade"
)

// Selector matches modules by one of their fields.
type Selector struct {
	Field  string   // kind, group, team, layer, tag, tier or name
	Values []string // any of them matches; * stands for any text
}

// OptionError says that an option does not fit the design.
type OptionError struct {
	Option string // the flag, without dashes: "focus"
	Detail string // what is wrong: `no module "ordrs"`
	Hint   string // what to do; "" where there is nothing to say
}

func (e *OptionError) Error() string {
	if e.Hint == "" {
		return "--" + e.Option + ": " + e.Detail
	}
	return "--" + e.Option + ": " + e.Detail + "; " + e.Hint
}
