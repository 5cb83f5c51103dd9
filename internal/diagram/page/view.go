package page

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"lintel/analyzer"
	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/scene"
	"lintel/internal/diagram/typeset"
	"lintel/schema"
)

// viewData tells what the parts of a drawing stand for, by index in the diagram.
type viewData struct {
	ID     string      `json:"id"`
	Label  string      `json:"label"`
	Nodes  []viewNode  `json:"nodes"`
	Groups []viewGroup `json:"groups"`
	Edges  []viewEdge  `json:"edges"`
	Box    box         `json:"box"`             // of what is drawn: x, y, width, height
	Rows   []viewRow   `json:"rows,omitempty"`  // of the matrix
	Cells  [][4]int    `json:"cells,omitempty"` // of the matrix: row, column, number of dependencies, 1 for hard
	Grid   []float64   `json:"grid,omitempty"`  // of the matrix: x, y and side of its cells
}

type viewNode struct {
	Role     string  `json:"role,omitempty"` // "summary", "choice", or "" for a module
	Name     string  `json:"name,omitempty"` // of a summary or choice
	Modules  []int32 `json:"modules,omitempty"`
	Group    *int    `json:"group,omitempty"`
	Box      *box    `json:"box,omitempty"`
	Domain   *int32  `json:"domain,omitempty"` // where replicas stand, -1 for an unknown place; nil where the node is all of its module
	Replicas int     `json:"replicas,omitempty"`
}

type viewGroup struct {
	Name   string `json:"name"`
	Kind   string `json:"kind"`
	Parent *int   `json:"parent,omitempty"`
	Box    *box   `json:"box,omitempty"`
	Domain *int32 `json:"domain,omitempty"` // of a failure domain
}

type viewEdge struct {
	From         int     `json:"from"`
	To           int     `json:"to"`
	Dependencies []int32 `json:"dependencies"`
}

type viewRow struct {
	Name    string  `json:"name"`
	Modules []int32 `json:"modules"`
}

// box is a place in the drawing: x, y, width, height.
type box [4]float64

func (b box) MarshalJSON() ([]byte, error) {
	return []byte("[" + decimal(b[0]) + "," + decimal(b[1]) + "," + decimal(b[2]) + "," + decimal(b[3]) + "]"), nil
}

func boxOf(b layout.Box) *box {
	return &box{b.Min.X, b.Min.Y, b.Max.X - b.Min.X, b.Max.Y - b.Min.Y}
}

// view is one drawing of the page.
type view struct {
	data        viewData
	title       string
	description string
	notes       []string
	body        string      // SVG
	legend      [][2]string // SVG of a sign, and what it means
	texts       []typeset.StyledText
}

// wanted is a view that the page should have.
type wanted struct {
	id, label string
	options   diagram.Options
	most      int // lines; more are not drawn. 0: any number
}

// mostUnasked is the number of lines up to which the deployment is drawn unasked. Beyond, laying it out takes some seconds.
const mostUnasked = 400

// wantedViews chooses the views that fit the design, in the order of their buttons.
func wantedViews(a *analyzer.Analysis, o diagram.Options) []wanted {
	base := o
	// Failures, findings and journeys are chosen in the page.
	base.View, base.Fail, base.Findings, base.Journey, base.Rest = "", nil, false, "", ""
	large := a.Modules() > diagram.LargeDesign && len(o.Only)+len(o.Hide)+len(o.Focus) == 0
	grouped, placed := false, false
	for _, m := range a.Design.Modules {
		grouped = grouped || m.Group != "" || m.Team != "" || m.Layer != ""
		placed = placed || m.Placement != nil
	}
	grouped = grouped && o.GroupBy != diagram.GroupByNone
	var out []wanted
	add := func(v diagram.View, label string, when bool) {
		if !when && o.View != v {
			return
		}
		options := base
		options.View = v
		switch v {
		case diagram.ViewDeployment:
			options.GroupBy = ""
		case diagram.ViewJourney:
			options.Journey, options.Rest = o.Journey, o.Rest
		}
		most := 0
		if v == diagram.ViewDeployment && o.View != v {
			most = mostUnasked
		}
		out = append(out, wanted{string(v), label, options, most})
	}
	add(diagram.ViewOverview, "Overview", grouped)
	add(diagram.ViewModules, "Modules", !large)
	add(diagram.ViewJourney, "Journey", large && o.Journey != "")
	add(diagram.ViewDeployment, "Deployment", placed && !large)
	add(diagram.ViewMatrix, "Matrix", true)
	return out
}

// draw makes the views, two at a time. A view that can't be laid out is left out, as the notes say, unless it is the
// one that the page opens with.
func draw(ctx context.Context, a *analyzer.Analysis, list []wanted, first string, e layout.Engine) (views []*view, notes []string, err error) {
	made, errs := make([]*view, len(list)), make([]error, len(list))
	room := make(chan struct{}, 2)
	var wait sync.WaitGroup
	for i, w := range list {
		wait.Go(func() {
			room <- struct{}{}
			defer func() { <-room }()
			made[i], errs[i] = drawView(ctx, a, w, e)
		})
	}
	wait.Wait()
	for i, w := range list {
		switch {
		case errs[i] == nil:
			views = append(views, made[i])
		case w.id == first || ctx.Err() != nil:
			return nil, nil, errs[i]
		default:
			notes = append(notes, fmt.Sprintf("No view %q: %v.", w.label, errs[i]))
		}
	}
	return views, notes, nil
}

func drawView(ctx context.Context, a *analyzer.Analysis, w wanted, e layout.Engine) (*view, error) {
	d, err := diagram.Build(a, nil, w.options)
	if err != nil {
		return nil, err
	}
	if w.most > 0 && len(d.Edges) > w.most {
		return nil, fmt.Errorf("it would have %d lines, which take long to lay out; --view %s asks for it", len(d.Edges), w.id)
	}
	s, lay, err := scene.Draw(ctx, d, e)
	if err != nil {
		return nil, err
	}
	v := &view{
		data: newViewData(a, d, lay, w), title: s.Title, description: s.Description, notes: d.Notes}
	if c := w.options.Changes; c != nil && c.Title != "" {
		v.notes = append([]string{"Changes: " + c.Title + "."}, v.notes...)
	}
	drawn := &scene.Group{}
	body := markup{prefix: w.id + "-"}
	for _, item := range s.Root.Items {
		if g, ok := item.(*scene.Group); ok {
			switch g.Class {
			case "paper", "header", "failure", "findings", "notes", "legend":
				continue // the page shows these itself
			}
		}
		body.items([]scene.Item{item})
		drawn.Items = append(drawn.Items, item)
	}
	v.data.Box = extent(drawn)
	v.data.Grid = gridOf(drawn)
	v.body, v.texts = body.String(), body.texts
	for _, entry := range d.Legend() {
		var sign markup
		sign.items([]scene.Item{scene.LegendSample(entry)})
		v.legend = append(v.legend, [2]string{sign.String(), entry.Text})
		v.texts = append(v.texts, sign.texts...)
	}
	return v, nil
}

// withoutSign is the box of a node without the room for the sign of an entry, which is not a part of the module.
func withoutSign(b layout.Box, n *diagram.Node, flow diagram.Flow) layout.Box {
	switch {
	case !n.Entry:
	case flow == diagram.FlowRight:
		b.Min.X += scene.EntryReach
	default:
		b.Min.Y += scene.EntryReach
	}
	return b
}

func newViewData(a *analyzer.Analysis, d *diagram.Diagram, lay *layout.Layout, w wanted) viewData {
	out := viewData{ID: w.id, Label: w.label, Nodes: []viewNode{}, Groups: []viewGroup{}, Edges: []viewEdge{}}
	domain := func(name string) *int32 {
		if i, ok := a.DomainIndex(name); ok {
			return &i
		}
		return nil
	}
	members := newMembers(a)
	for i, g := range d.Groups {
		own := viewGroup{Name: g.Name, Kind: g.Kind, Box: boxOf(lay.Groups[i])}
		if g.Parent >= 0 {
			own.Parent = &g.Parent
		}
		if ofDomains(d.GroupBy) {
			own.Domain = domain(g.Name)
		}
		out.Groups = append(out.Groups, own)
	}
	for i, n := range d.Nodes {
		own := viewNode{Box: boxOf(withoutSign(lay.Nodes[i], n, d.Flow))}
		switch n.Role {
		case diagram.SummaryNode:
			own.Role, own.Name, own.Modules = "summary", n.Name, members.of(d.GroupBy, n.Name)
		case diagram.ChoiceNode:
			own.Role, own.Name = "choice", n.Name
		default:
			if n.Module >= 0 {
				own.Modules = []int32{n.Module}
			}
			if n.Replicas < n.Of || ofDomains(d.GroupBy) {
				own.Replicas, own.Domain = n.Replicas, new(int32(-1))
				if n.Group >= 0 && domain(d.Groups[n.Group].Name) != nil {
					own.Domain = domain(d.Groups[n.Group].Name)
				}
			}
		}
		if n.Group >= 0 {
			own.Group = &n.Group
		}
		out.Nodes = append(out.Nodes, own)
	}
	for _, e := range d.Edges {
		own := viewEdge{e.From, e.To, e.Dependencies}
		if own.Dependencies == nil {
			own.Dependencies = []int32{}
		}
		out.Edges = append(out.Edges, own)
	}
	if d.Matrix != nil {
		for _, r := range d.Matrix.Rows {
			own := viewRow{Name: r.Name, Modules: []int32{r.Module}}
			if r.Module < 0 {
				own.Modules = members.of(d.GroupBy, r.Name)
			}
			out.Rows = append(out.Rows, own)
		}
		for _, c := range d.Matrix.Cells {
			own := [4]int{c.Row, c.Column, c.Count, 0}
			if c.Hard {
				own[3] = 1
			}
			out.Cells = append(out.Cells, own)
		}
	}
	return out
}

func ofDomains(g diagram.GroupBy) bool {
	return g == diagram.GroupByZone || g == diagram.GroupByRegion || g == diagram.GroupByDomain
}

// members finds the modules of a group.
type members struct {
	a    *analyzer.Analysis
	list map[[2]string][]int32
}

func newMembers(a *analyzer.Analysis) *members {
	m := &members{a, map[[2]string][]int32{}}
	for i, module := range a.Design.Modules {
		for _, k := range [][2]string{{string(diagram.GroupByGroup), module.Group}, {string(diagram.GroupByTeam), module.Team}, {string(diagram.GroupByLayer), module.Layer}} {
			m.list[k] = append(m.list[k], int32(i))
		}
	}
	return m
}

// of lists the modules of a group; those of a failure domain have a replica in it.
func (m *members) of(by diagram.GroupBy, name string) []int32 {
	if !ofDomains(by) {
		return m.list[[2]string{string(by), name}]
	}
	in, ok := m.a.DomainIndex(name)
	if !ok {
		return nil
	}
	var out []int32
	for i, module := range m.a.Design.Modules {
		if module.Placement == nil {
			continue
		}
		stands := func(ref schema.Ref) bool {
			d, ok := m.a.DomainIndex(ref.Name)
			return ok && m.a.InDomain(d, in)
		}
		if slices.ContainsFunc(module.Placement.Spread, stands) ||
			slices.ContainsFunc(module.Placement.Counts, func(c schema.PlacementCount) bool { return c.Count > 0 && stands(c.Domain) }) {
			out = append(out, int32(i))
		}
	}
	return out
}

// extent is the box of an item: x, y, width, height.
func extent(item scene.Item) box {
	first := true
	var corners [4]float64
	at := func(x, y float64) {
		if first {
			corners, first = [4]float64{x, y, x, y}, false
		}
		corners = [4]float64{min(corners[0], x), min(corners[1], y), max(corners[2], x), max(corners[3], y)}
	}
	var visit func(scene.Item)
	visit = func(item scene.Item) {
		switch item := item.(type) {
		case *scene.Group:
			for _, i := range item.Items {
				visit(i)
			}
		case *scene.Path:
			for _, s := range item.Segments {
				if s.Op != scene.Close {
					at(s.P.X, s.P.Y)
				}
			}
		case *scene.Text:
			w := typeset.Width(item.String, item.Style)
			from := item.At.X - w*[...]float64{scene.Start: 0, scene.Middle: 0.5, scene.End: 1}[item.Anchor]
			at(from, item.At.Y-typeset.Ascent(item.Style))
			at(from+w, item.At.Y+typeset.Descent(item.Style))
		}
	}
	visit(item)
	return box{corners[0], corners[1], corners[2] - corners[0], corners[3] - corners[1]}
}

// gridOf finds the square of a matrix's cells: the first area in it.
func gridOf(g *scene.Group) []float64 {
	for _, item := range g.Items {
		if m, ok := item.(*scene.Group); ok && m.Class == "matrix" {
			for _, part := range m.Items {
				if p, ok := part.(*scene.Path); ok && p.Fill == scene.Surface {
					b := extent(p)
					return []float64{b[0], b[1], b[2]}
				}
			}
		}
	}
	return nil
}
