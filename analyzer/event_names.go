package analyzer

import (
	"fmt"
	"math"
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

// ParseEvent reads the failure that a user names:
//
//	orders          a module as a whole, or a failure domain
//	orders/2        the second replica of a module
//	orders:2        any two replicas of a module at once
//	module:orders   the module, where a failure domain has the same name; "module:orders/2" also
//	domain:orders   the failure domain
//
// A name that is the whole text comes first, so that names that hold a slash or a colon can be given.
//
// Of "any two" the worst two are meant: with the primary, replica 1, are taken those that follow it.
// Where the replicas are spread over several failure domains, these stand in the first ones of the
// placement's list; where the placement counts replicas, in the first ones by name. All replicas of a
// module fail as the module as a whole does.
//
// An error is an *EventError.
func (a *Analysis) ParseEvent(text string) (Scenario, error) {
	m, isModule := a.moduleIndex[text]
	d, isDomain := a.domainIndex[text]
	switch {
	case isModule && isDomain:
		return Scenario{}, &EventError{
			Detail: fmt.Sprintf("%q is a module and a failure domain", text),
			Hint:   fmt.Sprintf("write %q or %q", moduleMark+text, domainMark+text),
		}
	case isModule:
		return a.wholeModule(m), nil
	case isDomain:
		return lossOf(d), nil
	}
	if s, known, err := a.someReplicas(text); known {
		return s, err
	}
	if name, ok := strings.CutPrefix(text, domainMark); ok {
		if d, ok := a.domainIndex[name]; ok {
			return lossOf(d), nil
		}
		return Scenario{}, a.unknownEvent("failure domain", name, domainMark, nil, a.domainNames())
	}
	name, marked := strings.CutPrefix(text, moduleMark)
	if m, ok := a.moduleIndex[name]; ok {
		return a.wholeModule(m), nil
	}
	if marked {
		if s, known, err := a.someReplicas(name); known {
			return s, err
		}
	}
	for _, mark := range "/:" {
		if base, _, ok := cutNumber(name, byte(mark)); ok {
			name = base
			break
		}
	}
	if marked {
		return Scenario{}, a.unknownEvent("module", name, moduleMark, a.moduleNames(), nil)
	}
	return Scenario{}, a.unknownEvent("module or failure domain", name, "", a.moduleNames(), a.domainNames())
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
func (a *Analysis) someReplicas(text string) (s Scenario, known bool, err error) {
	if name, number, ok := cutNumber(text, '/'); ok {
		if m, known, err := a.ofReplicas(name); err != nil || known {
			if err == nil {
				s, err = a.oneReplica(m, number)
			}
			return s, true, err
		}
	}
	if name, number, ok := cutNumber(text, ':'); ok {
		if m, known, err := a.ofReplicas(name); err != nil || known {
			if err == nil {
				s, err = a.anyReplicas(m, number)
			}
			return s, true, err
		}
	}
	return Scenario{}, false, nil
}

func (a *Analysis) oneReplica(m int32, number int) (Scenario, error) {
	if mod := a.Module(m); number < 1 || number > mod.ReliableReplicas() {
		return Scenario{}, &EventError{Detail: fmt.Sprintf("%s has no replica %d", mod.Name, number), Hint: replicaHint(mod, '/')}
	}
	return Scenario{Events: []Event{{Kind: ReplicaEvent, Module: m, Replica: number, Domain: -1}}}, nil
}

func (a *Analysis) anyReplicas(m int32, number int) (s Scenario, err error) {
	mod := a.Module(m)
	if number < 1 || number > mod.ReliableReplicas() {
		return Scenario{}, &EventError{Detail: fmt.Sprintf("%s can't lose %d replicas", mod.Name, number), Hint: replicaHint(mod, ':')}
	}
	if number == mod.ReliableReplicas() {
		return a.wholeModule(m), nil
	}
	s.Events = make([]Event, number)
	for i := range s.Events {
		s.Events[i] = Event{Kind: ReplicaEvent, Module: m, Replica: i + 1, Domain: -1}
	}
	return s, nil
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
	e := &EventError{Detail: fmt.Sprintf("no %s %q", what, name)}
	if near := schema.Nearest(name, append(modules, domains...)); near != "" {
		e.Hint = fmt.Sprintf("did you mean %q?", mark+near)
	}
	return e
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
