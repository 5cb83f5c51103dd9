package openpsa

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"lintel/analyzer/faulttree"
)

// Write writes fault trees as one model, each a fault tree of its name with gates of its own. Events of the same name
// are the same and must have the same probability in all trees. Names that the format does not take are written in one
// that it takes, with the name itself as label.
func Write(w io.Writer, trees ...*faulttree.Tree) error {
	b := bufio.NewWriter(w)
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opsa-mef>\n")
	ids := newIdentifiers()
	type event struct {
		name string
		p    float64
	}
	var events []event
	known := map[string]float64{}
	for i, t := range trees {
		fmt.Fprintf(b, "  <define-fault-tree name=\"%s\">\n", ids.of("tree", t.Name))
		label(b, ids, "tree", t.Name, "    ")
		gate := func(g int) string { // names of gates need not differ, neither in a tree nor between trees
			return ids.of("gate", fmt.Sprintf("%d\x00%d\x00%s", i, g, t.Gates[g].Name))
		}
		input := func(r faulttree.Ref) string {
			if e, ok := r.Event(); ok {
				return fmt.Sprintf("<basic-event name=\"%s\"/>", ids.of("event", t.Events[e].Name))
			}
			if g, ok := r.Gate(); ok {
				return fmt.Sprintf("<gate name=\"%s\"/>", gate(g))
			}
			return fmt.Sprintf("<constant value=\"%t\"/>", r == faulttree.True)
		}
		top, isGate := t.Top.Gate()
		if !isGate {
			fmt.Fprintf(b, "    <define-gate name=\"%s\">\n      %s\n    </define-gate>\n", ids.of("gate", fmt.Sprintf("%d\x00\x00top", i)), input(t.Top))
		}
		for _, g := range needed(t, top, isGate) {
			n := &t.Gates[g]
			fmt.Fprintf(b, "    <define-gate name=\"%s\">\n", gate(g))
			if n.Name != gate(g) && n.Name != "" {
				fmt.Fprintf(b, "      <label>%s</label>\n", escaped(n.Name))
			}
			switch {
			case n.Op == faulttree.AtLeast && n.K <= 0:
				b.WriteString("      <constant value=\"true\"/>\n")
			case n.Op == faulttree.AtLeast && n.K > len(n.In), n.Op == faulttree.Or && len(n.In) == 0:
				b.WriteString("      <constant value=\"false\"/>\n")
			case n.Op == faulttree.And && len(n.In) == 0:
				b.WriteString("      <constant value=\"true\"/>\n")
			case len(n.In) == 1:
				fmt.Fprintf(b, "      %s\n", input(n.In[0]))
			default:
				fmt.Fprintf(b, "      <%s", n.Op)
				if n.Op == faulttree.AtLeast {
					fmt.Fprintf(b, " min=\"%d\"", n.K)
				}
				b.WriteString(">\n")
				for _, in := range n.In {
					fmt.Fprintf(b, "        %s\n", input(in))
				}
				fmt.Fprintf(b, "      </%s>\n", n.Op)
			}
			b.WriteString("    </define-gate>\n")
			for _, in := range n.In {
				if e, ok := in.Event(); ok {
					x := t.Events[e]
					if p, ok := known[x.Name]; !ok {
						known[x.Name] = x.P
						events = append(events, event{x.Name, x.P})
					} else if p != x.P && !(math.IsNaN(p) && math.IsNaN(x.P)) {
						return fmt.Errorf("the event %q has the probabilities %v and %v", x.Name, p, x.P)
					}
				}
			}
		}
		if e, ok := t.Top.Event(); ok {
			if x := t.Events[e]; !has(known, x.Name) {
				known[x.Name] = x.P
				events = append(events, event{x.Name, x.P})
			}
		}
		b.WriteString("  </define-fault-tree>\n")
	}
	b.WriteString("  <model-data>\n")
	for _, e := range events {
		fmt.Fprintf(b, "    <define-basic-event name=\"%s\">\n", ids.of("event", e.name))
		label(b, ids, "event", e.name, "      ")
		if !math.IsNaN(e.p) {
			fmt.Fprintf(b, "      <float value=\"%s\"/>\n", strconv.FormatFloat(e.p, 'g', -1, 64))
		}
		b.WriteString("    </define-basic-event>\n")
	}
	b.WriteString("  </model-data>\n</opsa-mef>\n")
	return b.Flush()
}

func has(m map[string]float64, name string) bool { _, ok := m[name]; return ok }

func label(w io.Writer, ids *identifiers, kind, name, indent string) {
	if ids.of(kind, name) != name && name != "" {
		fmt.Fprintf(w, "%s<label>%s</label>\n", indent, escaped(name))
	}
}

// needed lists the gates that the top needs, the top first.
func needed(t *faulttree.Tree, top int, ok bool) []int {
	if !ok {
		return nil
	}
	out := []int{top}
	seen := make([]bool, len(t.Gates))
	seen[top] = true
	for i := 0; i < len(out); i++ {
		for _, in := range t.Gates[out[i]].In {
			if g, ok := in.Gate(); ok && !seen[g] {
				seen[g] = true
				out = append(out, g)
			}
		}
	}
	return out
}

// identifiers gives names that the format takes: letters, digits, "_" and single "-" within, no two the same when case
// is ignored.
type identifiers struct {
	given map[string]string
	taken map[string]bool
	next  map[string]int // by name that was taken: the number to try
}

func newIdentifiers() *identifiers {
	return &identifiers{map[string]string{}, map[string]bool{}, map[string]int{}}
}

func (ids *identifiers) of(kind, name string) string {
	key := kind + "\x00" + name
	if id, ok := ids.given[key]; ok {
		return id
	}
	plain := name
	if i := strings.LastIndexByte(name, 0); i >= 0 {
		plain = name[i+1:]
	}
	id := identifier(kind, plain)
	base := id
	for n := max(ids.next[base], 2); ids.taken[strings.ToLower(id)]; n++ {
		id = fmt.Sprintf("%s-%d", base, n)
		ids.next[base] = n + 1
	}
	ids.taken[strings.ToLower(id)] = true
	ids.given[key] = id
	return id
}

// escaped gives text for XML, without characters that XML cannot hold.
func escaped(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r < ' ' && r != '\t' || r == 0x7f || r == 0xfffe || r == 0xffff:
			b.WriteRune('\ufffd')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
