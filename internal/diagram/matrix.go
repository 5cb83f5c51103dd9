package diagram

import (
	"cmp"
	"container/heap"
	"slices"

	"lintel/schema"
)

// matrix makes the dependency structure matrix. Rows that need each other at run time or to start, however loosely,
// form a cycle and stand together; a row stands before those that it needs, and as near to others
// of its group as that allows.
//
// Source: D. Steward, The Design Structure System: A Method for Managing the Design of Complex Systems,
// IEEE Transactions on Engineering Management 28 (1981).
func (b *builder) matrix() {
	m := &Matrix{}
	b.d.Matrix = m
	rows, rowOf := b.matrixRows()

	type cellKey = [2]int32
	cells := make(map[cellKey]*MatrixCell)
	last := make(map[cellKey]int32)
	needs := make(map[cellKey]int) // without what is needed only to deploy or recover
	deps := b.a.Dependencies()
	for k := range deps {
		d := &deps[k]
		r := rowOf[d.From]
		if r < 0 || !b.draws(int32(k)) {
			continue
		}
		for _, t := range d.Targets {
			c := rowOf[t]
			if c < 0 || c == r {
				continue
			}
			key := cellKey{r, c}
			cell := cells[key]
			if cell == nil {
				cell = &MatrixCell{}
				cells[key] = cell
			} else if last[key] == int32(k) {
				continue // another alternative in the same group
			}
			last[key] = int32(k)
			cell.Count++
			cell.Hard = cell.Hard || d.Strength == schema.Hard
			if couples(d) {
				needs[key]++
			}
		}
	}

	next := make([][]int32, len(rows))
	for key := range needs {
		next[key[0]] = append(next[key[0]], key[1])
	}
	for r := range next {
		slices.Sort(next[r])
	}
	of := b.rowCycles(len(rows), rowOf)
	order := matrixOrder(rows, next, of, func(r, c int32) int { return needs[cellKey{r, c}] })
	place := make([]int32, len(rows))
	for at, r := range order {
		place[r] = int32(at)
		m.Rows = append(m.Rows, rows[r])
	}
	b.rowOf = make([]int32, len(rowOf))
	for i, r := range rowOf {
		b.rowOf[i] = -1
		if r >= 0 {
			b.rowOf[i] = place[r]
		}
	}
	for key, cell := range cells {
		cell.Row, cell.Column = int(place[key[0]]), int(place[key[1]])
		cell.InCycle = needs[key] > 0 && of[key[0]] == of[key[1]]
		m.Cells = append(m.Cells, *cell)
	}
	slices.SortFunc(m.Cells, func(x, y MatrixCell) int {
		return cmp.Or(cmp.Compare(x.Row, y.Row), cmp.Compare(x.Column, y.Column))
	})
	b.cellAt = make(map[[2]int32]int, len(m.Cells))
	for i, c := range m.Cells {
		b.cellAt[[2]int32{int32(c.Row), int32(c.Column)}] = i
	}
	m.Bands = append(
		bands("cycle", len(order), func(at int) (int32, string) { return of[order[at]], "" }),
		bands("group", len(order), func(at int) (int32, string) {
			if m.Rows[at].Group == "" {
				return int32(-1 - at), "" // on its own
			}
			return 0, m.Rows[at].Group
		})...)
}

// matrixRows makes a row for each module, or for each group that is drawn as one box, in order of name,
// and tells the row of each module: -1 for none.
func (b *builder) matrixRows() (rows []MatrixRow, rowOf []int32) {
	rowOf = make([]int32, b.a.Modules())
	row := make([]int32, len(b.groups)) // of a box, plus 1
	members := make([][]int32, len(b.groups))
	for i := range int32(b.a.Modules()) {
		rowOf[i] = -1
		if !b.shown[i] {
			continue
		}
		g := int(b.groupOf[i])
		if g < 0 || !b.collapsed[g] {
			m := b.module(i)
			rowOf[i] = int32(len(rows))
			r := MatrixRow{Name: m.Name, Module: i, Kind: m.Kind, Members: 1}
			if g >= 0 {
				r.Group = b.groups[g].Name
			}
			if b.sim != nil {
				r.State, r.DownBefore = b.states[i], b.before.ModuleDown[i]
			}
			rows = append(rows, r)
			continue
		}
		if row[g] == 0 {
			rows = append(rows, MatrixRow{Name: b.groups[g].Name, Module: -1})
			row[g] = int32(len(rows))
		}
		rowOf[i] = row[g] - 1
		members[g] = append(members[g], i)
	}
	for g, list := range members {
		if len(list) > 0 {
			r := &rows[row[g]-1]
			r.Members = len(list)
			r.State, _ = b.summaryState(g, list)
			r.DownBefore = b.allDownBefore(list)
		}
	}
	// By name, whatever module of a group came first.
	byName := make([]int32, len(rows))
	for i := range byName {
		byName[i] = int32(i)
	}
	slices.SortStableFunc(byName, func(x, y int32) int {
		return cmp.Or(cmp.Compare(rows[x].Name, rows[y].Name), cmp.Compare(rows[x].Module, rows[y].Module))
	})
	place, sorted := make([]int32, len(rows)), make([]MatrixRow, len(rows))
	for at, r := range byName {
		place[r], sorted[at] = int32(at), rows[r]
	}
	for i, r := range rowOf {
		if r >= 0 {
			rowOf[i] = place[r]
		}
	}
	return sorted, rowOf
}

// bands returns the runs of two or more rows with the same key and name.
func bands(kind string, rows int, key func(at int) (int32, string)) []MatrixBand {
	var out []MatrixBand
	for first := 0; first < rows; {
		id, name := key(first)
		end := first + 1
		for end < rows {
			if i, n := key(end); i != id || n != name {
				break
			}
			end++
		}
		if end-first > 1 {
			out = append(out, MatrixBand{Kind: kind, Name: name, First: first, End: end})
		}
		first = end
	}
	return out
}

// matrixOrder puts the components in an order in which each stands before those that it needs. Among those
// that may come next, one of the same group as the last is taken, else the one nearest to the top.
func matrixOrder(rows []MatrixRow, next [][]int32, of []int32, weight func(from, to int32) int) []int32 {
	count := int32(0)
	for _, c := range of {
		count = max(count, c+1)
	}
	members := make([][]int32, count)
	for r, c := range of {
		members[c] = append(members[c], int32(r))
	}
	needed := make([]int, count) // lines from other components that are not placed yet
	for r := range next {
		for _, t := range next[r] {
			if of[t] != of[r] {
				needed[of[t]]++
			}
		}
	}
	level := make([]int, count)
	for c := count - 1; c >= 0; c-- { // callers have higher numbers
		for _, r := range members[c] {
			for _, t := range next[r] {
				if of[t] != c {
					level[of[t]] = max(level[of[t]], level[c]+1)
				}
			}
		}
	}
	for c := range members {
		members[c] = withinCycle(members[c], next, of, weight)
	}
	groupOf := func(c int32) string { return rows[members[c][0]].Group }
	before := func(x, y int32) bool {
		return cmp.Or(cmp.Compare(level[x], level[y]), cmp.Compare(groupOf(x), groupOf(y)), cmp.Compare(members[x][0], members[y][0])) < 0
	}
	ready := &rowHeap{before: before}
	byGroup := make(map[string]*rowHeap)
	placed := make([]bool, count)
	push := func(c int32) {
		heap.Push(ready, c)
		if g := groupOf(c); g != "" {
			if byGroup[g] == nil {
				byGroup[g] = &rowHeap{before: before}
			}
			heap.Push(byGroup[g], c)
		}
	}
	for c := range count {
		if needed[c] == 0 {
			push(c)
		}
	}
	pop := func(h *rowHeap) (int32, bool) {
		for h != nil && len(h.list) > 0 {
			if c := heap.Pop(h).(int32); !placed[c] {
				return c, true
			}
		}
		return 0, false
	}
	out := make([]int32, 0, len(rows))
	group := ""
	for {
		c, ok := pop(byGroup[group])
		if !ok {
			if c, ok = pop(ready); !ok {
				return out
			}
		}
		placed[c] = true
		out = append(out, members[c]...)
		group = rows[members[c][len(members[c])-1]].Group
		for _, r := range members[c] {
			for _, t := range next[r] {
				if of[t] != c {
					if needed[of[t]]--; needed[of[t]] == 0 {
						push(of[t])
					}
				}
			}
		}
	}
}

// withinCycle orders the rows of a cycle so that few and light lines lead back.
//
// Source: P. Eades, X. Lin, W. Smyth, A fast and effective heuristic for the feedback arc set problem,
// Information Processing Letters 47 (1993), with weights.
func withinCycle(members []int32, next [][]int32, of []int32, weight func(from, to int32) int) []int32 {
	if len(members) < 3 {
		return members
	}
	type line struct {
		to     int32
		weight int
	}
	place := make(map[int32]int32, len(members))
	for i, r := range members {
		place[r] = int32(i)
	}
	out, in := make([][]line, len(members)), make([][]line, len(members))
	excess := make([]int, len(members)) // weight of the lines out, less those in
	outs, ins := make([]int, len(members)), make([]int, len(members))
	for i, r := range members {
		for _, t := range next[r] {
			if of[t] != of[r] || t == r {
				continue
			}
			k, w := place[t], weight(r, t)
			out[i], in[k] = append(out[i], line{k, w}), append(in[k], line{int32(i), w})
			outs[i], ins[k] = outs[i]+1, ins[k]+1
			excess[i], excess[k] = excess[i]+w, excess[k]-w
		}
	}
	taken := make([]bool, len(members))
	type item struct {
		excess int
		at     int32
	}
	h := &itemHeap[item]{before: func(x, y item) bool {
		return cmp.Or(cmp.Compare(y.excess, x.excess), cmp.Compare(x.at, y.at)) < 0
	}}
	var sources, sinks []int32
	classify := func(i int32) {
		switch {
		case outs[i] == 0:
			sinks = append(sinks, i)
		case ins[i] == 0:
			sources = append(sources, i)
		default:
			heap.Push(h, item{excess[i], i})
		}
	}
	for i := range members {
		classify(int32(i))
	}
	var head, tail []int32
	take := func(i int32) {
		taken[i] = true
		for _, l := range out[i] {
			if !taken[l.to] {
				ins[l.to]--
				excess[l.to] += l.weight
				classify(l.to)
			}
		}
		for _, l := range in[i] {
			if !taken[l.to] {
				outs[l.to]--
				excess[l.to] -= l.weight
				classify(l.to)
			}
		}
	}
	for len(head)+len(tail) < len(members) {
		switch {
		case len(sinks) > 0:
			i := sinks[len(sinks)-1]
			sinks = sinks[:len(sinks)-1]
			if !taken[i] {
				tail = append(tail, members[i])
				take(i)
			}
		case len(sources) > 0:
			i := sources[len(sources)-1]
			sources = sources[:len(sources)-1]
			if !taken[i] {
				head = append(head, members[i])
				take(i)
			}
		default:
			it := heap.Pop(h).(item)
			if !taken[it.at] && it.excess == excess[it.at] {
				head = append(head, members[it.at])
				take(it.at)
			}
		}
	}
	slices.Reverse(tail)
	return append(head, tail...)
}

type itemHeap[T any] struct {
	list   []T
	before func(x, y T) bool
}

type rowHeap = itemHeap[int32]

func (h *itemHeap[T]) Len() int           { return len(h.list) }
func (h *itemHeap[T]) Less(i, j int) bool { return h.before(h.list[i], h.list[j]) }
func (h *itemHeap[T]) Swap(i, j int)      { h.list[i], h.list[j] = h.list[j], h.list[i] }
func (h *itemHeap[T]) Push(x any)         { h.list = append(h.list, x.(T)) }
func (h *itemHeap[T]) Pop() any {
	x := h.list[len(h.list)-1]
	h.list = h.list[:len(h.list)-1]
	return x
}
