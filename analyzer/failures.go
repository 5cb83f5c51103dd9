package analyzer

// EventKind says what fails.
type EventKind uint8

// The kinds of events of the failure model.
const (
	ReplicaEvent  EventKind = iota // one replica of a module that is not external
	DomainEvent                    // one failure domain
	ExternalEvent                  // an external module as a whole
	ReplicasEvent                  // so many replicas of a module at once, whichever; only in folded fault trees
)

// Event is something that can occur on its own.
type Event struct {
	Kind    EventKind
	Module  int32 // of a ReplicaEvent or ExternalEvent, else -1
	Replica int   // of a ReplicaEvent: 1 is the primary; of a ReplicasEvent, how many
	Domain  int32 // of a DomainEvent, else -1
}

// Failures tells what each single event brings down.
//
// Replicas of one module that stand in the same domain are alike, the primary of a module with
// manual failover excepted, so Events holds one ReplicaEvent for each set of alike replicas, its
// first. A replica whose loss leaves its module with capacity brings nothing down and is left out.
// So are the replicas, and the event of an external module, that have no capacity to begin with. All
// failure domains are there. Lists may be shared between outcomes; they must not be changed.
type Failures struct {
	Events []Event // in order of kind (replica, domain, external), then index, then replica
	Alike  []int   // Alike[i] is the number of replicas, all alike, that Events[i] stands for; 1 for other events

	// Before tells what is down before anything fails; what it lists is listed for no event.
	Before Outcome

	// Outcomes[i] tells what Events[i] brings down beyond Before.
	Outcomes []Outcome
}

// Outcome is what is lost in one scenario. A journey whose entry the design does not have is never
// listed.
//
// The way of a journey leads from its entry, along the runtime dependencies, hard and soft, that
// count for it, to their targets that work, and from there on along all runtime dependencies. An
// alternative that fails is not on the way while others serve in its stead.
type Outcome struct {
	Lost     []int32 // journeys that do not work, by index, sorted
	Degraded []int32 // journeys that work, but some soft runtime dependency on their way is not satisfied, by index, sorted
	Down     int     // the number of modules that do not work

	// Unsatisfied lists the dependencies with anyOf, hard or soft and of whatever phase, that fewer
	// than Need alternatives satisfy, by index, sorted. One of which no alternative is known is not
	// among them; one with fewer known alternatives than Need always is.
	Unsatisfied []int32
}

// Failures returns the single-event analysis.
func (a *Analysis) Failures() *Failures { return a.failures() }

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
	Cuts    []Cut   // dependencies that do not reach their target
}

// Cut is a dependency at run time that does not reach its target, which may well work: for the failure
// model the target is down for this dependency, and for nothing else. It does nothing where the
// dependency is of another phase, or does not have the target.
type Cut struct {
	Dependency int32
	Target     int32 // the alternative that is not reached, a module; -1 for all targets
}

// Simulation tells what one scenario brings down, including what is down before anything fails.
type Simulation struct {
	Outcome
	ModuleDown []bool // by module
	NoCapacity []bool // by module: too few replicas are up, whatever its dependencies do
	DomainDown []bool // by failure domain
}
