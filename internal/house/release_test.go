package house

import (
	"archive/zip"
	"crypto/sha256"
	"debug/elf"
	"debug/macho"
	"debug/pe"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// makeRelease runs the program that builds releases in a repository and gives the folder of the result.
func makeRelease(t *testing.T, source string, env []string, only string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "dist")
	cmd := exec.Command("go", "run", "./internal/release", "-version", "1.2.3", "-out", out, "-only", only)
	cmd.Dir = source
	cmd.Env = gitEnvironment(env...)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("the release cannot be built: %v\n%s", err, text)
	}
	return out
}

// checksums reads checksums.txt, and holds it to the files beside it.
func checksums(t *testing.T, dist string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dist, "checksums.txt"))
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]string{}
	for line := range strings.Lines(string(text)) {
		sum, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if !ok {
			t.Fatalf("checksums.txt has the line %q", line)
		}
		content, err := os.ReadFile(filepath.Join(dist, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%x", sha256.Sum256(content)); got != sum {
			t.Errorf("%s has the checksum %s, checksums.txt says %s", name, got, sum)
		}
		sums[name] = sum
	}
	files, err := os.ReadDir(dist)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(sums)+1 {
		t.Errorf("checksums.txt lists %d of %d files", len(sums), len(files)-1)
	}
	return sums
}

// TestRelease builds a release of this platform and a foreign one, builds it again in another folder, compares the two byte
// for byte, and installs it. With LINTEL_LONG it builds all platforms, and the second time from an empty cache.
func TestRelease(t *testing.T) {
	host := runtime.GOOS + "/" + runtime.GOARCH
	all := os.Getenv("LINTEL_LONG") != ""
	only, second := host+",windows/arm64", goEnvironment(t)
	if host == "windows/arm64" {
		only = host
	}
	if all {
		only = ""
		second = append(slices.Clone(second), "GOCACHE="+t.TempDir())
	}
	source := ownSource(t)
	dist := makeRelease(t, source, goEnvironment(t), only)
	sums := checksums(t, dist)
	want := []string{"install.sh", "lintel_1.2.3_sbom.cdx.json"}
	for _, name := range []string{"linux_amd64.tar.gz", "linux_arm64.tar.gz", "darwin_amd64.tar.gz", "darwin_arm64.tar.gz", "windows_amd64.zip", "windows_arm64.zip"} {
		if all || name == "windows_arm64.zip" || strings.HasPrefix(name, runtime.GOOS+"_"+runtime.GOARCH) {
			want = append(want, "lintel_1.2.3_"+name)
		}
	}
	for _, name := range want {
		if sums[name] == "" {
			t.Errorf("the release lacks %s", name)
		}
	}
	if len(sums) != len(want) {
		t.Errorf("the release has %d files, not %d: %v", len(sums), len(want), sums)
	}

	elsewhere := filepath.Join(t.TempDir(), "another place")
	runGit(t, source, "clone", "--quiet", source, elsewhere)
	again := checksums(t, makeRelease(t, elsewhere, second, host))
	for name, sum := range again {
		if sums[name] != sum {
			t.Errorf("built again in another folder, %s differs", name)
		}
	}

	t.Run("static programs", func(t *testing.T) { testPrograms(t, dist) })
	t.Run("install", func(t *testing.T) { testInstall(t, dist) })
}

func mustAbs(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

// testPrograms unpacks every archive and looks at the programs in it.
func testPrograms(t *testing.T, dist string) {
	archives, err := filepath.Glob(filepath.Join(dist, "lintel_*"))
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for _, archive := range archives {
		dir := t.TempDir()
		name := filepath.Base(archive)
		switch {
		case strings.HasSuffix(name, ".tar.gz"):
			name = strings.TrimSuffix(name, ".tar.gz")
			if out, err := exec.Command("tar", "-xzf", archive, "-C", dir).CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", name, err, out)
			}
		case strings.HasSuffix(name, ".zip"):
			name = strings.TrimSuffix(name, ".zip")
			in, err := zip.OpenReader(archive)
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			if err := os.CopyFS(dir, in); err != nil {
				t.Fatal(err)
			}
		default:
			continue
		}
		for _, file := range []string{
			"LICENSE", "README.md", "CHANGELOG.md", "lintel.1", "completions/lintel.bash", "completions/_lintel", "completions/lintel.fish",
			"licenses/README.md", "licenses/graphviz.txt", "licenses/fonts/Inter.txt", "licenses/cuelang.org/go/LICENSE", "licenses/std/LICENSE",
		} {
			if info, err := os.Stat(filepath.Join(dir, name, file)); err != nil || info.Size() == 0 {
				t.Errorf("%s lacks %s: %v", name, file, err)
			}
		}
		for _, program := range []string{"lintel", "lintel-graphviz"} {
			looked++
			path := filepath.Join(dir, name, program)
			var libraries []string
			var err error
			switch {
			case strings.Contains(name, "linux"):
				var f *elf.File
				if f, err = elf.Open(path); err == nil {
					libraries, err = f.ImportedLibraries()
					if f.Section(".interp") != nil {
						t.Errorf("%s: %s needs a dynamic loader", name, program)
					}
					f.Close()
				}
			case strings.Contains(name, "darwin"):
				var f *macho.File
				if f, err = macho.Open(path); err == nil {
					libraries, err = f.ImportedLibraries()
					libraries = slices.DeleteFunc(libraries, func(s string) bool { // macOS has no other way to the kernel
						return strings.HasPrefix(s, "/usr/lib/libSystem") || strings.HasPrefix(s, "/usr/lib/libresolv") || strings.HasPrefix(s, "/System/")
					})
					f.Close()
				}
			default:
				var f *pe.File
				if f, err = pe.Open(path + ".exe"); err == nil {
					if wanted := map[bool]uint16{true: pe.IMAGE_FILE_MACHINE_ARM64, false: pe.IMAGE_FILE_MACHINE_AMD64}[strings.Contains(name, "arm64")]; f.Machine != wanted {
						t.Errorf("%s: %s is for machine %#x", name, program, f.Machine)
					}
					f.Close()
				}
			}
			if err != nil || len(libraries) != 0 {
				t.Errorf("%s: %s needs %v, %v", name, program, libraries, err)
			}
		}
	}
	if looked < 2 {
		t.Errorf("only %d programs were looked at", looked)
	}
}

// testInstall installs from a folder, an address of a file and a server, and refuses what was tampered with.
func testInstall(t *testing.T, dist string) {
	needs(t, "curl", "tar", "awk")
	server := httptest.NewServer(http.StripPrefix("/v1.2.3/", http.FileServer(http.Dir(dist))))
	defer server.Close()
	script := mustAbs(t, "../../install.sh")

	install := func(script string, args ...string) (home, out string, err error) {
		home = t.TempDir()
		cmd := exec.Command("sh", append([]string{script}, args...)...)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home}
		text, err := cmd.CombinedOutput()
		return home, string(text), err
	}
	for i, how := range [][]string{
		{script, "--version", "1.2.3", "--from", dist},
		{script, "--version", "v1.2.3", "--from", "file://" + dist},
		{script, "--version", "1.2.3", "--from", server.URL + "/v{version}"},
		{filepath.Join(dist, "install.sh")},
	} {
		prefix := filepath.Join(t.TempDir(), "a place")
		home, out, err := install(how[0], append(how[1:], "--prefix", prefix)...)
		if err != nil {
			t.Errorf("%v: %v\n%s", how, err, out)
			continue
		}
		if !strings.Contains(out, "lintel v1.2.3 (commit ") {
			t.Errorf("%v prints %q", how, out)
		}
		for _, name := range []string{
			"bin/lintel", "bin/lintel-graphviz", "share/man/man1/lintel.1", "share/bash-completion/completions/lintel",
			"share/zsh/site-functions/_lintel", "share/fish/vendor_completions.d/lintel.fish", "share/doc/lintel/LICENSE", "share/doc/lintel/licenses/README.md",
		} {
			if _, err := os.Stat(filepath.Join(prefix, name)); err != nil {
				t.Errorf("%v: %v", how, err)
			}
		}
		left, err := os.ReadDir(home)
		if err != nil || len(left) != 0 {
			t.Errorf("%v leaves %v in HOME, %v", how, left, err)
		}
		if i > 0 {
			continue
		}
		// It draws, too: the engine is found beside it.
		writeFiles(t, home, map[string]string{"shop.cue": soundShop})
		cmd := exec.Command(filepath.Join(prefix, "bin/lintel"), "render", "shop.cue", "-o", "shop.svg")
		cmd.Dir, cmd.Env = home, []string{"HOME=" + home, "PATH=/nonexistent"}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v: render: %v\n%s", how, err, out)
		}
		if out, err := exec.Command(filepath.Join(prefix, "bin/lintel-graphviz"), "--version").CombinedOutput(); err != nil || !strings.HasPrefix(string(out), "lintel-graphviz v1.2.3 (go-graphviz v") {
			t.Errorf("%v: lintel-graphviz --version: %v\n%s", how, err, out)
		}
	}

	// A folder below the working one is told in full, so that it can be added to the PATH.
	cmd := exec.Command("sh", script, "--version", "1.2.3", "--from", dist, "--prefix", "./here")
	cmd.Dir, cmd.Env = t.TempDir(), []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "add "+cmd.Dir+"/here/bin to your PATH") {
		t.Errorf("a relative folder: %v\n%s", err, out)
	}
	// A lintel that does not run here does not take the place of one that does.
	broken := unpackable(t, dist)
	cmd = exec.Command("sh", script, "--version", "1.2.3", "--from", broken, "--prefix", filepath.Join(cmd.Dir, "here"))
	cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "does not run here, and nothing was installed") {
		t.Errorf("a lintel that does not run: %v\n%s", err, out)
	}
	if out, err := exec.Command(strings.TrimSuffix(cmd.Args[len(cmd.Args)-1], "/")+"/bin/lintel", "version").CombinedOutput(); err != nil {
		t.Errorf("it has taken the place of one that runs: %v\n%s", err, out)
	}
	if os.Getuid() != 0 { // root installs into /usr/local
		cmd = exec.Command("sh", script, "--version", "1.2.3", "--from", dist)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
		if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "there is no HOME") {
			t.Errorf("without HOME: %v\n%s", err, out)
		}
	}

	tampered := t.TempDir()
	if err := os.CopyFS(tampered, os.DirFS(dist)); err != nil {
		t.Fatal(err)
	}
	archive := fmt.Sprintf("lintel_1.2.3_%s_%s.tar.gz", runtime.GOOS, runtime.GOARCH)
	content, err := os.ReadFile(filepath.Join(tampered, archive))
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)/2] ^= 1
	if err := os.WriteFile(filepath.Join(tampered, archive), content, 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"nothing was installed":                    {"--version", "1.2.3", "--from", tampered},
		"checksums.txt does not list lintel_1.2.4": {"--version", "1.2.4", "--from", renamed(t, dist, archive, "lintel_1.2.4_"+runtime.GOOS+"_"+runtime.GOARCH+".tar.gz")},
		"cannot get " + server.URL + "/none/":      {"--version", "1.2.3", "--from", server.URL + "/none"},
		"cannot get /nonexistent/checksums.txt":    {"--version", "1.2.3", "--from", "/nonexistent"},
		"which version?":                           {"--from", dist},
		"where does the release lie?":              {"--version", "1.2.3"},
		"is no version":                            {"--version", "../1", "--from", dist},
		"--from needs a value":                     {"--from"},
		"\"--from\" is an option":                  {"--version", "--from", dist},
		"is not understood":                        {"--form", dist},
	} {
		prefix := t.TempDir()
		_, out, err := install(script, append([]string{"--prefix", prefix}, args...)...)
		if err == nil || !strings.Contains(out, want) {
			t.Errorf("%v: %v, it says %q and not %q", args, err, out, want)
		}
		if left, err := os.ReadDir(prefix); err != nil || len(left) != 0 {
			t.Errorf("%v leaves %v, %v", args, left, err)
		}
	}
}

// renamed gives a copy of dist in which one file has another name.
func renamed(t *testing.T, dist, from, to string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(dist)); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, from), filepath.Join(dir, to)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// unpackable gives a release for this platform whose checksum is right and whose lintel does not run.
func unpackable(t *testing.T, dist string) string {
	t.Helper()
	dir := t.TempDir()
	name := fmt.Sprintf("lintel_1.2.3_%s_%s", runtime.GOOS, runtime.GOARCH)
	for _, args := range [][]string{
		{"tar", "-xzf", filepath.Join(dist, name+".tar.gz"), "-C", dir},
		{"sh", "-ec", `echo '#!/bin/sh
exit 126' >"$1/lintel"; tar -czf "$1.tar.gz" "$1"; rm -r "$1"; sha256sum "$1.tar.gz" >checksums.txt`, "sh", name},
	} {
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	return dir
}
