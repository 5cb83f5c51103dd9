package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// makers write the inputs that a text archive cannot hold, by the name after "with:".
var makers = map[string]func(t *testing.T, dir string){
	"symlink loop": func(t *testing.T, dir string) {
		for _, l := range [][2]string{{"other.cue", "shop.cue"}, {"shop.cue", "other.cue"}} {
			if err := os.Symlink(l[0], filepath.Join(dir, l[1])); err != nil {
				t.Skip(err)
			}
		}
	},
	"folder that leads back to itself": func(t *testing.T, dir string) {
		if err := os.Symlink("..", filepath.Join(dir, "sub", "up")); err != nil {
			t.Skip(err)
		}
	},
	"50 MB": func(t *testing.T, dir string) {
		text := []byte("system: \"shop\"\nmodules: web: {}\n// ")
		write(t, dir, "shop.cue", append(text, bytes.Repeat([]byte("x"), 50<<20)...))
	},
	"50 MB of brackets": func(t *testing.T, dir string) {
		write(t, dir, "shop.json", bytes.Repeat([]byte("["), 15<<20))
	},
	"binary": func(t *testing.T, dir string) {
		write(t, dir, "shop.cue", []byte("\x7fELF\x02\x01\x01\x00\x00\x00\xff\xfe"))
	},
	"UTF-16": func(t *testing.T, dir string) {
		write(t, dir, "shop.yaml", []byte("\xff\xfes\x00y\x00s\x00t\x00e\x00m\x00"))
	},
	"Latin-1": func(t *testing.T, dir string) {
		write(t, dir, "shop.cue", []byte("system: \"shop\"\nmodules: \"b\xfccher\": {}\n"))
	},
	"NUL bytes": func(t *testing.T, dir string) {
		write(t, dir, "shop.json", []byte("{\"system\": \"sh\x00op\"}"))
	},
	"BOM and Windows line ends": func(t *testing.T, dir string) {
		write(t, dir, "shop.cue", []byte("\xef\xbb\xbfsystem: \"shop\"\r\nmodules: {\r\n\tweb: {replicas: \"2\"}\r\n}\r\n"))
	},
	"10,000 brackets of CUE": func(t *testing.T, dir string) {
		write(t, dir, "shop.cue", []byte("system: \"shop\"\nmodules: web: tags: "+strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000)+"\n"))
	},
	"10,000 brackets of JSON": func(t *testing.T, dir string) {
		write(t, dir, "shop.json", []byte(`{"system": "shop", "modules": `+strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000)+"}"))
	},
	"10,000 brackets of YAML": func(t *testing.T, dir string) {
		write(t, dir, "shop.yaml", []byte("system: shop\nmodules: "+strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000)+"\n"))
	},
	"a folder named shop.cue": func(t *testing.T, dir string) {
		if err := os.Mkdir(filepath.Join(dir, "shop.cue"), 0o777); err != nil {
			t.Fatal(err)
		}
	},
	"a file that may not be read": func(t *testing.T, dir string) {
		write(t, dir, "shop.cue", []byte("system: \"shop\"\nmodules: web: {}\n"))
		name := filepath.Join(dir, "shop.cue")
		if err := os.Chmod(name, 0); err != nil {
			t.Fatal(err)
		}
		if f, err := os.Open(name); err == nil {
			f.Close()
			t.Skip("this user may read every file")
		}
	},
}

func write(t *testing.T, dir, name string, text []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), text, 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestInputErrors holds the full text that the command prints about ordinary mistakes. Each archive
// of testdata/inputerrors begins with the arguments and, after "with:", the name of a maker; then
// come the input and, under "want", the text.
func TestInputErrors(t *testing.T) {
	cases, err := filepath.Glob("testdata/inputerrors/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	if len(cases) < 40 {
		t.Fatalf("%d cases, want at least 40", len(cases))
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			var args []string
			for line := range strings.Lines(string(archive.Comment)) {
				line = strings.TrimSpace(line)
				if rest, ok := strings.CutPrefix(line, "lintel "); ok {
					args = strings.Fields(rest)
				}
				if with, ok := strings.CutPrefix(line, "with: "); ok {
					maker := makers[with]
					if maker == nil {
						t.Fatalf("no maker is named %q", with)
					}
					for _, f := range archive.Files {
						if f.Name != "want" {
							if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, f.Name)), 0o777); err != nil {
								t.Fatal(err)
							}
						}
					}
					maker(t, dir)
				}
			}
			if len(args) == 0 {
				t.Fatal("the archive does not begin with the arguments")
			}
			want := -1
			var stdin []byte
			for i, f := range archive.Files {
				switch f.Name {
				case "want":
					want = i
				case "stdin":
					stdin = f.Data
				default:
					if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, f.Name)), 0o777); err != nil {
						t.Fatal(err)
					}
					write(t, dir, f.Name, f.Data)
				}
			}
			t.Chdir(dir)
			var stdout, stderr bytes.Buffer
			code := Main(args, bytes.NewReader(stdin), &stdout, &stderr)
			if code != exitInput {
				t.Errorf("exit code %d, want %d; stdout:\n%s", code, exitInput, stdout.String())
			}
			got := stderr.String()
			told := sourceLines.ReplaceAllString(got, "")
			for _, word := range internalWords {
				if m := word.FindString(told); m != "" {
					t.Errorf("the text has the internal word %q:\n%s", m, got)
				}
			}
			if strings.Contains(got, dir) {
				t.Errorf("the text has the absolute path of the working folder:\n%s", got)
			}
			if *update {
				if want < 0 {
					archive.Files = append(archive.Files, txtar.File{Name: "want"})
					want = len(archive.Files) - 1
				}
				archive.Files[want].Data = []byte(got)
				if err := os.WriteFile(filepath.Join(here, name), txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want < 0 {
				t.Fatal("no text is expected yet: run the test with -update, and read what it writes")
			}
			if string(archive.Files[want].Data) != got {
				t.Errorf("got:\n%s\nwant:\n%s", got, archive.Files[want].Data)
			}
		})
	}
}

// here is the folder of this package.
var here, _ = os.Getwd()

// sourceLines are the lines of a text that quote the user's file.
var sourceLines = regexp.MustCompile(`(?m)^ *\d+ \|.*\n`)

// internalWords must not reach a user.
var internalWords = []*regexp.Regexp{
	regexp.MustCompile(`disjunct`),
	regexp.MustCompile(`_\|_`),
	regexp.MustCompile(`bottom`),
	regexp.MustCompile(`incomplete value`),
	regexp.MustCompile(`non-concrete`),
	regexp.MustCompile(`(^|[^.])#(System|Module|Kind|Name|Dependency|Lint)\b`),
	regexp.MustCompile(`cue\.mod/pkg`),
	regexp.MustCompile(`design\.invalid`),
	regexp.MustCompile(`mismatched types`),
	regexp.MustCompile(`IDENT|'EOF'|operand|number bounds|call to or`),
	regexp.MustCompile(`(^|\s)yaml: `),
	regexp.MustCompile(`goroutine|panic|runtime error`),
}
