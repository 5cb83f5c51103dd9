package layout

import (
	"encoding/json"
	"io"

	"lintel/internal/diagram"
)

// JSON writes the laid-out drawing model: what d shows, and where its parts lie. Its schema is
// docs/schemas/drawing.schema.json. A matrix has no layout; l may be nil then.
func JSON(w io.Writer, d *diagram.Diagram, l *Layout) error {
	if l == nil {
		l = &Layout{}
	}
	doc := drawing{
		Version: 1, System: d.System, Title: d.Title, Subtitle: d.Subtitle, Description: d.Description, Stamp: d.Stamp,
		View: string(d.View), GroupBy: string(d.GroupBy), Flow: string(d.Flow),
		Width: l.Size.X, Height: l.Size.Y,
		Nodes: []nodeJSON{}, Groups: []groupJSON{}, Edges: []edgeJSON{}, Findings: []findingJSON{},
		Changed: d.Changed, Notes: listed(d.Notes), Reduced: d.Reduced,
	}
	if doc.Flow == "" {
		doc.Flow = string(diagram.FlowDown)
	}
	for i, n := range d.Nodes {
		doc.Nodes = append(doc.Nodes, drawnNode(n, boxAt(l.Nodes, i)))
	}
	for i, g := range d.Groups {
		doc.Groups = append(doc.Groups, groupJSON{
			Name: g.Name, Kind: g.Kind, Parent: indexOrNone(g.Parent), State: stateName(g.State), Faded: g.Faded,
			Change: g.Change.String(), Marks: listed(g.Marks), Box: boxAt(l.Groups, i),
		})
	}
	for i, e := range d.Edges {
		var route Route
		if i < len(l.Edges) {
			route = l.Edges[i]
		}
		doc.Edges = append(doc.Edges, drawnEdge(e, route))
	}
	for _, f := range d.Findings {
		doc.Findings = append(doc.Findings, findingJSON(*f))
	}
	if f := d.Failure; f != nil {
		doc.Failure = &failureJSON{
			listed(f.Events), f.Down, f.Degraded, listed(f.Lost), listed(f.Limping), f.Journeys,
			f.DownBefore, f.DegradedBefore, listed(f.LostBefore), listed(f.LimpingBefore),
		}
	}
	if d.Matrix != nil {
		doc.Matrix = drawnMatrix(d.Matrix)
	}
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(doc)
}

// drawing is the document. Every field is always present.
type drawing struct {
	Version     int           `json:"version"`
	System      string        `json:"system"`
	Title       string        `json:"title"`
	Subtitle    string        `json:"subtitle"`
	Description string        `json:"description"`
	Stamp       string        `json:"stamp"`
	View        string        `json:"view"`
	GroupBy     string        `json:"groupBy"`
	Flow        string        `json:"flow"`
	Width       float64       `json:"width"`
	Height      float64       `json:"height"`
	Groups      []groupJSON   `json:"groups"`
	Nodes       []nodeJSON    `json:"nodes"`
	Edges       []edgeJSON    `json:"edges"`
	Matrix      *matrixJSON   `json:"matrix"`
	Findings    []findingJSON `json:"findings"`
	Failure     *failureJSON  `json:"failure"`
	Changed     bool          `json:"changed"`
	Notes       []string      `json:"notes"`
	Reduced     string        `json:"reduced"`
}

type boxJSON struct {
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
}

type groupJSON struct {
	Name   string   `json:"name"`
	Kind   string   `json:"kind"`
	Parent *int     `json:"parent"`
	State  string   `json:"state"`
	Faded  bool     `json:"faded"`
	Change string   `json:"change"`
	Marks  []int    `json:"marks"`
	Box    *boxJSON `json:"box"`
}

type linkJSON struct {
	Label string `json:"label"`
	URL   string `json:"url"`
}

type nodeJSON struct {
	Role         string     `json:"role"`
	Name         string     `json:"name"`
	Caption      []string   `json:"caption"`
	Group        *int       `json:"group"`
	Kind         string     `json:"kind"`
	Technology   string     `json:"technology"`
	Description  string     `json:"description"`
	Links        []linkJSON `json:"links"`
	Tags         []string   `json:"tags"`
	Team         string     `json:"team"`
	Tier         *int       `json:"tier"`
	Entry        bool       `json:"entry"`
	State        string     `json:"state"`
	DownBefore   bool       `json:"downBefore"`
	Replicas     int        `json:"replicas"`
	Of           int        `json:"of"`
	Lost         int        `json:"lost"`
	ScalesTo     int        `json:"scalesTo"`
	Redundancy   string     `json:"redundancy"`
	Members      int        `json:"members"`
	MembersDown  int        `json:"membersDown"`
	FailedInside []string   `json:"failedInside"`
	Need         int        `json:"need"`
	Alternatives int        `json:"alternatives"`
	Unknown      int        `json:"unknown"`
	UsedBy       int        `json:"usedBy"`
	Uses         int        `json:"uses"`
	Faded        bool       `json:"faded"`
	Change       string     `json:"change"`
	ChangeNote   string     `json:"changeNote"`
	Marks        []int      `json:"marks"`
	OnPath       []int      `json:"onPath"`
	Box          *boxJSON   `json:"box"`
}

type edgeJSON struct {
	From       int          `json:"from"`
	To         int          `json:"to"`
	Label      string       `json:"label"`
	Mode       string       `json:"mode"`
	Strength   string       `json:"strength"`
	When       string       `json:"when"`
	Protocol   string       `json:"protocol"`
	Count      int          `json:"count"`
	State      string       `json:"state"`
	Faded      bool         `json:"faded"`
	Change     string       `json:"change"`
	ChangeNote string       `json:"changeNote"`
	InCycle    bool         `json:"inCycle"`
	Marks      []int        `json:"marks"`
	OnPath     []int        `json:"onPath"`
	Curve      [][2]float64 `json:"curve"`
	LabelBox   *boxJSON     `json:"labelBox"`
}

type findingJSON struct {
	Number   int    `json:"number"`
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	Subject  string `json:"subject"`
	Message  string `json:"message"`
	Place    string `json:"place"`
	Hint     string `json:"hint"`
}

type failureJSON struct {
	Events   []string `json:"events"`
	Down     int      `json:"down"`
	Degraded int      `json:"degraded"`
	Lost     []string `json:"lost"`
	Limping  []string `json:"limping"`
	Journeys int      `json:"journeys"`

	DownBefore     int      `json:"downBefore"`
	DegradedBefore int      `json:"degradedBefore"`
	LostBefore     []string `json:"lostBefore"`
	LimpingBefore  []string `json:"limpingBefore"`
}

type matrixJSON struct {
	Rows  []rowJSON  `json:"rows"`
	Cells []cellJSON `json:"cells"`
	Bands []bandJSON `json:"bands"`
}

type rowJSON struct {
	Name       string `json:"name"`
	Kind       string `json:"kind"`
	Group      string `json:"group"`
	Members    int    `json:"members"`
	Marks      []int  `json:"marks"`
	State      string `json:"state"`
	Change     string `json:"change"`
	ChangeNote string `json:"changeNote"`

	DownBefore bool `json:"downBefore"`
}

type cellJSON struct {
	Row     int    `json:"row"`
	Column  int    `json:"column"`
	Count   int    `json:"count"`
	Hard    bool   `json:"hard"`
	InCycle bool   `json:"inCycle"`
	Change  string `json:"change"`
	Marks   []int  `json:"marks"`
}

type bandJSON struct {
	Kind  string `json:"kind"`
	Name  string `json:"name"`
	First int    `json:"first"`
	End   int    `json:"end"`
}

func drawnNode(n *diagram.Node, box *boxJSON) nodeJSON {
	node := nodeJSON{
		Role: roleName(n.Role), Name: n.Name, Caption: listed(n.Caption()), Group: indexOrNone(n.Group),
		Kind: string(n.Kind), Technology: n.Technology, Description: n.Description, Links: []linkJSON{}, Tags: listed(n.Tags),
		Team: n.Team, Tier: n.Tier, Entry: n.Entry, State: stateName(n.State), DownBefore: n.DownBefore,
		Replicas: n.Replicas, Of: n.Of, Lost: n.Lost, ScalesTo: n.ScalesTo, Redundancy: n.Redundancy,
		Members: n.Members, MembersDown: n.MembersDown, FailedInside: listed(n.FailedInside), Need: n.Need, Alternatives: n.Alternatives, Unknown: n.Unknown, UsedBy: n.UsedBy, Uses: n.Uses,
		Faded: n.Faded, Change: n.Change.String(), ChangeNote: n.ChangeNote, Marks: listed(n.Marks), OnPath: listed(n.OnPath), Box: box,
	}
	for _, l := range n.Links {
		node.Links = append(node.Links, linkJSON{l.Label, l.URL})
	}
	return node
}

func drawnEdge(e *diagram.Edge, r Route) edgeJSON {
	edge := edgeJSON{
		From: e.From, To: e.To, Label: e.Label(), Mode: string(e.Mode), Strength: string(e.Strength), When: string(e.When),
		Protocol: e.Protocol, Count: e.Count, State: stateName(e.State), Faded: e.Faded, InCycle: e.InCycle,
		Change: e.Change.String(), ChangeNote: e.ChangeNote,
		Marks: listed(e.Marks), OnPath: listed(e.OnPath), Curve: [][2]float64{}, LabelBox: boxOf(r.Label),
	}
	for _, p := range r.Curve {
		edge.Curve = append(edge.Curve, [2]float64{p.X, p.Y})
	}
	return edge
}

func drawnMatrix(m *diagram.Matrix) *matrixJSON {
	out := &matrixJSON{Rows: []rowJSON{}, Cells: []cellJSON{}, Bands: []bandJSON{}}
	for _, r := range m.Rows {
		out.Rows = append(out.Rows, rowJSON{r.Name, string(r.Kind), r.Group, r.Members, listed(r.Marks), stateName(r.State), r.Change.String(), r.ChangeNote, r.DownBefore})
	}
	for _, c := range m.Cells {
		out.Cells = append(out.Cells, cellJSON{c.Row, c.Column, c.Count, c.Hard, c.InCycle, c.Change.String(), listed(c.Marks)})
	}
	for _, b := range m.Bands {
		out.Bands = append(out.Bands, bandJSON(b))
	}
	return out
}

func boxAt(list []Box, i int) *boxJSON {
	if i >= len(list) {
		return nil
	}
	return boxOf(list[i])
}

func boxOf(b Box) *boxJSON {
	if b == (Box{}) {
		return nil
	}
	size := Point{b.width(), b.height()}.rounded()
	return &boxJSON{b.Min.X, b.Min.Y, size.X, size.Y}
}

// listed is the list, never null.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func indexOrNone(i int) *int {
	if i < 0 {
		return nil
	}
	return &i
}

func roleName(r diagram.Role) string {
	switch r {
	case diagram.SummaryNode:
		return "summary"
	case diagram.ChoiceNode:
		return "choice"
	}
	return "module"
}

func stateName(s diagram.State) string {
	switch s {
	case diagram.Degraded:
		return "degraded"
	case diagram.Down:
		return "down"
	case diagram.Failed:
		return "failed"
	}
	return "works"
}
