package change

import (
	"fmt"
	"strings"

	"lintel/schema"
)

// String gives the change on one line, in the terms of the language, as far as it says itself what it does:
// "orders: replicas 3, spread over zone-a, zone-b, zone-c".
func (c Change) String() string { return c.text(nil) }

// In gives the change on one line, with what is there before: "orders: replicas 1 → 3, spread over zone-a, zone-b, zone-c".
func (c Change) In(d *schema.Design) string {
	if i, ok := moduleIndex(d, c.Module); ok {
		return c.text(d.Modules[i])
	}
	return c.text(nil)
}

func (c Change) text(old *schema.Module) string {
	var parts []string
	switch c.Kind {
	case Soften:
		text := fmt.Sprintf("%s -> %s: soft", c.Module, c.Dependency)
		if c.Fallback != "" {
			text += fmt.Sprintf(", fallback %q", c.Fallback)
		}
		return text
	case Alternative:
		instead := c.Dependency
		if old != nil {
			for _, d := range old.DependsOn {
				if d.Key == c.Dependency {
					instead = strings.Join(names(d.Targets()), " or ")
				}
			}
		}
		return fmt.Sprintf("%s -> %s: %s or %s", c.Module, c.Dependency, instead, c.Alternative)
	}
	if c.Replicas > 0 {
		field, was := "replicas", ""
		if old != nil {
			if old.Autoscaling != nil {
				field = "autoscaling.min"
			}
			was = fmt.Sprintf("%d → ", old.ReliableReplicas())
		}
		parts = append(parts, fmt.Sprintf("%s %s%d", field, was, c.Replicas))
	}
	switch {
	case len(c.Placement) == 1:
		parts = append(parts, "placed in "+c.Placement[0])
	case len(c.Placement) > 1:
		parts = append(parts, "spread over "+strings.Join(c.Placement, ", "))
	}
	for _, count := range c.Counts {
		was := 0
		if old != nil && old.Placement != nil {
			was, _ = countIn(old.Placement, count.Domain)
		}
		switch {
		case old == nil:
			parts = append(parts, fmt.Sprintf("%d in %s", count.Replicas, count.Domain))
		case was != count.Replicas:
			parts = append(parts, fmt.Sprintf("in %s %d → %d", count.Domain, was, count.Replicas))
		}
	}
	setting := func(name, was, is string) {
		switch {
		case is == "":
		case was == "" || was == is:
			parts = append(parts, name+" "+is)
		default:
			parts = append(parts, fmt.Sprintf("%s %s → %s", name, was, is))
		}
	}
	// What the design does not state is no value that changes.
	stated := func(field, value string) string {
		if old != nil {
			if _, ok := old.Places.Of(field); ok {
				return value
			}
		}
		return ""
	}
	var was schema.Redundancy
	if old != nil {
		was = old.Redundancy
	}
	setting("redundancy.mode", stated("redundancy.mode", string(was.Mode)), string(c.Mode))
	setting("redundancy.failover", stated("redundancy.failover", string(was.Failover)), string(c.Failover))
	if c.Need > 0 {
		need := ""
		if was.Need != nil {
			need = fmt.Sprint(*was.Need)
		}
		setting("redundancy.need", need, fmt.Sprint(c.Need))
	}
	return c.Module + ": " + strings.Join(parts, ", ")
}
