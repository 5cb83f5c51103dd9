package vcs

import (
	"bytes"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// Index gives the files that are about to be committed. A file in conflict is there but cannot be opened; one that is only
// announced (git add --intent-to-add) is not.
func (r *Repository) Index() (*Tree, error) {
	if r.bare {
		return nil, &Error{Message: "a bare repository has no index", Hint: "name two revisions to compare"}
	}
	out, err := r.git.run(r.ctx, "ls-files", "--stage", "--full-name", "-z")
	if err != nil {
		return nil, r.failed("read the index", err)
	}
	t := &Tree{repo: r, kind: indexTree, top: &entry{mode: folderMode, read: true}}
	announced, err := r.announced(out)
	if err != nil {
		return nil, err
	}
	path := []*entry{t.top} // the folders of the last file
	folder := ""            // with a slash at its end, or ""
	for record := range bytes.SplitSeq(out, []byte{0}) {
		if len(record) == 0 {
			continue
		}
		head, name, ok := strings.Cut(string(record), "\t")
		fields := strings.Fields(head)
		mode, err := strconv.ParseUint(first(fields), 8, 32)
		if !ok || len(fields) != 3 || err != nil {
			return nil, &Error{Message: "git lists the index in a way that is not understood: " + head}
		}
		if announced[name] {
			continue
		}
		for !strings.HasPrefix(name, folder) {
			folder = folder[:strings.LastIndexByte(folder[:len(folder)-1], '/')+1]
			path = path[:len(path)-1]
		}
		for {
			part, _, deeper := strings.Cut(name[len(folder):], "/")
			if !deeper {
				break
			}
			e := &entry{name: part, mode: folderMode, read: true}
			up := path[len(path)-1]
			up.entries, path, folder = append(up.entries, e), append(path, e), folder+part+"/"
		}
		e := &entry{name: name[len(folder):], mode: entryMode(mode), id: fields[1]}
		if e.kind() == submoduleMode {
			t.Submodules = append(t.Submodules, name)
		}
		up := path[len(path)-1]
		if fields[2] != "0" { // a stage of a merge
			e.mode, e.id = conflictMode, ""
			if n := len(up.entries); n > 0 && up.entries[n-1].name == e.name {
				continue
			}
			t.conflicts = append(t.conflicts, name)
		}
		up.entries = append(up.entries, e)
	}
	sortEntries(t.top)
	return t, nil
}

func first(fields []string) string {
	if len(fields) == 0 {
		return ""
	}
	return fields[0]
}

// sortEntries sorts by name what the index sorts by path.
func sortEntries(e *entry) {
	slices.SortFunc(e.entries, func(a, b *entry) int { return strings.Compare(a.name, b.name) })
	for _, sub := range e.entries {
		if sub.kind() == folderMode {
			sortEntries(sub)
		}
	}
}

// announced lists the files of which the index holds only that they are to be added some time.
func (r *Repository) announced(index []byte) (map[string]bool, error) {
	empty := "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
	if r.sha256 {
		empty = "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813"
	}
	if !bytes.Contains(index, []byte(empty)) { // they count as empty files
		return nil, nil
	}
	out, err := r.git.run(r.ctx, "diff-files", "-z", "--name-only", "--diff-filter=A", "--no-renames", "--ignore-submodules=all")
	if err != nil {
		return nil, r.failed("read the index", err)
	}
	names := map[string]bool{}
	for name := range strings.SplitSeq(string(out), "\x00") {
		names[name] = name != ""
	}
	return names, nil
}

// Conflicts lists the files of the index that are in conflict, sorted.
func (t *Tree) Conflicts() []string { return t.conflicts }

// failed explains a git command that failed.
func (r *Repository) failed(doing string, err error) error {
	var f *failure
	if !errors.As(err, &f) {
		return err
	}
	return &Error{Message: "git cannot " + doing + ": " + f.Error()}
}
