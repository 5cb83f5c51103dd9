package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lintel/schema"
)

// targetOf gives the place where a file is or would be, whatever the spelling of its name: absolute and without
// symbolic links.
func targetOf(name string) string {
	abs, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		return filepath.Join(dir, filepath.Base(abs))
	}
	return abs
}

// sameFile reports whether two names stand for one file, also on a file system that does not tell upper from lower
// case.
func sameFile(a, b string) bool {
	if targetOf(a) == targetOf(b) {
		return true
	}
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// inputsOf lists the files that the run reads, by the names under which it reports them.
func inputsOf(designs []*schema.Design, faults schema.Errors, settings *settingsFiles) []string {
	var out []string
	for _, d := range designs {
		out = append(out, d.Files...)
		for name := range d.Sources {
			out = append(out, name)
		}
	}
	for _, e := range faults {
		if e.Pos.File != "" {
			out = append(out, e.Pos.File)
		}
	}
	for name := range settings.read {
		out = append(out, name)
	}
	for i, name := range out {
		out[i] = settings.absolute(filepath.FromSlash(name))
	}
	return out
}

// refuseInputs fails where a report would be written over what the run reads.
func refuseInputs(outputs []output, inputs []string) error {
	for _, o := range outputs {
		if over := overInput(o.file, inputs); over != "" {
			return usagef("--format %s=%s would write the report over %s", o.format, o.file, over).hint("name another file")
		}
	}
	return nil
}

// overInput names what would be lost if file were written: what the run reads, or a CUE file that is there. That is
// never a report nor a drawing, and it may belong to a package of which another file is at fault. It returns "" where
// nothing would be lost.
func overInput(file string, inputs []string) string {
	info, err := os.Stat(file)
	if file == "" || err != nil || !info.Mode().IsRegular() {
		return ""
	}
	if slices.ContainsFunc(inputs, func(in string) bool { return sameFile(file, in) }) {
		return "the input"
	}
	if strings.EqualFold(filepath.Ext(targetOf(file)), ".cue") {
		return "a CUE file"
	}
	return ""
}
