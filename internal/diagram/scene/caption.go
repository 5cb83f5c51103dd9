package scene

import (
	"fmt"
	"net/url"
	"strings"

	"lintel/internal/diagram"
)

// nodeTitle names a node for people who hear the picture, with what its box says: "orders, service, 3 replicas, quorum,
// 2 needed, tier 1".
func nodeTitle(n *diagram.Node) string {
	parts := []string{plainText(n.Name)}
	switch n.Role {
	case diagram.ChoiceNode:
		parts = append(parts, fmt.Sprintf("%d of %d alternatives needed", n.Need, n.Alternatives))
		if n.Unknown > 0 {
			parts = append(parts, fmt.Sprintf("%d unknown", n.Unknown))
		}
	case diagram.SummaryNode:
		parts = append(parts, count(n.Members, "module"))
	default:
		if n.Kind != "" {
			parts = append(parts, string(n.Kind))
		}
		switch {
		case n.Of > n.Replicas:
			parts = append(parts, fmt.Sprintf("%d of %s", n.Replicas, count(n.Of, "replica")))
		case n.Replicas != 1:
			parts = append(parts, count(n.Replicas, "replica"))
		}
		if n.Lost > 0 {
			parts = append(parts, fmt.Sprintf("%d lost", n.Lost))
		}
		if r := strings.TrimSpace(plainText(n.Redundancy)); r != "" {
			parts = append(parts, r)
		}
		if n.Tier != nil {
			parts = append(parts, fmt.Sprintf("tier %d", *n.Tier))
		}
	}
	if w := conditionOf(n.State).word; w != "" {
		if n.PartlyDown() {
			w = nodeWord(n)
		}
		if n.DownBefore {
			w += " (down before any failure)"
		}
		parts = append(parts, w)
	}
	return strings.Join(parts, ", ")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// nodeDescription tells what the box itself may not show.
func nodeDescription(d *diagram.Diagram, n *diagram.Node) string {
	var parts []string
	add := func(label, s string) {
		if s = strings.TrimSpace(plainText(s)); s != "" {
			parts = append(parts, label+s)
		}
	}
	add("", n.Change.Words(n.ChangeNote))
	add("", n.Description)
	add("Technology: ", n.Technology)
	add("Team: ", n.Team)
	if n.Entry {
		parts = append(parts, "Called from outside")
	}
	add("Tags: ", strings.Join(n.Tags, ", "))
	add("", findingTexts(d, n.Marks))
	for i, p := range parts {
		parts[i] = strings.TrimRight(p, ".")
	}
	return strings.Join(parts, ". ")
}

// findingTexts tells the findings with these numbers.
func findingTexts(d *diagram.Diagram, numbers []int) string {
	var parts []string
	for _, n := range numbers {
		if n >= 1 && n <= len(d.Findings) {
			f := d.Findings[n-1]
			parts = append(parts, fmt.Sprintf("Finding %d, %s: %s", n, f.Severity, strings.TrimRight(plainText(f.Message), ".")))
		}
	}
	return strings.Join(parts, ". ")
}

// nodeURL returns the first of a node's links that a reader may follow, or "".
func nodeURL(n *diagram.Node) string {
	for _, l := range shownLinks(n) {
		return SafeURL(l.URL)
	}
	return ""
}

// SafeURL returns s where it is an address of the web or of a mailbox, else "".
func SafeURL(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil {
		return ""
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		if u.Host == "" {
			return ""
		}
	case "mailto":
	default:
		return ""
	}
	return u.String()
}

// edgeTitle names an edge: "orders needs orders-db, sync, hard".
func edgeTitle(d *diagram.Diagram, e *diagram.Edge) string {
	parts := []string{plainText(d.Nodes[e.From].Name) + " needs " + plainText(d.Nodes[e.To].Name)}
	if e.Count > 1 {
		parts = append(parts, count(e.Count, "dependency"))
		parts[1] = strings.Replace(parts[1], "dependencys", "dependencies", 1)
	}
	parts = append(parts, string(e.Mode), string(e.Strength))
	if e.When != "" && e.When != "runtime" {
		parts = append(parts, "at "+string(e.When))
	}
	if p := strings.TrimSpace(plainText(e.Protocol)); p != "" {
		parts = append(parts, p)
	}
	if e.InCycle {
		parts = append(parts, "in a cycle")
	}
	switch e.State {
	case diagram.Down, diagram.Failed:
		parts = append(parts, "broken")
	case diagram.Degraded:
		parts = append(parts, "broken, its caller goes on without")
	}
	if e.Change != diagram.NotChanged {
		parts = append(parts, strings.TrimSpace(plainText(e.Change.Words(e.ChangeNote))))
	}
	var said []string
	for _, p := range parts {
		if p != "" {
			said = append(said, p)
		}
	}
	return strings.Join(said, ", ")
}
