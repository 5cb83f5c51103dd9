package page

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"lintel/analyzer"
)

// Failures in the address mean what they mean to the command: any two replicas are two further ones, say.
func TestFailuresInTheAddressAreTheCommands(t *testing.T) {
	a, b := shop(t, 1400, 900, Options{}, "")
	for _, texts := range [][]string{
		{"search:2"}, {"search:1", "search/1"}, {"search:1", "search/2", "search:1"}, {"search:2", "search/3", "search/1"}, {"search:3"},
		{"catalog-db:1", "eu-1a"}, {"catalog-db:1"}, {"web:2", "eu-1b"}, {"web:1", "web:2"}, {"events:2", "domain:eu-1c", "module:orders"}, {"stripe", "sessions"},
		{"search:2", "search"}, {"web:1", "eu-1a", "eu-1b", "eu-1c"},
	} {
		all, _, err := a.ParseEvents(texts...)
		if err != nil {
			t.Fatalf("%v: %v", texts, err)
		}
		var want []string
		s := newScenario(all)
		for _, d := range s.Domains {
			want = append(want, a.Design.FailureDomains[d].Name)
		}
		modules := append(slices.Clone(s.Modules), s.Externals...)
		slices.Sort(modules)
		for _, m := range modules {
			want = append(want, a.Module(m).Name)
		}
		for _, r := range s.Replicas {
			want = append(want, fmt.Sprintf("%s/%d", a.Module(int32(r[0])).Name, r[1]))
		}
		hash := "#view=modules"
		for _, text := range texts {
			hash += "&fail=" + url.QueryEscape(text)
		}
		b.eval(`location.hash = ` + fmt.Sprintf("%q", hash))
		b.wait(`location.hash === ` + fmt.Sprintf("%q", hash))
		b.eval(`new Promise((done) => setTimeout(done, 30))`)
		b.eval(`document.getElementById('tab-failures').click()`)
		got := b.text(`[...document.querySelectorAll('.chips .name')].map((e) => e.textContent.replace(', replica ', '/')).join()`)
		if got != strings.Join(want, ",") {
			t.Errorf("%v: the page takes %s, the command %s", texts, got, strings.Join(want, ","))
		}
	}
}

// What was down before any failure is not laid to the failures that were chosen.
func TestWhatWasDownBeforeIsSaidApart(t *testing.T) {
	d := loaded(t, "testdata/shop")
	for _, m := range d.Modules {
		if m.Name == "sessions" {
			m.Replicas = 0
		}
	}
	a, page := written(t, d, Options{})
	before := a.Simulate(analyzer.Scenario{})
	if before.Down < 2 || len(before.Lost) == 0 || len(before.Lost) == len(a.Journeys()) {
		t.Fatalf("%d modules are down before, and %d journeys", before.Down, len(before.Lost))
	}
	b := newBrowser(t, 1400, 900)
	b.open(saved(t, page), "#view=modules&fail=search")
	if got, want := b.text(`document.getElementById('result').textContent`), fmt.Sprintf("before any failure: %d modules down", before.Down); !strings.Contains(got, want) || !strings.HasPrefix(got, "No further journey lost of 3") {
		t.Errorf("the page says %q, want %s", got, want)
	}
	b.check("the result is not one of a loss", `document.getElementById('result-bar').dataset.verdict !== 'lost'`)
	b.eval(`document.getElementById('tab-failures').click()`)
	if got := b.number(`document.querySelectorAll('#down-before li').length`); int(got) != before.Down {
		t.Errorf("%g modules are listed as down before, want %d", got, before.Down)
	}
	after := a.Simulate(analyzer.Scenario{Modules: []int32{must(a.ModuleIndex("search"))}})
	if got := b.number(`document.querySelectorAll('#down-modules li').length`); int(got) != after.Down-before.Down {
		t.Errorf("%g modules are listed as down, want %d", got, after.Down-before.Down)
	}
}

func must(i int32, ok bool) int32 {
	if !ok {
		panic("unknown module")
	}
	return i
}
