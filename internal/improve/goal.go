package improve

import (
	"slices"
	"strings"

	"lintel/schema"
)

// Goal is what a design is to reach.
type Goal struct {
	kind   goalKind
	domain schema.DomainKind // of survive
}

type goalKind uint8

const (
	noSPOF  goalKind = iota // no single event brings a journey down
	survive                 // no single failure domain of a kind does
	slo                     // what is promised is reached
)

var surviveKinds = []schema.DomainKind{schema.Host, schema.Rack, schema.Power, schema.Net, schema.Zone, schema.Region, schema.Provider}

// Goals lists the goals as they are written.
func Goals() []string {
	out := []string{"no-spof"}
	for _, k := range surviveKinds {
		out = append(out, "survive:"+string(k))
	}
	return append(out, "slo")
}

// ParseGoal reads a goal.
func ParseGoal(text string) (g Goal, ok bool) {
	switch text {
	case "no-spof":
		return Goal{kind: noSPOF}, true
	case "slo":
		return Goal{kind: slo}, true
	}
	if name, found := strings.CutPrefix(text, "survive:"); found && slices.Contains(surviveKinds, schema.DomainKind(name)) {
		return Goal{survive, schema.DomainKind(name)}, true
	}
	return Goal{}, false
}

// String gives the goal as it is written.
func (g Goal) String() string {
	switch g.kind {
	case survive:
		return "survive:" + string(g.domain)
	case slo:
		return "slo"
	}
	return "no-spof"
}
