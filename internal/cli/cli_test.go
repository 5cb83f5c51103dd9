package cli

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	urfave "github.com/urfave/cli/v2"
)

// TestFlagsAgree: where a flag's value ends must not depend on the command, which may come later.
func TestFlagsAgree(t *testing.T) {
	takesValue := map[string]bool{}
	for _, c := range withParts(commands()) {
		short := map[string]bool{}
		for _, f := range c.ownFlags() {
			for _, name := range []string{"--" + f.name, "-" + f.short} {
				if v, ok := takesValue[name]; ok && name != "-" && v != (f.value != "") {
					t.Errorf("%s takes a value in one command and not in another", name)
				}
				takesValue[name] = f.value != ""
			}
			if f.short != "" && short[f.short] {
				t.Errorf("lintel %s: -%s twice", c.name, f.short)
			}
			short[f.short] = true
			if (f.value == "") != (f.takes == nothing) {
				t.Errorf("lintel %s: --%s: value %q", c.name, f.name, f.value)
			}
			if !strings.HasSuffix(f.usage, ".") {
				t.Errorf("lintel %s: --%s: the usage %q is no sentence", c.name, f.name, f.usage)
			}
		}
	}
}

// TestHelpFits: every help text fits 80 columns and shows examples that the command line accepts.
func TestHelpFits(t *testing.T) {
	for _, c := range append(withParts(commands()), nil) {
		var b strings.Builder
		if c == nil {
			writeRootHelp(&b, 80)
		} else {
			writeHelp(&b, c, 80)
			if len(c.examples) == 0 || c.about == "" || strings.HasSuffix(c.summary, ".") {
				t.Errorf("lintel %s is not described", c.name)
			}
		}
		for line := range strings.Lines(b.String()) {
			if n := len([]rune(strings.TrimRight(line, "\n"))); n > 80 {
				t.Errorf("%d columns: %q", n, line)
			}
			if command, ok := strings.CutPrefix(strings.TrimSpace(line), "lintel "); ok && strings.HasPrefix(line, "  lintel ") && !strings.Contains(line, "[") && !strings.Contains(line, "COMMAND") {
				command, _, _ = strings.Cut(command, " > ")
				command, _, _ = strings.Cut(command, " | ")
				command, _, _ = strings.Cut(command, " && ")
				if _, err := arrange(shellWords(command)); err != nil {
					t.Errorf("the example %q is refused: %v", line, err)
				}
			}
		}
	}
}

// shellWords splits a command line at blanks outside of single quotes.
func shellWords(line string) (words []string) {
	for i, part := range strings.Split(line, "'") {
		if i%2 == 0 {
			words = append(words, strings.Fields(part)...)
		} else {
			words = append(words, part)
		}
	}
	return words
}

func TestArrange(t *testing.T) {
	for _, c := range []struct {
		args, command string
		flags, words  []string
		err           string
	}{
		{args: "check a b", command: "check", words: []string{"a", "b"}},
		{args: "check a --format json b", command: "check", flags: []string{"--format=json"}, words: []string{"a", "b"}},
		{args: "--format json check a", command: "check", flags: []string{"--format=json"}, words: []string{"a"}},
		{args: "check a -q -f json", command: "check", flags: []string{"--quiet=true", "--format=json"}, words: []string{"a"}},
		{args: "check -f=json", command: "check", flags: []string{"--format=json"}},
		{args: "check --format=sarif=a=b,c", command: "check", flags: []string{"--format=sarif=a=b,c"}},
		{args: "check -- --format json", command: "check", words: []string{"--format", "json"}},
		{args: "-- check -q", command: "check", words: []string{"-q"}},
		{args: "check - -q", command: "check", flags: []string{"--quiet=true"}, words: []string{"-"}},
		{args: "check --config --quiet", command: "check", flags: []string{"--config=--quiet"}},
		{args: "check --quiet=false", command: "check", flags: []string{"--quiet=false"}},
		{args: "check -fconcise a", command: "check", flags: []string{"--format=concise"}, words: []string{"a"}},
		{args: "check -fjson=a=b", command: "check", flags: []string{"--format=json=a=b"}},
		{args: "check -qf concise a", command: "check", flags: []string{"--quiet=true", "--format=concise"}, words: []string{"a"}},
		{args: "check -qfconcise", command: "check", flags: []string{"--quiet=true", "--format=concise"}},
		{args: "check -qf=json", command: "check", flags: []string{"--quiet=true", "--format=json"}},
		{args: "check -qqf=json=a", command: "check", flags: []string{"--quiet=true", "--quiet=true", "--format=json=a"}},
		{args: "check -fjsno", err: "unknown flag"},
		{args: "check -q\xff", err: "unknown flag"},
		{args: "check --quiet=2", err: "takes no value"},
		{args: "check --config", err: "wants a value"},
		{args: "whatif --goal", err: "unknown flag --goal for lintel whatif"},
		{args: "check ---format", err: "unknown flag"},
		{args: "--nonsense check", err: "unknown flag"},
		{args: "nonsense", err: "unknown command"},
	} {
		a, err := arrange(strings.Fields(c.args))
		if err != nil || c.err != "" {
			if err == nil || c.err == "" || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%q: error %v, want %q", c.args, err, c.err)
			}
			continue
		}
		if a.command.name != c.command || !slices.Equal(a.flags, c.flags) || !slices.Equal(a.positional, c.words) {
			t.Errorf("%q: %s %q %q", c.args, a.command.name, a.flags, a.positional)
		}
	}
}

// FuzzArrange: no command line may end in a panic, and none that is accepted may be refused by the library.
func FuzzArrange(f *testing.F) {
	f.Add("check a --format json -- -x")
	f.Add("--color=always help check -q=false")
	f.Add("check -qf json -fq -q\xff")
	f.Add("-- - --= -= =")
	f.Fuzz(func(t *testing.T, line string) {
		args := strings.Split(line, " ")
		a, err := arrange(args)
		if err != nil || a.command == nil || a.help || a.version {
			return
		}
		ran := false
		c := *a.command
		c.run = func(_ *session, ctx *urfave.Context) error {
			ran = true
			if got := ctx.Args().Slice(); !slices.Equal(got, a.positional) && len(got)+len(a.positional) > 0 {
				t.Errorf("%q: arguments %q, want %q", line, got, a.positional)
			}
			return nil
		}
		app := &urfave.App{
			Name: "lintel", HideHelp: true, HideVersion: true, HideHelpCommand: true, DisableSliceFlagSeparator: true,
			Commands: []*urfave.Command{c.urfave(&session{})}, Writer: io.Discard, ErrWriter: io.Discard,
			ExitErrHandler: func(*urfave.Context, error) {},
		}
		if err := app.Run(append(append([]string{"lintel", c.name}, append(a.flags, "--")...), a.positional...)); err != nil || !ran {
			t.Errorf("%q: accepted here, refused by the library: %v", line, err)
		}
	})
}

func TestNearest(t *testing.T) {
	names := []string{"check", "rules", "explain", "single-point-of-failure", "RES001"}
	for word, want := range map[string]string{
		"chekc": "check", "Check": "check", "rule": "rules", "exlain": "explain", "single-point-of-falure": "single-point-of-failure",
		"single-point": "single-point-of-failure", "res001": "RES001", "RES01": "RES001",
		"": "", "x": "", "frobnicate": "", "zzzzz": "", strings.Repeat("long", 1000): "",
	} {
		if got, _ := nearest(word, names); got != want {
			t.Errorf("nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

// TestTerminalText pins how a page of the rules is shown.
func TestTerminalText(t *testing.T) {
	const page = "# RES001: name\n\nSome `code`, **bold** and a [link](https://example.com/x).\nIt goes on.\n\n| | |\n| --- | --- |\n| Severity | error |\n| Sources | [a](https://a); b \\| c |\n\n- one\n  and more\n- two\n\n1. first\n2. second\n\n```cue\nx: {\n\ty: 1\n}\n```\n"
	const want = `RES001: name

Some code, bold and a link <https://example.com/x>. It goes on.

Severity: error
Sources:  a <https://a>; b | c

- one and more
- two

1. first
2. second

    x: {
        y: 1
    }
`
	if got := terminalText(page, 80, false); got != want {
		t.Errorf("got\n%s", got)
	}
	if got := terminalText(page, 80, true); !strings.Contains(got, "\x1b[1mRES001: name\x1b[") {
		t.Errorf("no colour in\n%s", got)
	}
	for line := range strings.Lines(terminalText(strings.Repeat("word ", 100), 40, false)) {
		if len(line) > 41 {
			t.Errorf("too wide: %q", line)
		}
	}
}

// TestNothingHalfWritten: a command that fails after its output was made writes none of it.
func TestNothingHalfWritten(t *testing.T) {
	var out, errs bytes.Buffer
	if code := Main([]string{"rules", "--format", "nonsense"}, strings.NewReader(""), &out, &errs); code != exitInput || out.Len() > 0 {
		t.Errorf("exit code %d, stdout %q", code, &out)
	}
}

// TestRealReportsAreValid holds what the command says of the real systems of testdata to the schemas.
func TestRealReportsAreValid(t *testing.T) {
	for format, file := range map[string]string{
		"json":   "../../docs/schemas/check.schema.json",
		"sarif":  "../report/testdata/schemas/sarif-2.1.0.json",
		"gitlab": "../report/testdata/schemas/gitlab-code-quality.json",
	} {
		s, err := jsonschema.NewCompiler().Compile(file)
		if err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		code := Main([]string{"check", "-q", "--format", format, "../../testdata/designs/...", "../../testdata/outages/...", "../../testdata/wellbuilt/..."}, strings.NewReader(""), &out, &errs)
		if code != exitFindings {
			t.Errorf("%s: exit code %d\n%s", format, code, &errs)
		}
		v, err := jsonschema.UnmarshalJSON(&out)
		if err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		if err := s.Validate(v); err != nil {
			t.Errorf("%s: %v", format, err)
		}
	}
}

func TestProgress(t *testing.T) {
	var out bytes.Buffer
	p := &progress{out: &out}
	p.phase("reading designs", 0)
	p.show()
	p.phase("checking designs", 3)
	p.step()
	p.show()
	if got, want := out.String(), clearLine+"reading designs …"+clearLine+"checking designs: 1 of 3"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	p.end() // never started: nothing to stop
}

// TestPanicsInWorkers: the first panic of a worker reaches the caller with its own stack.
func TestPanicsInWorkers(t *testing.T) {
	defer func() {
		p, ok := recover().(*taskPanic)
		if !ok || p.value != "stumbled" || !bytes.Contains(p.stack, []byte("TestPanicsInWorkers")) {
			t.Errorf("got %v", p)
		}
	}()
	eachOnAllCores(4, func(i int) {
		if i == 2 {
			panic("stumbled")
		}
	})
}
