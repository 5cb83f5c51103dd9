package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

var date = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

var findLinked = sync.OnceValues(func() ([]*module, error) { return modulesOf("../..", platforms()) })

// linkedModules are those of all platforms, found once.
func linkedModules(t *testing.T) []*module {
	t.Helper()
	linked, err := findLinked()
	if err != nil {
		t.Fatal(err)
	}
	return linked
}

func TestVersions(t *testing.T) {
	for version, want := range map[string]bool{
		"1.2.3": true, "0.0.1": true, "1.2.3-rc.1": true, "10.20.30-x-y.z": true,
		"": false, "1.2": false, "01.2.3": false, "1.2.3+b": false, "1.2.3-": false, "1.2.3; id": false, "main": false, "1.2.3\n": false,
	} {
		if got := semver.MatchString(version); got != want {
			t.Errorf("%q: %v, want %v", version, got, want)
		}
	}
}

// TestWhatIsReleased holds that a release is of a commit, and not of what lies about.
func TestWhatIsReleased(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for name, value := range map[string]string{
		"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_COMMITTER_DATE": "2026-03-01T14:00:00+02:00",
		"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org",
	} {
		t.Setenv(name, value)
	}
	if _, err := newRelease("1.2.3", "dist"); err == nil {
		t.Error("a folder without git is released")
	}
	for _, args := range [][]string{{"init", "--quiet"}, {"commit", "--quiet", "--allow-empty", "--message", "A start"}} {
		if _, err := git(dir, args...); err != nil {
			t.Fatal(err)
		}
	}
	r, err := newRelease("v1.2.3", "dist")
	if err != nil {
		t.Fatal(err)
	}
	if r.version != "1.2.3" || !r.date.Equal(date) || len(r.commit) != 40 {
		t.Errorf("the release is %+v", r)
	}
	if _, err := newRelease("next", "dist"); err == nil {
		t.Error("the version next is no error")
	}
	if err := os.WriteFile("new.go", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := newRelease("1.2.3", "dist"); err == nil || !strings.Contains(err.Error(), "new.go") {
		t.Errorf("a file that is not committed: %v", err)
	}
}

func TestChoose(t *testing.T) {
	if all, err := choose(""); err != nil || len(all) != 6 {
		t.Errorf("all: %v, %v", all, err)
	}
	if got, err := choose("windows/arm64,linux/amd64"); err != nil || !slices.Equal(got, []platform{{"windows", "arm64"}, {"linux", "amd64"}}) {
		t.Errorf("two: %v, %v", got, err)
	}
	if _, err := choose("linux/amd64,plan9/386"); err == nil {
		t.Error("plan9/386 is no error")
	}
}

// TestModules compares the modules found in the source with those that the linker noted in the programs.
func TestModules(t *testing.T) {
	linked := linkedModules(t)
	bin := t.TempDir()
	cmd := exec.Command("go", "build", "-o", bin+string(filepath.Separator), "./cmd/...")
	cmd.Dir = "../.."
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	for _, program := range programs {
		info, err := buildinfo.ReadFile(filepath.Join(bin, program))
		if err != nil {
			t.Fatal(err)
		}
		var want, got []string
		for _, m := range info.Deps {
			want = append(want, m.Path+" "+m.Version)
		}
		onHost, err := modulesOf("../..", []platform{{runtime.GOOS, runtime.GOARCH}})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range onHost {
			if m.path != "std" && m.path != "lintel" && slices.Contains(m.programs, program) {
				got = append(got, m.path+" "+m.version)
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: the linker's modules, and ours:\n%s", program, diff)
		}
	}
	for _, m := range linked {
		if m.licence == "" || m.version == "" && m.path != "lintel" || len(m.licenceFiles) == 0 {
			t.Errorf("%s %s: licence %q in %v", m.path, m.version, m.licence, m.licenceFiles)
		}
		if m.path != "std" && m.path != "lintel" && len(m.programs) == 0 {
			t.Errorf("no program links %s", m.path)
		}
	}
	for path, want := range map[string]string{
		"cuelang.org/go": "Apache-2.0", "github.com/urfave/cli/v2": "MIT", "golang.org/x/text": "BSD-3-Clause", "std": "BSD-3-Clause",
		"go.yaml.in/yaml/v3": "Apache-2.0 AND MIT", "github.com/golang/freetype": "FTL", "github.com/russross/blackfriday/v2": "BSD-2-Clause",
	} {
		if i := slices.IndexFunc(linked, func(m *module) bool { return m.path == path }); i < 0 || linked[i].licence != want {
			t.Errorf("%s: not found, or not %s", path, want)
		}
	}
}

func TestIdentify(t *testing.T) {
	for text, want := range map[string]string{
		"":                           "",
		"All rights reserved.":       "",
		"GNU GENERAL PUBLIC LICENSE": "",
		"GNU Lesser\nGeneral  Public License, MIT":    "",
		"Apache License\n  Version 2.0, January 2004": "Apache-2.0",
	} {
		if got := identify(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestParts holds what no module list tells to what is really in the programs.
func TestParts(t *testing.T) {
	byName := map[string]part{}
	for _, p := range parts {
		byName[p.name] = p
	}
	for _, m := range linkedModules(t) {
		if m.path != "github.com/goccy/go-graphviz" {
			continue
		}
		version, err := os.ReadFile(filepath.Join(m.dir, "graphviz.version"))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(string(version)); got != byName["graphviz"].version {
			t.Errorf("go-graphviz has Graphviz %s, the parts say %s", got, byName["graphviz"].version)
		}
		engine, err := os.ReadFile(filepath.Join(m.dir, "internal/wasm/graphviz.wasm"))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(engine, []byte("expat_"+byName["expat"].version)) {
			t.Errorf("go-graphviz does not hold Expat %s", byName["expat"].version)
		}
	}
	for _, p := range parts {
		if p.font {
			continue
		}
		text, err := embeddedLicences.ReadFile("licenses/" + p.file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text[:100]), " "+p.version+" ") {
			t.Errorf("%s does not speak of version %s", p.file, p.version)
		}
	}

	fonts, err := filepath.Glob("../../" + fontsFolder + "/*.ttf*")
	if err != nil || len(fonts) == 0 {
		t.Fatalf("no fonts: %v", err)
	}
	readme, err := os.ReadFile("../../" + fontsFolder + "/README.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, font := range fonts {
		name, _, _ := strings.Cut(filepath.Base(font), ".")
		name, _, _ = strings.Cut(name, "-")
		seen[name] = true
		p, ok := byName[name]
		if !ok || !p.font {
			t.Errorf("the parts lack the font %s", name)
			continue
		}
		row := ""
		for line := range strings.Lines(string(readme)) {
			if strings.HasPrefix(line, "| `"+name) {
				row = line
			}
		}
		if !strings.Contains(row, p.version) || !strings.Contains(row, "licenses/"+p.file) {
			t.Errorf("%s: the parts say version %q and licence %s, the fonts' README %q", name, p.version, p.file, row)
		}
	}
	for _, p := range parts {
		if p.font && !seen[p.name] {
			t.Errorf("there is no font %s", p.name)
		}
	}
}

// TestBill holds the bill of materials to the schema of CycloneDX, and its references to its components.
func TestBill(t *testing.T) {
	r := &release{version: "1.2.3", commit: strings.Repeat("0123456789", 4), date: date}
	linked := linkedModules(t)
	text, err := r.bill(linked)
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(schemaFolder("testdata/schemas"))
	schema, err := compiler.Compile("http://cyclonedx.org/schema/bom-1.6.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(v); err != nil {
		t.Error(err)
	}
	v.(map[string]any)["components"].([]any)[0].(map[string]any)["type"] = "nonsense"
	if err := schema.Validate(v); err == nil {
		t.Error("the schema allows a component of type nonsense: it is not the right one")
	}

	var b bom
	if err := json.Unmarshal(text, &b); err != nil {
		t.Fatal(err)
	}
	uses := map[string][]string{}
	for _, d := range b.Dependencies {
		uses[d.Ref] = d.DependsOn
	}
	reached := map[string]bool{}
	var visit func(string)
	visit = func(ref string) {
		if !reached[ref] {
			reached[ref] = true
			for _, to := range uses[ref] {
				visit(to)
			}
		}
	}
	visit(b.Metadata.Component.Ref)
	refs := map[string]bool{b.Metadata.Component.Ref: true}
	for _, c := range slices.Concat(b.Components, b.Metadata.Component.Components) {
		if refs[c.Ref] {
			t.Errorf("two components are %s", c.Ref)
		}
		refs[c.Ref] = true
		if !reached[c.Ref] {
			t.Errorf("nothing depends on %s", c.Ref)
		}
	}
	for ref := range reached {
		if !refs[ref] {
			t.Errorf("something depends on %s, which is no component", ref)
		}
	}
	for from, to := range map[string]string{
		"program:lintel":                                  "part:Inter",
		"program:lintel-graphviz":                         "pkg:golang/github.com/goccy/go-graphviz@v0.2.10",
		"pkg:golang/github.com/goccy/go-graphviz@v0.2.10": "part:graphviz",
		"part:graphviz":                                   "part:expat",
	} {
		if !slices.Contains(uses[from], to) {
			t.Errorf("%s uses %v, not %s", from, uses[from], to)
		}
	}
	if slices.ContainsFunc(uses["program:lintel"], func(ref string) bool { return strings.Contains(ref, "go-graphviz") }) {
		t.Error("lintel itself is said to use go-graphviz")
	}
	fresh, err := modulesOf("../..", platforms())
	if err != nil {
		t.Fatal(err)
	}
	again, err := r.bill(fresh)
	if err != nil || !bytes.Equal(text, again) {
		t.Errorf("made again, the bill differs: %v", err)
	}
}

// schemaFolder gives the schemas of a folder by the last part of their address.
type schemaFolder string

func (dir schemaFolder) Load(url string) (any, error) {
	f, err := os.Open(filepath.Join(string(dir), url[strings.LastIndex(url, "/")+1:]))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return jsonschema.UnmarshalJSON(f)
}

// TestPack reads archives back, and makes them again from files in another order.
func TestPack(t *testing.T) {
	files := []file{
		{"lintel", []byte("program"), true}, {"README.md", []byte("text"), false}, {"licenses/a/LICENSE", nil, false},
		{"licenses/" + strings.Repeat("a-long-name/", 11) + "LICENSE", []byte("x"), false},
	}
	want := []string{
		"top/README.md 644 text", "top/licenses/" + strings.Repeat("a-long-name/", 11) + "LICENSE 644 x", "top/licenses/a/LICENSE 644 ", "top/lintel 755 program",
	}
	for _, p := range []platform{{"linux", "amd64"}, {"windows", "arm64"}} {
		archive, ending, err := pack(p, "top", slices.Clone(files), date)
		if err != nil {
			t.Fatal(err)
		}
		reversed := slices.Clone(files)
		slices.Reverse(reversed)
		again, _, err := pack(p, "top", reversed, date)
		if err != nil || !bytes.Equal(archive, again) {
			t.Errorf("%s: made again, the archive differs: %v", p, err)
		}
		var got []string
		switch ending {
		case ".tar.gz":
			unzipped, err := gzip.NewReader(bytes.NewReader(archive))
			if err != nil {
				t.Fatal(err)
			}
			for in := tar.NewReader(unzipped); ; {
				h, err := in.Next()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				content, err := io.ReadAll(in)
				if err != nil {
					t.Fatal(err)
				}
				if !h.ModTime.Equal(date) || h.Uid != 0 || h.Gid != 0 || h.Uname != "" || h.Gname != "" {
					t.Errorf("%s: %+v", p, h)
				}
				got = append(got, fmt.Sprintf("%s %o %s", h.Name, h.Mode, content))
			}
		case ".zip":
			in, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range in.File {
				r, err := f.Open()
				if err != nil {
					t.Fatal(err)
				}
				content, err := io.ReadAll(r)
				if err != nil {
					t.Fatal(err)
				}
				if !f.Modified.Equal(date) {
					t.Errorf("%s: %s is of %v", p, f.Name, f.Modified)
				}
				got = append(got, fmt.Sprintf("%s %o %s", f.Name, f.Mode().Perm(), content))
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", p, diff)
		}
	}
}

// TestReadme holds that the README of the archives links to nothing that they lack.
func TestReadme(t *testing.T) {
	in := "# lintel\n\n![A picture](docs/a.svg)\n\n[CI and\ncommits](docs/ci.md#a-hook), [CUE](https://cuelang.org), [Apache](LICENSE).\n"
	want := "# lintel\n\n\n\nCI and\ncommits (`docs/ci.md`), [CUE](https://cuelang.org), [Apache](LICENSE).\n\nNames such as `docs/README.md` are those of files in lintel's source.\n"
	if diff := cmp.Diff(want, string(standalone([]byte(in)))); diff != "" {
		t.Error(diff)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range link.FindAllStringSubmatch(string(standalone(readme)), -1) {
		if to := found[3]; !strings.Contains(to, "://") && to != "LICENSE" && to != "CHANGELOG.md" {
			t.Errorf("it links to %s", to)
		}
	}
}

// TestOutputFolder holds that nothing but an earlier release is removed.
func TestOutputFolder(t *testing.T) {
	dir := t.TempDir()
	mine := filepath.Join(dir, "letter.txt")
	if err := os.WriteFile(mine, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(dir, "lintel_1.0.0_linux_amd64.tar.gz")
	if err := os.WriteFile(old, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := emptyFolder(dir); err == nil {
		t.Error("a folder with another file is taken")
	}
	if _, err := os.Stat(old); err != nil {
		t.Errorf("a file is gone from a folder that was refused: %v", err)
	}
	if err := os.Remove(mine); err != nil {
		t.Fatal(err)
	}
	if err := emptyFolder(dir); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left are %v, %v", left, err)
	}
	if err := emptyFolder(filepath.Join(dir, "new", "folder")); err != nil {
		t.Error(err)
	}
}
