package openpsa

import (
	"encoding/xml"
	"strings"

	"lintel/analyzer/faulttree"
)

// maxCopies bounds the gates and events of all trees of a file, those that several need counted in each.
const maxCopies = 10_000_000

// copier takes parts out of a tree.
type copier struct {
	from        *faulttree.Tree
	gate, event []int32 // by index in from: that in the part, if it was given for it
	size        int     // of all parts
}

func newCopier(from *faulttree.Tree) *copier {
	return &copier{from: from, gate: make([]int32, len(from.Gates)), event: make([]int32, len(from.Events))}
}

// part gives what a gate needs as a tree of its own, the gate itself first.
func (c *copier) part(name string, top faulttree.Ref) *faulttree.Tree {
	t := &faulttree.Tree{Name: name, Top: faulttree.GateRef(0)}
	var order []int // gates of from
	place := func(r faulttree.Ref) faulttree.Ref {
		if g, ok := r.Gate(); ok {
			if at := int(c.gate[g]); at >= len(order) || order[at] != g { // what was there is of another part
				c.gate[g] = int32(len(order))
				order = append(order, g)
			}
			return faulttree.GateRef(int(c.gate[g]))
		}
		if e, ok := r.Event(); ok {
			at := int(c.event[e])
			if at >= len(t.Events) || t.Events[at].Name != c.from.Events[e].Name {
				at = len(t.Events)
				c.event[e] = int32(at)
				t.Events = append(t.Events, c.from.Events[e])
			}
			return faulttree.EventRef(at)
		}
		return r
	}
	place(top)
	for i := 0; i < len(order) && c.size <= maxCopies; i++ {
		g := c.from.Gates[order[i]]
		in := make([]faulttree.Ref, len(g.In))
		for k, r := range g.In {
			in[k] = place(r)
		}
		g.In = in
		t.Gates = append(t.Gates, g)
		c.size += 1 + len(in)
	}
	return t
}

// nameEvents puts labels for the names that were made from them, where that leaves no two events of one name.
func (p *parser) nameEvents() {
	name := make([]string, len(p.tree.Events))
	for _, d := range p.events {
		if d.index >= 0 {
			name[d.index] = d.name
			if d.label != "" {
				name[d.index] = d.label
			}
		}
	}
	const rounds = 10 // more are needed only where somebody wants them to be
	for round := range rounds {
		count := map[string]int{}
		for _, n := range name {
			count[n]++
		}
		taken := false
		for i, n := range name {
			if n != p.tree.Events[i].Name && (count[n] > 1 || round == rounds-1) {
				name[i], taken = p.tree.Events[i].Name, true
			}
		}
		if !taken {
			break
		}
	}
	for i, n := range name {
		p.tree.Events[i].Name = n
	}
}

// text reads the text of an element.
func (p *parser) text(e xml.StartElement, depth int) (string, error) {
	var b strings.Builder
	for {
		t, err := p.raw()
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case nil:
			return "", p.fault("the file ends within <%s>", e.Name.Local)
		case xml.CharData:
			b.Write(t)
		case xml.EndElement:
			if t.Name.Local != e.Name.Local {
				return "", p.fault("<%s> is ended by </%s>", e.Name.Local, t.Name.Local)
			}
			text := b.String()
			if strings.ContainsAny(text, "\n\t") { // laid out by hand
				text = strings.TrimSpace(text)
			}
			return text, nil
		case xml.StartElement:
			if err := p.skip(t, depth+1); err != nil {
				return "", err
			}
		}
	}
}
