package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lintel/internal/vcs"
	"lintel/schema"
)

// revisions are the two states of a repository that are compared.
type revisions struct {
	repo     *vcs.Repository
	old, new *side
	// renamed gives the new names of the designs' files by their old ones, both as they are reported.
	renamed map[string]string
	// submodules are the folders of submodules, absolute.
	submodules []string
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
	r := &revisions{repo: repo}
	if err := r.between(dir, words, before, staged); err != nil {
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

func (r *revisions) between(dir string, words []string, before int, staged bool) error {
	a, err := r.read(words, before)
	if err != nil {
		return err
	}
	if len(a.paths) == 0 {
		a.paths = []string{"./..."}
	}
	if slices.Contains(a.paths, "-") {
		return usagef("lintel review reads no design from stdin").hint("lintel diff OLD - compares a file with stdin")
	}
	switch {
	case staged && a.head != "":
		return usagef("--staged compares with the index, so %s has no place", a.head).hint("lintel review --staged %s", a.base)
	case staged && r.repo.Bare():
		return usagef("a bare repository has no index").hint("name two revisions: lintel review BASE HEAD")
	}
	new := vcs.Commit{}
	var newTree *vcs.Tree
	newName := "the working tree"
	switch {
	case staged:
		if newTree, err = r.repo.Index(); err != nil {
			return err
		}
		newName = "the index"
	case a.head != "" || r.repo.Bare():
		if new, err = r.repo.Commit(orHead(a.head)); err != nil {
			return err
		}
		if newTree, err = r.repo.At(new); err != nil {
			return err
		}
		newName = commitName(new)
	}
	old, oldName, err := r.oldCommit(a, new, staged)
	if err != nil {
		return err
	}
	oldTree, err := r.repo.At(old)
	if err != nil {
		return err
	}
	if r.repo.Bare() {
		dir = r.repo.Root()
	}
	r.old = &side{name: oldName, load: schema.LoadOptions{Dir: dir, FS: oldTree, Root: r.repo.Root()}, paths: a.paths}
	r.new = &side{name: newName, load: schema.LoadOptions{Dir: dir}, paths: a.paths}
	if newTree != nil {
		r.new.load.FS, r.new.load.Root = newTree, r.repo.Root()
	}
	return r.relate(dir, oldTree, newTree)
}

// relate finds out which files were renamed, and where submodules lie.
func (r *revisions) relate(dir string, old, new *vcs.Tree) error {
	renames, err := r.repo.Renames(old, new)
	if err != nil {
		return err
	}
	r.renamed = make(map[string]string, len(renames))
	for from, to := range renames {
		r.renamed[r.reported(dir, from)] = r.reported(dir, to)
	}
	mods := old.Submodules
	if new != nil {
		mods = append(slices.Clone(mods), new.Submodules...)
	} else if index, err := r.repo.Index(); err == nil {
		mods = append(slices.Clone(mods), index.Submodules...)
	}
	slices.Sort(mods)
	for _, m := range slices.Compact(mods) {
		r.submodules = append(r.submodules, filepath.Join(r.repo.Root(), filepath.FromSlash(m)))
	}
	return nil
}

// reported gives a path from the root of the repository the form in which designs are reported: from the working folder
// where it lies below that, else absolute.
func (r *revisions) reported(dir, path string) string {
	abs := filepath.Join(r.repo.Root(), filepath.FromSlash(path))
	rel, err := filepath.Rel(dir, abs)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return filepath.ToSlash(abs)
	}
	return filepath.ToSlash(rel)
}

// oldCommit finds the commit that the new state is compared with.
func (r *revisions) oldCommit(a asked, new vcs.Commit, staged bool) (vcs.Commit, string, error) {
	fail := func(err error) (vcs.Commit, string, error) { return vcs.Commit{}, "", err }
	base := a.base
	if staged {
		c, err := r.repo.Commit(orHead(base))
		if err != nil {
			return fail(err)
		}
		return c, commitName(c), nil
	}
	if base == "" {
		var err error
		if base, err = r.repo.DefaultBranch(); err != nil {
			return fail(err)
		}
	}
	c, err := r.repo.Commit(base)
	if err != nil {
		return fail(err)
	}
	if a.direct {
		return c, commitName(c), nil
	}
	if new.ID == "" {
		if new, err = r.repo.Commit("HEAD"); err != nil {
			return fail(err)
		}
	}
	m, err := r.repo.MergeBase(c, new)
	if err != nil {
		return fail(err)
	}
	if m.ID == c.ID {
		return c, commitName(c), nil
	}
	return m, fmt.Sprintf("the merge base with %s (%s)", c.Name, m.Short), nil
}

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
