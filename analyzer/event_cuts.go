package analyzer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lintel/schema"
)

// arrow stands between the two modules of a dependency: "web -> orders".
const arrow = " -> "

// cutsOf finds what "from -> to" cuts: all that from needs of a module at run time, or else a choice of that name.
func (a *Analysis) cutsOf(from int32, to string) (cuts []Cut) {
	if t, ok := a.moduleIndex[to]; ok {
		for k := a.byModule[from]; k < a.byModule[from+1]; k++ {
			d := &a.dependencies[k]
			if _, ok := slices.BinarySearch(d.Targets, t); !ok || d.When != schema.Runtime {
				continue
			}
			if len(d.AnyOf) == 0 {
				cuts = append(cuts, Cut{k, -1})
			} else {
				cuts = append(cuts, Cut{k, t})
			}
		}
	}
	if len(cuts) > 0 {
		return cuts
	}
	for k := a.byModule[from]; k < a.byModule[from+1]; k++ {
		if d := &a.dependencies[k]; d.Key == to && d.When == schema.Runtime && len(d.Targets) > 0 {
			cuts = append(cuts, Cut{k, -1})
		}
	}
	return cuts
}

// sides is one way to read a text as two names with an arrow between them.
type sides struct{ from, to string }

// sidesOf lists the ways to read a text as a dependency; names may hold arrows themselves. Names in quotes, as Go writes
// strings, leave no doubt.
func sidesOf(text string) (quoted *sides, plain []sides) {
	if q, err := strconv.QuotedPrefix(text); err == nil {
		if rest, ok := strings.CutPrefix(text[len(q):], arrow); ok {
			from, _ := strconv.Unquote(q)
			if to, err := strconv.Unquote(rest); err == nil {
				quoted = &sides{from, to}
			}
		}
	}
	for i := 0; ; {
		k := strings.Index(text[i:], arrow)
		if k < 0 {
			return quoted, plain
		}
		plain = append(plain, sides{text[:i+k], text[i+k+len(arrow):]})
		i += k + 1
	}
}

// parseCut reads "web -> orders"; known tells whether the text is about a dependency.
func (a *Analysis) parseCut(text string) (s Scenario, known bool, err error) {
	quoted, plain := sidesOf(text)
	if quoted != nil {
		plain = append([]sides{*quoted}, plain...)
	}
	var found []sides
	for i, p := range plain {
		from, ok := a.moduleIndex[p.from]
		if !ok {
			continue
		}
		if cuts := a.cutsOf(from, p.to); len(cuts) > 0 {
			found = append(found, p)
			s.Cuts = cuts
			if quoted != nil && i == 0 {
				return s, true, nil
			}
		}
	}
	switch {
	case len(found) == 1:
		return s, true, nil
	case len(found) > 1:
		return Scenario{}, true, &EventError{
			Detail: fmt.Sprintf("%q can be read in %d ways", shortName(text), len(found)),
			Hint:   fmt.Sprintf("write the names in quotes, such as %s%s%s", strconv.Quote(shortName(found[0].from)), arrow, strconv.Quote(shortName(found[0].to))),
		}
	case len(plain) == 0:
		return Scenario{}, false, nil
	}
	return Scenario{}, true, a.noCut(plain)
}

// noCut tells why none of the ways to read a text names a dependency at run time.
func (a *Analysis) noCut(ways []sides) error {
	for _, w := range ways {
		if from, ok := a.moduleIndex[w.from]; ok {
			return a.noDependency(from, w.to)
		}
	}
	w := ways[0]
	e := &EventError{Detail: fmt.Sprintf("no module %q", shortName(w.from))}
	_, isDomain := a.domainIndex[w.from]
	_, toKnown := a.moduleIndex[w.to]
	switch near := schema.Nearest(w.from, a.moduleNames()); {
	case isDomain:
		e.Hint = "it is a failure domain, which depends on nothing"
	case near != "" && (toKnown || len(a.cutsOf(a.moduleIndex[near], w.to)) > 0):
		e.Hint = fmt.Sprintf("did you mean %q?", shortName(near)+arrow+shortName(w.to))
	case near != "":
		e.Hint = fmt.Sprintf("did you mean %q?", shortName(near))
	}
	return e
}

// noDependency tells why there is nothing to cut between a module and a name.
func (a *Analysis) noDependency(from int32, to string) error {
	name := a.Module(from).Name
	var near []string // what it needs at run time
	for i := range a.DependenciesOf(from) {
		d := &a.DependenciesOf(from)[i]
		stated := d.Key == to || slices.ContainsFunc(d.Dependency.Targets(), func(r schema.Ref) bool { return r.Name == to })
		switch {
		case stated && d.When != schema.Runtime:
			return &EventError{
				Detail: fmt.Sprintf("%s needs %s at %s only", shortName(name), shortName(to), phaseInWords(d.When)),
				Hint:   "what is cut is a dependency at run time: the others fail nothing that runs",
			}
		case stated:
			return &EventError{Detail: fmt.Sprintf("%s%s%s leads to no module of the design", shortName(name), arrow, shortName(to)), Hint: "there is nothing to cut"}
		case d.When != schema.Runtime:
			continue
		}
		if len(d.AnyOf) > 0 {
			near = append(near, d.Key)
		}
		for _, t := range d.Targets {
			near = append(near, a.Module(t).Name)
		}
	}
	e := &EventError{Detail: fmt.Sprintf("%s does not depend on %q", shortName(name), shortName(to))}
	other, isModule := a.moduleIndex[to]
	switch n := schema.Nearest(to, near); {
	case isModule && len(a.cutsOf(other, name)) > 0:
		e.Hint = fmt.Sprintf("%s depends on it: write %q", shortName(to), shortName(to)+arrow+shortName(name))
	case n != "":
		e.Hint = fmt.Sprintf("did you mean %q?", shortName(name)+arrow+shortName(n))
	case len(near) == 0:
		e.Hint = "it depends on nothing at run time"
	default:
		const most = 4 // in a message
		slices.Sort(near)
		near = slices.Compact(near)
		rest := ""
		if len(near) > most {
			rest = fmt.Sprintf(" and %d more", len(near)-most)
			near = near[:most]
		}
		for i := range near {
			near[i] = shortName(near[i])
		}
		e.Hint = "it depends on " + strings.Join(near, ", ") + rest
	}
	return e
}

func phaseInWords(p schema.Phase) string {
	if p == schema.Deploys {
		return "deployment"
	}
	return string(p)
}

// meantArrow gives "web -> orders" for "web->orders" and "web → orders", and "" where text is no such thing.
func (a *Analysis) meantArrow(text string) string {
	for _, sign := range []string{"->", "→", "=>", ">"} {
		from, to, ok := strings.Cut(text, sign)
		if from, to = strings.TrimSpace(from), strings.TrimSpace(to); !ok {
			continue
		}
		if m, known := a.moduleIndex[from]; known && len(a.cutsOf(m, to)) > 0 {
			return shortName(from) + arrow + shortName(to)
		}
	}
	return ""
}
