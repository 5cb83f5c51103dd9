package schema

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/token"
)

// syntaxErrors puts what CUE's parser says of a file into plain words. Of the parser's complaints
// about structure only the first is kept, because the others mostly follow from it.
func syntaxErrors(f *source, err error) Errors {
	var list Errors
	structural := false
	lastLine := 0
	for _, e := range errors.Errors(err) {
		pos := e.Position()
		if !pos.HasAbsPos() {
			if in := e.InputPositions(); len(in) > 0 {
				pos = in[0]
			}
		}
		format, args := e.Msg()
		offset := min(pos.Offset(), len(f.text))
		fault, isStructural := syntaxFault(f, offset, format, args)
		if isStructural && structural || fault.Pos.StartLine == lastLine {
			continue
		}
		structural = structural || isStructural
		lastLine = fault.Pos.StartLine
		list = append(list, fault)
	}
	return list
}

// syntaxFault explains one complaint about the text at an offset, and tells whether it is about
// structure, not about a single token.
func syntaxFault(f *source, offset int, format string, args []any) (Error, bool) {
	message := fmt.Sprintf(format, args...)
	e := Error{Pos: tokenRange(f, offset), Message: message}
	rest := f.text[offset:]
	word := tokenText(f.text, offset)
	switch {
	case strings.HasPrefix(message, "string literal not terminated"):
		e.Message, e.Hint = "this string is not closed", `add a " at its end; text over several lines stands in """`
		e.Pos = offsetRange(f, offset, len(lineFrom(rest)))
		return e, false
	case strings.HasPrefix(message, "unknown escape sequence"):
		at := max(offset-1, 0)
		e.Pos = offsetRange(f, at, min(2, len(f.text)-at))
		e.Message, e.Hint = "this escape is not known", `a backslash itself is written \\`
		return e, false
	case strings.HasPrefix(message, "illegal character"):
		r, _ := utf8.DecodeRune(rest)
		e.Message, e.Hint = fmt.Sprintf("the character %q cannot stand here", string(r)), illegalHint(r)
		return e, false
	case strings.Contains(message, "number"):
		e.Pos = offsetRange(f, offset, len(word))
		e.Message = word + " is not a number"
		if strings.HasPrefix(word, "0") && len(word) > 1 && word[1] >= '0' && word[1] <= '9' {
			e.Hint = "a number does not begin with 0; text stands in quotes: \"" + word + "\""
		}
		return e, false
	case strings.Contains(message, "nesting"), strings.Contains(message, "nested"):
		e.Message, e.Hint = fmt.Sprintf("nested more than %d levels deep", maxDepth), ""
		return e, true
	}
	what := ""
	if len(args) > 0 {
		what = fmt.Sprint(args[0])
	}
	before := strings.TrimRight(string(lineUpTo(f.text, offset)), " \t")
	atEnd := offset >= len(bytesTrimRight(f.text))
	switch {
	case atEnd || strings.HasSuffix(message, "'EOF'"):
		if open, ok := openBracket(f); ok {
			name := bracketName(f.text[open])
			e.Pos = offsetRange(f, open, 1)
			e.Message = fmt.Sprintf("this %s is not closed", name)
			e.Hint = fmt.Sprintf("add %q at its end", closerOf(f.text[open]))
			return e, true
		}
		if last := lastToken(f); strings.HasSuffix(string(bytesTrimRight(f.text)), ":") {
			e.Pos = last
			e.Message, e.Hint = "a value is missing at the end of the file", "write "+tokenText(f.text, len(bytesTrimRight(f.text))-(last.EndColumn-last.StartColumn))+": VALUE"
			return e, true
		}
		if what == "label or ':'" {
			e.Pos = lastToken(f)
			e.Message, e.Hint = "a name without a value", "write NAME: VALUE"
			return e, true
		}
		e.Pos = lastToken(f)
		e.Message = "the file ends where a value should stand"
	case strings.HasPrefix(word, "}") || strings.HasPrefix(word, "]") || strings.HasPrefix(word, ")"):
		e.Pos = offsetRange(f, offset, 1)
		e.Message, e.Hint = fmt.Sprintf("this %q closes nothing", word[:1]), "remove it, or open the bracket that it should close"
		if open, ok := openBefore(f, offset); ok {
			e.Hint = fmt.Sprintf("write %q first", closerOf(f.text[open]))
			e.Message = fmt.Sprintf("found %q, but a %s is still open", word[:1], bracketName(f.text[open]))
			e.Related = []Related{{Message: "it is opened here", Pos: offsetRange(f, open, 1)}}
		}
	case strings.HasPrefix(string(lineOf(f.text, e.Pos.StartLine)), "#") || strings.HasPrefix(strings.TrimSpace(lineOf(f.text, e.Pos.StartLine)), "# "):
		line := lineOf(f.text, e.Pos.StartLine)
		indent := len(line) - len(strings.TrimLeft(line, " \t"))
		e.Pos.StartColumn, e.Pos.EndColumn = indent+1, indent+2
		e.Pos.EndLine = e.Pos.StartLine
		e.Message, e.Hint = "a comment does not begin with # in CUE", "write // in place of #"
	case strings.HasPrefix(message, "missing ','") && strings.HasPrefix(word, "#"):
		e.Pos.EndColumn = e.Pos.StartColumn + 1
		e.Message, e.Hint = "a comment does not begin with # in CUE", "write // in place of #"
	case blockComment(lineOf(f.text, e.Pos.StartLine)) >= 0:
		e.Pos.StartColumn = 1 + blockComment(lineOf(f.text, e.Pos.StartLine))
		e.Pos.EndLine, e.Pos.EndColumn = e.Pos.StartLine, e.Pos.StartColumn+2
		e.Message, e.Hint = "a comment does not begin with /* in CUE", "write // at the beginning of each of its lines"
	case what == "label or ':'" && lastWord(before) == "import":
		e.Message, e.Hint = "an import stands among the fields", "imports stand above the fields: move it to the top of the file"
	case what == "label or ':'" && equalsAbove(f, offset) >= 0:
		e.Pos = offsetRange(f, equalsAbove(f, offset), 1)
		line := lineOf(f.text, e.Pos.StartLine)
		e.Message = "a field is stated with a colon, not with ="
		e.Hint = "write " + clip(strings.TrimSpace(line[:e.Pos.StartColumn-1])+": "+strings.TrimSpace(line[e.Pos.StartColumn:]))
	case strings.HasPrefix(message, "missing ','"):
		e.Message = fmt.Sprintf("found %s after the end of a value", tokenName(word))
		e.Hint = "begin a new line, or put a comma before it"
		last := lastWord(before)
		switch {
		case strings.HasPrefix(word, "{") && last != "" && isLetter(last[0]):
			e.Message, e.Hint = "a colon is missing after "+last, "write "+last+": {…}"
		case strings.HasPrefix(word, ";"):
			e.Message, e.Hint = "fields are not separated by a semicolon in CUE", "write a comma, or begin a new line"
		case last != "" && last[0] >= '0' && last[0] <= '9' && word != "" && isLetter(word[0]) && !strings.HasSuffix(string(lineUpTo(f.text, offset)), " "):
			e.Message = fmt.Sprintf("%s is not a number", last+word)
			e.Hint = fmt.Sprintf("text stands in quotes: %q", last+word)
			e.Pos.StartColumn -= len(last)
		case strings.HasPrefix(word, ":") && strings.Contains(before, "-"):
			label := strings.TrimLeft(before[strings.LastIndexAny(before, ",{ \t")+1:], " \t")
			e.Message = "a name with a dash stands in quotes"
			e.Hint = fmt.Sprintf("write %q:", label)
			e.Pos.StartColumn -= len(label)
		case strings.HasPrefix(word, ":"):
			e.Message = "a colon stands after a value"
			e.Hint = "a name that is no plain word stands in quotes"
		case strings.HasPrefix(word, "%"):
			e.Message, e.Hint = "a percent sign stands after a number", `write 99.9, or "99.9%" in quotes`
		}
	case what == "label or ':'" && strings.HasPrefix(word, "="):
		e.Message, e.Hint = "a field is stated with a colon, not with =", "write NAME: VALUE"
	case what == "label or ':'":
		e.Message = fmt.Sprintf("a colon is missing before %s", tokenName(word))
		e.Hint = "write NAME: VALUE; text stands in quotes"
	case what == "operand":
		e.Message = fmt.Sprintf("a value is missing before %s", tokenName(word))
		if strings.HasPrefix(word, ",") {
			e.Hint = "remove the comma"
		}
	case strings.HasSuffix(message, "found newline"):
		e.Message = fmt.Sprintf("the line ends too early: %s is missing", strings.Trim(what, "'"))
		if what == "'IDENT'" {
			e.Message = "the line ends too early: a name is missing"
		}
		e.Pos = offsetRange(f, max(offset-1, 0), 1)
	default:
		e.Message = fmt.Sprintf("found %s where something else should stand", tokenName(word))
		if q := strings.Trim(what, "'"); what != "" && q != "" && len(q) < 30 {
			if q == "IDENT" {
				q = "a name"
			}
			e.Message = fmt.Sprintf("found %s where %s should stand", tokenName(word), q)
		}
	}
	return e, true
}

// blockComment is where a comment as in C begins on a line, or -1.
func blockComment(line string) int {
	at := strings.Index(line, "/*")
	if at >= 0 && (strings.Contains(line[:at], "\"") && strings.Count(line[:at], "\"")%2 == 1 || strings.Contains(line[:at], "//")) {
		return -1
	}
	return at
}

var assignment = regexp.MustCompile(`^\s*[\w$-]+\s*=(?:[^=~]|$)`)

// equalsAbove finds the = of NAME = VALUE on the last line with text before the one of an offset: CUE takes it for the
// name of the field that follows. -1 stands for none.
func equalsAbove(f *source, offset int) int {
	above := bytesTrimRight(f.text[:len(f.text[:offset])-len(lineUpTo(f.text, offset))])
	line := lineUpTo(above, len(above))
	if !assignment.Match(line) {
		return -1
	}
	return len(above) - len(line) + bytes.IndexByte(line, '=')
}

func illegalHint(r rune) string {
	switch r {
	case '\'', '`', '“', '”', '‘', '’', '„':
		return `text stands in plain double quotes: "…"`
	case '%':
		return `write 99.9, or "99.9%" in quotes`
	case ';':
		return "write a comma, or begin a new line"
	}
	return "text stands in quotes"
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' || b == '_' }

func lineFrom(text []byte) []byte {
	for i, b := range text {
		if b == '\n' {
			return bytesTrimRight(text[:i])
		}
	}
	return bytesTrimRight(text)
}

func bytesTrimRight(b []byte) []byte {
	for len(b) > 0 && strings.IndexByte(" \t\r\n", b[len(b)-1]) >= 0 {
		b = b[:len(b)-1]
	}
	return b
}

func lineUpTo(text []byte, offset int) []byte {
	i := offset
	for i > 0 && text[i-1] != '\n' {
		i--
	}
	return text[i:offset]
}

// tokenText is the word, number, string or single character at an offset.
func tokenText(text []byte, offset int) string {
	rest := text[offset:]
	if len(rest) == 0 {
		return ""
	}
	word := func(r rune) bool {
		return r == '_' || r == '#' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r)
	}
	r, n := utf8.DecodeRune(rest)
	switch {
	case r == '"':
		for i := 1; i < len(rest) && rest[i] != '\n'; i++ {
			if rest[i] == '\\' {
				i++
			} else if rest[i] == '"' {
				return string(rest[:i+1])
			}
		}
		return string(lineFrom(rest))
	case r >= '0' && r <= '9':
		i := 0
		for i < len(rest) && (rest[i] == '.' || word(rune(rest[i]))) {
			i++
		}
		return string(rest[:i])
	case word(r):
		i := 0
		for i < len(rest) {
			r, n := utf8.DecodeRune(rest[i:])
			if !word(r) {
				break
			}
			i += n
		}
		return string(rest[:i])
	case r == '\n' || r == '\r':
		return ""
	}
	return string(rest[:n])
}

// tokenName names a piece of text for a message.
func tokenName(word string) string {
	switch {
	case word == "":
		return "the end of the line"
	case strings.HasPrefix(word, `"`):
		return clip(word)
	case isLetter(word[0]) || word[0] >= '0' && word[0] <= '9':
		return clip(word)
	}
	return fmt.Sprintf("%q", word)
}

func lastWord(s string) string {
	i := len(s)
	for i > 0 && (isLetter(s[i-1]) || s[i-1] >= '0' && s[i-1] <= '9' || s[i-1] == '.') {
		i--
	}
	return s[i:]
}

// tokenRange is the range of the token at an offset.
func tokenRange(f *source, offset int) Range {
	return offsetRange(f, offset, len(tokenText(f.text, offset)))
}

// lastToken is the range of the last token of the file.
func lastToken(f *source) Range {
	text := bytesTrimRight(f.text)
	start := len(text)
	for start > 0 && strings.IndexByte(" \t\r\n", text[start-1]) < 0 {
		start--
	}
	return offsetRange(f, start, len(text)-start)
}

// openBracket finds the bracket that is not closed at the end of the file: one whose closing bracket
// stands further left than the line that opens it, which then closes another, or else the last that
// is open.
func openBracket(f *source) (int, bool) {
	open, suspect := brackets(f, len(f.text))
	if suspect >= 0 && open >= 0 {
		open = suspect
	}
	return open, open >= 0
}

// openBefore finds the innermost bracket that is open at an offset.
func openBefore(f *source, end int) (int, bool) {
	open, _ := brackets(f, end)
	return open, open >= 0
}

// brackets gives the innermost bracket that is open at an offset, and the first one before it whose
// closing bracket stands further left than its line; -1 stands for none.
func brackets(f *source, end int) (innermost, suspect int) {
	var open []int
	suspect = -1
	indent := func(offset int) int {
		line := lineUpTo(f.text, offset)
		return len(line) - len(bytes.TrimLeft(line, " \t"))
	}
	eachToken(f.text, func(at int, tok token.Token) bool {
		if at >= end {
			return false
		}
		switch tok {
		case token.LBRACE, token.LBRACK, token.LPAREN:
			open = append(open, at)
		case token.RBRACE, token.RBRACK, token.RPAREN:
			if len(open) > 0 {
				last := open[len(open)-1]
				open = open[:len(open)-1]
				before := lineUpTo(f.text, at)
				if suspect < 0 && len(bytes.TrimSpace(before)) == 0 && len(before) < indent(last) {
					suspect = last
				}
			}
		}
		return true
	})
	if len(open) == 0 {
		return -1, suspect
	}
	return open[len(open)-1], suspect
}

func bracketName(b byte) string {
	switch b {
	case '{':
		return "struct"
	case '[':
		return "list"
	}
	return "parenthesis"
}

func closerOf(b byte) string {
	switch b {
	case '{':
		return "}"
	case '[':
		return "]"
	}
	return ")"
}
