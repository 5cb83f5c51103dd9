// Package baseline keeps the findings that a team knows of and has not mended yet, so that only new ones fail.
//
// A finding is known by its fingerprint and the path of its design, so that lines may move and declarations change their
// order. Where the design of an entry is gone, its findings are looked for in designs of other paths: the file was
// renamed. A renamed system or module is recognised where nothing else is possible; see Match.
package baseline

import (
	"cmp"
	"slices"
	"strings"

	"lintel/rules"
)

// Version is the version of the form of the file. It grows when a field changes its meaning or goes away; new fields
// leave it as it is. The form is docs/schemas/baseline.schema.json.
const Version = 1

// FileName is where a baseline is kept unless a user says otherwise.
const FileName = ".lintel-baseline.json"

// Baseline is a list of known findings.
type Baseline struct {
	Entries []Entry // in order of design, rule, subject
}

// Entry is a known finding of one design.
type Entry struct {
	Rule        string `json:"rule"`   // "RES001", "POL/owners"
	Design      string `json:"design"` // path of the design from the folder of the baseline, slash-separated
	System      string `json:"system"` // "" for a finding about a settings file
	Kind        string `json:"kind"`   // of the subject: "module"
	Subject     string `json:"subject"`
	Fingerprint string `json:"fingerprint"` // as in all output of lintel
	// Shape tells a renamed module from another: kind and neighbours of the subject at the time of writing, as 8
	// hexadecimal digits; "" where no module or several have it. For a dependency "a -> b" that of both, "a1… -> b2…".
	Shape string `json:"shape,omitempty"`
	Count int    `json:"count,omitempty"` // findings of this fingerprint in the design; 0 is 1
	// Covers are the ids of rules that saw something at the subject and left it to another one, when the entry was
	// written: where that one falls silent and they speak, it is nothing new.
	Covers  []string `json:"covers,omitempty"`
	Message string   `json:"message"` // when it was written, for people

	Line int `json:"-"` // where it stands in the file, from 1; 0 where it was not read
}

// Findings is the number of findings that the entry stands for.
func (e *Entry) Findings() int { return max(e.Count, 1) }

// Findings is the number of findings that the baseline holds.
func (b *Baseline) Findings() int {
	n := 0
	for i := range b.Entries {
		n += b.Entries[i].Findings()
	}
	return n
}

// id is what tells entries apart.
type id struct{ design, fingerprint string }

func (e *Entry) id() id { return id{e.Design, e.Fingerprint} }

func (b *Baseline) sort() {
	slices.SortStableFunc(b.Entries, func(x, y Entry) int {
		return cmp.Or(
			strings.Compare(x.Design, y.Design), strings.Compare(x.Rule, y.Rule), strings.Compare(x.Kind, y.Kind),
			strings.Compare(x.Subject, y.Subject), strings.Compare(x.Fingerprint, y.Fingerprint),
		)
	})
}

// Run is what one run over designs found, with what it knows about the paths of its designs.
type Run struct {
	Results  []*rules.Result
	Settings []rules.Finding // about settings files; their Location names the file
	// Relative turns a path as the run reports it into one from the folder of the baseline, slash-separated.
	Relative func(path string) string
	// Exists reports whether there is a file, or a folder, of a path from the folder of the baseline.
	Exists func(path string) (file, folder bool)
	// Whole reports whether the run checked every design in the folder of the baseline and below, so that an entry of any
	// other is about a design that is gone. It may take long, and is called once at most.
	Whole func() bool
}

// occurrence is a finding of a run with what it is matched by.
type occurrence struct {
	finding     *rules.Finding
	result      *rules.Result // nil for a finding about a settings file
	design      string        // relative to the baseline
	fingerprint string
}

// occurrences lists the findings of the run that are neither waived nor, by an earlier baseline, known.
func (r *Run) occurrences() []*occurrence {
	var out []*occurrence
	for _, res := range r.Results {
		design := r.Relative(res.Design.Path)
		for i := range res.Findings {
			f := &res.Findings[i]
			out = append(out, &occurrence{f, res, design, f.Fingerprint()})
		}
	}
	for i := range r.Settings {
		f := r.Settings[i]
		// Such a finding's subject is the file, by the name that it has from the working folder.
		design := r.Relative(f.Location.File)
		if f.Subject.Name == f.Location.File {
			f.Subject.Name = design
		}
		out = append(out, &occurrence{&r.Settings[i], nil, design, f.Fingerprint()})
	}
	return out
}

// Of gives the baseline of all that a run found.
func Of(r Run) *Baseline {
	b := &Baseline{}
	at := map[id]int{}
	shapes := map[*rules.Result]map[string]string{}
	covers := map[*rules.Result]map[rules.Subject][]string{}
	for _, o := range r.occurrences() {
		f := o.finding
		e := Entry{
			Rule: f.Rule.ID, Design: o.design, System: f.System, Kind: string(f.Subject.Kind), Subject: f.Subject.Name,
			Fingerprint: o.fingerprint, Message: f.Message,
		}
		if i, ok := at[e.id()]; ok {
			b.Entries[i].Count = b.Entries[i].Findings() + 1
			continue
		}
		if o.result == nil {
			if f.Subject.Name == f.Location.File {
				e.Subject = o.design
			}
		} else {
			if shapes[o.result] == nil {
				shapes[o.result] = shapesOf(o.result.Design)
				covers[o.result] = coveredBy(o.result)
			}
			e.Covers = covers[o.result][f.Subject]
			e.Shape = shapeOf(f.Subject, shapes[o.result])
		}
		at[e.id()] = len(b.Entries)
		b.Entries = append(b.Entries, e)
	}
	b.sort()
	return b
}
