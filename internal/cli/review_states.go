package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"lintel/internal/review"
	"lintel/internal/review/format"
	"lintel/rules"
	"lintel/schema"
)

// side is one of the two states that are compared.
type side struct {
	name  string
	state review.State // but for its name and errors
	load  schema.LoadOptions
	paths []string

	designs []*schema.Design
	faults  schema.Errors
	files   *settingsFiles
	lint    map[*schema.Design]*schema.Lint // the settings file that governs each
}

// compared is what a comparison gave.
type compared struct {
	report *format.Report
	inputs []string // the files that were read from the disk, absolute
}

// compare loads both states, judges them and compares them. Between is nil where the states are no revisions.
func (s *session) compare(o reviewOptions, old, new *side, between *revisions, p *progress) (*compared, error) {
	p.phase("reading designs", 0)
	var failed [2]error
	var group sync.WaitGroup
	for i, one := range []*side{old, new} {
		group.Add(1)
		work := func() {
			defer group.Done()
			failed[i] = one.read(o.config)
		}
		if i == 0 {
			go work()
		} else {
			work()
		}
	}
	group.Wait()
	if err := errors.Join(failed[:]...); err != nil {
		return nil, err
	}
	r := &format.Report{
		Version: versionOf().Version, FailOn: o.failOn, Prefix: repositoryPrefix(), Tag: o.tag, Quiet: o.quiet,
		Old: old.state, New: new.state, Strict: between == nil,
	}
	r.Old.Name, r.New.Name = old.name, new.name
	if between != nil {
		notes, err := between.leaveOut()
		if err != nil {
			return nil, err
		}
		r.Notes = notes
	}
	settleMissing(old, new)
	if between != nil {
		refuseNowhere(old, new)
	}
	r.Old.Errors, r.New.Errors = old.faults, new.faults

	if err := refuseUnknownRules(o.settings, lintsOf(old, new)); err != nil && len(old.faults)+len(new.faults) == 0 {
		return nil, err
	}

	var renamed map[string]string
	var err error
	if between == nil {
		renamed = sameNames(old, new)
	} else if renamed, err = between.renamed(); err != nil {
		return nil, err
	}
	if err := refuseUnknownRulesOf(o.settings, old, new); err != nil {
		return nil, err
	}
	pairs := pairDesigns(old, new, renamed)
	for i, p := range pairs {
		// The two paths of lintel diff differ by nature.
		pairs[i].moved = p.old != nil && p.new != nil && p.old.Path != p.new.Path && (between != nil || renamed[p.old.Path] != p.new.Path)
	}
	known, err := o.openBaselines(old, new, r)
	if err != nil {
		return nil, err
	}
	if r.Designs, err = o.judge(pairs, new, known, p); err != nil {
		return nil, err
	}
	inputs := inputsOf(new.designs, new.faults, new.files)
	if old.load.FS == nil {
		inputs = append(inputs, inputsOf(old.designs, old.faults, old.files)...)
	}
	if o.baseline != "" { // in the working tree, too, where it is read from a revision
		inputs = append(inputs, known.now.path(new.load))
	}
	return &compared{report: r, inputs: inputs}, nil
}

// lintsOf gives all settings of both states.
func lintsOf(sides ...*side) []*schema.Lint {
	var out []*schema.Lint
	for _, d := range sides {
		for _, one := range d.designs {
			out = append(out, &one.Lint, d.lint[one])
		}
	}
	return out
}

// read loads the designs of one state and the settings that govern them.
func (d *side) read(config string) error {
	d.files = newSettingsFiles(d.load, config)
	d.lint = map[*schema.Design]*schema.Lint{}
	designs, err := schema.Load(d.load, d.here(d.paths)...)
	faults, err := asFaults(err)
	if err != nil {
		return err
	}
	d.faults = faults
	for _, one := range designs {
		lint, err := d.files.of(one)
		if faults, other := asFaults(err); other != nil {
			return other
		} else if err != nil {
			d.faults = append(d.faults, faults...)
			continue
		}
		if faults := rules.CheckSettings(&one.Lint, lint); len(faults) > 0 {
			d.faults = append(d.faults, withSnippets(faults, one.Sources)...)
			continue
		}
		d.lint[one] = lint
		d.designs = append(d.designs, one)
	}
	return nil
}

// refuseUnknownRulesOf fails where a flag names a rule or policy that neither state has.
func refuseUnknownRulesOf(settings rules.Settings, sides ...*side) error {
	var lints []*schema.Lint
	for _, one := range sides {
		if len(one.faults) > 0 {
			return nil // the policies of some designs are not known
		}
		for _, d := range one.designs {
			lints = append(lints, &d.Lint, one.lint[d])
		}
	}
	if len(lints) == 0 {
		return nil
	}
	return refuseUnknownRules(settings, lints)
}

// here leaves out the paths that this state does not have, if it has another one: they are for the other state.
func (d *side) here(paths []string) []string {
	kept := slices.DeleteFunc(slices.Clone(paths), func(p string) bool {
		return p != "-" && !isPattern(p) && !d.has(folderOf(p))
	})
	if len(kept) == 0 {
		return paths
	}
	return kept
}

// has reports whether a file or folder is there in this state.
func (d *side) has(path string) bool {
	path = filepath.FromSlash(path)
	if !filepath.IsAbs(path) {
		path = filepath.Join(d.load.Dir, path)
	}
	path = filepath.Clean(path)
	if d.load.FS == nil {
		_, err := os.Stat(path)
		return err == nil
	}
	name, err := filepath.Rel(d.load.Root, path)
	if err != nil {
		return false
	}
	_, err = fs.Stat(d.load.FS, filepath.ToSlash(name))
	return err == nil
}

// settleMissing takes back the faults that only say that a state has nothing where the other one has something, be it a
// design that does not load. What neither has is a fault of the new one.
func settleMissing(old, new *side) {
	var nowhere schema.Errors
	for _, e := range old.faults {
		if isMissing(e) {
			nowhere = append(nowhere, e)
		}
	}
	old.faults = slices.DeleteFunc(old.faults, isMissing)
	new.faults = slices.DeleteFunc(new.faults, func(e schema.Error) bool {
		return isMissing(e) && !slices.ContainsFunc(nowhere, sameAs(e)) && len(old.designs)+len(old.faults) > 0
	})
}

// refuseNowhere makes faults of the new state of the paths at which neither state has anything.
func refuseNowhere(old, new *side) {
	for i, p := range new.paths {
		missing := schema.Error{Pos: schema.Range{File: filepath.ToSlash(p)}, Message: "no such file or folder"}
		if isPattern(p) || p == "-" || new.has(folderOf(p)) || i < len(old.paths) && old.has(folderOf(old.paths[i])) || slices.ContainsFunc(new.faults, sameAs(missing)) {
			continue
		}
		new.faults = append(new.faults, missing)
	}
}

func sameAs(a schema.Error) func(schema.Error) bool {
	return func(b schema.Error) bool { return a.Pos.File == b.Pos.File && a.Message == b.Message }
}

func isPattern(path string) bool { return strings.ContainsAny(path, "*?[{") }

// folderOf gives the folder of a path that stands for all below it.
func folderOf(path string) string { return strings.TrimSuffix(filepath.ToSlash(path), "...") }

// isMissing reports whether a fault says that there is nothing at all.
func isMissing(e schema.Error) bool {
	return !e.Pos.IsKnown() && (strings.HasPrefix(e.Message, "no design in ") || e.Message == "no such file or folder" || strings.HasPrefix(e.Message, "no design matches"))
}

func pluralVerb(n int, one, many string) string {
	if n == 1 {
		return "1 " + one + " is"
	}
	return fmt.Sprintf("%d %s are", n, many)
}

// pair is one design in both states; one of them may be nil.
type pair struct {
	old, new         *schema.Design
	oldLint, newLint *schema.Lint
	unread           bool // the old state does not load
	moved            bool // it is found under another path
}

// pairDesigns pairs the designs of two states. A design of the old state that does not load in the new one is in no
// pair.
func pairDesigns(old, new *side, renamed map[string]string) []pair {
	backwards := make(map[string]string, len(renamed))
	for from, to := range renamed {
		backwards[to] = from
	}
	var out []pair
	for _, both := range review.Partners(old.designs, new.designs, renamed) {
		p := pair{old: both[0], new: both[1]}
		p.oldLint, p.newLint = old.lint[p.old], new.lint[p.new]
		switch {
		case p.old == nil:
			p.unread = old.lost(p.new, backwards)
		case p.new == nil && new.lost(p.old, renamed):
			continue
		}
		out = append(out, p)
	}
	return out
}

// lost reports whether a design of the other state is there in this one, and does not load. Names give the files of this
// state by those of the other, where they differ.
func (d *side) lost(other *schema.Design, names map[string]string) bool {
	here := func(f string) string { return cmp.Or(names[f], f) }
	for _, e := range d.faults {
		if isMissing(e) {
			continue
		}
		if file := e.Pos.File; file == here(other.Path) || slices.ContainsFunc(other.Files, func(f string) bool { return here(f) == file }) {
			return true
		}
	}
	// What is at fault may be a file that the design imports.
	return len(d.faults) > 0 && slices.ContainsFunc(other.Files, func(f string) bool {
		return d.has(here(f)) && !slices.ContainsFunc(d.designs, func(x *schema.Design) bool { return slices.Contains(x.Files, here(f)) })
	})
}
