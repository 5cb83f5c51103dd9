package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// shellPath returns a shell, which CI has to have.
func shellPath(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not installed, and CI is set", name)
		}
		t.Skipf("%s is not installed", name)
	}
	return path
}

type completionCase struct {
	line     string
	want     []string
	unwanted []string
}

// completions are lines that end where the user presses the tab key, with what must be and must not be offered.
// A word that ends in "/" stands for a folder, which some shells show without the slash.
var completions = []completionCase{
	{"lintel ch", []string{"check"}, []string{"rules"}},
	{"lintel ", []string{"check", "render", "rules", "explain", "metrics", "init", "schema", "version", "completion", "man"}, nil},
	{"lintel he", []string{"help"}, []string{"check"}},
	{"lintel help ", []string{"check", "rules", "man"}, []string{"shop.cue", "help"}},
	{"lintel help exp", []string{"explain"}, []string{"check"}},
	{"lintel --col", []string{"--color"}, nil},
	{"lintel check --f", []string{"--format", "--fail-on"}, []string{"--config"}},
	{"lintel check --format s", []string{"sarif"}, []string{"json", "check"}},
	{"lintel check -f s", []string{"sarif"}, []string{"json"}},
	{"lintel check --fail-on ", []string{"error", "warning", "info", "never"}, []string{"sarif"}},
	{"lintel check --only stale-", []string{"stale-waiver"}, nil},
	{"lintel check --only RE", []string{"RES", "REP", "RES001"}, []string{"CPL"}},
	{"lintel check --color a", []string{"always", "auto"}, []string{"never"}},
	{"lintel --color never ch", []string{"check"}, nil},
	{"lintel check --config se", []string{"settings.cue"}, nil},
	{"lintel check shop.cue --ru", []string{"--rule"}, nil},
	{"lintel check sh", []string{"shop.cue"}, []string{"settings.cue"}},
	{"lintel explain single-", []string{"single-point-of-failure"}, nil},
	{"lintel completion z", []string{"zsh"}, []string{"bash"}},
	{"lintel metrics --sort in", []string{"instability"}, nil},
	{"lintel metrics --format c", []string{"csv"}, []string{"concise"}},
	{"lintel render --fo", []string{"--format", "--focus"}, []string{"--flow"}},
	{"lintel render -f p", []string{"png", "pdf", "plantuml"}, []string{"svg"}},
	{"lintel render --view m", []string{"modules", "matrix"}, []string{"overview"}},
	{"lintel render --group-by ", []string{"group", "team", "layer", "zone", "region", "none"}, []string{"shop.cue"}},
	{"lintel render --theme d", []string{"dark"}, []string{"light"}},
	{"lintel render --direction ", []string{"up", "down", "both"}, nil},
	{"lintel render --layout s", []string{"sfdp"}, []string{"dot"}},
	{"lintel render -o sh", []string{"shop.cue"}, nil},
	{"lintel render --only ", []string{"group=", "name="}, nil},
	{"lintel render --only kind=da", []string{"database"}, []string{"cache"}},
	{"lintel render sh", []string{"shop.cue"}, []string{"settings.cue"}},
	{"lintel init fol", []string{"folder/"}, nil},
	{"lintel ba", []string{"baseline"}, []string{"write"}},
	{"lintel baseline ", []string{"write", "prune", "show"}, []string{"check", "shop.cue"}},
	{"lintel baseline pr", []string{"prune"}, []string{"write"}},
	{"lintel baseline write sh", []string{"shop.cue"}, []string{"show", "settings.cue"}},
	{"lintel baseline show --f", []string{"--file"}, []string{"--format"}},
	{"lintel baseline write --on", []string{"--only"}, []string{"--fail-on"}},
	{"lintel baseline write --only RE", []string{"RES", "REP"}, []string{"CPL"}},
	{"lintel baseline write -o se", []string{"settings.cue"}, nil},
	{"lintel --color never baseline pr", []string{"prune"}, nil},
	{"lintel check --base", []string{"--baseline"}, nil},
	// Names of the design that the line names, or of the one in the folder.
	{"lintel whatif shop.cue --fail ", []string{"web", "orders-db", "zone-a"}, []string{"browse", "web/1"}},
	{"lintel whatif --fail we", []string{"web"}, []string{"orders-db"}},
	{"lintel whatif --fail web/", []string{"web/1", "web/2"}, []string{"web", "web/3"}},
	{"lintel whatif --fail zone-a --fail or", []string{"orders-db"}, []string{"zone-a"}},
	{"lintel whatif missing.cue --fail we", nil, []string{"web"}},
	{"lintel whatif folder --fail we", nil, []string{"web"}},
	{"lintel availability --color never shop.cue --journey b", []string{"browse"}, []string{"web"}},
	{"lintel availability -j b", []string{"browse"}, nil},
	{"lintel cutsets --module or", []string{"orders-db"}, []string{"web"}},
	{"lintel improve --goal no-spof --journey br", []string{"browse"}, nil},
	{"lintel export open-psa shop.cue --journey b", []string{"browse"}, nil},
	{"lintel render --focus w", []string{"web"}, []string{"browse"}},
	{"lintel render --fail zone", []string{"zone-a"}, nil},
}

// named is the design of which names are completed.
const named = `system: "shop"
failureDomains: "zone-a": kind: "zone"
journeys: {browse: entry: "web", "buy it": entry: "web", "pay:card": entry: "web"}
modules: {
	web: {replicas: 2, dependsOn: ["orders-db"]}
	"orders-db": kind: "database"
}
`

// workFolder makes a folder with the files that the completions name.
func workFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"shop.cue": named, "settings.cue": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o777); err != nil {
		t.Fatal(err)
	}
	return dir
}

func checkOffers(t *testing.T, line string, got, want, unwanted []string) {
	t.Helper()
	for i := range got {
		got[i] = strings.TrimRight(got[i], "/=") // zsh shows "kind" for "kind="
		if _, value, ok := strings.Cut(got[i], "="); ok && !strings.HasPrefix(got[i], "-") {
			got = append(got, value) // fish offers "kind=database" whole
		}
	}
	for _, w := range want {
		if !slices.Contains(got, strings.TrimRight(w, "/=")) {
			t.Errorf("%q: %q is not among %q", line, w, got)
		}
	}
	for _, w := range unwanted {
		if slices.Contains(got, w) {
			t.Errorf("%q: %q is among %q", line, w, got)
		}
	}
}

func run(t *testing.T, dir, program string, args ...string) string {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+dir, "TERM=dumb", "XDG_CONFIG_HOME="+dir+"/.config", "XDG_DATA_HOME="+dir+"/.data")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
	return string(out)
}

func TestBashCompletion(t *testing.T) {
	bash := shellPath(t, "bash")
	dir := workFolder(t)
	script := filepath.Join(t.TempDir(), "lintel.bash")
	if err := os.WriteFile(script, []byte(bashCompletion(commands())), 0o666); err != nil {
		t.Fatal(err)
	}
	completeLines := func(words ...string) []string {
		quoted := make([]string, len(words))
		for i, w := range words {
			quoted[i] = "'" + w + "'"
		}
		return strings.Split(run(t, dir, bash, "--norc", "-c", fmt.Sprintf(
			"set -u; source %s; complete -p lintel >/dev/null; COMP_WORDS=(%s); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); _lintel; printf '%%s\\n' \"${COMPREPLY[@]}\"",
			script, strings.Join(quoted, " "))), "\n")
	}
	complete := func(words ...string) []string { return strings.Fields(strings.Join(completeLines(words...), "\n")) }
	for _, c := range completions {
		words := strings.Fields(c.line)
		if strings.HasSuffix(c.line, " ") {
			words = append(words, "")
		}
		checkOffers(t, c.line, complete(words...), c.want, c.unwanted)
	}
	// Bash breaks words at "=".
	for _, c := range []struct {
		words []string
		want  string
	}{
		{[]string{"lintel", "check", "--format", "="}, "sarif"},
		{[]string{"lintel", "check", "--format", "=", "sa"}, "sarif"},
		{[]string{"lintel", "check", "--format", "sarif", "=", "sh"}, "shop.cue"},
		{[]string{"lintel", "check", "--format", "=", "sarif", "=", "sh"}, "shop.cue"},
		{[]string{"lintel", "check", "--rule", "RES001", "=", "of"}, "off"},
		{[]string{"lintel", "check", "--rule", "=", "RES001", "=", "of"}, "off"},
		{[]string{"lintel", "check", "--only", "RES,single-"}, "RES,single-point-of-failure"},
		{[]string{"lintel", "check", "--only", "=", "RES,single-"}, "RES,single-point-of-failure"},
	} {
		checkOffers(t, strings.Join(c.words, " "), complete(c.words...), []string{c.want}, nil)
	}
	// Names are quoted as the shell needs it, and of those with a colon, at which bash breaks words, the end is offered.
	for _, c := range []struct {
		words []string
		want  string
	}{
		{[]string{"lintel", "availability", "--journey", "bu"}, `buy\ it`},
		{[]string{"lintel", "availability", "--journey", `"bu`}, `buy it`},
		{[]string{"lintel", "availability", "--journey", `buy\ `}, `buy\ it`},
		{[]string{"lintel", "availability", "--journey", "=", "bu"}, `buy\ it`},
		{[]string{"lintel", "availability", "--journey", "pa"}, `pay:card`},
		{[]string{"lintel", "availability", "--journey", "pay", ":", "ca"}, `card`},
		{[]string{"lintel", "availability", "--journey", "pay", ":"}, `card`},
		{[]string{"lintel", "availability", "--journey", "=", "pay", ":", "c"}, `card`},
		{[]string{"lintel", "availability", "--journey", `"pay:c`}, `pay:card`},
		{[]string{"lintel", "improve", "--goal", "survive", ":", "z"}, `zone`},
		{[]string{"lintel", "whatif", "--fail", `"web -`}, `web -> orders-db`},
		{[]string{"lintel", "whatif", "--fail", `web\ -`}, `web\ -\>\ orders-db`},
	} {
		if got := completeLines(c.words...); !slices.Contains(got, c.want) {
			t.Errorf("%q: %q is not among %q", c.words, c.want, got)
		}
	}
	if got := complete("lintel", "check", "--", "--f"); len(got) > 0 {
		t.Errorf("after --: %q", got)
	}
}

func TestFishCompletion(t *testing.T) {
	fish := shellPath(t, "fish")
	dir := workFolder(t)
	script := filepath.Join(t.TempDir(), "lintel.fish")
	if err := os.WriteFile(script, []byte(fishCompletion(commands())), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range append(completions,
		completionCase{"lintel check --rule RES001=o", []string{"RES001=off"}, nil},
		completionCase{"lintel check --only RES,single-", []string{"RES,single-point-of-failure"}, nil},
		completionCase{"lintel availability --journey bu", []string{"buy it"}, []string{"browse"}},
		completionCase{"lintel availability --journey pay:", []string{"pay:card"}, nil},
		completionCase{"lintel whatif --fail 'web -", []string{"web -> orders-db"}, nil},
		completionCase{"lintel whatif --fail=zo", []string{"--fail=zone-a"}, nil},
	) {
		var got []string
		for line := range strings.Lines(run(t, dir, fish, "--no-config", "-c", fmt.Sprintf("source %s; complete -C %q", script, c.line))) {
			word, _, _ := strings.Cut(strings.TrimRight(line, "\n"), "\t")
			got = append(got, word)
		}
		checkOffers(t, c.line, got, c.want, c.unwanted)
	}
}

// TestZshCompletion types the lines into an interactive zsh on a pseudo-terminal, since the completion system
// works nowhere else; a widget prints what it would offer.
func TestZshCompletion(t *testing.T) {
	zsh := shellPath(t, "zsh")
	dir := workFolder(t)
	functions := t.TempDir()
	if err := os.WriteFile(filepath.Join(functions, "_lintel"), []byte(zshCompletion(commands())), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range append(completions, []completionCase{
		{"lintel availability --journey bu", []string{`buy\ it`}, []string{"browse"}},
		{"lintel availability --journey pay:", []string{"pay:card"}, nil},
		{`lintel whatif --fail web\\ -`, []string{`web\ -\>\ orders-db`}, nil},
		{"lintel improve --goal survive:z", []string{"survive:zone"}, nil},
	}...) {
		script := fmt.Sprintf(`
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PROMPT=; unsetopt zle_bracketed_paste; fpath=(%s $fpath); autoload -Uz compinit; compinit -u -d %s/dump; cd %s'
zpty -w z 'zstyle ":completion:*" list-separator "" ; zstyle ":completion:*" verbose no; LISTMAX=10000; COLUMNS=200 LINES=400'
zpty -w z 'compadd() { if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return $?; fi; local -a hits; builtin compadd -A hits "$@"; local h; for h in $hits; do print -r -- "OFFER<$h>" >> %s/offers; done; builtin compadd "$@" }'
zpty -w z 'finish() { print DONE >> %s/offers }; zle -N finish; bindkey "^X" finish; bindkey "^I" complete-word; : > %s/offers; print READY > %s/ready'
integer n=0
while [[ ! -s %s/ready ]] && (( n++ < 200 )); do sleep 0.05; done
zpty -n -w z $'%s\t\x18'
n=0
until [[ $(tail -n 1 %s/offers 2>/dev/null) == DONE ]] || (( n++ > 200 )); do sleep 0.05; done
cat %s/offers
zpty -d z
`, functions, functions, dir, functions, functions, functions, functions, functions, c.line, functions, functions)
		for _, f := range []string{"offers", "ready"} {
			os.Remove(filepath.Join(functions, f))
		}
		start := time.Now()
		out := run(t, dir, zsh, "-f", "-c", script)
		if !strings.Contains(out, "DONE") {
			t.Fatalf("%q: zsh gave no answer in %v: %s", c.line, time.Since(start), out)
		}
		var got []string
		for _, part := range strings.Split(out, "OFFER<")[1:] {
			word, _, _ := strings.Cut(part, ">\n")
			got = append(got, strings.TrimRight(word, "="))
		}
		checkOffers(t, c.line, got, c.want, c.unwanted)
	}
}

// TestPowershellCompletion looks at the text; there is no PowerShell to run it.
func TestPowershellCompletion(t *testing.T) {
	text := powershellCompletion(commands())
	for _, want := range []string{
		"Register-ArgumentCompleter -Native -CommandName lintel",
		"$commands = @('check', 'whatif', 'cutsets', 'availability', 'improve', 'review', 'diff', 'render', 'export', 'rules', 'explain', 'metrics', 'baseline', 'policy', 'init', 'schema', 'version', 'completion', 'man', 'help')",
		"'check --fail-on' = @('error', 'warning', 'info', 'never')",
		"'baseline' = @('write', 'prune', 'show')",
		"'baseline write' = @('--file', '-o', '--rule',",
		"'render --theme' = @('light', 'dark', 'print')",
		"'render -f' = @('svg', 'png',",
		"'completion' = @('bash', 'zsh', 'fish', 'powershell')",
		"'RES001=off'",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing", want)
		}
	}
	depth := 0
	for _, c := range text {
		switch c {
		case '{', '(':
			depth++
		case '}', ')':
			depth--
		}
	}
	if depth != 0 {
		t.Errorf("braces are not balanced: %d", depth)
	}
}
