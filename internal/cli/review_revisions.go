package cli

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"lintel/internal/review"
	"lintel/internal/vcs"
	"lintel/schema"
)

// revisions are the two states of a repository that are compared.
type revisions struct {
	repo             *vcs.Repository
	dir              string // the working folder, without symbolic links
	old, new         *side
	oldState         review.State
	oldTree, newTree *vcs.Tree // newTree is nil for the working tree
	// renamed gives the new names of the designs' files by their old ones, both as they are reported. Git looks for them
	// while the designs are read.
	renamed func() (map[string]string, error)
}

func (r *revisions) close() {
	if r.repo != nil {
		r.repo.Close()
	}
}

// revisions reads the words of a command line, of which the first before stand in front of "--" (all, where it is -1).
func (s *session) revisions(words []string, before int, staged bool) (*revisions, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	repo, err := vcs.Open(s.ctx, dir)
	if err != nil {
		return nil, err
	}
	r := &revisions{repo: repo, dir: dir}
	if repo.Bare() {
		r.dir = repo.Root()
	}
	if err := r.between(words, before, staged); err != nil {
		repo.Close()
		return nil, err
	}
	return r, nil
}

// asked is what the words of the command line ask for.
type asked struct {
	base, head string // "" where not named
	direct     bool   // BASE..HEAD: BASE itself and not the merge base
	paths      []string
}

func (r *revisions) between(words []string, before int, staged bool) error {
	if slices.Contains(words, "-") {
		return usagef("lintel review reads no design from stdin").hint("lintel diff OLD - compares a file with stdin")
	}
	if slices.Contains(words, "") {
		return usagef("a revision or path is empty").hint("leave it out, or check the variable that it came from")
	}
	a, err := r.read(words, before)
	if err != nil {
		return err
	}
	if len(a.paths) == 0 {
		a.paths = []string{"./..."}
	}
	switch {
	case staged && a.head != "":
		return usagef("--staged compares with the index, so %s has no place", a.head).hint("lintel review --staged %s", a.base)
	case staged && r.repo.Bare():
		return usagef("a bare repository has no index").hint("name two revisions: lintel review BASE HEAD")
	}
	var new vcs.Commit
	newName := "the working tree"
	switch {
	case staged:
		if r.newTree, err = r.repo.Index(); err != nil {
			return err
		}
		newName = "the index"
	case a.head != "" || r.repo.Bare():
		if new, err = r.repo.Commit(orHead(a.head)); err != nil {
			return err
		}
		if r.newTree, err = r.repo.At(new); err != nil {
			return err
		}
		newName = commitName(new)
	}
	oldName, err := r.findOld(a, new, staged)
	if err != nil {
		return err
	}
	r.old = &side{name: oldName, load: schema.LoadOptions{Dir: r.dir, FS: r.oldTree, Root: r.repo.Root()}, paths: a.paths}
	r.new = &side{name: newName, load: schema.LoadOptions{Dir: r.dir}, paths: a.paths}
	r.old.state, r.new.state = r.oldState, review.State{Kind: review.WorkingTree}
	switch {
	case staged:
		r.new.state.Kind = review.InIndex
	case new.ID != "":
		r.new.state = review.State{Kind: review.AtCommit, Revision: new.Name, Commit: new.ID}
	}
	if r.newTree != nil {
		r.new.load.FS, r.new.load.Root = r.newTree, r.repo.Root()
	} else if r.new.load.FS, err = r.repo.WorkingTree(); err != nil {
		return err
	} else {
		r.new.load.Root = r.repo.Root()
	}
	r.renamed = sync.OnceValues(r.findRenamed)
	go r.renamed()
	return r.followPaths()
}

// findRenamed asks git for the files that were renamed.
func (r *revisions) findRenamed() (map[string]string, error) {
	renames, err := r.repo.Renames(r.oldTree, r.newTree, "*.cue", "*.json", "*.yaml", "*.yml")
	if err != nil {
		return nil, err
	}
	out := make(map[string]string, len(renames))
	for from, to := range renames {
		out[r.reported(from)] = r.reported(to)
	}
	return out, nil
}

// followPaths names a file that was renamed in each state by the name that it has there.
func (r *revisions) followPaths() error {
	follow := func(here, there *side, name func(map[string]string, string) string) error {
		for i, p := range here.paths {
			if strings.ContainsAny(p, "*?[{") || strings.HasSuffix(p, "...") || here.has(p) || !there.has(p) {
				continue
			}
			renamed, err := r.renamed()
			if err != nil {
				return err
			}
			abs := p
			if !filepath.IsAbs(abs) {
				abs = filepath.Join(r.dir, filepath.FromSlash(p))
			}
			if other := name(renamed, r.relative(abs)); other != "" {
				here.paths = slices.Clone(here.paths)
				here.paths[i] = other
			}
		}
		return nil
	}
	if err := follow(r.new, r.old, func(renamed map[string]string, p string) string { return renamed[p] }); err != nil {
		return err
	}
	return follow(r.old, r.new, func(renamed map[string]string, p string) string {
		for from, to := range renamed {
			if to == p {
				return from
			}
		}
		return ""
	})
}

// submodules gives the folders of submodules in either state, absolute.
func (r *revisions) submodules() []string {
	list := slices.Clone(r.oldTree.Submodules)
	if r.newTree != nil {
		list = append(list, r.newTree.Submodules...)
	} else if exists(filepath.Join(r.repo.Root(), ".gitmodules")) {
		if index, err := r.repo.Index(); err == nil {
			list = append(list, index.Submodules...)
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	for i, m := range list {
		list[i] = filepath.Join(r.repo.Root(), filepath.FromSlash(m))
	}
	return list
}

// leaveOut takes the designs out of the new state that the old one cannot have, and tells of them: those in submodules,
// and those of the working tree that git does not track and is told to ignore.
func (r *revisions) leaveOut() (notes []string, err error) {
	new := r.new
	for _, m := range r.submodules() {
		n := len(new.designs)
		new.designs = slices.DeleteFunc(new.designs, func(d *schema.Design) bool {
			abs := new.files.absolute(filepath.FromSlash(d.Path))
			return abs == m || strings.HasPrefix(abs, m+string(filepath.Separator))
		})
		if n -= len(new.designs); n > 0 {
			notes = append(notes, fmt.Sprintf("%s left out, in the submodule %s: it has revisions of its own; review it there", pluralVerb(n, "design", "designs"), r.relative(m)))
		}
	}
	if r.newTree != nil || !slices.ContainsFunc(new.designs, r.isNew) {
		return notes, nil
	}
	changed, err := r.repo.Changed(r.oldTree, nil)
	if err != nil {
		return nil, err
	}
	for i, f := range changed {
		changed[i] = r.reported(f)
	}
	slices.Sort(changed)
	n := len(new.designs)
	new.designs = slices.DeleteFunc(new.designs, func(d *schema.Design) bool {
		return r.isNew(d) && !slices.Contains(new.paths, d.Path) && !slices.ContainsFunc(d.Files, func(f string) bool {
			_, ok := slices.BinarySearch(changed, f)
			return ok
		})
	})
	if n -= len(new.designs); n > 0 {
		notes = append(notes, pluralVerb(n, "design", "designs")+" left out, which git ignores")
	}
	return notes, nil
}

// isNew reports whether the old state has none of the files of a design.
func (r *revisions) isNew(d *schema.Design) bool { return !slices.ContainsFunc(d.Files, r.old.has) }

// reported gives a path from the root of the repository the form in which designs are reported: from the working folder
// where it lies below that, else absolute.
func (r *revisions) reported(path string) string {
	return r.relative(filepath.Join(r.repo.Root(), filepath.FromSlash(path)))
}

// relative gives an absolute path from the working folder where it lies below that.
func (r *revisions) relative(abs string) string {
	rel, err := filepath.Rel(r.dir, abs)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return filepath.ToSlash(abs)
	}
	return filepath.ToSlash(rel)
}

// findOld finds the tree that the new state is compared with, and gives its name for people.
func (r *revisions) findOld(a asked, new vcs.Commit, staged bool) (name string, err error) {
	base := a.base
	if base == "" {
		if staged {
			base = "HEAD"
		} else if base, err = r.repo.DefaultBranch(); err != nil && new.ID != "" {
			return "", err
		}
		if _, unborn := r.repo.Commit("HEAD"); unborn != nil && new.ID == "" {
			r.oldTree, r.oldState = r.repo.Empty(), review.State{Kind: review.Nothing}
			return "nothing", nil
		}
		if err != nil {
			return "", err
		}
	}
	c, err := r.repo.Commit(base)
	if err != nil {
		return "", err
	}
	name = commitName(c)
	r.oldState = review.State{Kind: review.AtCommit, Revision: base}
	if !staged && !a.direct {
		if new.ID == "" {
			if new, err = r.repo.Commit("HEAD"); err != nil {
				return "", err
			}
		}
		m, err := r.repo.MergeBase(c, new)
		if err != nil {
			return "", unrelated(err, c, new)
		}
		if m.ID != c.ID {
			r.oldState.MergeBase = true
			name = fmt.Sprintf("the merge base with %s (%s)", c.Name, m.Short)
		}
		c = m
	}
	r.oldState.Commit = c.ID
	r.oldTree, err = r.repo.At(c)
	return name, err
}

// unrelated names the way to compare two commits that have none in common.
func unrelated(err error, base, head vcs.Commit) error {
	e := (*vcs.Error)(nil)
	if !errors.As(err, &e) || !strings.HasSuffix(e.Message, "no commit in common") {
		return err
	}
	return &vcs.Error{Message: e.Message, Hint: fmt.Sprintf("lintel review %s..%s compares with %[1]s itself", orShort(base), orShort(head))}
}

func orShort(c vcs.Commit) string { return cmp.Or(c.Name, c.Short) }

func orHead(revision string) string {
	if revision == "" {
		return "HEAD"
	}
	return revision
}

// commitName gives "main (3f2c1a9)".
func commitName(c vcs.Commit) string {
	if c.Name == "" || strings.HasPrefix(c.ID, c.Name) {
		return c.Short
	}
	return c.Name + " (" + c.Short + ")"
}

// read tells the revisions of a command line from its paths: the first two words at most, while git knows them.
func (r *revisions) read(words []string, before int) (a asked, err error) {
	dashed := before >= 0
	if !dashed {
		before = len(words)
	}
	named := 0
	for named < min(before, 2) && a.head == "" {
		word := words[named]
		if base, head, direct, ok := rangeOf(word); ok && named == 0 && (dashed || !pathLike(word) && !exists(word)) {
			for _, end := range []string{base, head} {
				if _, err := r.repo.Commit(end); err != nil {
					return a, err
				}
			}
			a.base, a.head, a.direct, named = base, head, direct, 1
			break
		}
		if yes, err := r.isRevision(word, dashed); err != nil {
			return a, err
		} else if !yes {
			break
		}
		if named++; named == 1 {
			a.base = word
		} else {
			a.head = word
		}
	}
	if dashed && named < before {
		return a, usagef("two revisions can be compared, not also %s", quoted(words[named:before])).hint("paths come after --")
	}
	a.paths = words[named:]
	return a, nil
}

// isRevision tells a revision from a path. In front of "--" stand only revisions.
func (r *revisions) isRevision(word string, dashed bool) (bool, error) {
	if !dashed && pathLike(word) {
		return false, nil
	}
	_, err := r.repo.Commit(word)
	switch {
	case dashed:
		return err == nil, err
	case err == nil && exists(word):
		return false, usagef("%q is a revision and a path", word).
			hint("lintel review %[1]s -- for the revision, lintel review -- %[1]s for the path", quoted([]string{word}))
	case err != nil && !exists(word) && !strings.ContainsAny(word, "*?[{"):
		return false, neither(word, err)
	}
	return err == nil, nil
}

// neither is the error for a word that is no revision and no path.
func neither(word string, err error) error {
	e := usagef("%q is neither a revision nor a path", word)
	if v, ok := err.(*vcs.Error); ok && strings.HasPrefix(v.Hint, "did you mean") {
		return e.hint("%s", v.Hint)
	}
	return e.hint("a path that only one of the two states has comes after --: lintel review -- %s", quoted([]string{word}))
}

// rangeOf reads BASE..HEAD and BASE...HEAD, of which one side may be missing and is HEAD then.
func rangeOf(word string) (base, head string, direct, ok bool) {
	base, head, ok = strings.Cut(word, "...")
	if !ok {
		base, head, ok = strings.Cut(word, "..")
		direct = true
	}
	if !ok || base == "" && head == "" {
		return "", "", false, false
	}
	return orHead(base), orHead(head), direct, true
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
