package page

import (
	"encoding/json"
	"fmt"
	"testing"

	"lintel/internal/diagram"
)

// rerouted is a line from or to a folded group.
type rerouted struct {
	From, To string // "n" or "g" and the index
	Count    int
}

// Lines of folded groups lead to their boxes: one for each other end and direction, with the number of dependencies.
func TestGroupsFold(t *testing.T) {
	a, b := shop(t, 1400, 900, Options{}, "")
	frame := b.number(`document.querySelector('#view-modules .group[aria-label*="catalogue"]').getBoundingClientRect().width`)
	b.click(`#view-modules .group[aria-label*="catalogue"] text`)
	b.picture("folded")
	b.check("the members are gone", `['catalog', 'search', 'features'].every((n) => getComputedStyle(document.querySelector('#view-modules [aria-label^="' + n + '"]')).visibility === 'hidden')`)
	b.check("a box stands for them", `document.querySelector('#view-modules .folded .count').textContent === '5 modules'`)
	if w := b.number(`document.querySelector('#view-modules .folded .plate').getBoundingClientRect().width`); w > frame/1.5 {
		t.Errorf("the box is %g wide, the frame %g", w, frame)
	}
	b.check("others stay", `getComputedStyle(document.querySelector('#view-modules [aria-label^="orders,"]')).visibility === 'visible'`)
	b.check("the address keeps it", `location.hash.includes('fold=catalogue')`)

	d, err := diagram.Build(a, nil, diagram.Options{View: diagram.ViewModules})
	if err != nil {
		t.Fatal(err)
	}
	outermost := func(node int, folded map[string]bool) string {
		end := fmt.Sprint("n", node)
		for g := d.Nodes[node].Group; g >= 0; g = d.Groups[g].Parent {
			if folded[d.Groups[g].Name] {
				end = fmt.Sprint("g", g)
			}
		}
		return end
	}
	agree := func(names ...string) {
		t.Helper()
		folded := map[string]bool{}
		for _, n := range names {
			folded[n] = true
		}
		dependencies, stay := map[[2]string]map[int32]bool{}, 0
		for _, e := range d.Edges {
			ends := [2]string{outermost(e.From, folded), outermost(e.To, folded)}
			switch {
			case ends[0][0] == 'n' && ends[1][0] == 'n':
				stay++
			case ends[0] != ends[1]:
				if dependencies[ends] == nil {
					dependencies[ends] = map[int32]bool{}
				}
				for _, k := range e.Dependencies {
					dependencies[ends][k] = true
				}
			}
		}
		var lines []rerouted
		text := b.text(`JSON.stringify([...document.querySelectorAll('#view-modules .rerouted')].map((e) => ({From: e.dataset.from, To: e.dataset.to, Count: Number(e.dataset.count)})))`)
		if err := json.Unmarshal([]byte(text), &lines); err != nil {
			t.Fatal(err)
		}
		if len(lines) != len(dependencies) || len(lines) == 0 && len(names) > 0 {
			t.Errorf("%v folded: %d lines, want %d", names, len(lines), len(dependencies))
		}
		for _, l := range lines {
			if want := len(dependencies[[2]string{l.From, l.To}]); l.Count != want {
				t.Errorf("%v folded: the line %s to %s counts %d, want %d", names, l.From, l.To, l.Count, want)
			}
		}
		if got := b.number(`[...document.querySelectorAll('#view-modules .edge:not(.rerouted)')].filter((e) => getComputedStyle(e).visibility === 'visible').length`); int(got) != stay {
			t.Errorf("%v folded: %g lines stay, want %d", names, got, stay)
		}
	}
	agree("catalogue")
	b.check("lines end at the box", `(() => {
		const r = document.querySelector('#view-modules .folded .plate').getBoundingClientRect();
		const g = document.querySelector('#view-modules .folded').dataset.unfold;
		return [...document.querySelectorAll('#view-modules .rerouted')].every((e) => {
			const line = e.querySelector('.line');
			const p = line.getPointAtLength(e.dataset.to === 'g' + g ? line.getTotalLength() : 0).matrixTransform(line.getScreenCTM());
			return p.x > r.left - 2 && p.x < r.right + 2 && p.y > r.top - 2 && p.y < r.bottom + 2;
		});
	})()`)

	// What the members are and what is found of them shows on the box.
	b.eval(`location.hash += '&marks=1&fail=catalog-db'`)
	b.wait(`document.querySelector('#view-modules .folded:not(.works)') !== null`)
	b.check("the box says what is down", `/^5 modules, [2345] down$/.test(document.querySelector('#view-modules .folded .count').textContent)`)
	b.check("and has the findings", `(() => {
		const r = document.querySelector('#view-modules .folded').getBoundingClientRect();
		return [...document.querySelectorAll('#view-modules .badge')].filter((e) => { const b = e.getBoundingClientRect(); return b.right > r.left - 4 && b.left < r.right && b.bottom > r.top - 4 && b.top < r.bottom + 30; }).length >= 2;
	})()`)
	b.picture("folded-failure")
	b.eval(`location.hash = '#view=modules&fold=catalogue&fold=ordering&fold=partners'`)
	b.wait(`document.querySelectorAll('#view-modules .folded').length === 3`)
	agree("catalogue", "ordering", "partners")
	b.picture("folded-three")

	b.eval(`location.hash = '#view=modules&fold=catalogue'`)
	b.wait(`document.querySelectorAll('#view-modules .folded').length === 1`)
	b.click(`#view-modules .folded`)
	b.check("it unfolds", `!document.querySelector('#view-modules .folded') && getComputedStyle(document.querySelector('#view-modules [aria-label^="catalog,"]')).visibility === 'visible'`)
	agree()
}
