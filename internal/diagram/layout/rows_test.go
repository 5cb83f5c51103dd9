package layout

import (
	"testing"

	"pgregory.net/rapid"

	"lintel/internal/diagram"
)

// In large drawings the nodes of a rank are one row, and every row hangs on the one above it by a line of the right length.
func TestRowsHang(t *testing.T) {
	held := 0
	rapid.Check(t, func(t *rapid.T) {
		d := &diagram.Diagram{}
		for range rapid.IntRange(1, 4).Draw(t, "groups") {
			d.Groups = append(d.Groups, &diagram.Group{Parent: -1})
		}
		n := rapid.IntRange(20, 80).Draw(t, "nodes")
		for range n {
			d.Nodes = append(d.Nodes, &diagram.Node{Group: rapid.IntRange(-1, len(d.Groups)-1).Draw(t, "group")})
		}
		for range tooManyToHold + 1 {
			d.Edges = append(d.Edges, &diagram.Edge{From: rapid.IntRange(0, n-1).Draw(t, "from"), To: rapid.IntRange(0, rapid.IntRange(0, n-1).Draw(t, "most")).Draw(t, "to")})
		}
		p := newPlan(d, measure(d), Engine{})
		ranked, in := 0, map[int]bool{}
		above := map[int][]int{} // the last row so far, by group
		for _, row := range p.shape.rows {
			if len(row) == 0 {
				continue
			}
			g, rank := d.Nodes[row[0]].Group, p.shape.rank[row[0]]
			for _, v := range row {
				if d.Nodes[v].Group != g || p.shape.rank[v] != rank || in[v] {
					t.Fatalf("row %v: node %d is of group %d and rank %d, not %d and %d, or in a row already", row, v, d.Nodes[v].Group, p.shape.rank[v], g, rank)
				}
				in[v] = true
				ranked++
			}
			if last := above[g]; last != nil {
				held++
				if !hangs(p, last, row, rank-p.shape.rank[last[0]]) {
					t.Fatalf("nothing ties row %v to %v", row, last)
				}
			}
			above[g] = row
		}
		for v, rank := range p.shape.rank {
			if rank >= 0 && !in[v] {
				t.Fatalf("node %d of rank %d is in no row", v, rank)
			}
		}
	})
	if held == 0 {
		t.Error("no rows")
	}
}

// hangs reports whether a line, drawn or not, ties a row to another and is at least that many ranks long.
func hangs(p *plan, above, below []int, ranks int) bool {
	of := map[int]int{}
	for _, v := range above {
		of[v] = 1
	}
	for _, v := range below {
		of[v] = 2
	}
	for _, s := range p.shape.stays {
		if of[s.from] == 1 && of[s.to] == 2 && s.length == ranks {
			return true
		}
	}
	for i, e := range p.d.Edges {
		from, to := e.From, e.To
		if p.shape.reversed(i) {
			from, to = to, from
		}
		if of[from] == 1 && of[to] == 2 && p.shape.length(e) == ranks {
			return true
		}
	}
	return false
}
