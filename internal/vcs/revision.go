package vcs

import (
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Commit is a commit as people name it.
type Commit struct {
	ID    string // in full
	Short string
	Name  string // as it was asked for: "main", "HEAD~2"
}

// maxCommit bounds the text of a commit, in bytes.
const maxCommit = 64 << 20

// Commit resolves what a user calls a revision. An unknown one is an *Error with the nearest branch or tag.
func (r *Repository) Commit(revision string) (Commit, error) {
	if revision == "" || strings.HasPrefix(revision, "-") || strings.ContainsAny(revision, "\n\x00") {
		return Commit{}, &Error{Message: strconv.Quote(revision) + " is no revision", Hint: "name a commit, a branch or a tag"}
	}
	name := revision + "^{commit}"
	if strings.HasPrefix(revision, ":/") { // a search, in whose text that would be
		name = revision
	}
	obj, err := r.object(name, maxCommit)
	switch {
	case errors.Is(err, errAmbiguous):
		return Commit{}, ambiguous(revision)
	case errors.Is(err, errMissing), err == nil && obj.kind != "commit":
		return Commit{}, r.unknown(revision)
	case err != nil:
		return Commit{}, err
	}
	return Commit{ID: obj.id, Short: obj.id[:7], Name: revision}, nil
}

// exists reports whether there is a commit of that name.
func (r *Repository) exists(revision string) (bool, error) {
	_, err := r.object(revision+"^{commit}", maxCommit)
	if errors.Is(err, errMissing) || errors.Is(err, errAmbiguous) {
		return false, nil
	}
	return err == nil, err
}

const unshallow = "git fetch --unshallow gets the rest; in GitHub Actions, give actions/checkout fetch-depth: 0; in GitLab, set GIT_DEPTH: 0"

func ambiguous(revision string) error {
	return &Error{Message: "several objects begin with " + revision, Hint: "write more of its id"}
}

// Unborn reports whether the repository has no commit at HEAD yet.
func (r *Repository) Unborn() bool {
	ok, err := r.exists("HEAD")
	return err == nil && !ok
}

// unknown explains a revision that git does not know.
func (r *Repository) unknown(revision string) error {
	e := &Error{Message: "git knows no revision " + revision}
	switch obj, err := r.object(revision, maxCommit); {
	case err == nil:
		e.Message = revision + " is a " + obj.kind + ", not a commit"
		e.Hint = "name a commit, a branch or a tag"
		return e
	case errors.Is(err, errAmbiguous):
		return ambiguous(revision)
	case !errors.Is(err, errMissing):
		return err
	}
	if revision == "HEAD" || revision == "@" {
		if ok, err := r.exists("HEAD"); err == nil && !ok {
			e.Message, e.Hint = "the repository has no commit yet", "commit something first; lintel check needs no commit"
			return e
		}
	}
	var hints []string
	if remote, branch, ok := strings.Cut(revision, "/"); ok && remote == "origin" && !r.shallow {
		hints = append(hints, "git fetch origin "+branch+" gets that branch")
	}
	if near := r.nearestName(revision); near != "" {
		hints = append([]string{"did you mean " + near + "?"}, hints...)
	}
	if r.shallow {
		hints = append(hints, "this clone is shallow, it holds only the last commits of one branch: "+unshallow)
	}
	e.Hint = strings.Join(hints, "; ")
	return e
}

// nearestName gives the branch or tag that may be meant, or "".
func (r *Repository) nearestName(written string) string {
	out, err := r.git.run(r.ctx, "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes")
	if err != nil {
		return ""
	}
	names := append(strings.Fields(string(out)), "HEAD")
	if i := strings.IndexAny(written, "~^@:"); i > 0 { // HEAD~7: what is wrong may be the branch or the way from it
		base := written[:i]
		if slices.Contains(names, base) {
			return ""
		}
		if near := nearest(base, names); near != "" {
			return near + written[i:]
		}
		return ""
	}
	for _, name := range names {
		if strings.HasSuffix(name, "/"+written) { // of a remote
			return name
		}
	}
	return nearest(written, names)
}

// targetVariables name the branch that a merge request is to be merged into, in CI.
var targetVariables = []string{
	"GITHUB_BASE_REF",                     // GitHub Actions, Gitea, Forgejo
	"CI_MERGE_REQUEST_TARGET_BRANCH_NAME", // GitLab
	"CHANGE_TARGET",                       // Jenkins
	"BITBUCKET_PR_DESTINATION_BRANCH",     // Bitbucket
	"SYSTEM_PULLREQUEST_TARGETBRANCH",     // Azure Pipelines: refs/heads/main
	"BUILDKITE_PULL_REQUEST_BASE_BRANCH",  // Buildkite
}

// DefaultBranch gives the branch that work is merged into: that of a pull request's target in CI, origin/HEAD,
// init.defaultBranch, main or master, the first that exists.
func (r *Repository) DefaultBranch() (string, error) {
	if base := os.Getenv("CI_MERGE_REQUEST_DIFF_BASE_SHA"); base != "" && r.shallow {
		// GitLab clones the last commits of one branch; what it says is the merge base may be among them.
		if ok, err := r.exists(base); ok || err != nil {
			return base, err
		}
	}
	for _, name := range targetVariables {
		target := strings.TrimPrefix(os.Getenv(name), "refs/heads/")
		if target == "" || strings.HasPrefix(target, "-") {
			continue
		}
		for _, branch := range []string{"refs/remotes/origin/" + target, "refs/heads/" + target} {
			if ok, err := r.exists(branch); ok || err != nil {
				return shortName(branch), err
			}
		}
		return "", r.unknown("origin/" + target)
	}
	if ok, err := r.exists("refs/remotes/origin/HEAD"); err != nil {
		return "", err
	} else if ok {
		out, err := r.git.run(r.ctx, "symbolic-ref", "--quiet", "refs/remotes/origin/HEAD")
		if err == nil {
			return shortName(strings.TrimSpace(string(out))), nil
		}
		return "origin/HEAD", nil
	}
	names := []string{"main", "master"}
	if out, err := r.git.run(r.ctx, "config", "--get", "init.defaultBranch"); err == nil {
		names = append([]string{strings.TrimSpace(string(out))}, names...)
	}
	for _, name := range names {
		for _, branch := range []string{"refs/remotes/origin/" + name, "refs/heads/" + name} {
			if ok, err := r.exists(branch); ok || err != nil {
				return shortName(branch), err
			}
		}
	}
	if ok, err := r.exists("HEAD"); err == nil && !ok {
		return "", r.unknown("HEAD")
	}
	return "", &Error{Message: "there is no branch main or master, and git does not know the default branch of origin", Hint: "name the revision to compare with, or run: git remote set-head origin --auto"}
}

// shortName is the name of a branch as people write it.
func shortName(ref string) string {
	return strings.TrimPrefix(strings.TrimPrefix(ref, "refs/remotes/"), "refs/heads/")
}

// MergeBase gives the best common ancestor. In a shallow clone that may be missing, which the *Error tells.
func (r *Repository) MergeBase(a, b Commit) (Commit, error) {
	if a.ID == b.ID {
		return a, nil
	}
	out, err := r.git.run(r.ctx, "merge-base", a.ID, b.ID)
	var f *failure
	switch {
	case errors.As(err, &f) && r.shallow:
		return Commit{}, &Error{Message: "this clone is shallow, and the commit where " + b.Name + " left " + a.Name + " is not in it", Hint: unshallow}
	case errors.As(err, &f) && f.code == 1:
		return Commit{}, &Error{Message: a.Name + " and " + b.Name + " have no commit in common", Hint: "name two revisions of one history"}
	case f != nil:
		return Commit{}, &Error{Message: "git finds no merge base of " + a.Name + " and " + b.Name + ": " + f.Error()}
	case err != nil:
		return Commit{}, err
	}
	id := strings.TrimSpace(string(out))
	return Commit{ID: id, Short: id[:7], Name: "merge base of " + a.Name + " and " + b.Name}, nil
}
