// Package faulttree computes with coherent fault trees: the minimal cut sets of the top event, their exact numbers, its
// exact probability, and what each basic event contributes to it.
//
// A tree is prepared once (New): constants and repetitions go, like and independent events under a gate become one
// group, and parts that share nothing with the rest become modules. Each module is then compiled into a binary decision
// diagram, by one of several orders of its variables, and the results are put together.
package faulttree

import "fmt"

// Op is how a gate combines its inputs.
type Op uint8

// The operators of gates.
const (
	And     Op = iota // occurs when all inputs do
	Or                // when at least one does
	AtLeast           // when at least K do; an input that stands twice counts twice
)

// String gives the name of the operator in the Open-PSA exchange format.
func (o Op) String() string {
	switch o {
	case And:
		return "and"
	case Or:
		return "or"
	}
	return "atleast"
}

// Ref names a gate, a basic event or a constant of a tree.
type Ref int32

// The constants: what never and what always occurs.
const (
	False Ref = 1<<31 - 2
	True  Ref = 1<<31 - 1
)

// EventRef names Events[i] of a tree.
func EventRef(i int) Ref { return ^Ref(i) }

// GateRef names Gates[i] of a tree.
func GateRef(i int) Ref { return Ref(i) }

// Event gives the index of the basic event that r names.
func (r Ref) Event() (i int, ok bool) { return int(^r), r < 0 }

// Gate gives the index of the gate that r names.
func (r Ref) Gate() (i int, ok bool) { return int(r), r >= 0 && r < False }

func (r Ref) isGate() bool  { return r >= 0 && r < False }
func (r Ref) isEvent() bool { return r < 0 }
func (r Ref) event() int    { return int(^r) }

// Event is a basic event. P is its probability, from 0 to 1, or NaN where it is not known: cut sets can be had all the
// same, and probabilities that depend on it are NaN.
type Event struct {
	Name string
	P    float64
}

// Gate is an intermediate event. K is what AtLeast asks for; other operators leave it alone.
type Gate struct {
	Name string
	Op   Op
	K    int
	In   []Ref
}

// Tree is a fault tree: gates, without a cycle, over basic events that occur independently of each other.
type Tree struct {
	Name   string
	Events []Event
	Gates  []Gate
	Top    Ref
}

// Validate reports the first reference that leads nowhere, a probability outside of 0 to 1, or a gate that depends on
// itself.
func (t *Tree) Validate() error {
	for _, e := range t.Events {
		if e.P < 0 || e.P > 1 {
			return fmt.Errorf("the probability of %q is %v, not between 0 and 1", e.Name, e.P)
		}
	}
	known := func(r Ref) error {
		if r.isEvent() && r.event() >= len(t.Events) || r.isGate() && int(r) >= len(t.Gates) {
			return fmt.Errorf("fault tree %q: reference %d leads nowhere", t.Name, r)
		}
		return nil
	}
	if err := known(t.Top); err != nil {
		return err
	}
	const (
		unseen = iota
		open
		done
	)
	state := make([]uint8, len(t.Gates))
	type frame struct{ gate, next int }
	for start := range t.Gates {
		if state[start] != unseen {
			continue
		}
		stack := []frame{{start, 0}}
		state[start] = open
		for len(stack) > 0 {
			f := &stack[len(stack)-1]
			g := &t.Gates[f.gate]
			if f.next == len(g.In) {
				state[f.gate] = done
				stack = stack[:len(stack)-1]
				continue
			}
			in := g.In[f.next]
			f.next++
			if err := known(in); err != nil {
				return err
			}
			if !in.isGate() {
				continue
			}
			switch state[in] {
			case unseen:
				state[in] = open
				stack = append(stack, frame{int(in), 0})
			case open:
				return fmt.Errorf("the gate %q depends on itself", t.Gates[in].Name)
			}
		}
	}
	return nil
}

// evaluationOrder lists the gates that the top needs, inputs first.
func (t *Tree) evaluationOrder() []int32 {
	if !t.Top.isGate() {
		return nil
	}
	var out []int32
	seen := make([]bool, len(t.Gates))
	type frame struct {
		gate Ref
		next int
	}
	stack := []frame{{t.Top, 0}}
	seen[t.Top] = true
	for len(stack) > 0 {
		f := &stack[len(stack)-1]
		in := t.Gates[f.gate].In
		for f.next < len(in) && (!in[f.next].isGate() || seen[in[f.next]]) {
			f.next++
		}
		if f.next == len(in) {
			out = append(out, int32(f.gate))
			stack = stack[:len(stack)-1]
			continue
		}
		seen[in[f.next]] = true
		stack = append(stack, frame{in[f.next], 0})
	}
	return out
}
