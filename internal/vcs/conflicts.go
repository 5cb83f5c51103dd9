package vcs

import "strings"

// ofIndex gives the tree where it is that of the index, or nil.
func ofIndex(t *Tree) *Tree {
	if t != nil && t.kind == indexTree {
		return t
	}
	return nil
}

// copyOfMergedIndex gives a git with an index of its own, in which a file in conflict is our version of it, or else theirs, or
// that of the common ancestor. Git does not say of a file in conflict that it was renamed.
func (r *Repository) copyOfMergedIndex() (git program, remove func(), err error) {
	git, remove, err = r.copyOfIndex()
	if err != nil {
		return git, remove, err
	}
	fail := func(err error) (program, func(), error) {
		remove()
		return program{}, nil, r.failed("read what is in conflict", err)
	}
	out, err := git.run(r.ctx, "ls-files", "--unmerged", "--full-name", "-z")
	if err != nil {
		return fail(err)
	}
	chosen := map[string]string{} // by path: 100644 1c5ef86… 2
	var paths []string
	for _, record := range records(out) {
		version, path, _ := strings.Cut(record, "\t")
		was, ok := chosen[path]
		if !ok {
			paths = append(paths, path)
		}
		if !ok || !strings.HasSuffix(was, " 2") && strings.HasSuffix(version, " 2") || strings.HasSuffix(was, " 1") {
			chosen[path] = version
		}
	}
	var resolved strings.Builder
	for _, path := range paths {
		version := chosen[path]
		resolved.WriteString(version[:strings.LastIndexByte(version, ' ')] + "\t" + path + "\x00")
	}
	if _, err = git.feed(r.ctx, resolved.String(), "update-index", "-z", "--index-info"); err != nil {
		return fail(err)
	}
	return git, remove, nil
}
