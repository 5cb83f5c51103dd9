package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	urfave "github.com/urfave/cli/v2"
)

var diffCommand = &command{
	name: "diff", args: "OLD NEW", takes: design, maxArgs: 2,
	summary: "Compare two designs, or the designs of two folders",
	about: `OLD and NEW are files (CUE, JSON, YAML), folders with all that lies below
them, or - for stdin. Designs of folders belong together that lie under the
same path, else those of the same system.

Both are judged by the rule settings and policies of NEW, and each by its own
waivers; see lintel review, which compares revisions of git.

The exit code is 0 when nothing new is found as --fail-on has it, 1 when
something is, 2 for bad input, settings or usage, 3 for a bug in lintel.`,
	flags: slices.Concat(comparisonFlags("lintel diff"), []flagSpec{
		{name: "stdin-filename", value: "NAME", takes: path,
			usage: "The name to report for -; its ending says the format."},
	}),
	examples: []example{
		{"lintel diff shop.cue proposal.cue", "two files"},
		{"lintel diff ../release/designs designs --format markdown", "two folders"},
		{"git show main:shop.yaml | lintel diff - shop.yaml --stdin-filename old.yaml", "from a pipe"},
	},
	run: runDiff,
}

func runDiff(s *session, c *urfave.Context) error {
	o, err := readReviewOptions(c)
	if err != nil {
		return err
	}
	args := c.Args().Slice()
	if len(args) != 2 {
		return usagef("two designs are to be compared, not %d", len(args)).hint("lintel diff OLD NEW; lintel review compares revisions of git")
	}
	if args[0] == "-" && args[1] == "-" {
		return usagef("OLD and NEW cannot both come from stdin").hint("name a file for one of them")
	}
	p := &progress{}
	if !o.quiet {
		p = s.startProgress()
	}
	defer p.end()
	old, new := s.sideOf(args[0], c.String("stdin-filename")), s.sideOf(args[1], c.String("stdin-filename"))
	for i, one := range []*side{old, new} {
		if args[i] != "-" && !strings.ContainsAny(args[i], "*?[{") && !one.has(strings.TrimSuffix(filepath.ToSlash(args[i]), "...")) {
			return usagef("%s: no such file or folder", args[i])
		}
	}
	r, err := s.compare(o, old, new, nil, p)
	if err != nil {
		return err
	}
	return s.finishReview(o, r, p)
}

// sideOf gives the side of lintel diff that a path names; of a folder, all that lies below it.
func (s *session) sideOf(path, stdinFilename string) *side {
	one := &side{name: path, load: s.loadOptions(stdinFilename), paths: []string{path}}
	if path == "-" {
		one.name = "stdin"
	} else if isDirectory(path) {
		one.paths = []string{strings.TrimSuffix(filepath.ToSlash(path), "/") + "/..."}
	}
	return one
}

func isDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// sameNames tells which files of two folders have one name, or, of two designs, that they belong together.
func sameNames(old, new *side) map[string]string {
	out := map[string]string{}
	if len(old.designs) == 1 && len(new.designs) == 1 {
		o, n := old.designs[0], new.designs[0]
		out[o.Path] = n.Path
		return out
	}
	within := func(one *side) map[string]string {
		names := map[string]string{}
		base := one.files.absolute(strings.TrimSuffix(one.paths[0], "..."))
		for _, d := range one.designs {
			for _, f := range append(slices.Clone(d.Files), d.Path) {
				if rel, err := filepath.Rel(base, one.files.absolute(filepath.FromSlash(f))); err == nil {
					names[rel] = f
				}
			}
		}
		return names
	}
	others := within(new)
	for rel, f := range within(old) {
		if to, ok := others[rel]; ok {
			out[f] = to
		}
	}
	return out
}
