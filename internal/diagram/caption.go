package diagram

import (
	"fmt"
	"strings"

	"lintel/schema"
)

// PartlyDown reports whether n is a group as one box of which some modules work and others do not.
func (n *Node) PartlyDown() bool {
	return n.Role == SummaryNode && n.State == Degraded && n.MembersDown > 0
}

// Caption returns what a node says below its name, at most two short lines, plain text: "database · PostgreSQL 16",
// "×3 · quorum, 2 needed · tier 0". What goes without saying is left out: that a module is a service,
// or has one replica.
func (n *Node) Caption() []string {
	switch n.Role {
	case SummaryNode:
		first := counted(n.Members, "module")
		if n.MembersDown > 0 {
			first += fmt.Sprintf(", %s down", thousands(n.MembersDown))
		}
		if len(n.FailedInside) > 0 {
			inside := n.FailedInside[0] + " failed inside"
			if more := len(n.FailedInside) - 1; more > 0 {
				inside = fmt.Sprintf("%s and %d more failed inside", n.FailedInside[0], more)
			}
			return []string{first, inside}
		}
		switch {
		case n.UsedBy > 0 && n.Uses > 0:
			return []string{first, fmt.Sprintf("used by %d, uses %d", n.UsedBy, n.Uses)}
		case n.UsedBy > 0:
			return []string{first, fmt.Sprintf("used by %d", n.UsedBy)}
		case n.Uses > 0:
			return []string{first, fmt.Sprintf("uses %d", n.Uses)}
		}
		return []string{first}
	case ChoiceNode:
		return []string{n.choice()}
	}
	var lines []string
	if first := n.whatItIs(); first != "" {
		lines = append(lines, first)
	}
	var second []string
	if copies := n.copies(); copies != "" {
		second = append(second, copies)
	}
	if n.Redundancy != "" {
		second = append(second, n.Redundancy)
	}
	if n.Tier != nil {
		second = append(second, fmt.Sprintf("tier %d", *n.Tier))
	}
	if len(second) > 0 {
		lines = append(lines, strings.Join(second, " · "))
	}
	return lines
}

// choice tells how many alternatives are needed: "1 of 3", "2 of 2, 1 unknown".
func (n *Node) choice() string {
	s := fmt.Sprintf("%d of %d", n.Need, n.Alternatives)
	if n.Unknown > 0 {
		s += fmt.Sprintf(", %d unknown", n.Unknown)
	}
	return s
}

func (n *Node) whatItIs() string {
	kind := KindName(n.Kind)
	switch {
	case n.Kind == schema.Service, strings.Contains(strings.ToLower(n.Technology), kind):
		return n.Technology
	case n.Technology == "":
		return kind
	}
	return kind + " · " + n.Technology
}

// copies tells the number of replicas where it is not one.
func (n *Node) copies() string {
	var s string
	switch {
	case n.Of == 0 && n.ScalesTo == 0:
		return "no replicas"
	case n.Replicas < n.Of:
		s = fmt.Sprintf("×%s of %s", thousands(n.Replicas), thousands(n.Of))
	case n.ScalesTo > 0:
		s = fmt.Sprintf("×%s–%s", thousands(n.Replicas), thousands(n.ScalesTo))
	case n.Replicas == 1:
		return ""
	default:
		s = "×" + thousands(n.Replicas)
	}
	if n.Lost > 0 {
		s += fmt.Sprintf(", %s lost", thousands(n.Lost))
	}
	return s
}

// KindName writes a kind as people do: "load balancer".
func KindName(k schema.Kind) string {
	switch k {
	case schema.DNS:
		return "DNS"
	case schema.Configuration:
		return "configuration"
	}
	return strings.ReplaceAll(string(k), "-", " ")
}

// Label returns what is written on the edge: its protocol, phase, number of dependencies, and what changed; "" for
// nothing.
func (e *Edge) Label() string {
	var parts []string
	if e.Protocol != "" {
		parts = append(parts, e.Protocol)
	}
	if e.When != schema.Runtime && e.When != "" {
		parts = append(parts, string(e.When))
	}
	if e.Count > 1 {
		parts = append(parts, "×"+thousands(e.Count))
	}
	if e.ChangeNote != "" {
		parts = append(parts, e.ChangeNote)
	}
	return strings.Join(parts, " · ")
}
