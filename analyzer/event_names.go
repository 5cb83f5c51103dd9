package analyzer

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"lintel/schema"
)

// EventError says why a text names nothing that can fail.
type EventError struct {
	Detail string // what is wrong: `no module or failure domain "ordrs"`
	Hint   string // what to write; "" where there is nothing to say
}

func (e *EventError) Error() string {
	if e.Hint == "" {
		return e.Detail
	}
	return e.Detail + ": " + e.Hint
}

const moduleMark, domainMark = "module:", "domain:"

// NamedEvent is a failure as a user named it, and what that means beside the others that were named with it.
type NamedEvent struct {
	Text     string
	Scenario Scenario
	// Any tells which replicas stand for "any two of them"; nil where no such choice was left.
	Any *AnyReplicas
}

// AnyReplicas are the replicas that stand for any number of a module's.
type AnyReplicas struct {
	Module   int32
	Asked    int   // how many were asked for
	Replicas []int // those that were taken, ascending; fewer than were asked for where no more were left
}

// ParseEvents reads the failures that a user names, which happen at once:
//
//	orders          a module as a whole, or a failure domain
//	orders/2        the second replica of a module
//	orders:2        any two replicas of a module
//	module:orders   the module, where a failure domain has the same name; "module:orders/2" also
//	domain:orders   the failure domain
//	web -> orders   a dependency: all that web needs of orders at run time; of a choice (anyOf) only that
//	                alternative. With the name of a choice in place of orders, all of its alternatives
//
// A name that is the whole text comes first, so that names that hold a slash, a colon or an arrow can be
// given. Where a dependency can be read in several ways, names in quotes tell: "a -> b" -> "c".
//
// "Any two" are two further ones, beside those that the other events take, and as bad a choice as there
// is: the primary, replica 1, if it is left, and then those that follow it. Where the replicas are spread
// over several failure domains, these stand in the first ones of the placement's list; where the placement
// counts replicas, in the first ones by name. Several such texts take turns in their order. Where fewer
// are left, all of these are taken. As many as a module has fail as the module as a whole does. A text that
// was given before means the same event.
//
// The scenario is all of them together; there is one NamedEvent for each text. An error is an *EventError
// about the first text that names nothing.
func (a *Analysis) ParseEvents(texts ...string) (Scenario, []NamedEvent, error) {
	events := make([]NamedEvent, len(texts))
	var together Scenario
	add := func(s Scenario) {
		together.Events = append(together.Events, s.Events...)
		together.Modules = append(together.Modules, s.Modules...)
		together.Cuts = append(together.Cuts, s.Cuts...)
	}
	first := make(map[string]int, len(texts))
	for i, text := range texts {
		if _, again := first[text]; again {
			continue
		}
		first[text] = i
		s, any, err := a.parseEvent(text)
		if err != nil {
			return Scenario{}, nil, err
		}
		events[i] = NamedEvent{Text: text, Scenario: s, Any: any}
		if any == nil {
			add(s)
		}
	}
	for i, text := range texts {
		e := &events[i]
		if first[text] != i {
			*e = events[first[text]]
			continue
		}
		if e.Any != nil {
			e.Scenario = a.takeReplicas(e.Any, together)
			add(e.Scenario)
		}
	}
	return together, events, nil
}

// ParseEvent reads one failure as ParseEvents does.
func (a *Analysis) ParseEvent(text string) (Scenario, error) {
	s, _, err := a.ParseEvents(text)
	return s, err
}

// takeReplicas chooses replicas that s leaves.
func (a *Analysis) takeReplicas(any *AnyReplicas, s Scenario) (out Scenario) {
	if slices.Contains(s.Modules, any.Module) {
		return out
	}
	m := a.Module(any.Module)
	places := m.ReplicaDomains()
	if m.Redundancy.Mode == schema.ActivePassive && m.Redundancy.Failover == schema.ManualFailover {
		places[0] = m.PrimaryDomain() // where its place is unknown, no failure domain takes it
	}
	taken := make([]bool, len(places))
	gone := make([]bool, len(a.domainParent))
	for _, e := range s.Events {
		switch {
		case e.Kind == DomainEvent:
			gone[e.Domain] = true
		case e.Kind == ReplicaEvent && e.Module == any.Module:
			taken[e.Replica-1] = true
		}
	}
	within := make(map[string]bool) // by failure domain: whether it is gone, or lies in one that is
	for i, place := range places {
		lost, known := within[place]
		if !known {
			d, ok := a.domainIndex[place]
			for ok && d >= 0 && !gone[d] {
				d = a.domainParent[d]
			}
			lost = ok && d >= 0
			within[place] = lost
		}
		if !lost && !taken[i] && len(any.Replicas) < any.Asked {
			any.Replicas = append(any.Replicas, i+1)
			out.Events = append(out.Events, Event{Kind: ReplicaEvent, Module: any.Module, Replica: i + 1, Domain: -1})
		}
	}
	return out
}

// parseEvent reads one failure. Of any number of replicas, fewer than all, it leaves the choice open.
func (a *Analysis) parseEvent(text string) (Scenario, *AnyReplicas, error) {
	m, isModule := a.moduleIndex[text]
	d, isDomain := a.domainIndex[text]
	switch {
	case isModule && isDomain:
		return Scenario{}, nil, &EventError{
			Detail: fmt.Sprintf("%q is a module and a failure domain", text),
			Hint:   fmt.Sprintf("write %q or %q", moduleMark+text, domainMark+text),
		}
	case isModule:
		return a.wholeModule(m), nil, nil
	case isDomain:
		return lossOf(d), nil, nil
	}
	if s, any, known, err := a.someReplicas(text); known {
		return s, any, err
	}
	ofDomain, domain := strings.CutPrefix(text, domainMark)
	if d, ok := a.domainIndex[ofDomain]; domain && ok {
		return lossOf(d), nil, nil
	}
	name, marked := strings.CutPrefix(text, moduleMark)
	if m, ok := a.moduleIndex[name]; ok {
		return a.wholeModule(m), nil, nil
	}
	if marked {
		if s, any, known, err := a.someReplicas(name); known {
			return s, any, err
		}
	}
	if s, known, err := a.parseCut(text); known {
		return s, nil, err
	}
	if domain {
		return Scenario{}, nil, a.unknownEvent("failure domain", ofDomain, domainMark, nil, a.domainNames())
	}
	for _, mark := range "/:" {
		if base, _, ok := cutNumber(name, byte(mark)); ok {
			name = base
			break
		}
	}
	if marked {
		return Scenario{}, nil, a.unknownEvent("module", name, moduleMark, a.moduleNames(), nil)
	}
	return Scenario{}, nil, a.unknownEvent("module or failure domain", name, "", a.moduleNames(), a.domainNames())
}

func (a *Analysis) wholeModule(m int32) Scenario {
	if a.Module(m).Kind == schema.External {
		return Scenario{Events: []Event{{Kind: ExternalEvent, Module: m, Domain: -1}}}
	}
	return Scenario{Modules: []int32{m}}
}

func lossOf(domain int32) Scenario {
	return Scenario{Events: []Event{{Kind: DomainEvent, Module: -1, Domain: domain}}}
}

// cutNumber cuts a number after the last mark in text. A number too large to hold is the largest.
func cutNumber(text string, mark byte) (name string, number int, ok bool) {
	i := strings.LastIndexByte(text, mark)
	if i < 0 || i+1 == len(text) || strings.Trim(text[i+1:], "0123456789") != "" {
		return "", 0, false
	}
	number, err := strconv.Atoi(text[i+1:])
	if err != nil {
		number = math.MaxInt
	}
	return text[:i], number, true
}

// someReplicas reads "name/number" and "name:number"; known tells whether there is a module or domain
// of that name.
func (a *Analysis) someReplicas(text string) (s Scenario, any *AnyReplicas, known bool, err error) {
	if name, number, ok := cutNumber(text, '/'); ok {
		if m, known, err := a.ofReplicas(name); err != nil || known {
			if err == nil {
				s, err = a.oneReplica(m, number)
			}
			return s, nil, true, err
		}
	}
	if name, number, ok := cutNumber(text, ':'); ok {
		if m, known, err := a.ofReplicas(name); err != nil || known {
			if err == nil {
				s, any, err = a.anyReplicas(m, number)
			}
			return s, any, true, err
		}
	}
	return Scenario{}, nil, false, nil
}

func (a *Analysis) oneReplica(m int32, number int) (Scenario, error) {
	if mod := a.Module(m); number < 1 || number > mod.ReliableReplicas() {
		return Scenario{}, &EventError{Detail: fmt.Sprintf("%s has no replica %d", mod.Name, number), Hint: replicaHint(mod, '/')}
	}
	return Scenario{Events: []Event{{Kind: ReplicaEvent, Module: m, Replica: number, Domain: -1}}}, nil
}

func (a *Analysis) anyReplicas(m int32, number int) (Scenario, *AnyReplicas, error) {
	mod := a.Module(m)
	if number < 1 || number > mod.ReliableReplicas() {
		return Scenario{}, nil, &EventError{Detail: fmt.Sprintf("%s can't lose %d replicas", mod.Name, number), Hint: replicaHint(mod, ':')}
	}
	if number == mod.ReliableReplicas() {
		return a.wholeModule(m), nil, nil
	}
	return Scenario{}, &AnyReplicas{Module: m, Asked: number}, nil
}

// ofReplicas finds the module of a text that names replicas of it.
func (a *Analysis) ofReplicas(name string) (m int32, known bool, err error) {
	m, known = a.moduleIndex[name]
	if !known {
		if _, domain := a.domainIndex[name]; domain {
			return 0, false, &EventError{Detail: fmt.Sprintf("%s is a failure domain, which has no replicas", name), Hint: fmt.Sprintf("write %q", name)}
		}
		return 0, false, nil
	}
	mod := a.Module(m)
	switch {
	case mod.Kind == schema.External:
		return 0, true, &EventError{Detail: name + " is external and fails as a whole", Hint: fmt.Sprintf("write %q", name)}
	case mod.ReliableReplicas() <= 0:
		return 0, true, &EventError{Detail: name + " has no replicas"}
	}
	return m, true, nil
}

func replicaHint(m *schema.Module, mark byte) string {
	has := m.ReliableReplicas()
	if has == 1 {
		return fmt.Sprintf("it has 1 replica: write %q", m.Name)
	}
	return fmt.Sprintf("it has %d: write %q to %q", has, m.Name+string(mark)+"1", m.Name+string(mark)+strconv.Itoa(has))
}

func (a *Analysis) unknownEvent(what, name, mark string, modules, domains []string) error {
	e := &EventError{Detail: fmt.Sprintf("no %s %q", what, shortName(name))}
	_, isModule := a.moduleIndex[name]
	_, isDomain := a.domainIndex[name]
	switch near := schema.Nearest(name, append(modules, domains...)); {
	case isModule:
		e.Hint = fmt.Sprintf("it is a module: write %q", moduleMark+shortName(name))
	case isDomain:
		e.Hint = fmt.Sprintf("it is a failure domain: write %q", domainMark+shortName(name))
	case mark == "" && a.meantMark(name) != "":
		e.Hint = fmt.Sprintf("did you mean %q?", a.meantMark(name))
	case mark == "" && a.meantArrow(name) != "":
		e.Hint = fmt.Sprintf("did you mean %q?", a.meantArrow(name))
	case mark == "" && len(a.alternatives(name)) > 0:
		e.Hint = "it names a choice, which fails with its alternatives: write " + strings.Join(a.alternatives(name), ", ")
	case near != "":
		e.Hint = fmt.Sprintf("did you mean %q?", mark+shortName(near))
	}
	return e
}

// meantMark gives "module:orders" for "modul:orders", and "" where text is no such thing.
func (a *Analysis) meantMark(text string) string {
	mark, name, ok := strings.Cut(text, ":")
	if !ok {
		return ""
	}
	_, isModule := a.moduleIndex[name]
	_, isDomain := a.domainIndex[name]
	switch schema.Nearest(mark, []string{"module", "domain"}) {
	case "module":
		if isModule {
			return moduleMark + shortName(name)
		}
	case "domain":
		if isDomain {
			return domainMark + shortName(name)
		}
	}
	return ""
}

// alternatives lists the modules of the first choice (anyOf) of that name, quoted.
func (a *Analysis) alternatives(key string) (names []string) {
	const most = 4 // in a message
	for i := range a.dependencies {
		if d := &a.dependencies[i]; d.Key == key && len(d.AnyOf) > 0 {
			for _, t := range d.Targets[:min(len(d.Targets), most)] {
				names = append(names, strconv.Quote(shortName(a.Module(t).Name)))
			}
			return names
		}
	}
	return nil
}

// shortName cuts a name to what can be read in a message.
func shortName(name string) string {
	const most = 80
	if r := []rune(name); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return name
}

func (a *Analysis) moduleNames() []string {
	names := make([]string, len(a.Design.Modules), len(a.Design.Modules)+len(a.Design.FailureDomains))
	for i, m := range a.Design.Modules {
		names[i] = m.Name
	}
	return names
}

func (a *Analysis) domainNames() []string {
	names := make([]string, len(a.Design.FailureDomains))
	for i, f := range a.Design.FailureDomains {
		names[i] = f.Name
	}
	return names
}

// EventName names an event as ParseEvents reads it, so that the text means nothing but this event. The one replica of a module
// is named like the module.
func (a *Analysis) EventName(e Event) string {
	if e.Kind == DomainEvent {
		name := a.Design.FailureDomains[e.Domain].Name
		if _, taken := a.moduleIndex[name]; taken {
			return domainMark + name
		}
		return name
	}
	m := a.Module(e.Module)
	name := m.Name
	if e.Kind == ReplicasEvent {
		name += ":" + strconv.Itoa(e.Replica)
		if _, err := a.ParseEvent(name); err != nil {
			return moduleMark + name
		}
		return name
	}
	if e.Kind == ReplicaEvent && m.ReliableReplicas() > 1 {
		name += "/" + strconv.Itoa(e.Replica)
	}
	if s, err := a.ParseEvent(name); err != nil || len(s.Events)+len(s.Modules) != 1 ||
		(len(s.Modules) == 1 && s.Modules[0] != e.Module) || (len(s.Events) == 1 && (s.Events[0].Module != e.Module || s.Events[0].Domain >= 0)) {
		return moduleMark + name
	}
	return name
}

// ModuleEventName names the failure of a module as a whole as ParseEvents reads it: by its name, where that
// is taken by its name and a mark, or by all of its replicas.
func (a *Analysis) ModuleEventName(m int32) string {
	name := a.Module(m).Name
	for _, text := range []string{name, moduleMark + name, name + ":" + strconv.Itoa(a.Module(m).ReliableReplicas())} {
		s, any, err := a.parseEvent(text)
		if err == nil && any == nil && (slices.Equal(s.Modules, []int32{m}) || len(s.Events) == 1 && s.Events[0].Kind == ExternalEvent && s.Events[0].Module == m) {
			return text
		}
	}
	return moduleMark + name
}

// ExampleEvents gives texts that ParseEvents reads, one of each sort that the design has: a failure domain, a module that
// others need, a replica, a dependency.
func (a *Analysis) ExampleEvents() (texts []string) {
	best, standing := int32(-1), 0
	for d := range a.domainParent {
		n := 0
		for m := range a.Design.Modules {
			if a.ReplicasIn(int32(m), int32(d)) > 0 {
				n++
			}
		}
		if n > standing {
			best, standing = int32(d), n
		}
	}
	if best >= 0 {
		texts = append(texts, a.EventName(Event{Kind: DomainEvent, Module: -1, Domain: best}))
	}
	callers := make([]int, a.Modules())
	var needed, several, caller int32 = -1, -1, -1
	for k := range a.dependencies {
		if d := &a.dependencies[k]; d.hardRuntime && len(d.Targets) == 1 && d.Targets[0] != d.From {
			callers[d.Targets[0]]++
		}
	}
	for m := range callers {
		if needed < 0 || callers[m] > callers[needed] {
			needed = int32(m)
		}
		if a.Module(int32(m)).ReliableReplicas() > 1 && a.Module(int32(m)).Kind != schema.External && (several < 0 || callers[m] > callers[several]) {
			several = int32(m)
		}
	}
	if needed >= 0 {
		texts = append(texts, a.ModuleEventName(needed))
	}
	if several >= 0 {
		texts = append(texts, a.EventName(Event{Kind: ReplicaEvent, Module: several, Replica: 1, Domain: -1}))
	}
	if needed >= 0 {
		for k := range a.dependencies {
			if d := &a.dependencies[k]; d.hardRuntime && len(d.Targets) == 1 && d.Targets[0] == needed && d.From != needed {
				caller = d.From
				break
			}
		}
	}
	if caller >= 0 {
		text := a.Module(caller).Name + arrow + a.Module(needed).Name
		if s, err := a.ParseEvent(text); err == nil && len(s.Cuts) > 0 {
			texts = append(texts, text)
		}
	}
	return texts
}
