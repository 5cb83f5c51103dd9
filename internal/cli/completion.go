package cli

import (
	"fmt"
	"slices"
	"strings"

	urfave "github.com/urfave/cli/v2"

	"lintel/internal/diagram"
)

var shells = []string{"bash", "zsh", "fish", "powershell"}

var completionCommand = &command{
	name: "completion", args: "SHELL", takes: choice, maxArgs: 1, choices: shells,
	summary: "Print a completion script for a shell",
	about: `SHELL is bash, zsh, fish or powershell. Completes commands, flags, their
values, rules and files; in bash, zsh and fish also the journeys, modules and
failures of the design that the command line names.`,
	examples: []example{
		{"source <(lintel completion bash)", "in ~/.bashrc"},
		{"lintel completion zsh > ~/.zsh/completions/_lintel", "in a folder of $fpath"},
		{"lintel completion fish > ~/.config/fish/completions/lintel.fish", "for fish"},
		{"lintel completion powershell | Out-String | Invoke-Expression", "in $PROFILE"},
	},
	run: runCompletion,
}

func runCompletion(s *session, c *urfave.Context) error {
	if c.Args().Len() == 0 {
		return usagef("completion wants a shell").hint("one of %s", strings.Join(shells, ", "))
	}
	switch shell := c.Args().First(); shell {
	case "bash":
		return s.print(bashCompletion(s.commands))
	case "zsh":
		return s.print(zshCompletion(s.commands))
	case "fish":
		return s.print(fishCompletion(s.commands))
	case "powershell":
		return s.print(powershellCompletion(s.commands))
	default:
		return badChoice("the shell", shell, shells)
	}
}

// withHelp adds the word help, which stands where a command does, to what is completed.
func withHelp(list []*command) []*command {
	return append(slices.Clip(list), &command{name: "help", args: "[COMMAND]", takes: choice, choices: commandWords(list), maxArgs: 1, summary: "Show the help of a command"})
}

// arguments says what may follow the command's name: its arguments, or the names of the commands below it.
func (c *command) arguments() (argKind, []string) {
	if len(c.parts) > 0 {
		return choice, commandWords(c.parts)
	}
	return c.takes, c.choices
}

// groups lists the commands that have others below them.
func groups(list []*command) []*command {
	return slices.DeleteFunc(withParts(list), func(c *command) bool { return len(c.parts) == 0 })
}

// ownFlags are the flags of a command with the global ones.
func (c *command) ownFlags() []flagSpec { return slices.Concat(c.flags, globalFlags) }

// words lists the values that can be completed for an argument or flag, or nil.
func wordsFor(kind argKind, choices []string) []string {
	switch kind {
	case choice:
		return choices
	case ruleName, ruleSeverity:
		return ruleNames()
	case ruleOrCategory:
		return append(categories(), ruleNames()...)
	case selector:
		return selectorWords()
	}
	return nil
}

// selectorWords lists what a selector may be, with the values where lintel knows them all.
func selectorWords() []string {
	var out []string
	for _, f := range diagram.SelectorFields() {
		values := diagram.SelectorValues(f)
		if values == nil {
			out = append(out, f+"=")
		}
		for _, v := range values {
			out = append(out, f+"="+v)
		}
	}
	return out
}

// commandWords lists the last words of the names of commands.
func commandWords(list []*command) []string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = c.word()
	}
	return out
}

// flagWords lists the flags as they are typed.
func flagWords(flags []flagSpec) []string {
	var out []string
	for _, f := range flags {
		out = append(out, "--"+f.name)
		if f.short != "" {
			out = append(out, "-"+f.short)
		}
	}
	return out
}

// bashCompletion works without the bash-completion package. Bash breaks words at "=" and ":", so the script
// first puts them together again.
func bashCompletion(list []*command) string {
	list = withHelp(list)
	var b strings.Builder
	b.WriteString(`# bash completion for lintel

_lintel_words() { # WORDS PREFIX: offer the words
	local IFS=$' \t\n'
	COMPREPLY=($(compgen -W "$1" -- "$2"))
	return 0
}

_lintel_list() { # WORDS VALUE: offer the words for the last part of a list with commas
	local IFS=$' \t\n' head=
	[[ $2 == *,* ]] && head=${2%,*},
	COMPREPLY=($(compgen -P "$head" -W "$1" -- "${2##*,}"))
	compopt -o nospace 2>/dev/null || true
}

_lintel_files() { # PREFIX
	local IFS=$'\n'
	COMPREPLY=($(compgen -f -- "$1"))
	compopt -o filenames 2>/dev/null || true
}

_lintel_designs() { # PREFIX: designs and folders, or any file where there are none
	local IFS=$'\n'
	shopt -q extglob || { _lintel_files "$1"; return; }
	COMPREPLY=($(compgen -f -X '!*.@(cue|json|yaml|yml)' -- "$1") $(compgen -d -- "$1"))
	((${#COMPREPLY[@]})) || COMPREPLY=($(compgen -f -- "$1"))
	compopt -o filenames 2>/dev/null || true
}

_lintel_selector() { # FIELDS VALUE, in which "kind=" stands before the kinds
	local IFS=$' \t\n' field=${2%%=*} words= word
	if [[ $2 == *=* ]]; then
		for word in $1; do [[ $word == "$field="?* ]] && words+=" ${word#*=}"; done
		_lintel_list "$words" "${2#*=}"
	else
		for word in $1; do words+=" ${word%%=*}="; done
		COMPREPLY=($(compgen -W "$words" -- "$2" | sort -u))
		compopt -o nospace 2>/dev/null || true
	fi
}

_lintel_names() { # KIND VALUE: offer names of the design of the command line
	local IFS=$'\n' quote= value=$2 name
	case $value in [\"\']*) quote=${value:0:1} value=${value:1} ;; *) value=${value//\\/} ;; esac
	COMPREPLY=()
	while IFS= read -r name; do
		if [[ ! $quote ]]; then
			printf -v name %q "$name"
		elif [[ $name == *"$quote"* ]]; then
			continue
		fi
		COMPREPLY+=("$name")
	done < <("${COMP_WORDS[0]}" ` + namesWord + ` "$1" "$value" "${words[@]}" 2>/dev/null)
}

_lintel_folders() { # PREFIX
	local IFS=$'\n'
	COMPREPLY=($(compgen -d -- "$1"))
	compopt -o filenames 2>/dev/null || true
}

_lintel_value() { # COMMAND FLAG VALUE: true when the flag takes a value
	case "$1 $2" in
`)
	for _, c := range withParts(list) {
		for _, f := range c.ownFlags() {
			if f.value == "" {
				continue
			}
			pattern := fmt.Sprintf("%q", c.name+" --"+f.name)
			if f.short != "" {
				pattern += fmt.Sprintf(" | %q", c.name+" -"+f.short)
			}
			fmt.Fprintf(&b, "\t%s) %s ;;\n", pattern, bashValue(f))
		}
	}
	for _, f := range globalFlags {
		if f.value != "" {
			fmt.Fprintf(&b, "\t%q) %s ;;\n", " --"+f.name, bashValue(f))
		}
	}
	b.WriteString(`	*) return 1 ;;
	esac
}

_lintel() {
	local words=() cur= head i
	_lintel_offer
	# Bash breaks words at ":" and replaces the last part.
	if [[ $cur == *:* && ${cur#*=} != [\"\']* ]]; then
		head=${cur%"${cur##*:}"}
		head=${head##*=}
		for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=${COMPREPLY[i]#"$head"}; done
	fi
}

_lintel_offer() {
	local i word glue= cmd= prev ended=
	for ((i = 1; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [[ ($word == = || $word == :) && ${#words[@]} -gt 0 ]]; then
			words[${#words[@]}-1]+=$word
			glue=1
		elif [[ $glue ]]; then
			words[${#words[@]}-1]+=$word
			glue=
		else
			words+=("$word")
		fi
	done
	cur=${words[${#words[@]}-1]}
	prev=
	((${#words[@]} > 1)) && prev=${words[${#words[@]}-2]}
	for ((i = 0; i < ${#words[@]} - 1; i++)); do
		word=${words[i]}
		if [[ $word == -- ]]; then
			ended=1
		elif [[ $ended || $word != -* ]]; then
			case $cmd in
`)
	b.WriteString("\t\t\t'') cmd=$word ;;\n")
	for _, c := range groups(list) {
		fmt.Fprintf(&b, "\t\t\t%q) cmd+=\" $word\" ;;\n", c.name)
	}
	b.WriteString(`			esac
		elif [[ $word != *=* ]] && _lintel_value "$cmd" "$word" ""; then
			((i++))
		fi
	done
	COMPREPLY=()
	if [[ -z $ended ]]; then
		if [[ $cur == -*=* ]] && _lintel_value "$cmd" "${cur%%=*}" "${cur#*=}"; then
			return
		fi
		if [[ $prev == -* && $prev != *=* ]] && _lintel_value "$cmd" "$prev" "$cur"; then
			return
		fi
		COMPREPLY=()
	fi
	case $cmd in
`)
	fmt.Fprintf(&b, "\t'')\n\t\tif [[ $cur == -* ]]; then _lintel_words %q \"$cur\"; else _lintel_words %q \"$cur\"; fi ;;\n",
		strings.Join(flagWords(slices.Concat(globalFlags, rootFlags)), " "), strings.Join(commandWords(list), " "))
	for _, c := range withParts(list) {
		takes, choices := c.arguments()
		fmt.Fprintf(&b, "\t%q)\n\t\tif [[ $cur == -* && -z $ended ]]; then _lintel_words %q \"$cur\"; else %s; fi ;;\n",
			c.name, strings.Join(flagWords(c.ownFlags()), " "), bashWords(takes, choices, `"$cur"`))
	}
	b.WriteString("\tesac\n}\n\ncomplete -F _lintel lintel\n")
	return b.String()
}

// bashValue gives the command that offers values of a flag for the prefix $3. What stands before the last
// "=" is not part of the word that bash replaces.
func bashValue(f flagSpec) string {
	switch {
	case f.takes == ruleSeverity:
		return fmt.Sprintf(`if [[ $3 == *=* ]]; then _lintel_words %q "${3##*=}"; else _lintel_list %q "$3"; fi`, strings.Join(severities, " "), strings.Join(ruleNames(), " "))
	case f.takes == selector:
		return fmt.Sprintf(`_lintel_selector %q "$3"`, strings.Join(wordsFor(f.takes, nil), " "))
	case f.takes == ruleOrCategory:
		return fmt.Sprintf(`_lintel_list %q "$3"`, strings.Join(wordsFor(f.takes, nil), " "))
	case strings.HasSuffix(f.value, "[=FILE]"):
		return fmt.Sprintf(`if [[ $3 == *=* ]]; then _lintel_files "${3#*=}"; else _lintel_words %q "$3"; fi`, strings.Join(f.choices, " "))
	}
	return bashWords(f.takes, f.choices, `"$3"`)
}

func bashWords(kind argKind, choices []string, prefix string) string {
	switch kind {
	case path:
		return "_lintel_files " + prefix
	case design, revisionOrDesign:
		return "_lintel_designs " + prefix
	case folder:
		return "_lintel_folders " + prefix
	case nothing, anything:
		return "COMPREPLY=()"
	case journeyOfDesign, moduleOfDesign, eventOfDesign:
		return "_lintel_names " + kindOfNames(kind) + " " + prefix
	}
	return fmt.Sprintf("_lintel_words %q %s", strings.Join(wordsFor(kind, choices), " "), prefix)
}

func zshCompletion(list []*command) string {
	list = withHelp(list)
	var b strings.Builder
	b.WriteString("#compdef lintel\n# zsh completion for lintel\n\n")
	b.WriteString(`_lintel_rule_severity() {
	if compset -P '*='; then
		compadd -- ` + strings.Join(severities, " ") + `
	else
		compadd -qS= -- ` + strings.Join(ruleNames(), " ") + `
	fi
}

_lintel_selector() {
	local -a words=(` + strings.Join(selectorWords(), " ") + `)
	if compset -P '*='; then
		local field=${IPREFIX%=}
		field=${field##*=}
		compset -P '*,'
		compadd -qS, -- ${${(M)words:#$field=?*}#*=}
	else
		compadd -qS= -- ${(u)words%%=*}
	fi
}

_lintel_names() {
	local -a names=("${(@f)$(lintel ` + namesWord + ` $1 "${(Q)PREFIX}" "${(Q)words[@]}" 2>/dev/null)}")
	compadd -a -- names
}

_lintel_format_file() {
	if compset -P '*='; then
		_files
	else
		compadd -- ` + strings.Join(formats, " ") + `
	fi
}

_lintel_rule_list() {
	compset -P '*,'
	compadd -qS, -- ` + strings.Join(wordsFor(ruleOrCategory, nil), " ") + `
}

`)
	for _, c := range groups(list) {
		zshCommands(&b, "_lintel_"+strings.ReplaceAll(c.name, " ", "_"), c.ownFlags(), c.parts)
	}
	zshCommands(&b, "_lintel", slices.Concat(globalFlags, rootFlags), list)
	b.WriteString("if [[ $funcstack[1] == _lintel ]]; then\n\t_lintel \"$@\"\nelse\n\tcompdef _lintel lintel\nfi\n")
	return b.String()
}

// zshCommands writes the function that completes the commands of a list and what follows each.
func zshCommands(b *strings.Builder, function string, flags []flagSpec, list []*command) {
	fmt.Fprintf(b, "%s() {\n\tlocal curcontext=$curcontext state line\n\tlocal -A opt_args\n\t_arguments -C -s -A \"-*\" \\\n", function)
	for _, f := range flags {
		b.WriteString("\t\t" + zshFlag(f) + " \\\n")
	}
	b.WriteString("\t\t'1:command:->command' \\\n\t\t'*::argument:->argument'\n\tcase $state in\n\tcommand)\n\t\tlocal -a names=(\n")
	for _, c := range list {
		fmt.Fprintf(b, "\t\t\t'%s:%s'\n", c.word(), zshQuoted(c.summary))
	}
	b.WriteString("\t\t)\n\t\t_describe command names\n\t\t;;\n\targument)\n\t\tcurcontext=${curcontext%:*:*}:lintel-$words[1]:\n\t\tcase $words[1] in\n")
	for _, c := range list {
		if len(c.parts) > 0 {
			fmt.Fprintf(b, "\t\t%s) _lintel_%s ;;\n", c.word(), strings.ReplaceAll(c.name, " ", "_"))
			continue
		}
		fmt.Fprintf(b, "\t\t%s)\n\t\t\t_arguments -s", c.word())
		for _, f := range c.ownFlags() {
			b.WriteString(" \\\n\t\t\t\t" + zshFlag(f))
		}
		if action := zshAction(c.takes, c.choices, ""); action != "" {
			position := "1"
			if c.maxArgs < 0 {
				position = "*"
			}
			fmt.Fprintf(b, " \\\n\t\t\t\t'%s:%s:%s'", position, zshQuoted(strings.Trim(c.args, "[]…")), action)
		}
		b.WriteString("\n\t\t\t;;\n")
	}
	b.WriteString("\t\tesac\n\t\t;;\n\tesac\n}\n\n")
}

// zshFlag gives the specification of _arguments for a flag.
func zshFlag(f flagSpec) string {
	usage := "[" + zshQuoted(strings.NewReplacer("[", "(", "]", ")").Replace(firstSentence(f.usage))) + "]"
	star := ""
	if f.many {
		star = "*"
	}
	value, long, short := "", "--"+f.name, "-"+f.short
	if f.value != "" {
		value = ":" + strings.ToLower(strings.NewReplacer("[", " ", "]", "", "=", " ").Replace(f.value)) + ":" + zshAction(f.takes, f.choices, f.value)
		long += "="
		short += "+"
	}
	if f.short == "" {
		return "'" + star + long + usage + value + "'"
	}
	if star == "" {
		star = fmt.Sprintf("(--%s -%s)", f.name, f.short)
	}
	return "'" + star + "'{" + short + "," + long + "}'" + usage + value + "'"
}

func zshAction(kind argKind, choices []string, value string) string {
	switch kind {
	case path:
		return "_files"
	case design, revisionOrDesign:
		return `_files -g "*.(cue|json|yaml|yml)"`
	case selector:
		return "_lintel_selector"
	case folder:
		return "_files -/"
	case ruleSeverity:
		return "_lintel_rule_severity"
	case ruleOrCategory:
		return "_lintel_rule_list"
	case nothing:
		return ""
	case anything:
		return " "
	case journeyOfDesign, moduleOfDesign, eventOfDesign:
		return " _lintel_names " + kindOfNames(kind) // the space keeps _arguments from adding words
	}
	if strings.HasSuffix(value, "[=FILE]") {
		return "_lintel_format_file"
	}
	return "(" + strings.ReplaceAll(strings.Join(wordsFor(kind, choices), " "), ":", `\:`) + ")" // a colon ends an action
}

func zshQuoted(s string) string {
	return strings.NewReplacer("'", `'\''`, ":", `\:`, "`", "").Replace(s)
}

// firstSentence is what fits beside a flag in a list of completions.
func firstSentence(s string) string {
	head, _, _ := strings.Cut(s, ". ")
	head, _, _ = strings.Cut(head, ": ")
	head, _, _ = strings.Cut(head, "; ")
	return strings.TrimSuffix(head, ".")
}

func fishCompletion(list []*command) string {
	list = withHelp(list)
	var b strings.Builder
	b.WriteString("# fish completion for lintel\n\ncomplete -c lintel -f\n\n")
	names := strings.Join(commandWords(list), " ")
	fmt.Fprintf(&b, "function __lintel_needs_command\n\tnot __fish_seen_subcommand_from %s\nend\n\n", names)
	b.WriteString(`function __lintel_list
	# words for the last part of a list with commas
	set -l head (string match -r '^.*,' -- (string replace -r '^--[a-z-]+=' '' -- (commandline -ct)))
	for word in $argv
		echo "$head$word"
	end
end

`)
	b.WriteString(`function __lintel_names
	# names of the design of the command line
	set -l words (commandline -opc) (commandline -ct)
	lintel ` + namesWord + ` $argv[1] (string replace -r '^--[a-z-]+=' '' -- (commandline -ct) | string trim -l -c '"\'') $words[2..] 2>/dev/null
end

`)
	for _, f := range globalFlags {
		b.WriteString(fishFlag("", f))
	}
	for _, f := range rootFlags {
		b.WriteString(fishFlag("-n __lintel_needs_command ", f))
	}
	fishCommands(&b, list, "", "__lintel_needs_command")
	return b.String()
}

// fishCommands writes the completions of the commands of a list, which are offered on one condition, and of what follows
// each where a further one holds, too.
func fishCommands(b *strings.Builder, list []*command, above, offered string) {
	for _, c := range list {
		condition := above + "__fish_seen_subcommand_from " + c.word()
		fmt.Fprintf(b, "\ncomplete -c lintel -n '%s' -a %s -d '%s'\n", offered, c.word(), fishQuoted(c.summary))
		if len(c.parts) > 0 {
			fishCommands(b, c.parts, condition+"; and ", condition+"; and not __fish_seen_subcommand_from "+strings.Join(commandWords(c.parts), " "))
			continue
		}
		seen := "-n '" + condition + "' "
		switch c.takes {
		case path, design, revisionOrDesign:
			fmt.Fprintf(b, "complete -c lintel %s-F\n", seen)
		case folder:
			fmt.Fprintf(b, "complete -c lintel %s-a '(__fish_complete_directories)'\n", seen)
		case nothing, anything:
		default:
			fmt.Fprintf(b, "complete -c lintel %s-a '%s'\n", seen, strings.Join(wordsFor(c.takes, c.choices), " "))
		}
		for _, f := range c.flags {
			b.WriteString(fishFlag(seen, f))
		}
	}
}

func fishFlag(condition string, f flagSpec) string {
	line := "complete -c lintel " + condition + "-l " + f.name
	if f.short != "" {
		line += " -s " + f.short
	}
	if f.value != "" {
		line += " -x"
		switch {
		case f.takes == path:
			line += " -a '(__fish_complete_path)'"
		case f.takes == folder:
			line += " -a '(__fish_complete_directories)'"
		case kindOfNames(f.takes) != "":
			line += " -a '(__lintel_names " + kindOfNames(f.takes) + ")'"
		case f.takes == ruleOrCategory:
			line += " -a '(__lintel_list " + strings.Join(wordsFor(f.takes, nil), " ") + ")'"
		case f.takes == ruleSeverity:
			line += " -a '" + strings.Join(ruleNames(), "={"+strings.Join(severities, ",")+"} ") + "={" + strings.Join(severities, ",") + "}'"
		default:
			line += " -a '" + strings.Join(wordsFor(f.takes, f.choices), " ") + "'"
		}
	}
	return line + " -d '" + fishQuoted(firstSentence(f.usage)) + "'\n"
}

func fishQuoted(s string) string { return strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) }

func powershellCompletion(list []*command) string {
	list = withHelp(list)
	var b strings.Builder
	quoted := func(words []string) string {
		out := make([]string, len(words))
		for i, w := range words {
			out[i] = "'" + strings.ReplaceAll(w, "'", "''") + "'"
		}
		return "@(" + strings.Join(out, ", ") + ")"
	}
	b.WriteString("# PowerShell completion for lintel\n\nRegister-ArgumentCompleter -Native -CommandName lintel -ScriptBlock {\n\tparam($wordToComplete, $commandAst, $cursorPosition)\n\n")
	fmt.Fprintf(&b, "\t$commands = %s\n\t$rootFlags = %s\n", quoted(commandWords(list)), quoted(flagWords(slices.Concat(globalFlags, rootFlags))))
	b.WriteString("\t$parts = @{\n")
	for _, c := range groups(list) {
		fmt.Fprintf(&b, "\t\t'%s' = %s\n", c.name, quoted(commandWords(c.parts)))
	}
	b.WriteString("\t}\n\t$flags = @{\n")
	for _, c := range withParts(list) {
		fmt.Fprintf(&b, "\t\t'%s' = %s\n", c.name, quoted(flagWords(c.ownFlags())))
	}
	b.WriteString("\t}\n\t$arguments = @{\n")
	for _, c := range withParts(list) {
		if words := wordsFor(c.arguments()); len(words) > 0 {
			fmt.Fprintf(&b, "\t\t'%s' = %s\n", c.name, quoted(words))
		}
	}
	b.WriteString("\t}\n\t$values = @{\n")
	for _, c := range withParts(list) {
		for _, f := range c.ownFlags() {
			words := wordsFor(f.takes, f.choices)
			if f.takes == ruleSeverity {
				words = nil
				for _, r := range ruleNames() {
					for _, v := range severities {
						words = append(words, r+"="+v)
					}
				}
			}
			if len(words) == 0 {
				continue
			}
			fmt.Fprintf(&b, "\t\t'%s --%s' = %s\n", c.name, f.name, quoted(words))
			if f.short != "" {
				fmt.Fprintf(&b, "\t\t'%s -%s' = %s\n", c.name, f.short, quoted(words))
			}
		}
	}
	b.WriteString(`	}

	$words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
	if ($wordToComplete -ne '' -and $words.Count -gt 0) { $words = @($words | Select-Object -SkipLast 1) }
	$command = $words | Where-Object { $commands -contains $_ } | Select-Object -First 1
	if ($command -and $parts.ContainsKey($command)) {
		$part = $words | Where-Object { $parts[$command] -contains $_ } | Select-Object -First 1
		if ($part) { $command = "$command $part" }
	}
	$previous = if ($words.Count -gt 0) { $words[-1] } else { '' }

	$prefix = ''
	$word = $wordToComplete
	if ($word -match '^(--[a-z-]+)=(.*)$') {
		$previous = $Matches[1]
		$prefix = $Matches[1] + '='
		$word = $Matches[2]
	}
	if ($command -and $values.ContainsKey("$command $previous")) {
		$offered = $values["$command $previous"]
	} elseif (-not $command) {
		$offered = if ($word -like '-*') { $rootFlags } else { $commands }
	} elseif ($word -like '-*') {
		$offered = $flags[$command]
	} elseif ($arguments.ContainsKey($command)) {
		$offered = $arguments[$command]
	} else {
		return
	}
	$offered | Where-Object { $_ -like "$word*" } | ForEach-Object {
		[System.Management.Automation.CompletionResult]::new($prefix + $_, $_, 'ParameterValue', $_)
	}
}
`)
	return b.String()
}
