package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// platform is one of those that lintel is published for.
type platform struct{ os, arch string }

func (p platform) String() string { return p.os + "/" + p.arch }

// exe is the ending of programs.
func (p platform) exe() string {
	if p.os == "windows" {
		return ".exe"
	}
	return ""
}

// platforms are all that lintel is published for.
func platforms() []platform {
	return []platform{
		{"linux", "amd64"}, {"linux", "arm64"}, {"darwin", "amd64"}, {"darwin", "arm64"}, {"windows", "amd64"}, {"windows", "arm64"},
	}
}

// programs are the commands that are published, by the folders of their packages.
var programs = []string{"lintel", "lintel-graphviz"}

// choose reads "linux/amd64,darwin/arm64"; "" is all platforms.
func choose(only string) ([]platform, error) {
	all := platforms()
	if only == "" {
		return all, nil
	}
	var out []platform
	for name := range strings.SplitSeq(only, ",") {
		i := slices.IndexFunc(all, func(p platform) bool { return p.String() == name })
		if i < 0 {
			return nil, fmt.Errorf("no platform %q; there are %v", name, all)
		}
		out = append(out, all[i])
	}
	return out, nil
}

// environment is that of the Go command for a platform. It holds nothing of the user's own settings that would
// change what is built.
func environment(p platform) []string {
	own := []string{
		"GOOS=" + p.os, "GOARCH=" + p.arch, "CGO_ENABLED=0", "GOAMD64=v1", "GOARM64=v8.0",
		"GOFLAGS=-trimpath -buildvcs=false -mod=readonly", "GOWORK=off", "GOEXPERIMENT=", "GOFIPS140=off",
	}
	return append(os.Environ(), own...)
}

// build makes all that is published and gives the names of the files, sorted, checksums.txt last.
func (r *release) build(chosen []platform) ([]string, error) {
	work, err := os.MkdirTemp("", "lintel-release-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work)
	if err := emptyFolder(r.out); err != nil {
		return nil, err
	}

	linked, err := modulesOf(r.root, platforms()) // of all platforms, whichever are built: one bill for one version
	if err != nil {
		return nil, err
	}
	common, err := r.commonFiles(work, linked)
	if err != nil {
		return nil, err
	}
	var names []string
	write := func(name string, content []byte, mode os.FileMode) error {
		names = append(names, name)
		return os.WriteFile(filepath.Join(r.out, name), content, mode)
	}
	for _, p := range chosen {
		files := slices.Clone(common)
		for _, program := range programs {
			path := filepath.Join(work, p.os, p.arch, program+p.exe())
			if err := r.compile(p, program, path); err != nil {
				return nil, err
			}
			content, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			files = append(files, file{name: program + p.exe(), content: content, executable: true})
		}
		name := fmt.Sprintf("lintel_%s_%s_%s", r.version, p.os, p.arch)
		packed, ending, err := pack(p, name, files, r.date)
		if err != nil {
			return nil, err
		}
		if err := write(name+ending, packed, 0o644); err != nil {
			return nil, err
		}
	}
	bill, err := r.bill(linked)
	if err != nil {
		return nil, err
	}
	if err := write(fmt.Sprintf("lintel_%s_sbom.cdx.json", r.version), bill, 0o644); err != nil {
		return nil, err
	}
	script, err := r.installScript()
	if err != nil {
		return nil, err
	}
	if err := write("install.sh", script, 0o755); err != nil {
		return nil, err
	}

	slices.Sort(names)
	var sums strings.Builder
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(r.out, name))
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(content), name)
	}
	err = write("checksums.txt", []byte(sums.String()), 0o644)
	return names, err
}

// compile builds one program for one platform, without its debug tables.
func (r *release) compile(p platform, program, path string) error {
	variable := map[string]string{"lintel": "lintel/internal/cli", "lintel-graphviz": "main"}[program]
	flags := []string{"-s", "-w", "-X", variable + ".release=v" + r.version}
	if program == "lintel" {
		flags = append(flags, "-X", variable+".commit="+r.commit, "-X", variable+".commitTime="+r.date.Format(time.RFC3339))
	}
	cmd := exec.Command("go", "build", "-ldflags", strings.Join(flags, " "), "-o", path, "./cmd/"+program)
	cmd.Dir, cmd.Env = r.root, environment(p)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s for %s: %w\n%s", program, p, err, out)
	}
	return nil
}

// emptyFolder makes a folder, or empties one that holds nothing but an earlier release.
func emptyFolder(dir string) error {
	old, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, entry := range old {
		name := entry.Name()
		if !strings.HasPrefix(name, "lintel_") && name != "checksums.txt" && name != "install.sh" || entry.IsDir() {
			return fmt.Errorf("%s holds %s, which is not of a release; give another folder with -out", dir, name)
		}
	}
	for _, entry := range old {
		if err := os.Remove(filepath.Join(dir, entry.Name())); err != nil {
			return err
		}
	}
	return os.MkdirAll(dir, 0o755)
}
