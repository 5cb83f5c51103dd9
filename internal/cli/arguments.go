package cli

import (
	"fmt"
	"slices"
	"strings"
)

// arguments is a command line in order. The library reads flags only in front of the positionals, and
// flags of the program only in front of the command; users expect them anywhere.
type arguments struct {
	command    *command // nil when none is named
	help       bool
	version    bool
	color      string
	flags      []string // "--name=value", or "--name=true" for a switch
	positional []string
	// beforeDashes is the number of positionals in front of "--", and -1 where there is none.
	beforeDashes int
}

// given is a flag as it stands on the command line.
type given struct {
	name, value string
	hasValue    bool
	short       bool
}

func (g given) String() string {
	if g.short {
		return "-" + g.name
	}
	return "--" + g.name
}

// arrange reads a command line, the program's name left out. Flags stand anywhere; all after "--" is
// positional.
func arrange(args []string) (*arguments, error) {
	var flags []given
	var words []string
	dashes := -1          // the number of words in front of "--"
	unknownValue := false // a flag of no command came before the command's name
	for i := 0; i < len(args); i++ {
		a := args[i]
		if a == "--" {
			dashes = len(words)
			words = append(words, args[i+1:]...)
			break
		}
		if len(a) < 2 || a[0] != '-' {
			words = append(words, a)
			continue
		}
		several, g := cluster(a)
		flags = append(flags, several...)
		if !g.hasValue && takesValue(g) {
			if i+1 == len(args) {
				return nil, missingValue(g, words)
			}
			i++
			g.value, g.hasValue = args[i], true
		}
		flags = append(flags, g)
		unknownValue = unknownValue || !isFlag(g)
	}
	out := &arguments{}
	if len(words) > 0 && words[0] == "help" {
		out.help = true
		words = words[1:]
	}
	var unknown error
	all := len(words)
	if out.command, words, unknown = findCommand(words); unknown != nil && !unknownValue {
		return nil, unknown
	}
	if !out.help {
		out.positional = words
	}
	if out.beforeDashes = -1; dashes >= 0 {
		out.beforeDashes = max(dashes-(all-len(words)), 0)
	}
	for _, g := range flags {
		if err := out.take(g); err != nil {
			return nil, err
		}
	}
	if unknown != nil {
		return nil, unknown
	}
	return out, nil
}

// split reads "--name", "--name=value", "-n" and "-n=value".
func split(a string) given {
	body := strings.TrimPrefix(strings.TrimPrefix(a, "-"), "-")
	name, value, has := strings.Cut(body, "=")
	return given{name: name, value: value, hasValue: has, short: !strings.HasPrefix(a, "--")}
}

// cluster reads an argument that may join several short flags: "-qh", "-fjson", "-qf=json". It returns them apart, the
// last one, which may still want its value, by itself. What is no such thing is one flag as it stands.
func cluster(a string) (switches []given, last given) {
	whole := split(a)
	if !whole.short || len(whole.name) < 2 {
		return nil, whole
	}
	body := a[1:]
	for i := range len(body) {
		g, rest := given{name: body[i : i+1], short: true}, body[i+1:]
		switch {
		case !isFlag(g):
			return nil, whole
		case takesValue(g):
			if value, ok := strings.CutPrefix(rest, "="); ok {
				g.value, g.hasValue = value, true
			} else if rest != "" {
				// A value has to be one of the flag's: "-format" is rather "--format" than "-f ormat".
				if word, _, _ := strings.Cut(rest, "="); !slices.Contains(choicesOf(g), word) {
					return nil, whole
				}
				g.value, g.hasValue = rest, true
			}
			return switches, g
		case rest == "":
			return switches, g
		}
		switches = append(switches, g)
	}
	return nil, whole
}

// choicesOf lists the values that a flag takes in any command.
func choicesOf(g given) []string {
	var out []string
	for _, f := range allFlags() {
		if f.matches(g) {
			out = append(out, f.choices...)
		}
	}
	return out
}

func allFlags() []flagSpec {
	all := slices.Concat(globalFlags, rootFlags)
	for _, c := range withParts(commands()) {
		all = append(all, c.flags...)
	}
	return all
}

func (f flagSpec) matches(g given) bool {
	if g.short {
		return f.short != "" && f.short == g.name
	}
	return f.name == g.name
}

// isFlag reports whether any command has the flag, and takesValue whether it takes a value: flags of
// one name do in every command or in none.
func isFlag(g given) bool {
	return slices.ContainsFunc(allFlags(), func(f flagSpec) bool { return f.matches(g) })
}

func takesValue(g given) bool {
	return slices.ContainsFunc(allFlags(), func(f flagSpec) bool { return f.matches(g) && f.value != "" })
}

// take puts a flag in its place.
func (a *arguments) take(g given) error {
	own := slices.Concat(globalFlags, rootFlags)
	if a.command != nil {
		own = slices.Concat(a.command.flags, globalFlags)
	}
	i := slices.IndexFunc(own, func(f flagSpec) bool { return f.matches(g) })
	if i < 0 {
		return unknownFlag(g, a.command, own)
	}
	f := own[i]
	if f.value == "" {
		on := true
		if g.hasValue {
			switch g.value {
			case "true":
			case "false":
				on = false
			default:
				return usagef("%s takes no value, but got %q", g, g.value)
			}
		}
		switch f.name {
		case "help":
			a.help = on
		case "version":
			a.version = on
		default:
			a.flags = append(a.flags, fmt.Sprintf("--%s=%t", f.name, on))
		}
		return nil
	}
	if f.name == "color" {
		a.color = g.value
		if !slices.Contains(f.choices, g.value) {
			return badChoice("--color", g.value, f.choices)
		}
	}
	start := "--" + f.name + "="
	if f.once && slices.ContainsFunc(a.flags, func(other string) bool { return strings.HasPrefix(other, start) }) {
		return usagef("%s is given twice", g).hint("one at a time")
	}
	a.flags = append(a.flags, start+g.value)
	return nil
}

// missingValue is the error for a flag at the end of a command line, with words before it.
func missingValue(g given, words []string) error {
	flags := allFlags()
	if len(words) > 0 {
		if c, _, _ := findCommand(words); c != nil {
			flags = slices.Concat(c.flags, globalFlags)
			if !slices.ContainsFunc(flags, func(f flagSpec) bool { return f.matches(g) }) {
				return unknownFlag(g, c, flags)
			}
		}
	}
	for _, f := range flags {
		if f.matches(g) {
			if f.choices != nil {
				return usagef("%s wants a value", g).hint("one of %s", strings.Join(f.choices, ", "))
			}
			return usagef("%s wants a value: %s %s", g, g, f.value)
		}
	}
	return usagef("%s wants a value", g)
}

// unknownCommand is the error for a word that names no command of lintel or, where above is one, none below it.
func unknownCommand(name string, above *command) error {
	list, start := commands(), "lintel "
	if above != nil {
		list, start = above.parts, "lintel "+above.name+" "
	}
	var words []string
	for _, c := range list {
		words = append(words, c.word())
	}
	e := usagef("unknown command %q", strings.TrimPrefix(start+name, "lintel "))
	if near, ok := nearest(name, words); ok {
		return e.hint("did you mean %q?", start+near)
	}
	if above != nil {
		return e.hint("one of %s; %s--help tells more", strings.Join(words, ", "), start)
	}
	if strings.ContainsAny(name, "./\\*") {
		return e.hint("to check a design: lintel check %s", name)
	}
	return e.hint("lintel --help lists the commands")
}

func unknownFlag(g given, c *command, own []flagSpec) error {
	where, helpFor := "", "lintel --help"
	if c != nil {
		where, helpFor = " for lintel "+c.name, "lintel "+c.name+" --help"
	}
	e := usagef("unknown flag %s%s", g, where)
	var names []string
	for _, f := range own {
		names = append(names, f.name)
	}
	if slices.Contains(names, g.name) || !g.short || len(g.name) > 1 {
		if near, ok := nearest(g.name, names); ok {
			return e.hint("did you mean --%s?", near)
		}
	}
	if first := (given{name: g.name[:min(1, len(g.name))], short: true}); g.short && len(g.name) > 1 && takesValue(first) {
		return e.hint("if %q is the value of %s: %s %s", g.name[1:], first, first, g.name[1:])
	}
	if c == nil && isFlag(g) {
		for _, other := range withParts(commands()) {
			if slices.ContainsFunc(other.flags, func(f flagSpec) bool { return f.matches(g) }) {
				return e.hint("it belongs to a command: lintel %s %s", other.name, g)
			}
		}
	}
	return e.hint("%s lists the flags", helpFor)
}

func badChoice(what, got string, choices []string) error {
	e := usagef("%s cannot be %q", what, got)
	if near, ok := nearest(got, choices); ok {
		return e.hint("did you mean %q?", near)
	}
	return e.hint("one of %s", strings.Join(choices, ", "))
}
