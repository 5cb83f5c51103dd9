package schema_test

import (
	"os"
	"path/filepath"
	"testing"

	"lintel/schema"
)

func TestUnmergedFile(t *testing.T) {
	head := "system: \"shop\"\nmodules: {\n"
	one := "<<<<<<< HEAD\n\tweb: replicas: 2\n=======\n\tweb: replicas: 3\n>>>>>>> other: branch\n"
	cases := map[string]struct{ text, want string }{
		"one place":    {head + one + "}\n", "shop.cue:3:1: git could not merge this file here"},
		"with a base":  {head + "<<<<<<< HEAD\n\tweb: replicas: 2\n||||||| 1\n=======\n\tweb: replicas: 3\n>>>>>>> other\n}\n", "shop.cue:3:1: git could not merge this file here"},
		"two, CRLF":    {head + one + "}\n<<<<<<< a\r\n=======\r\n>>>>>>> b\r\n", "shop.cue:3:1: git could not merge this file here\nshop.cue:9:1: git could not merge this file here"},
		"in a text":    {head + "\tweb: description: \"\"\"\n<<<<<<< HEAD\n=======\n>>>>>>> b\n\"\"\"\n}\n", ""},
		"half of them": {head + "<<<<<<< HEAD\n}\n", "shop.cue:3:9: modules refers to HEAD, and nothing here has that name"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "shop.cue"), []byte(c.text), 0o666); err != nil {
				t.Fatal(err)
			}
			_, err := schema.Load(schema.LoadOptions{Dir: dir}, "shop.cue")
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("got\n%s\nnot\n%s", got, c.want)
			}
		})
	}
}
