package vcs

import "testing"

func TestNearest(t *testing.T) {
	names := []string{"main", "release/1.0", "v1.2.0", "HEAD"}
	for written, want := range map[string]string{"mian": "main", "mai": "main", "relase/1.0": "release/1.0", "v1.2.1": "v1.2.0", "1.2.0": "v1.2.0", "x": "", "HAED": "HEAD", "develop": "", "": ""} {
		if got := nearest(written, names); got != want {
			t.Errorf("nearest(%q) is %q, not %q", written, got, want)
		}
	}
}
