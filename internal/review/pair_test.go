package review

import (
	"fmt"
	"slices"
	"testing"

	"lintel/rules"
	"lintel/schema"
)

func design(path, system string, files ...string) *rules.Result {
	if len(files) == 0 {
		files = []string{path}
	}
	d := &schema.Design{System: system, Path: path, Files: files, Modules: []*schema.Module{{Name: system + "-web", Replicas: 1, Entry: true}}}
	d.Normalize()
	return judge(d)
}

func TestPair(t *testing.T) {
	type list = []*rules.Result
	for _, test := range []struct {
		name     string
		old, new list
		renamed  map[string]string
		want     []string
	}{
		{"the same", list{design("a.cue", "a"), design("b.cue", "b")}, list{design("b.cue", "b"), design("a.cue", "a")}, nil,
			[]string{"a.cue=a.cue unchanged", "b.cue=b.cue unchanged"}},
		{"came and went", list{design("a.cue", "a")}, list{design("b.cue", "b")}, nil,
			[]string{"a.cue= removed", "=b.cue added"}},
		{"a system with another name", list{design("a.cue", "a")}, list{design("a.cue", "b")}, nil,
			[]string{"a.cue=a.cue renamed"}},
		{"a file moved, as git says", list{design("a.cue", "a")}, list{design("x/a.cue", "b")}, map[string]string{"a.cue": "x/a.cue"},
			[]string{"a.cue=x/a.cue renamed moved"}},
		{"a folder moved, as git says of its files", list{design("a", "a", "a/x.cue", "a/y.cue", "a/z.cue")}, list{design("b", "b", "b/x.cue", "b/y.cue", "b/w.cue")},
			map[string]string{"a/x.cue": "b/x.cue", "a/y.cue": "b/y.cue"}, []string{"a=b renamed moved"}},
		{"a folder of which only one file moved", list{design("a", "a", "a/x.cue", "a/y.cue")}, list{design("b", "b", "b/x.cue", "b/w.cue")},
			map[string]string{"a/x.cue": "b/x.cue"}, []string{"a= removed", "=b added"}},
		{"a file moved, found by its system", list{design("a.cue", "a")}, list{design("x.cue", "a")}, nil,
			[]string{"a.cue=x.cue unchanged moved"}},
		{"two of one system moved: which is which is not known", list{design("a.cue", "a"), design("b.cue", "a")}, list{design("x.cue", "a"), design("y.cue", "a")}, nil,
			[]string{"a.cue= removed", "b.cue= removed", "=x.cue added", "=y.cue added"}},
		{"two of one system, one of them moved", list{design("a.cue", "a"), design("b.cue", "a")}, list{design("a.cue", "a"), design("y.cue", "a")}, nil,
			[]string{"a.cue=a.cue unchanged", "b.cue=y.cue unchanged moved"}},
		{"moved, with another system in its old place", list{design("a.cue", "a")}, list{design("a.cue", "b"), design("x.cue", "a")}, nil,
			[]string{"=a.cue added", "a.cue=x.cue unchanged moved"}},
		{"split", list{design("a.cue", "a")}, list{design("a1.cue", "a1"), design("a2.cue", "a2")}, nil,
			[]string{"a.cue= removed", "=a1.cue added", "=a2.cue added"}},
		{"merged", list{design("a1.cue", "a1"), design("a2.cue", "a2")}, list{design("a.cue", "a")}, nil,
			[]string{"=a.cue added", "a1.cue= removed", "a2.cue= removed"}},
		{"swapped", list{design("a.cue", "a"), design("b.cue", "b")}, list{design("a.cue", "b"), design("b.cue", "a")}, nil,
			[]string{"b.cue=a.cue unchanged moved", "a.cue=b.cue unchanged moved"}},
		{"none", nil, nil, nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, c := range Pair(test.old, test.new, test.renamed) {
				path := func(r *rules.Result) string {
					if r == nil {
						return ""
					}
					return r.Design.Path
				}
				s := fmt.Sprintf("%s=%s %s", path(c.Old), path(c.New), c.Status)
				if c.Moved {
					s += " moved"
				}
				got = append(got, s)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
