package page

import (
	"fmt"
	"testing"
)

const focused = `(document.activeElement?.getAttribute('aria-label') ?? '').split(',')[0]`

// The tab key enters the drawing where the first journey enters, and arrow keys reach every module.
func TestArrowKeysReachAllModules(t *testing.T) {
	a, b := shop(t, 1400, 900, Options{}, "")
	b.eval(`document.getElementById('toggle-panel').focus()`)
	b.key("Tab")
	if got, want := b.text(focused), a.Module(a.Journeys()[0].Entry).Name; got != want {
		t.Errorf("the tab key leads to %q, want %q", got, want)
	}
	reached := map[string]bool{}
	opposite := map[string]string{"ArrowUp": "ArrowDown", "ArrowDown": "ArrowUp", "ArrowLeft": "ArrowRight", "ArrowRight": "ArrowLeft"}
	place := b.text(transform)
	queue := []string{b.text(focused)}
	reached[queue[0]] = true
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for key := range opposite {
			b.eval(fmt.Sprintf(`[...document.querySelectorAll('#view-modules [data-node]')].find((e) => e.getAttribute('aria-label').split(',')[0] === %q).focus()`, at))
			b.key(key)
			if next := b.text(focused); !reached[next] {
				reached[next] = true
				queue = append(queue, next)
			}
		}
	}
	if len(reached) != a.Modules() {
		t.Errorf("%d of %d modules are reached: %v", len(reached), a.Modules(), reached)
	}
	if b.text(transform) != place {
		t.Error("arrow keys moved a drawing that is all in sight")
	}

	b.key("Home")
	b.check("Home leads to the topmost", `[...document.querySelectorAll('#view-modules [data-node]')].every((e) => e.getBoundingClientRect().top >= document.activeElement.getBoundingClientRect().top - 20)`)
	first := b.text(focused)
	b.key("End")
	b.check("End leads to the lowest", `[...document.querySelectorAll('#view-modules [data-node]')].every((e) => e.getBoundingClientRect().top <= document.activeElement.getBoundingClientRect().top + 20)`)
	if b.text(focused) == first {
		t.Error("Home and End lead to the same")
	}
	b.key("g")
	frame := b.text(focused)
	b.check("g leads to the frame", `document.activeElement.matches('.group')`)
	b.key("ArrowDown")
	b.check("arrows lead on from a frame", `document.activeElement.matches('[data-node]')`)
	b.key("g")
	b.key("Enter")
	b.check("Enter folds it", `document.activeElement.matches('[data-unfold]')`)
	b.key("ArrowUp")
	b.check("arrows lead on from a folded group", `document.activeElement.matches('[data-node]')`)
	b.key("ArrowDown")
	if b.text(focused) != frame {
		b.key("End")
	}
	b.check("and back to it", `document.activeElement.matches('[data-unfold]')`)
}
