package schema

import (
	"bytes"
	"fmt"
	"strings"

	"cuelang.org/go/cue/scanner"
	"cuelang.org/go/cue/token"
)

// maxDepth is the number of levels to which structs and lists may be nested.
const maxDepth = 500

// maxChain is the number of operators, selectors and calls that one expression of CUE may have.
// CUE's parser and compiler recurse once for each of them, and a stack that overflows ends the
// process.
const maxChain = 10_000

// tooNested finds where CUE text is nested too deep, or holds an expression that is too long, to be
// given to CUE's parser; -1 stands for nowhere.
func tooNested(text []byte) (offset int, message string) {
	if shallow(text) {
		return -1, ""
	}
	offset = -1
	type level struct{ chain int }
	levels := []level{{}}
	total := 0
	eachToken(text, func(at int, tok token.Token) bool {
		top := &levels[len(levels)-1]
		switch tok {
		case token.LBRACE, token.LBRACK, token.LPAREN:
			top.chain++ // an index or a call lengthens the expression before it
			total++
			levels = append(levels, level{})
			if len(levels) > maxDepth {
				offset, message = at, fmt.Sprintf("nested more than %d levels deep", maxDepth)
				return false
			}
		case token.RBRACE, token.RBRACK, token.RPAREN:
			if len(levels) > 1 {
				total -= top.chain
				levels = levels[:len(levels)-1]
			}
		case token.COMMA:
			total -= top.chain
			top.chain = 0
		case token.IDENT, token.INT, token.FLOAT, token.STRING, token.INTERPOLATION, token.TRUE, token.FALSE, token.NULL, token.BOTTOM:
		default:
			top.chain++
			total++
		}
		if total > maxChain {
			offset, message = at, fmt.Sprintf("this expression has more than %d operators", maxChain)
			return false
		}
		return true
	})
	return offset, message
}

// shallow reports whether text is surely not nested too deep, by a quick look that errs on the side
// of no: it follows neither strings over several lines nor interpolations.
func shallow(text []byte) bool {
	depth, chain := 0, 0
	inString := false
	var last byte // before the end of the line
	for i := 0; i < len(text); i++ {
		c := text[i]
		if inString {
			switch c {
			case '\\':
				if i++; i < len(text) && (text[i] == '(' || text[i] == '#') {
					return false
				}
			case '"', '\n':
				inString = false
				last = '"'
			}
			continue
		}
		switch c {
		case ' ', '\t', '\r':
			continue
		case '"':
			if bytes.HasPrefix(text[i:], []byte(`"""`)) {
				return false
			}
			inString = true
		case '\'', '#':
			if c == '\'' || i+1 < len(text) && (text[i+1] == '"' || text[i+1] == '\'' || text[i+1] == '#') {
				return false
			}
		case '/':
			if i+1 < len(text) && text[i+1] == '/' {
				for i+1 < len(text) && text[i+1] != '\n' {
					i++
				}
				continue
			}
			chain++
		case '{', '[', '(':
			chain++
			if depth++; depth >= maxDepth {
				return false
			}
		case '}', ']', ')':
			depth = max(depth-1, 0)
		case ',':
			chain = 0
		case '\n':
			if last == 0 || last == '"' || last == '}' || last == ']' || last == ')' || last == ',' || isLetter(last) || last >= '0' && last <= '9' {
				chain = 0
			}
		case '+', '-', '*', '|', '&', '=', '<', '>', '.', ':', '!', '?', '~', '@':
			chain++
		}
		if chain > maxDepth {
			return false
		}
		if c != '\n' {
			last = c
		}
	}
	return true
}

// eachToken gives the tokens of CUE text to f, until f returns false.
func eachToken(text []byte, f func(offset int, tok token.Token) bool) {
	var s scanner.Scanner
	s.Init(token.NewFile("", -1, len(text)), text, func(token.Pos, string, []any) {}, 0)
	var parens []bool // of the open parentheses: whether they are those of an interpolation
	interpolates := false
	for {
		pos, tok, _ := s.Scan()
		if tok == token.EOF {
			return
		}
		if !f(pos.Offset(), tok) {
			return
		}
		switch tok {
		case token.INTERPOLATION:
			interpolates = true
			continue
		case token.LPAREN:
			parens = append(parens, interpolates)
		case token.RPAREN:
			if n := len(parens); n > 0 {
				ofString := parens[n-1]
				parens = parens[:n-1]
				if ofString {
					interpolates = strings.HasSuffix(s.ResumeInterpolation(), "(")
					continue
				}
			}
		}
		interpolates = false
	}
}
