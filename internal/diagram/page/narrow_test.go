package page

import (
	"fmt"
	"testing"
	"time"
)

const selectionInSight = `(() => { const c = document.getElementById('canvas').getBoundingClientRect(); const r = [...document.querySelectorAll('.view:not([hidden]) .node.chosen')][0].getBoundingClientRect(); return r.left >= c.left - 1 && r.right <= c.right + 1 && r.top >= c.top - 1 && r.bottom <= c.bottom + 1; })()`

// On a phone, the panel opens over half of the screen: the module that was tapped stays in sight, and Escape leads back.
func TestChosenModuleStaysInSightOnPhones(t *testing.T) {
	_, b := shop(t, 400, 800, Options{}, "")
	still := func() {
		b.eval(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 60))))`)
	}
	for _, name := range []string{"metrics", "mail", "recommendations"} {
		t.Run(name, func(t *testing.T) {
			node := fmt.Sprintf(`[...document.querySelectorAll('#view-modules [data-node]')].find((e) => e.getAttribute('aria-label').split(',')[0] === %q)`, name)
			b.key("0")
			for range 4 {
				b.key("+")
			}
			// The module comes to the lower end of the screen.
			b.eval(`window.by = (() => { const c = document.getElementById('canvas').getBoundingClientRect(); const r = ` + node + `.getBoundingClientRect(); return [c.left + c.width / 2 - r.left - r.width / 2, c.bottom - 90 - r.bottom]; })()`)
			for i := 0; i < 40; i++ {
				dx, dy := b.number(`window.by[0]`), b.number(`window.by[1]`)
				if dx*dx+dy*dy < 4 {
					break
				}
				step := func(d float64) float64 { return max(-150, min(150, d)) }
				b.drag(spot{200, 420}, spot{200 + step(dx), 420 + step(dy)})
				b.eval(fmt.Sprintf(`window.by = [window.by[0] - (%g), window.by[1] - (%g)]`, step(dx), step(dy)))
			}
			before := b.text(transform)
			var at spot
			at.X = b.number(`(() => { const r = ` + node + `.getBoundingClientRect(); return r.left + r.width / 2; })()`)
			at.Y = b.number(`(() => { const r = ` + node + `.getBoundingClientRect(); return r.top + r.height / 2; })()`)
			b.clickAt(at)
			still()
			if got := b.text(`document.getElementById('subject').textContent`); got != name {
				t.Fatalf("chosen is %s", got)
			}
			b.check("the panel is open", `document.body.classList.contains('with-panel') && document.getElementById('panel').clientHeight > 200`)
			b.check("the module is in sight", selectionInSight)
			b.picture("phone-" + name)
			b.key("Escape")
			still()
			b.check("the panel is closed", `!document.body.classList.contains('with-panel')`)
			if after := b.text(transform); after != before {
				t.Errorf("Escape leads back to %s, not to %s", after, before)
			}
		})
	}
}

// Choosing a journey brings what it needs into sight, and drops the module that was chosen.
func TestChosenJourneyComesIntoSight(t *testing.T) {
	_, b := shop(t, 1400, 900, Options{}, "#view=modules&module=mail")
	time.Sleep(50 * time.Millisecond)
	for range 6 {
		b.key("+")
	}
	b.drag(spot{300, 300}, spot{900, 800})
	b.eval(`(() => { const s = document.getElementById('journey'); s.value = [...s.options].find((o) => o.textContent === 'browse').value; s.dispatchEvent(new Event('change')); })()`)
	b.check("no ring is left", `!document.querySelector('.ring, .node.chosen') && !document.activeElement.closest('#canvas .node')`)
	b.check("all that it needs is in sight", `(() => { const c = document.getElementById('canvas').getBoundingClientRect(); const list = [...document.querySelectorAll('#view-modules [data-node]:not(.faded)')]; return list.length > 3 && list.every((e) => { const r = e.getBoundingClientRect(); return r.left >= c.left && r.right <= c.right && r.top >= c.top && r.bottom <= c.bottom; }); })()`)
	b.check("its modules are a list", `document.querySelectorAll('#leaf ul.names li').length > 5 && ![...document.querySelectorAll('#leaf ul.names li')].some((e) => e.textContent.includes(','))`)
	b.picture("journey-in-sight")
}
