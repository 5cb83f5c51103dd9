package page

import "testing"

// Findings are numbered in the order of their list; in the picture each severity has a shape of its own, in a size that is
// kept on the screen, beside the names.
func TestBadgesOfFindings(t *testing.T) {
	_, b := shop(t, 1400, 900, Options{}, "#view=modules&marks=1")
	b.check("each severity has a shape", `new Set(['error', 'warning', 'info'].map((s) => document.querySelector('#view-modules .badge.' + s + ' path').getAttribute('d').replace(/[-\d. ]+/g, ''))).size === 3`)
	b.check("a module has one badge for each severity", `(() => { const at = new Map(); for (const e of document.querySelectorAll('#view-modules .badge')) { const k = e.getAttribute('transform') + e.getAttribute('class'); at.set(k, (at.get(k) ?? 0) + 1); } return [...at.values()].every((n) => n === 1) && document.querySelectorAll('#view-modules .badge').length > 8; })()`)
	const covered = `(() => {
		const names = [...document.querySelectorAll('#view-modules .node text.b')].map((e) => e.getBoundingClientRect());
		return [...document.querySelectorAll('#view-modules .badge')].filter((e) => { const r = e.querySelector('path').getBoundingClientRect(); return names.some((n) => r.left < n.right - 1 && r.right > n.left + 1 && r.top < n.bottom - 1 && r.bottom > n.top + 1); }).map((e) => e.textContent.split(':')[0]).join();
	})()`
	for _, keys := range []string{"", "---", "+++++++++"} {
		b.key("0")
		for _, k := range keys {
			b.key(string(k))
		}
		if list := b.text(covered); list != "" {
			t.Errorf("after %q, badges cover names: %s", keys, list)
		}
		if h := b.number(`Math.max(...[...document.querySelectorAll('#view-modules .badge path')].map((e) => e.getBoundingClientRect().height))`); h < 8 || h > 26 {
			t.Errorf("after %q, a badge is %g pixels high", keys, h)
		}
		b.picture("badges" + keys)
	}
	b.click("#tab-findings")
	b.check("the list is in the order of the numbers", `[...document.querySelectorAll('#leaf .head .number')].every((e, i) => e.textContent === String(i + 1))`)
	b.check("it says that the picture has them", `document.getElementById('marks').checked && document.getElementById('marks-state').textContent.startsWith('The picture has')`)
	b.click("#marks")
	b.check("or has not", `!document.querySelector('.badge') && document.getElementById('marks-state').textContent.startsWith('The picture does not')`)
	b.key("0")
	b.click(`#view-modules [aria-label^="orders,"]`)
	b.check("the ring lies beneath the lines", `document.querySelector('#view-modules .ring').compareDocumentPosition(document.querySelector('#view-modules .edge')) & Node.DOCUMENT_POSITION_FOLLOWING ? true : false`)
}
