package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"lintel/internal/baseline"
	"lintel/internal/report"
	"lintel/rules"
	"lintel/schema"
)

// baselineFile is a baseline and where it stands.
type baselineFile struct {
	name   string // as the user gives it
	folder string // absolute, without symbolic links
	*baseline.Baseline
	text []byte // nil where there is no file yet
}

// maxBaseline bounds the bytes of a baseline: about a million findings.
const maxBaseline = 256 << 20

// openBaseline reads a baseline from the files that the designs are read from. What is wrong with it is of type
// schema.Errors.
func openBaseline(load schema.LoadOptions, name string) (*baselineFile, error) {
	b := placeBaseline(load, name)
	text, err := readBounded(load, b.path(load), maxBaseline)
	fault := schema.Error{Pos: schema.Range{File: filepath.ToSlash(name)}}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		fault.Message, fault.Hint = "there is no such baseline", "lintel baseline write --file "+quoted([]string{name})+" makes one of what is found now"
		if load.FS != nil {
			fault.Hint = "the baseline is read from git, as the designs are: git add " + quoted([]string{name})
		}
		return nil, schema.Errors{fault}
	case err != nil:
		fault.Message = "the baseline cannot be read: " + reason(err).Error()
		return nil, schema.Errors{fault}
	}
	if b.Baseline, err = baseline.Read(filepath.ToSlash(name), text); err != nil {
		return nil, err
	}
	b.text = text
	return b, nil
}

// placeBaseline gives an empty baseline at a place.
func placeBaseline(load schema.LoadOptions, name string) *baselineFile {
	path := filepath.FromSlash(name)
	if !filepath.IsAbs(path) {
		path = filepath.Join(load.Dir, path)
	}
	return &baselineFile{name: name, folder: resolved(filepath.Dir(path)), Baseline: &baseline.Baseline{}}
}

func (b *baselineFile) path(load schema.LoadOptions) string {
	return filepath.Join(b.folder, filepath.Base(filepath.FromSlash(b.name)))
}

// readBounded reads a file that the load options name, and fails where it holds more than max bytes.
func readBounded(load schema.LoadOptions, path string, max int64) ([]byte, error) {
	f, err := openIn(load, path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, max+1))
	if err == nil && int64(len(text)) > max {
		err = fmt.Errorf("it is larger than %d MB", max>>20)
	}
	return text, err
}

// openIn opens a file where the designs are read from: on the disk, or at a revision.
func openIn(load schema.LoadOptions, path string) (fs.File, error) {
	if name, ok := inTree(load, path); ok {
		return load.FS.Open(name)
	}
	return os.Open(path)
}

// inTree gives the name of an absolute path in the tree of a revision.
func inTree(load schema.LoadOptions, path string) (string, bool) {
	if load.FS == nil {
		return "", false
	}
	rel, err := filepath.Rel(load.Root, path)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// match compares what a run found with the baseline.
func (b *baselineFile) match(load schema.LoadOptions, r *report.Report, designs []*schema.Design) (*baseline.Matching, baseline.Run) {
	dir := load.Dir
	if dir == "" {
		dir = "."
	}
	dir = resolved(dir)
	run := baseline.Run{
		Results:  r.Results,
		Settings: r.Settings,
		Relative: func(path string) string {
			path = filepath.FromSlash(path)
			if !filepath.IsAbs(path) {
				path = filepath.Join(dir, path)
			}
			rel, err := filepath.Rel(b.folder, path)
			if err != nil { // on another volume
				rel = path
			}
			return filepath.ToSlash(rel)
		},
		Exists: func(path string) (file, folder bool) {
			path = filepath.FromSlash(path)
			if !filepath.IsAbs(path) {
				path = filepath.Join(b.folder, path)
			}
			var info fs.FileInfo
			var err error
			if name, ok := inTree(load, path); ok {
				info, err = fs.Stat(load.FS, name)
			} else {
				info, err = os.Stat(path)
			}
			return err == nil && !info.IsDir(), err == nil && info.IsDir()
		},
		Whole: func() bool { return len(r.Errors) == 0 && checkedAll(b.path(load), designs, load.Dir) },
	}
	return b.Match(run), run
}

// apply puts what the baseline knows into the report's known findings, and tells of what is stale.
func (b *baselineFile) apply(load schema.LoadOptions, r *report.Report, designs []*schema.Design, strict bool) {
	m, _ := b.match(load, r, designs)
	known := func(f *rules.Finding) bool { return m.Known[f] }
	r.Baseline = &report.Baseline{File: filepath.ToSlash(b.name)}
	r.BaselineState = "new"
	for _, res := range r.Results {
		res.Accept(known)
	}
	var open []rules.Finding
	for i := range r.Settings {
		if known(&r.Settings[i]) {
			r.Baseline.Settings = append(r.Baseline.Settings, r.Settings[i])
		} else {
			open = append(open, r.Settings[i])
		}
	}
	r.Settings = open
	for _, x := range m.Renamed {
		r.Baseline.Renamed = append(r.Baseline.Renamed, report.Renamed{Kind: x.Kind, Design: x.Design, Old: x.Old, New: x.New, Findings: x.Findings})
	}
	for _, e := range m.Stale {
		r.Baseline.Stale = append(r.Baseline.Stale, report.StaleEntry{
			Rule: e.Rule, Design: e.Design, System: e.System, Subject: rules.Subject{Kind: rules.SubjectKind(e.Kind), Name: e.Subject},
			Fingerprint: e.Fingerprint, Message: e.Message, Line: e.Line, Gone: e.Gone, Waived: e.Waived,
		})
	}
	if strict {
		r.FailOnStale(b.text)
	}
}
