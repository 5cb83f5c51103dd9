package cli

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	urfave "github.com/urfave/cli/v2"
)

var versionCommand = &command{
	name:    "version",
	summary: "Show the version",
	about:   "Shows the version of lintel, the commit it was built from and the version of Go.",
	flags:   []flagSpec{{name: "json", usage: "Print JSON."}},
	examples: []example{
		{"lintel version", "in one line"},
		{"lintel version --json", "for a script"},
	},
	run: runVersion,
}

// version says what lintel was built from.
type version struct {
	Version string `json:"version"` // "(devel)" for a build out of a working copy
	Commit  string `json:"commit"`  // "" when not known
	Time    string `json:"time"`    // of the commit; "" when not known
	Dirty   bool   `json:"dirty"`   // the working copy had changes
	Go      string `json:"go"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
}

// What a release sets with the linker's -X, see internal/release; "" in every other build.
var release, commit, commitTime string

// versionOf reads what the release or the Go tool noted in the binary.
func versionOf() version {
	v := version{Version: "(devel)", Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}
	if release != "" {
		v.Version, v.Commit, v.Time = release, commit, commitTime
		return v
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if info.Main.Version != "" {
		v.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Commit = s.Value
		case "vcs.time":
			v.Time = s.Value
		case "vcs.modified":
			v.Dirty = s.Value == "true"
		}
	}
	return v
}

// String gives "lintel v1.2.3 (commit 0123456789ab, go1.26, linux/amd64)".
func (v version) String() string {
	var parts []string
	if v.Commit != "" {
		commit := "commit " + v.Commit[:min(12, len(v.Commit))]
		if v.Dirty {
			commit += " with changes"
		}
		parts = append(parts, commit)
	}
	parts = append(parts, v.Go, v.OS+"/"+v.Arch)
	return fmt.Sprintf("lintel %s (%s)", v.Version, strings.Join(parts, ", "))
}

func runVersion(s *session, c *urfave.Context) error {
	v := versionOf()
	if !c.Bool("json") {
		return s.print(v.String() + "\n")
	}
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return s.print(string(text) + "\n")
}
