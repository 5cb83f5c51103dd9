package page

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"lintel/analyzer"
	"lintel/internal/diagram/layout"
	"lintel/rules"
	"lintel/schema"
)

// folder holds what the tests share, as long as they run.
var folder string

func TestMain(m *testing.M) {
	var err error
	if folder, err = os.MkdirTemp("", "lintel-page-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(folder)
	os.Exit(code)
}

// engineProgram builds lintel-graphviz, once.
var engineProgram = sync.OnceValues(func() (string, error) {
	path := filepath.Join(folder, "lintel-graphviz")
	if out, err := exec.Command("go", "build", "-o", path, "lintel/cmd/lintel-graphviz").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

func engine(t *testing.T) layout.Engine {
	t.Helper()
	path, err := engineProgram()
	if err != nil {
		t.Fatal(err)
	}
	return layout.Engine{Program: path, Timeout: 2 * time.Minute}
}

// written is the page of a design.
func written(t *testing.T, d *schema.Design, o Options) (*analyzer.Analysis, []byte) {
	t.Helper()
	a := analyzer.New(d)
	r := rules.Run(a, rules.Settings{}, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	var b bytes.Buffer
	if err := Write(context.Background(), &b, a, r, o, engine(t)); err != nil {
		t.Fatal(err)
	}
	return a, b.Bytes()
}

// loaded reads the one design of a folder.
func loaded(t *testing.T, path string) *schema.Design {
	t.Helper()
	designs, err := schema.Load(schema.LoadOptions{}, path)
	if err != nil || len(designs) != 1 {
		t.Fatalf("%d designs, %v", len(designs), err)
	}
	return designs[0]
}

// saved writes a page to a file.
func saved(t *testing.T, page []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, page, 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}
