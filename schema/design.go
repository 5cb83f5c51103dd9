// Package schema is the language of lintel: the CUE definition of a design, the Go model that a
// design is loaded into, and the loader that reports invalid input with the user's own places.
//
// The Go model is plain data. A design that was read from CUE, JSON or YAML and one that another
// program builds in memory are the same to every analysis.
package schema

import (
	"cmp"
	"slices"
	"time"
)

// Design is one system as its author describes it. Every list is sorted by name, whatever the order
// of declaration was, and defaults are filled in; nil means that the design does not say.
type Design struct {
	System         string
	Path           string   // what the user would name to load it again: a file or a package's folder
	Files          []string // the files that state the design, sorted
	Modules        []*Module
	FailureDomains []*FailureDomain
	Journeys       []*Journey
	Transactions   []*Transaction
	Lint           Lint

	Pos    Range  // of the "system" field, or the first file's start
	Places Places // of "system", "modules", …

	// Sources holds the text of the files that Range.File names, for snippets. Files that were
	// not read, as in a design built in memory, are absent.
	Sources map[string][]byte
}

// Module is a part of the system that runs as one or more identical replicas.
type Module struct {
	Name        string
	Kind        Kind
	Description string
	Technology  string
	Tags        []string
	Links       []Link
	Team        string // "" when not stated, as for Group and Layer
	Group       string
	Layer       string
	Tier        *int // 0 (most critical) to 3
	Entry       bool

	Replicas      int // as stated; see ReliableReplicas
	Redundancy    Redundancy
	Autoscaling   *Autoscaling
	Placement     *Placement
	LoadBalancing LoadBalancing // "" when not stated

	State    State // by kind where not stated
	Session  *Session
	Backup   *Backup
	Monitors []Ref
	Recovers []Ref

	Availability *float64       // percent, of one replica (of the service, for an external module); see Unavailability
	MTBF         *time.Duration // mean time up between failures, in place of Availability; with MTTR or not at all
	MTTR         *time.Duration // mean time to repair
	SLO          SLO
	Latency      *time.Duration // its own, without its dependencies
	Capacity     *float64       // requests a second and replica
	Deploy       Deploy
	Operations   *int

	DependsOn []*Dependency // sorted by Key

	Pos    Range  // of the module's name
	Places Places // of its fields
}

// Link is a named address that belongs to a module.
type Link struct{ Label, URL string }

// Kind says what a module is.
type Kind string

// The kinds of modules.
const (
	Service       Kind = "service"
	Frontend      Kind = "frontend"
	Gateway       Kind = "gateway"
	LoadBalancer  Kind = "load-balancer"
	Worker        Kind = "worker"
	Job           Kind = "job"
	Function      Kind = "function"
	Database      Kind = "database"
	Cache         Kind = "cache"
	Queue         Kind = "queue"
	ObjectStore   Kind = "object-store"
	Search        Kind = "search"
	Discovery     Kind = "discovery"
	Configuration Kind = "config"
	DNS           Kind = "dns"
	Identity      Kind = "identity"
	Monitoring    Kind = "monitoring"
	Network       Kind = "network"
	External      Kind = "external"
)

// DefaultState is the state of a module of kind k that does not state its own.
func (k Kind) DefaultState() State {
	switch k {
	case Database, Cache, Queue, ObjectStore, Search, Discovery, Configuration:
		return Stateful
	}
	return Stateless
}

// IsStore reports whether modules of kind k keep data for others: databases, caches, queues,
// object stores and search indexes.
func (k Kind) IsStore() bool {
	switch k {
	case Database, Cache, Queue, ObjectStore, Search:
		return true
	}
	return false
}

// Redundancy says how the replicas of a module stand in for each other.
type Redundancy struct {
	Mode        RedundancyMode // active-active where not stated
	Need        *int           // as stated; see Module.Need
	Failover    Failover       // automatic where not stated
	Replication Replication    // "" when not stated
}

type (
	RedundancyMode string // how the copies stand in for each other
	Failover       string // how a standby takes over
	Replication    string // how the copies share data
	LoadBalancing  string // how callers reach the replicas
	State          string // what a replica keeps between requests
)

// The values of the types above.
const (
	ActiveActive  RedundancyMode = "active-active"
	ActivePassive RedundancyMode = "active-passive"
	Quorum        RedundancyMode = "quorum"

	AutomaticFailover Failover = "automatic"
	ManualFailover    Failover = "manual"

	Synchronous  Replication = "synchronous"
	Asynchronous Replication = "asynchronous"

	BalancedByPlatform LoadBalancing = "platform"
	BalancedByProxy    LoadBalancing = "proxy"
	BalancedByClient   LoadBalancing = "client"
	BalancedByDNS      LoadBalancing = "dns"
	NotBalanced        LoadBalancing = "none"

	Stateless     State = "stateless"
	SessionKeeper State = "session"
	Stateful      State = "stateful"
)

// Autoscaling bounds the number of replicas.
type Autoscaling struct{ Min, Max int }

// Placement says in which failure domains the replicas stand. Exactly one of Spread and Counts is
// used: Spread lists domains over which the replicas are dealt in turn; Counts, sorted by domain,
// gives the number in each.
type Placement struct {
	Spread []Ref
	Counts []PlacementCount
}

// PlacementCount is the number of replicas in one failure domain.
type PlacementCount struct {
	Domain Ref
	Count  int
}

// Session says where user sessions live.
type Session struct {
	Kept string // "local", "sticky" or "shared"
	In   Ref    // the module that holds shared sessions; the zero Ref when not stated
}

// Backup says where a module's data is copied.
type Backup struct {
	To     Ref // the zero Ref when not stated
	Every  *time.Duration
	Tested *bool
	Pos    Range
}

// SLO is what is promised: availability in percent, latency as a duration.
type SLO struct {
	Availability *float64
	Latency      *time.Duration
}

// Deploy says how a module is shipped. Unit is "" when the module is its own unit.
type Deploy struct {
	Unit     string
	Strategy string // "" when not stated
}

// Dependency is one entry of a module's dependsOn.
type Dependency struct {
	Key   string
	To    Ref   // the zero Ref when AnyOf is used
	AnyOf []Ref // alternatives
	Need  int   // of the alternatives that must work; 1 for a plain dependency

	Mode     Mode     // sync where not stated
	Strength Strength // hard where not stated
	When     Phase    // runtime where not stated
	Access   Access   // "" when not stated

	Fallback    string
	Protocol    string
	Description string

	Timeout        *time.Duration
	Retries        *Retries
	CircuitBreaker *bool
	Calls          *float64 // calls per request that the caller serves

	Pos    Range // of the key, or of the name in a list
	Places Places
}

type (
	Mode     string // whether the caller waits
	Strength string // whether the caller can serve without it
	Phase    string // when it is needed
	Access   string // what is done to a data store
)

// The values of the types above.
const (
	Sync  Mode = "sync"
	Async Mode = "async"

	Hard Strength = "hard"
	Soft Strength = "soft"

	Runtime  Phase = "runtime"
	Startup  Phase = "startup"
	Deploys  Phase = "deploy"
	Recovery Phase = "recovery"

	Read      Access = "read"
	Write     Access = "write"
	ReadWrite Access = "read-write"
)

// Retries says how a caller tries again. Backoff is "" when not stated, one of "none", "constant",
// "linear" and "exponential", or, with Pause set, a fixed pause.
type Retries struct {
	Max     int // tries after the first
	Backoff string
	Pause   *time.Duration
	Jitter  *bool
}

// FailureDomain is something whose loss takes down all that is placed in it.
type FailureDomain struct {
	Name         string
	Kind         DomainKind
	In           Ref            // the domain that holds it; the zero Ref for a root
	Availability *float64       // percent; see Unavailability
	MTBF         *time.Duration // mean time up between failures, in place of Availability; with MTTR or not at all
	MTTR         *time.Duration // mean time to repair

	Pos    Range
	Places Places
}

// DomainKind says what a failure domain is.
type DomainKind string

// The kinds of failure domains.
const (
	Host     DomainKind = "host"
	Rack     DomainKind = "rack"
	Power    DomainKind = "power"
	Net      DomainKind = "network"
	Zone     DomainKind = "zone"
	Region   DomainKind = "region"
	Provider DomainKind = "provider"
)

// Journey is something that users do, and what it needs.
type Journey struct {
	Name    string
	Entry   Ref
	Uses    []Ref // see HasUses
	HasUses bool  // false: the journey needs all that its entry needs
	SLO     SLO
	Peak    *float64 // requests a second

	Pos    Range
	Places Places
}

// Transaction is a business transaction over several modules.
type Transaction struct {
	Name         string
	Spans        []Ref
	Coordination string // "" when not stated, else saga, 2pc, tcc, outbox or none

	Pos    Range
	Places Places
}

// Lint holds what a design or a settings file says about the checks themselves.
type Lint struct {
	Rules    []RuleSetting // sorted by Rule
	Waivers  []Waiver      // in order of declaration
	Policies []*Policy     // sorted by Name
}

// RuleSetting changes one rule. Severity is "" when not stated, else off, info, warning or error.
type RuleSetting struct {
	Rule     string // id or name, as written
	Severity string
	Params   []RuleParam // sorted by Name
	Pos      Range
}

// RuleParam is one parameter of a rule: a bool, int64, float64, string, or []string.
type RuleParam struct {
	Name  string
	Value any
	Pos   Range
}

// Waiver accepts what a rule finds at a place of the design.
type Waiver struct {
	Rule   string // id or name, as written
	At     string // a module, dependency ("a -> b"), failure domain, journey …; * stands for any text
	Reason string
	Until  *time.Time // the last day, at midnight UTC
	Ticket string

	Pos    Range
	Places Places
}

// At returns the place of a field, or of the module where the field is not stated.
func (m *Module) At(field string) Range { return place(m.Places, field, m.Pos) }

// At returns the place of a field, or of the dependency where the field is not stated.
func (d *Dependency) At(field string) Range { return place(d.Places, field, d.Pos) }

// At returns the place of a field, or of the domain where the field is not stated.
func (f *FailureDomain) At(field string) Range { return place(f.Places, field, f.Pos) }

// At returns the place of a field, or of the journey where the field is not stated.
func (j *Journey) At(field string) Range { return place(j.Places, field, j.Pos) }

// At returns the place of a field, or of the transaction where the field is not stated.
func (t *Transaction) At(field string) Range { return place(t.Places, field, t.Pos) }

func place(p Places, field string, or Range) Range {
	if r, ok := p.Of(field); ok {
		return r
	}
	return or
}

// ReliableReplicas is the number of copies that can be relied on: the floor of autoscaling where
// there is one, else Replicas.
func (m *Module) ReliableReplicas() int {
	if m.Autoscaling != nil {
		return m.Autoscaling.Min
	}
	return m.Replicas
}

// Need is the number of replicas that must be up for the module to work: as stated, else a majority
// for a quorum, else 1.
func (m *Module) Need() int {
	if m.Redundancy.Need != nil {
		return *m.Redundancy.Need
	}
	if m.Redundancy.Mode == Quorum {
		return m.ReliableReplicas()/2 + 1
	}
	return 1
}

// ReplicaDomains returns the name of the failure domain of each of the module's reliable replicas,
// replica 1 first; "" stands for a replica whose place is unknown. Spread deals the replicas in
// turn, so that the primary, replica 1, stands in the first of its domains. Counts fills the domains
// in order of name, which says how many stand where, but not which of them is the primary: see
// PrimaryDomain.
func (m *Module) ReplicaDomains() []string {
	at := make([]string, max(m.ReliableReplicas(), 0))
	switch {
	case m.Placement == nil:
	case len(m.Placement.Spread) > 0:
		for i := range at {
			at[i] = m.Placement.Spread[i%len(m.Placement.Spread)].Name
		}
	default:
		i := 0
		for _, c := range m.Placement.Counts {
			for k := 0; k < c.Count && i < len(at); k++ {
				at[i] = c.Domain.Name
				i++
			}
		}
	}
	return at
}

// PrimaryDomain returns the name of the failure domain of the primary, or "" where its place is
// unknown: where nothing is placed, and where Counts deals the reliable replicas to several domains
// or leaves some without a place, since it does not say which of them is the primary.
func (m *Module) PrimaryDomain() string {
	n := m.ReliableReplicas()
	switch {
	case m.Placement == nil || n <= 0:
		return ""
	case len(m.Placement.Spread) > 0:
		return m.Placement.Spread[0].Name
	}
	for _, c := range m.Placement.Counts {
		switch {
		case c.Count >= n:
			return c.Domain.Name
		case c.Count > 0:
			return ""
		}
	}
	return ""
}

// Targets returns the modules that d names: its alternatives, or its one target.
func (d *Dependency) Targets() []Ref {
	if len(d.AnyOf) > 0 {
		return d.AnyOf
	}
	return []Ref{d.To}
}

// Normalize sorts the lists of the design by name and fills in the defaults that the zero values
// of the model do not express, so that a design built in memory is as one that was loaded. It does
// not set Replicas, whose zero value has a meaning.
func (d *Design) Normalize() {
	slices.SortFunc(d.Modules, func(a, b *Module) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(d.FailureDomains, func(a, b *FailureDomain) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(d.Journeys, func(a, b *Journey) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(d.Transactions, func(a, b *Transaction) int { return cmp.Compare(a.Name, b.Name) })
	for _, m := range d.Modules {
		m.Kind = cmp.Or(m.Kind, Service)
		m.Redundancy.Mode = cmp.Or(m.Redundancy.Mode, ActiveActive)
		m.Redundancy.Failover = cmp.Or(m.Redundancy.Failover, AutomaticFailover)
		m.State = cmp.Or(m.State, m.Kind.DefaultState())
		if m.Placement != nil {
			slices.SortFunc(m.Placement.Counts, func(a, b PlacementCount) int { return cmp.Compare(a.Domain.Name, b.Domain.Name) })
		}
		slices.SortFunc(m.DependsOn, func(a, b *Dependency) int { return cmp.Compare(a.Key, b.Key) })
		for _, dep := range m.DependsOn {
			if len(dep.AnyOf) == 0 && dep.To.Name == "" {
				dep.To = Ref{Name: dep.Key, Pos: dep.Pos}
			}
			dep.Need = max(dep.Need, 1)
			dep.Mode = cmp.Or(dep.Mode, Sync)
			dep.Strength = cmp.Or(dep.Strength, Hard)
			dep.When = cmp.Or(dep.When, Runtime)
		}
	}
}
