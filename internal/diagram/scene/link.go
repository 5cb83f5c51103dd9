package scene

import (
	"strings"

	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/schema"
)

const (
	mostLinks = 3
	linkSize  = 9.0
	linkStep  = 14.0 // from one sign to the next
	linkRise  = 5.0  // room above the name for the signs
)

// shownLinks returns the first links of a node that a reader may follow; each has a sign in the node's corner.
func shownLinks(n *diagram.Node) (links []schema.Link) {
	if n.Role != diagram.ModuleNode {
		return nil
	}
	for _, l := range n.Links {
		if SafeURL(l.URL) != "" && len(links) < mostLinks {
			links = append(links, l)
		}
	}
	return links
}

// linkSign draws the sign of a link, an arrow that leaves a box, at the right above the name in an outline whose box is f.
func (c *card) linkSign(i int, f layout.Box, l look) *Group {
	link := c.links[i]
	title := strings.TrimSpace(plainText(link.Label))
	if title == "" {
		title = plainText(link.URL)
	}
	x := f.Max.X - c.form.right - nodePadX - linkSize + 3 - linkStep*float64(len(c.links)-1-i)
	y := f.Min.Y + c.form.top - linkRise + 4.5
	var ground, sign outline
	// The ground makes the sign easy to hit.
	ground.rounded(box(x-2.5, y-1, linkSize+5, linkSize+2), 2)
	const s = linkSize
	sign.move(x+0.4*s, y+0.12*s)
	sign.line(x, y+0.12*s)
	sign.line(x, y+s)
	sign.line(x+0.88*s, y+s)
	sign.line(x+0.88*s, y+0.6*s)
	sign.move(x+0.4*s, y+0.6*s)
	sign.line(x+s, y)
	sign.move(x+0.62*s, y)
	sign.line(x+s, y)
	sign.line(x+s, y+0.38*s)
	fill := l.fill
	if fill == None {
		fill = Surface
	}
	return &Group{Class: "link", Title: title, URL: SafeURL(link.URL),
		Items: []Item{&Path{Segments: ground, Fill: fill}, &Path{Segments: sign, Stroke: l.caption, Width: 1.2}}}
}
