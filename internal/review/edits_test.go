package review

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lintel/schema"
)

// edited draws a design that was made from another by a few edits.
func edited(t *rapid.T, d *schema.Design) *schema.Design {
	out, _ := editedAs(t, d)
	return out
}

// editedAs also tells what was done, as "kind status name: field field".
func editedAs(t *rapid.T, d *schema.Design) (*schema.Design, []string) {
	out := copyOf(d)
	fields := map[string]map[string]bool{} // of things that were changed
	done := map[string]string{}            // of what came and went
	note := func(kind Kind, name, field string) {
		k := string(kind) + " changed " + name
		if fields[k] == nil {
			fields[k] = map[string]bool{}
		}
		fields[k][field] = true
	}
	touched := map[string]bool{} // things that one edit has seen to
	once := func(key string) bool {
		if touched[key] {
			return false
		}
		touched[key] = true
		return true
	}
	for range rapid.IntRange(1, 5).Draw(t, "edits") {
		m := rapid.SampledFrom(out.Modules).Draw(t, "module")
		if done["module added "+m.Name] != "" {
			continue
		}
		switch rapid.IntRange(0, 8).Draw(t, "edit") {
		case 0:
			if once(m.Name + " replicas") {
				m.Replicas++
				note(OfModule, m.Name, "replicas")
			}
		case 1:
			if once(m.Name + " team") {
				m.Team += "x"
				note(OfModule, m.Name, "team")
			}
		case 2:
			if once(m.Name+" latency") && m.Latency == nil {
				m.Latency = new(time.Second)
				note(OfModule, m.Name, "latency")
			}
		case 3: // a new module, unlike all others
			name := fmt.Sprintf("new-%d", len(out.Modules))
			out.Modules = append(out.Modules, &schema.Module{Name: name, Kind: schema.Monitoring, Replicas: 7, Description: name})
			out.Normalize()
			done["module added "+name] = "x"
		case 4: // a dependency comes
			to := rapid.SampledFrom(out.Modules).Draw(t, "to")
			key := m.Name + " dep " + to.Name
			has := slices.ContainsFunc(m.DependsOn, func(d *schema.Dependency) bool {
				return d.Key == to.Name || slices.ContainsFunc(d.Targets(), func(r schema.Ref) bool { return r.Name == to.Name })
			})
			if to != m && !has && once(key) {
				m.DependsOn = append(m.DependsOn, &schema.Dependency{Key: to.Name, Strength: schema.Soft})
				out.Normalize()
				done["dependency added "+m.Name+" -> "+to.Name] = "x"
			}
		case 5: // a dependency goes
			if len(m.DependsOn) > 0 {
				i := rapid.IntRange(0, len(m.DependsOn)-1).Draw(t, "dependency")
				dep := m.DependsOn[i]
				free := once(m.Name + " dependency " + dep.Key)
				for _, r := range dep.Targets() {
					free = once(m.Name+" dep "+r.Name) && free
				}
				if free {
					m.DependsOn = slices.Delete(m.DependsOn, i, i+1)
					done["dependency removed "+m.Name+" -> "+dep.Key] = "x"
				}
			}
		case 6: // a dependency is changed
			if len(m.DependsOn) > 0 {
				dep := rapid.SampledFrom(m.DependsOn).Draw(t, "dependency")
				if done["dependency added "+m.Name+" -> "+dep.Key] == "" && once(m.Name+" dependency "+dep.Key) {
					if dep.Strength == schema.Hard {
						dep.Strength = schema.Soft
					} else {
						dep.Strength = schema.Hard
					}
					note(OfDependency, m.Name+" -> "+dep.Key, "strength")
				}
			}
		case 7:
			if len(out.Journeys) > 0 {
				j := rapid.SampledFrom(out.Journeys).Draw(t, "journey")
				if once(j.Name) {
					j.SLO.Availability = new(99.9)
					note(OfJourney, j.Name, "slo.availability")
				}
			}
		case 8:
			if len(out.FailureDomains) > 0 {
				f := rapid.SampledFrom(out.FailureDomains).Draw(t, "domain")
				if once(f.Name) {
					f.Availability = new(95.5)
					note(OfFailureDomain, f.Name, "availability")
				}
			}
		}
	}
	told := slices.Collect(maps.Keys(done))
	for k, f := range fields {
		told = append(told, k+": "+fmt.Sprint(slices.Sorted(maps.Keys(f))))
	}
	slices.Sort(told)
	return out, told
}

// The changes tell what was done, and nothing else; from the other side, what came has gone.
func TestChangesTellTheEdits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		old := randomDesign(t)
		new, want := editedAs(t, old)
		before, after := judge(old), judge(shuffle(t, new))
		c := Compare(before, after)
		var got []string
		for _, ch := range c.Changes {
			s := fmt.Sprintf("%s %s %s", ch.Kind, ch.Status, ch.Name)
			if ch.Status == Changed {
				var f []string
				for _, x := range ch.Fields {
					f = append(f, x.Field)
				}
				slices.Sort(f)
				s += ": " + fmt.Sprint(f)
			}
			got = append(got, s)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("told:\n%q\ndone:\n%q", got, want)
		}
		checkSwapped(t, c, Compare(after, before))
	})
}

// checkSwapped checks that a comparison from the other side says the same, turned round.
func checkSwapped(t *rapid.T, c, back *Comparison) {
	t.Helper()
	turn := map[Status]Status{Added: Removed, Removed: Added, Changed: Changed, Renamed: Renamed, Unchanged: Unchanged}
	effect := map[Effect]Effect{Neutral: Neutral, Weakens: Strengthens, Strengthens: Weakens}
	tell := func(list []Change, turned bool) []string {
		var out []string
		for _, ch := range list {
			s, name := ch.Status, ch.Name
			if turned {
				s = turn[s]
				name = cmp.Or(ch.OldName, name)
				if ch.Kind == OfDependency {
					name = "" // that of the module may have changed
				}
			}
			if ch.Kind == OfDependency {
				name = ""
			}
			for _, f := range ch.Fields {
				if turned {
					f.Old, f.New, f.Effect = f.New, f.Old, effect[f.Effect]
				}
				out = append(out, fmt.Sprint(ch.Kind, s, name, f.Field, f.Old, f.New, f.Effect))
			}
			out = append(out, fmt.Sprint(ch.Kind, s, name))
		}
		slices.Sort(out)
		return out
	}
	if a, b := tell(c.Changes, false), tell(back.Changes, true); !slices.Equal(a, b) {
		t.Errorf("there\n%q\nback\n%q", a, b)
	}
	points := func(list []SinglePoint) (out []string) {
		for _, p := range list {
			out = append(out, fmt.Sprint(p.Kind, p.Name, p.Journeys))
		}
		return out
	}
	for _, turn := range [][2]*Comparison{{c, back}, {back, c}} {
		there, back := turn[0], turn[1]
		// What takes down only journeys that the other state has not, or that are down in it, is not lost when they go.
		gained := slices.DeleteFunc(slices.Clone(there.Gained), func(p SinglePoint) bool {
			return !slices.ContainsFunc(p.Journeys, func(name string) bool {
				return !slices.ContainsFunc(there.Journeys, func(j JourneyChange) bool { return j.Name == name && (j.Status == Added || j.OldDown) })
			})
		})
		if !slices.Equal(points(gained), points(back.Lost)) {
			t.Errorf("single points there %+v, back %+v", there.Gained, back.Lost)
		}
		f, b := there.Findings, back.Findings
		if len(f.New) != len(b.Fixed)+len(b.Unjudged) || len(f.Unchanged)-len(f.Revealed) != len(b.Unchanged)-len(b.Revealed) || len(f.Revealed) != len(b.Covered) {
			t.Errorf("findings there: %d new, %d unchanged, %d of them revealed; back: %d fixed, %d unjudged, %d unchanged, %d of them revealed, %d covered",
				len(f.New), len(f.Unchanged), len(f.Revealed), len(b.Fixed), len(b.Unjudged), len(b.Unchanged), len(b.Revealed), len(b.Covered))
		}
	}
	if len(c.Journeys) != len(back.Journeys) || len(c.Modules) != len(back.Modules) {
		t.Errorf("journeys %d, back %d; modules %d, back %d", len(c.Journeys), len(back.Journeys), len(c.Modules), len(back.Modules))
	}
}

// Any two designs, turned round.
func TestSwapped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		old, new := judge(randomDesign(t)), judge(randomDesign(t))
		checkSwapped(t, Compare(old, new), Compare(new, old))
	})
}
