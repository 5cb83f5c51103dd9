package analyzer

// EventKind says what fails.
type EventKind uint8

// The kinds of events of the failure model.
const (
	ReplicaEvent  EventKind = iota // one replica of a module that is not external
	DomainEvent                    // one failure domain
	ExternalEvent                  // an external module as a whole
)

// Event is something that can occur on its own.
type Event struct {
	Kind    EventKind
	Module  int32 // of a ReplicaEvent or ExternalEvent, else -1
	Replica int   // of a ReplicaEvent: 1 is the primary
	Domain  int32 // of a DomainEvent, else -1
}

// Failures tells what each single event brings down.
//
// Replicas of one module that stand in the same domain are alike, the primary of a module with
// manual failover excepted, so Events holds one ReplicaEvent for each set of alike replicas, its
// first. A replica whose loss leaves its module with capacity brings nothing down and is left out.
type Failures struct {
	Events []Event // in order of kind (replica, domain, external), then index, then replica

	// Before tells what is down before anything fails; what it lists is listed for no event.
	Before Outcome

	// Outcomes[i] tells what Events[i] brings down beyond Before.
	Outcomes []Outcome
}

// Outcome is what is lost in one scenario.
type Outcome struct {
	Lost        []int32 // journeys that do not work, by index, sorted
	Degraded    []int32 // journeys that work, but some soft runtime dependency on their way is not satisfied
	Down        int     // the number of modules that do not work
	Unsatisfied []int32 // dependencies with anyOf, hard or soft, that fewer than Need alternatives satisfy, by index, sorted
}

// Failures returns the single-event analysis.
func (a *Analysis) Failures() *Failures { return a.failures() }

// Path returns one shortest path from the entry of journey j to a module that event e deprives of
// its capacity, along hard runtime dependencies that e leaves unsatisfied: modules by index, entry
// first, culprit last; among paths of equal length the first in order of names. It is nil where e
// does not bring the journey down.
func (a *Analysis) Path(e Event, journey int) []int32 { panic("not yet") }

// ModuleFailures tells what the failure of each module as a whole (all its replicas at once)
// brings down.
type ModuleFailures struct {
	Down []int     // Down[i] counts the other modules that fail with module i and did not fail before
	Lost [][]int32 // Lost[i] lists the journeys that fail with module i and did not fail before
}

// ModuleFailures returns the analysis of the failure of each module as a whole.
func (a *Analysis) ModuleFailures() *ModuleFailures { return a.moduleFailures() }

// Scenario is a set of failures that occur together.
type Scenario struct {
	Events  []Event
	Modules []int32 // modules that fail as a whole
}

// Simulation tells what one scenario brings down, including what is down before anything fails.
type Simulation struct {
	Outcome
	ModuleDown []bool // by module
	NoCapacity []bool // by module: too few replicas are up, whatever its dependencies do
	DomainDown []bool // by failure domain
}

// Simulate runs one scenario. It costs time linear in the size of the design.
func (a *Analysis) Simulate(s Scenario) *Simulation { panic("not yet") }

// SimulateAll runs many scenarios, 64 or more at a time, and calls visit with each outcome in order.
// down reports for a module whether it is down in that scenario; it is valid only during the call.
func (a *Analysis) SimulateAll(scenarios []Scenario, visit func(i int, o Outcome, down func(module int32) bool)) {
	panic("not yet")
}

// SurvivesDomain reports whether module m keeps its capacity when failure domain d, and nothing
// else, is lost; dependencies do not count. A replica whose place is unknown is not affected.
func (a *Analysis) SurvivesDomain(m, d int32) bool { panic("not yet") }

// Spare is the number of replicas that module m can lose, whichever they are, and keep its
// capacity: 0 where one suffices to bring it down, -1 where it has no capacity to begin with.
func (a *Analysis) Spare(m int32) int { panic("not yet") }

func (a *Analysis) computeFailures() *Failures             { panic("not yet") }
func (a *Analysis) computeModuleFailures() *ModuleFailures { panic("not yet") }
