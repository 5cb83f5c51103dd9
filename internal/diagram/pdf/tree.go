package pdf

import (
	"fmt"
	"strings"
)

// tree is the structure of the page for those who can't see it: the document, the figures in it with
// their alternative texts, and texts.
type tree struct {
	root        object
	document    *element
	all         []*element
	marked      []*element // by number of the marked content
	annotations []*element
}

// element is a node of the tree.
type element struct {
	self, parent object
	kind         string // Document, Figure, P, Span or Link
	alternative  string
	children     []string // elements, or numbers of marked contents
	annotation   object
}

func (t *tree) add(f *file, parent *element, kind string) *element {
	e := &element{self: f.reserve(), parent: t.root, kind: kind}
	if parent != nil {
		e.parent = parent.self
		parent.children = append(parent.children, e.self.String())
	}
	t.all = append(t.all, e)
	return e
}

// annotation returns the key under which the tree lists the element of an annotation. The page has key 0.
func (t *tree) annotation(e *element) int {
	t.annotations = append(t.annotations, e)
	return len(t.annotations)
}

// mark says that what follows in c belongs to an element; nil for what only decorates.
func (p *page) mark(c *content, e *element) {
	if c.form || c.marking && c.marked == e {
		return
	}
	p.unmark(c)
	c.marking, c.marked = true, e
	if e == nil {
		c.WriteString("/Artifact BMC\n")
		return
	}
	number := len(p.tree.marked)
	p.tree.marked = append(p.tree.marked, e)
	e.children = append(e.children, fmt.Sprint(number))
	fmt.Fprintf(c, "/%s<</MCID %d>>BDC\n", e.kind, number)
}

func (p *page) unmark(c *content) {
	if c.marking {
		c.WriteString("EMC\n")
	}
	c.marking, c.marked = false, nil
}

func (t *tree) write(f *file, page object) {
	for _, e := range t.all {
		var b strings.Builder
		fmt.Fprintf(&b, "<</Type/StructElem/S/%s/P %v/Pg %v", e.kind, e.parent, page)
		if e.alternative != "" {
			b.WriteString("/Alt" + textString(e.alternative))
		}
		b.WriteString("/K[" + strings.Join(e.children, " "))
		if e.annotation != 0 {
			fmt.Fprintf(&b, "<</Type/OBJR/Obj %v/Pg %v>>", e.annotation, page)
		}
		b.WriteString("]>>")
		f.put(e.self, b.String())
	}
	var b strings.Builder
	b.WriteString("<</Nums[0[")
	for _, e := range t.marked {
		fmt.Fprintf(&b, "%v ", e.self)
	}
	b.WriteString("]")
	for i, e := range t.annotations {
		fmt.Fprintf(&b, " %d %v", i+1, e.self)
	}
	b.WriteString("]>>")
	parents := f.add(b.String())
	f.put(t.root, fmt.Sprintf("<</Type/StructTreeRoot/K[%v]/ParentTree %v/ParentTreeNextKey %d>>", t.document.self, parents, len(t.annotations)+1))
}
