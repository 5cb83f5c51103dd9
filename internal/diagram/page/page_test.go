package page

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"lintel/analyzer"
	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/rules"
	"lintel/schema"
)

// shop opens the page of testdata/shop. When the test ends, nothing must have gone to the console or to the network.
func shop(t *testing.T, width, height int, o Options, hash string) (*analyzer.Analysis, *browser) {
	t.Helper()
	a, page := written(t, loaded(t, "testdata/shop"), o)
	b := newBrowser(t, width, height)
	b.open(saved(t, page), hash)
	t.Cleanup(func() {
		for _, c := range b.complaints() {
			t.Error(c)
		}
	})
	return a, b
}

const transform = `JSON.stringify((s => [s[1], s[2], s[3]].map(Number))(/translate\(([-\d.e]+) ([-\d.e]+)\) scale\(([-\d.e]+)\)/.exec(document.querySelector('.view:not([hidden]) .world').getAttribute('transform'))))`

func TestPanAndZoom(t *testing.T) {
	_, b := shop(t, 1400, 900, Options{}, "")
	var x, y, k, x2, y2, k2 float64
	read := func(x, y, k *float64) {
		t.Helper()
		if _, err := fmt.Sscanf(b.text(transform), "[%g,%g,%g]", x, y, k); err != nil {
			t.Fatal(err)
		}
	}
	near := func(what string, got, want float64) {
		t.Helper()
		if got < want-0.51 || got > want+0.51 {
			t.Errorf("%s: %g, want %g", what, got, want)
		}
	}
	b.picture("wide")
	read(&x, &y, &k)
	b.drag(spot{60, 120}, spot{180, 200})
	read(&x2, &y2, &k2)
	near("dragged by", x2-x, 120)
	near("dragged down by", y2-y, 80)

	// The point beneath the mouse stays where it is.
	at := spot{400, 300}
	top := b.number(`document.getElementById('canvas').getBoundingClientRect().top`)
	read(&x, &y, &k)
	b.wheel(at, -240)
	b.wait(`!` + transform + `.includes(',` + fmt.Sprint(k) + `]')`)
	read(&x2, &y2, &k2)
	if k2 <= k {
		t.Errorf("the wheel scales from %g to %g", k, k2)
	}
	near("point beneath the mouse", (at.X-x2)/k2*k+x, at.X)
	near("point beneath the mouse", (at.Y-top-y2)/k2*k+y, at.Y-top)

	for _, step := range []struct {
		do     func()
		larger bool
	}{
		{func() { b.key("+") }, true}, {func() { b.key("-") }, false}, {func() { b.click("#zoom-in") }, true}, {func() { b.click("#zoom-out") }, false},
	} {
		read(&x, &y, &k)
		step.do()
		read(&x2, &y2, &k2)
		if k2 > k != step.larger || k2 == k {
			t.Errorf("scaled from %g to %g", k, k2)
		}
	}
	read(&x, &y, &k)
	b.key("0")
	fit := b.text(transform)
	b.key("ArrowRight")
	b.key("+")
	b.click("#fit")
	if b.text(transform) != fit {
		t.Error("the key 0 and the button do not show the same")
	}
	b.check("all of the drawing is in sight", `(() => { const c = document.getElementById('canvas').getBoundingClientRect(); return [...document.querySelectorAll('.view:not([hidden]) .node')].every((e) => { const r = e.getBoundingClientRect(); return r.left >= c.left && r.right <= c.right && r.top >= c.top && r.bottom <= c.bottom; }); })()`)

	// Two fingers.
	read(&x, &y, &k)
	touch := func(kind string, points ...spot) {
		var list []map[string]any
		for i, p := range points {
			list = append(list, map[string]any{"x": p.X, "y": p.Y, "id": i})
		}
		b.call("Input.dispatchTouchEvent", map[string]any{"type": kind, "touchPoints": append([]map[string]any{}, list...)}, nil)
	}
	b.call("Emulation.setTouchEmulationEnabled", map[string]any{"enabled": true, "maxTouchPoints": 2}, nil)
	touch("touchStart", spot{300, 150}, spot{400, 150})
	for i := 1.0; i <= 5; i++ {
		touch("touchMove", spot{300 - 10*i, 150}, spot{400 + 10*i, 150})
	}
	touch("touchEnd")
	read(&x2, &y2, &k2)
	if k2 < 1.6*k || k2 > 2.4*k {
		t.Errorf("fingers spread to the double scale from %g to %g", k, k2)
	}
}

func TestSearchFindsModules(t *testing.T) {
	_, b := shop(t, 1400, 900, Options{}, "")
	b.key("/")
	b.check("the search is open", `document.getElementById('search').open && document.activeElement.id === 'query'`)
	b.write("orders")
	b.check("both are found", `[...document.querySelectorAll('#results .name')].map((e) => e.textContent).join() === 'orders,orders-db'`)
	b.picture("search")
	b.key("ArrowDown")
	b.key("Enter")
	b.check("the second is chosen", `!document.getElementById('search').open && document.getElementById('subject').textContent === 'orders-db'`)
	b.check("its node has the focus", `document.activeElement.getAttribute('aria-label').startsWith('orders-db')`)
	for query, want := range map[string]string{
		"queue": "events", "ordering payments": "payments", "public": "catalog", "OpenSearch": "search", "partners adyen": "adyen", "nothing like it": "",
	} {
		b.key("ctrl+k")
		b.write(query)
		if got := b.text(`[...document.querySelectorAll('#results .name')].map((e) => e.textContent).join()`); got != want {
			t.Errorf("%s: found %s, want %s", query, got, want)
		}
		b.key("Escape")
		b.check("Escape closes", `!document.getElementById('search').open`)
	}
}

func TestPanelTellsAboutModules(t *testing.T) {
	a, b := shop(t, 1400, 900, Options{}, "")
	b.click(`[aria-label^="orders-db"]`)
	b.picture("module")
	for _, want := range []string{"orders-db", "PostgreSQL 16", "database", "Declared atdesign.cue:62", "to assets every 24h, not tested", "eu-1a", "Needed by 1"} {
		if text := b.text(`document.getElementById('leaf').textContent`); !strings.Contains(text, want) {
			t.Errorf("the panel does not say %q: %s", want, text)
		}
	}
	i, _ := a.ModuleIndex("orders-db")
	if got, want := b.text(`document.getElementById('blast').textContent`), fmt.Sprintf("%d other modules. ", a.ModuleFailures().Down[i]); !strings.HasPrefix(got, want) {
		t.Errorf("the panel says %q, want %q", got, want)
	}
	b.check("only it and its neighbours are not faded", `[...document.querySelectorAll('#view-modules .node:not(.faded)')].map((e) => e.getAttribute('aria-label')?.split(',')[0]).sort().join() === 'orders,orders-db'`)
	b.click(`#needed-by [data-module]`)
	b.check("the link moves on", `document.getElementById('subject').textContent === 'orders'`)
	b.check("dependencies say what they are", `document.getElementById('needs').textContent.includes('events') && document.querySelector('#needs .async') !== null`)
	b.click(`[aria-label^="web,"]`)
	b.check("links are real", `document.querySelector('.links a').href === 'https://example.com/runbooks/web' && document.querySelector('.links a').rel.includes('noopener')`)
	b.key("Escape")
	b.check("Escape leads back to all", `document.getElementById('subject').textContent === 'shop' && !document.querySelector('#view-modules .faded')`)
}

func TestFindingsShowTheirPaths(t *testing.T) {
	a, b := shop(t, 1400, 900, Options{}, "")
	found := rules.Run(a, rules.Settings{}, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).Findings
	if len(found) < 20 {
		t.Fatalf("%d findings are few", len(found))
	}
	b.click("#tab-findings")
	b.check("all are listed", fmt.Sprintf(`document.querySelectorAll('#leaf .finding').length === %d`, len(found)))
	b.click("#leaf .finding .head")
	b.picture("finding")
	b.check("the first is open, with what to do", `document.querySelector('#leaf .finding .body .suggestions li') !== null`)
	b.check("its path is marked", `document.querySelectorAll('#view-modules .edge.on-path').length > 0 && document.querySelectorAll('#view-modules .node:not(.faded)').length > 1`)
	b.check("and written", `document.querySelectorAll('#leaf .chain li').length > 1`)
	b.check("no number is in the picture yet", `!document.querySelector('#view-modules .badge')`)
	b.click("#marks")
	b.check("numbers are in the picture", `document.querySelectorAll('#view-modules .badge').length > 5`)
	b.picture("findings")
	b.key("Escape")
	b.click("#view-modules .badge.error")
	b.check("a click on a number opens the finding", `document.querySelector('#leaf .head[aria-expanded=true]') !== null`)
}

func TestViewsAndJourneys(t *testing.T) {
	a, b := shop(t, 1400, 900, Options{}, "")
	if got := b.text(`[...document.querySelectorAll('[data-view]')].map((e) => e.textContent).join()`); got != "Overview,Modules,Deployment,Matrix" {
		t.Errorf("views %s", got)
	}
	for i, id := range []string{"overview", "modules", "deployment", "matrix"} {
		b.key(fmt.Sprint(i + 1))
		b.check(id+" is shown, alone", `[...document.querySelectorAll('.view')].filter((e) => !e.hidden).map((e) => e.id).join() === 'view-`+id+`'`)
		b.check("its button is pressed", `document.querySelector('[data-view=`+id+`]').getAttribute('aria-pressed') === 'true'`)
		b.check("it can be seen", `document.querySelector('#view-`+id+` .world').getBoundingClientRect().width > 100`)
		b.picture("view-" + id)
	}
	b.click("[data-view=modules]")
	b.click("#show-legend")
	b.check("the legend explains signs", `document.querySelectorAll('#legend li').length > 15 && [...document.querySelectorAll('#legend span')].some((e) => e.textContent.includes('database'))`)
	b.picture("legend")
	b.key("Escape")
	b.check("Escape closes the legend", `document.getElementById('legend').hidden`)
	b.eval(`(() => { const s = document.getElementById('journey'); s.value = [...s.options].find((o) => o.textContent === 'browse').value; s.dispatchEvent(new Event('change')); })()`)
	b.check("what the journey does not need is faded", `['orders,', 'orders-db', 'payments', 'notifier'].every((n) => document.querySelector('#view-modules [aria-label^="' + n + '"]').classList.contains('faded'))`)
	b.check("what it needs is not", `['web', 'catalog,', 'catalog-db', 'recommendations', 'features', 'search'].every((n) => !document.querySelector('#view-modules [aria-label^="' + n + '"]').classList.contains('faded'))`)
	b.picture("journey")
	b.check("the address keeps it", `location.hash.includes('journey=browse')`)
	var fatal []string
	for i, lost := range a.ModuleFailures().Lost {
		if slices.Contains(lost, 0) {
			fatal = append(fatal, a.Module(int32(i)).Name)
		}
	}
	if got, want := b.text(`[...document.querySelectorAll('#fatal li')].map((e) => e.textContent).join()`), strings.Join(fatal, ","); got != want {
		t.Errorf("the journey is lost with any one of %s, the page says %s", want, got)
	}
	b.key("Escape")
	b.check("Escape leads back to all journeys", `document.getElementById('journey').value === '-1' && !document.querySelector('#view-modules .faded')`)
}

// shown reads what the page says is down, and its line of results.
const shown = `JSON.stringify({down: [...document.querySelectorAll('#view-modules .node')].filter((e) => ['down', 'failed'].includes(e.dataset.state)).map((e) => e.getAttribute('aria-label').split(',')[0]).sort(), line: document.getElementById('result').textContent})`

func TestFailuresInThePageAreTheAnalyzers(t *testing.T) {
	a, b := shop(t, 1400, 900, Options{}, "")
	agree := func(what string, s analyzer.Scenario) {
		t.Helper()
		o := a.Simulate(s)
		var down, lost []string
		for i, d := range o.ModuleDown {
			if d {
				down = append(down, `"`+a.Module(int32(i)).Name+`"`)
			}
		}
		slices.Sort(down)
		for _, j := range o.Lost {
			lost = append(lost, a.Journeys()[j].Name)
		}
		line := fmt.Sprintf("%d of 3 journeys lost: %s", len(lost), strings.Join(lost, ", "))
		if len(lost) == 0 {
			line = "No journey lost of 3"
		}
		if len(o.Degraded) > 0 {
			var names []string
			for _, j := range o.Degraded {
				names = append(names, a.Journeys()[j].Name)
			}
			line += fmt.Sprintf("; %d degraded: %s", len(names), strings.Join(names, ", "))
		}
		modules := "modules"
		if o.Down == 1 {
			modules = "module"
		}
		line += fmt.Sprintf("; %d %s down", o.Down, modules)
		if got, want := b.text(shown), `{"down":[`+strings.Join(down, ",")+`],"line":"`+line+`"}`; got != want {
			t.Errorf("%s: the page shows %s, want %s", what, got, want)
		}
	}
	module := func(name string) int32 { i, _ := a.ModuleIndex(name); return i }
	b.click(`[aria-label^="sessions"]`)
	b.click("#fail-module")
	agree("sessions fail", analyzer.Scenario{Modules: []int32{module("sessions")}})
	b.picture("failure")
	b.check("states have signs", `document.querySelectorAll('#view-modules .sign').length >= 3 && document.querySelector('#view-modules .hatch') !== null`)
	b.click("#reset")
	b.check("reset", `document.getElementById('result-bar').hidden && !document.querySelector('#view-modules .sign')`)

	b.click("#tab-failures")
	for i, f := range a.Design.FailureDomains {
		b.click(fmt.Sprintf(`[data-domain="%d"]`, i))
		agree(f.Name, analyzer.Scenario{Events: []analyzer.Event{{Kind: analyzer.DomainEvent, Module: -1, Domain: int32(i)}}})
		if f.Name == "eu-1a" {
			b.picture("zone")
			b.check("the way of a failure is told", `document.querySelector('#leaf .verdicts .lost .chain') !== null`)
			b.key("3")
			b.check("the zone's frame and replicas show it", `document.querySelector('#view-deployment .group[data-state=failed]') !== null && [...document.querySelectorAll('#view-deployment .node[data-state=failed]')].length >= 5`)
			b.picture("zone-deployment")
			b.key("1")
			b.picture("zone-overview")
			b.key("4")
			b.picture("zone-matrix")
			b.key("2")
		}
		b.click(fmt.Sprintf(`[data-domain="%d"]`, i))
	}
	b.key("Escape")
	b.click(`[aria-label^="search"]`)
	b.click(`[data-replica="1"]`)
	agree("a replica of search", analyzer.Scenario{Events: []analyzer.Event{{Kind: analyzer.ReplicaEvent, Module: module("search"), Replica: 1}}})
	b.click(`[data-replica="3"]`)
	agree("two replicas of search", analyzer.Scenario{Events: []analyzer.Event{
		{Kind: analyzer.ReplicaEvent, Module: module("search"), Replica: 1}, {Kind: analyzer.ReplicaEvent, Module: module("search"), Replica: 3},
	}})
	b.check("the address keeps it", `location.hash.includes('fail=search%2F1&fail=search%2F3')`)
}

func TestAddressAndOptionsKeepTheState(t *testing.T) {
	fail := diagram.Failing{Name: "eu-1b", Scenario: analyzer.Scenario{Events: []analyzer.Event{{Kind: analyzer.DomainEvent, Module: -1, Domain: 2}}}}
	_, b := shop(t, 1400, 900, Options{Diagram: diagram.Options{Journey: "checkout", Findings: true, Fail: []diagram.Failing{fail}}}, "")
	b.check("it starts with the journey", `document.getElementById('journey').selectedOptions[0].textContent === 'checkout'`)
	b.check("and the failure", `document.getElementById('result').textContent.includes('journeys lost: browse, checkout')`)
	b.check("and numbers", `document.querySelector('#view-modules .badge') !== null`)
	was := b.text(shown)
	hash := b.text(`location.hash`)
	file := b.text(`location.href.split('#')[0]`)
	b.call("Page.navigate", map[string]any{"url": "about:blank"}, nil)
	b.call("Page.navigate", map[string]any{"url": file + hash}, nil)
	b.wait(`document.documentElement?.dataset.ready === ''`)
	if got := b.text(shown); got != was {
		t.Errorf("from its address the page shows %s, want %s", got, was)
	}
	b.eval(`location.hash = '#view=deployment&fail=domain:eu-1a&fail=orders/2&fail=nobody&fail=web/9&module=orders'`)
	b.wait(`!document.getElementById('view-deployment').hidden`)
	b.check("a change of the address is followed", `document.getElementById('count-failures').textContent === '2' && document.getElementById('subject').textContent === 'orders'`)
	for _, odd := range []string{"#", "#%", "#view=%E0%A4%A&finding=99999&module=__proto__&fail=constructor", "#view=nothing&journey=toString&fold=&finding=-1"} {
		b.eval(`location.hash = ` + fmt.Sprintf("%q", odd))
		b.wait(`document.querySelectorAll('.view:not([hidden])').length === 1`)
	}
}

func TestKeyboardAlone(t *testing.T) {
	_, b := shop(t, 1400, 900, Options{}, "")
	b.key("Tab")
	b.check("the first stop skips to the drawing", `document.activeElement.classList.contains('skip') && document.activeElement.getBoundingClientRect().top >= 0`)
	b.key("Enter")
	b.check("a module has the focus", `document.activeElement.matches('#view-modules [data-node]')`)
	first := b.text(`document.activeElement.getAttribute('aria-label')`)
	for range 20 { // up to the top
		b.key("ArrowUp")
	}
	b.key("ArrowDown")
	if b.text(`document.activeElement.getAttribute('aria-label')`) == first {
		b.key("ArrowDown")
	}
	b.check("arrows lead to another", `document.activeElement.matches('#view-modules [data-node]') && document.activeElement.getAttribute('aria-label') !== `+fmt.Sprintf("%q", first))
	b.check("the focus can be seen", `getComputedStyle(document.activeElement).outlineStyle === 'solid'`)
	b.picture("focus")
	name := b.text(`document.activeElement.getAttribute('aria-label').split(',')[0]`)
	b.key("Enter")
	if got := b.text(`document.getElementById('subject').textContent`); got != name {
		t.Errorf("Enter opened %s, want %s", got, name)
	}
	reach := func(selector string) {
		t.Helper()
		for range 80 {
			if ok, _ := b.eval(`document.activeElement.matches(` + fmt.Sprintf("%q", selector) + `)`).(bool); ok {
				return
			}
			b.key("Tab")
		}
		t.Fatalf("the tab key does not reach %s", selector)
	}
	reach("#fail-module")
	b.key(" ")
	b.check("failed by the space bar", `!document.getElementById('result-bar').hidden && document.getElementById('fail-module').checked`)
	b.check("the focus stays", `document.activeElement.id === 'fail-module'`)
	b.check("the result is told", `document.getElementById('result').getAttribute('aria-live') === 'polite' && document.getElementById('result').textContent !== ''`)
	b.key("r")
	b.check("r resets", `document.getElementById('result-bar').hidden`)
	b.eval(`document.activeElement.blur()`)
	b.key("Home")
	b.key("g")
	b.check("g leads to the frame", `document.activeElement.matches('#view-modules .group')`)
	b.key("Enter")
	b.check("Enter folds", `document.activeElement.matches('.folded')`)
	b.key("Enter")
	b.check("and unfolds", `!document.querySelector('.folded') && document.activeElement.matches('.group')`)
	b.key("?")
	b.check("help opens", `document.getElementById('help').open`)
	b.picture("help")
	b.key("Escape")
	b.check("and closes", `!document.getElementById('help').open`)
	reach("#tab-details")
	b.key("ArrowRight")
	b.check("arrows switch tabs", `document.activeElement.id === 'tab-findings' && document.querySelector('#leaf .finding') !== null`)
	b.key("4")
	b.key("2")
	b.check("digits switch views", `!document.getElementById('view-modules').hidden`)
	b.check("all that can be clicked has a name", `[...document.querySelectorAll('button, [role=button], input, select')].every((e) => e.closest('[hidden]') || e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length)`)
}

func TestThemesAndSizes(t *testing.T) {
	_, b := shop(t, 1400, 900, Options{}, "")
	background := `getComputedStyle(document.body).backgroundColor`
	light := b.text(background)
	b.prefer("dark", "screen")
	dark := b.text(background)
	if light != "rgb(255, 255, 255)" || dark == light {
		t.Errorf("light is %s, dark %s", light, dark)
	}
	b.picture("dark")
	b.click(`[aria-label^="orders,"]`)
	b.click("#fail-module")
	b.picture("dark-failure")
	b.eval(`(() => { const s = document.getElementById('theme'); s.value = 'light'; s.dispatchEvent(new Event('change')); })()`)
	if got := b.text(background); got != light {
		t.Errorf("the switch gives %s, want %s", got, light)
	}
	b.eval(`(() => { const s = document.getElementById('theme'); s.value = 'dark'; s.dispatchEvent(new Event('change')); })()`)
	b.prefer("light", "print")
	if got := b.text(background); got != light {
		t.Errorf("printed on %s", got)
	}
	b.check("controls are not printed", `getComputedStyle(document.querySelector('.views')).display === 'none'`)
	b.picture("printed")
	b.prefer("light", "screen")
	b.eval(`(() => { const s = document.getElementById('theme'); s.value = 'auto'; s.dispatchEvent(new Event('change')); })()`)
	b.key("r")
	b.resize(390, 844, true)
	b.key("0")
	b.picture("narrow")
	b.check("nothing is wider than the screen", `document.documentElement.scrollWidth <= 390`)
	b.check("the drawing keeps room", `document.getElementById('canvas').clientHeight > 200`)
	b.click("#toggle-panel")
	b.key("0")
	b.picture("narrow-drawing")
}

// contrasts lists texts of the page, and of the drawing, that stand out too little from what lies behind them. Those in the
// drawing are judged against all areas that lie under their middle.
const contrasts = `(() => {
  const parse = (c) => { const m = c.match(/[\d.]+/g).map(Number); return m.length > 3 ? m : [...m, 1]; };
  const light = ([r, g, b]) => [r, g, b].map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }).reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
  const over = (top, below) => top.slice(0, 3).map((v, i) => v * top[3] + below[i] * (1 - top[3]));
  const behind = (e) => { const layers = []; for (let p = e; p; p = p.parentElement) { const c = parse(getComputedStyle(p).backgroundColor); layers.push(c); if (c[3] === 1) break; } return layers.reverse().reduce((b, c) => over(c, b), [255, 255, 255]); };
  const out = [];
  let seen = 0;
  for (const e of document.querySelectorAll('body *')) {
    if (e.closest('svg, script, style, template, noscript, dialog:not([open]), option') || !e.getClientRects().length) continue;
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
    const s = getComputedStyle(e);
    if (s.visibility === 'hidden') continue;
    seen++;
    const r = ratio(parse(s.color), behind(e));
    if (r < 4.5) out.push(e.localName + '.' + e.className + ' "' + e.textContent.trim().slice(0, 30) + '" ' + r.toFixed(2));
  }
  for (const e of document.querySelectorAll('.view:not([hidden]) text')) {
    const s = getComputedStyle(e);
    if (s.visibility === 'hidden' || e.closest('.away')) continue;
    const box = e.getBoundingClientRect();
    const at = [box.x + box.width / 2, box.y + box.height / 2];
    let below = parse(getComputedStyle(document.body).backgroundColor);
    for (const p of document.querySelectorAll('.view:not([hidden]) path, .view:not([hidden]) rect')) {
      if (!(p.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING) || p.closest('pattern')) continue;
      const f = getComputedStyle(p);
      if (f.fill === 'none' || f.fill.startsWith('url') || f.visibility === 'hidden') continue;
      const b = p.getBoundingClientRect();
      if (at[0] < b.left || at[0] > b.right || at[1] < b.top || at[1] > b.bottom) continue;
      if (!p.isPointInFill(new DOMPoint(...at).matrixTransform(p.getScreenCTM().inverse()))) continue;
      const c = parse(f.fill);
      below = over([c[0], c[1], c[2], c[3] * Number(f.fillOpacity) * Number(f.opacity)], below);
    }
    seen++;
    const least = e.closest('.faded') ? 3 : 4.5;
    const r = ratio(parse(s.fill), below);
    if (r < least) out.push('text "' + e.textContent.slice(0, 30) + '" ' + r.toFixed(2) + (e.closest('.faded') ? ' faded' : ''));
  }
  if (seen < 60) out.push('only ' + seen + ' texts were looked at');
  return [...new Set(out)].slice(0, 12).join('; ');
})()`

func TestTextStandsOut(t *testing.T) {
	_, b := shop(t, 1400, 900, Options{}, "")
	for _, theme := range []string{"light", "dark", "print"} {
		b.eval(`(() => { const s = document.getElementById('theme'); s.value = '` + theme + `'; s.dispatchEvent(new Event('change')); })()`)
		for _, at := range []string{
			"#view=modules", "#view=modules&module=orders", "#view=modules&fail=eu-1a&module=orders-db", "#view=modules&finding=8&marks=1", "#view=overview&fail=eu-1a",
			"#view=modules&fold=ordering&fail=orders-db", "#view=matrix&fail=eu-1a&module=web", "#view=modules&module=orders&around=1&fail=eu-1b", "#view=modules&journey=browse&fail=eu-1c",
		} {
			b.eval(`location.hash = ` + fmt.Sprintf("%q", at))
			b.wait(`location.hash === ` + fmt.Sprintf("%q", at))
			b.eval(`new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))`)
			if low := b.text(contrasts); low != "" {
				t.Errorf("%s, %s: %s", theme, at, low)
			}
		}
	}
}

// Names are shown as they are and do nothing.
func TestHostileNames(t *testing.T) {
	names := []string{
		`</script><script>document.title='hit'</script>`, `<img src=x onerror="document.title='hit'">`, `"><svg onload=document.title='hit'>`, `'"` + "`&amp;<b>", "a\nb\tc\\",
		"\u202eright to left\u202c", "שלום עולם", "日本語の名前 🚀", strings.Repeat("long-", 100), "<!--", "]]>", "{{.}}", "javascript:alert(1)", "--><script>alert(1)</script>", "\u2028\u2029", "__proto__", "constructor", "x\x00y\x1b[31m", "</style><script>alert(1)</script>", "</title></template></noscript>",
	}
	d := &schema.Design{System: names[0]}
	for i, name := range names {
		m := &schema.Module{
			Name: name, Replicas: 2, Team: names[(i+1)%len(names)], Group: names[i/4], Description: names[(i+2)%len(names)], Technology: names[(i+3)%len(names)],
			Tags: []string{names[(i+4)%len(names)]}, Links: []schema.Link{{Label: name, URL: "javascript:alert(1)"}, {Label: name, URL: `https://example.com/"><script>`}},
			Placement: &schema.Placement{Spread: []schema.Ref{{Name: names[i%3]}}}, Entry: i == 0,
		}
		m.DependsOn = []*schema.Dependency{{Key: names[(i+1)%len(names)], Protocol: name, Fallback: name, Strength: schema.Soft}, {Key: names[(i+5)%len(names)]},
			{Key: "any " + name, AnyOf: []schema.Ref{{Name: names[(i+2)%len(names)]}, {Name: names[(i+3)%len(names)]}}}}
		d.Modules = append(d.Modules, m)
	}
	for _, name := range names[:3] {
		d.FailureDomains = append(d.FailureDomains, &schema.FailureDomain{Name: name, Kind: schema.Zone})
		d.Journeys = append(d.Journeys, &schema.Journey{Name: name, Entry: schema.Ref{Name: name}})
	}
	d.Normalize()
	_, page := written(t, d, Options{Diagram: diagram.Options{Title: names[1], Stamp: names[2]}})
	text := string(page)
	if n := strings.Count(strings.ToLower(text), "<script"); n != 2 {
		t.Errorf("%d elements script, want 2", n)
	}
	if strings.ContainsAny(text, "\u2028\u2029\x00\x1b") {
		t.Error("control characters are in the page")
	}
	b := newBrowser(t, 1400, 900)
	b.open(saved(t, page), "")
	elements := `JSON.stringify([...new Set([...document.querySelectorAll('*')].map((e) => e.localName))].sort())`
	seen := func() {
		t.Helper()
		b.check("no script has run", `document.title !== 'hit' && !document.querySelector('img, b, iframe, object, embed, [onerror], [onload], [onclick]')`)
		b.check("no more scripts", `document.scripts.length === 2 && document.querySelectorAll('link').length === 1 && document.querySelectorAll('style').length === 1`)
		b.check("no link leads astray", `[...document.querySelectorAll('a[href]')].every((a) => /^(https?:|mailto:)/.test(a.href) || a.classList.contains('skip'))`)
	}
	seen()
	for i := range d.Modules {
		b.eval(fmt.Sprintf(`location.hash = '#view=modules&module=' + encodeURIComponent(JSON.parse(document.getElementById('design').textContent).modules[%d].name)`, i))
		b.wait(fmt.Sprintf(`document.getElementById('subject').textContent === JSON.parse(document.getElementById('design').textContent).modules[%d].name`, i))
		if i == 3 {
			b.click("#fail-module")
			b.picture("hostile")
		}
		seen()
	}
	for _, tab := range []string{"#tab-findings", "#tab-failures"} {
		b.click(tab)
		seen()
	}
	b.click("#tab-findings")
	b.click("#leaf .head")
	b.click("#marks")
	seen()
	for i := 1; i <= 4; i++ {
		b.key(fmt.Sprint(i))
		seen()
	}
	b.key("/")
	b.write("<img")
	b.check("found as text", `document.querySelector('#results .name').textContent.startsWith('<img src=x')`)
	seen()
	b.key("Enter")
	t.Log(b.text(elements))
	for _, c := range b.complaints() {
		t.Error(c)
	}
}

func TestPageIsSelfContainedAndTheSame(t *testing.T) {
	d := loaded(t, "testdata/shop")
	_, first := written(t, d, Options{})
	slices.Reverse(d.Modules)
	d.Normalize()
	_, second := written(t, d, Options{})
	if !bytes.Equal(first, second) {
		t.Error("the page differs with the order of declaration, or from run to run")
	}
	text := string(first)
	for _, want := range []string{"default-src &#39;none&#39;", "require-trusted-types-for"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
	for _, never := range []string{"unsafe-inline", "unsafe-eval", "innerHTML", "http-equiv=\"refresh\"", " style=", "@import", "document.write"} {
		if strings.Contains(text, never) {
			t.Errorf("the page has %s", never)
		}
	}
	for _, m := range regexp.MustCompile(`(?:(?:src|href)=|url\()["']?([^"')\s>]{1,40})`).FindAllStringSubmatch(text, -1) {
		if u := m[1]; !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "#") {
			t.Errorf("the page asks for %s", u)
		}
	}
}

func TestWithoutJavaScriptTheDrawingsShow(t *testing.T) {
	_, page := written(t, loaded(t, "testdata/shop"), Options{})
	b := newBrowser(t, 1200, 900)
	b.call("Emulation.setScriptExecutionDisabled", map[string]any{"value": true}, nil)
	b.call("Page.navigate", map[string]any{"url": address(t, saved(t, page))}, nil)
	b.wait(`document.readyState === 'complete' && document.querySelectorAll('svg.picture').length > 0`)
	b.check("the drawings show", `[...document.querySelectorAll('#view-modules, #view-matrix, #view-overview, #view-deployment')].every((e) => e.getBoundingClientRect().height > 100)`)
	b.check("what does nothing is not there", `getComputedStyle(document.getElementById('panel')).display === 'none' && getComputedStyle(document.querySelector('.views')).display === 'none'`)
	b.picture("without-script")
}

func TestSmallestDesign(t *testing.T) {
	d := &schema.Design{System: "one", Modules: []*schema.Module{{Name: "one", Replicas: 0}}}
	d.Normalize()
	_, page := written(t, d, Options{})
	b := newBrowser(t, 1000, 700)
	b.open(saved(t, page), "")
	b.check("it is shown", `document.querySelector('.view:not([hidden]) text') !== null`)
	b.key("2")
	b.key("1")
	b.key("/")
	b.key("Enter")
	b.check("it says that it is down", `document.querySelector('#leaf .fares.down') !== null`)
	for _, tab := range []string{"#tab-findings", "#tab-failures", "#tab-details"} {
		b.click(tab)
	}
	for _, c := range b.complaints() {
		t.Error(c)
	}
}

// A view that can't be laid out is left out and the page says so, unless it is the one to open with.
func TestViewsThatCannotBeLaidOut(t *testing.T) {
	a := analyzer.New(loaded(t, "testdata/shop"))
	e := engine(t)
	e.Program = filepath.Join(t.TempDir(), "missing")
	list := wantedViews(a, diagram.Options{})
	if _, _, err := draw(t.Context(), a, list, "modules", e); err == nil {
		t.Error("the view to open with is missing")
	}
	views, notes, err := draw(t.Context(), a, list, "matrix", e) // which needs no layout
	if err != nil || len(views) != 1 || len(notes) != 3 || !strings.HasPrefix(notes[0], `No view "Overview": `) {
		t.Errorf("%d views, %v, %v", len(views), notes, err)
	}
}

func TestOptionsThatDoNotFitAreRefused(t *testing.T) {
	a := analyzer.New(loaded(t, "testdata/shop"))
	var b bytes.Buffer
	err := Write(t.Context(), &b, a, nil, Options{Diagram: diagram.Options{Focus: []string{"nobody"}}}, layout.Engine{})
	var option *diagram.OptionError
	if !errors.As(err, &option) || option.Option != "focus" || b.Len() > 0 {
		t.Errorf("%v after %d bytes", err, b.Len())
	}
}
