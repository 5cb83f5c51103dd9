package schema

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// This file holds the words in which the checker tells what is wrong, and what to write instead.

var kindNames = map[nodeKind]string{
	nullNode: "null", boolNode: "true or false", numberNode: "a number",
	stringNode: "a string", listNode: "a list", structNode: "a struct",
}

func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}

// want names what a type asks for, without the number of its alternatives.
func want(t *valueType) string {
	switch t.name {
	case "Duration", "LongDuration", "TimeBetweenFailures":
		return "a duration"
	case "Percentage":
		return "a percentage"
	case "Percent":
		return "a percentage as a number"
	case "Date":
		return "a day"
	case "Address":
		return "an address"
	}
	var parts []string
	if t.boolean {
		parts = append(parts, "true or false")
	}
	if len(t.numbers) > 0 {
		if t.numbers[0].integer {
			parts = append(parts, "a whole number")
		} else {
			parts = append(parts, "a number")
		}
	}
	if t.text != nil {
		parts = append(parts, "a string")
	}
	if t.list != nil {
		if t.list.elem.name == "Name" {
			parts = append(parts, "a list of names")
		} else {
			parts = append(parts, "a list")
		}
	}
	if t.fields != nil {
		parts = append(parts, "a struct")
	}
	return strings.Join(parts, " or ")
}

// either lists values: "a", "b" or "c".
func either(list []string) string {
	if len(list) == 0 {
		return ""
	}
	var b strings.Builder
	for i, s := range list {
		switch {
		case i > 0 && i == len(list)-1:
			b.WriteString(" or ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(strconv.Quote(s))
	}
	return b.String()
}

// example writes a field with a value of its type, as CUE.
func example(label string, t *valueType) string {
	if label == "" {
		return sample("", t)
	}
	return label + ": " + sample(label, t)
}

func sample(label string, t *valueType) string {
	switch t.name {
	case "Duration":
		return `"500ms"`
	case "LongDuration", "TimeBetweenFailures":
		return map[bool]string{true: `"30m"`, false: `"90d"`}[label == "mttr"]
	case "Percentage", "Percent":
		return "99.9"
	case "Date":
		return `"2026-12-31"`
	case "Address":
		return `"https://example.org/page"`
	case "Policy":
		return `{modules: {kind: "database"}, require: {replicas: >=2}}`
	case "Name":
		if label == "system" {
			return `"shop"`
		}
		return `"NAME"`
	}
	switch {
	case t.text != nil && len(t.text.values) > 0:
		return strconv.Quote(t.text.values[0])
	case t.boolean:
		return "true"
	case len(t.numbers) > 0:
		if m := t.numbers[0].max; len(m) == 1 {
			return m
		}
		return "3"
	case t.text != nil:
		return `"…"`
	case t.list != nil:
		return "[" + sample("", t.list.elem) + "]"
	case t.fields != nil && t.fields.elem != nil:
		inner := sample("", t.fields.elem)
		if label == "modules" {
			inner = `{kind: "gateway"}`
		}
		return "{NAME: " + inner + "}"
	case t.fields != nil && len(t.fields.known) > 0:
		parts := make([]string, 0, 2)
		for i := range t.fields.known {
			if k := &t.fields.known[i]; k.required {
				parts = append(parts, example(k.name, k.typ))
			}
		}
		if len(parts) == 0 {
			parts = append(parts, example(t.fields.known[0].name, t.fields.known[0].typ))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return "{}"
}

// wrongType tells of a value of a kind that the type does not have at all.
func (c *checker) wrongType(n *node, t *valueType, at *spot) {
	label := at.label()
	write := func(v string) string {
		if at.field == "" {
			return v
		}
		return label + ": " + v
	}
	hint := "write " + want(t) + ": " + write(sample(label, t))
	if t.text != nil && len(t.text.values) > 0 {
		hint = "write " + allowed(t)
	}
	switch {
	case t.onlyTrue && n.kind == boolNode:
		c.fault(n.pos, "leave it out", "%s is %s, and can only be true", at.subject(), kindOf(n))
		return
	case t.list != nil && t.list.elem.any && n.kind == stringNode:
		hint = "to ask for an element: " + write("list.Contains("+strconv.Quote(clip(n.text))+")") + `, with import "list"`
	case n.kind == nullNode:
		v := sample(label, t)
		if t.fields != nil && t.fields.elem == nil {
			v = "{}"
		}
		hint = "write " + write(v) + orLeave(at)
	case n.kind == stringNode && len(t.numbers) > 0 && t.text == nil:
		text, what := strings.TrimSpace(n.text), "write it without quotes: "
		if share, ok := strings.CutSuffix(text, "%"); ok && t.name == "Percent" {
			text, what = strings.TrimSpace(share), "write it as a number: "
		}
		if d, err := parseDecimal(text); err == nil {
			if ok, _ := t.numbers[0].holds(d); ok {
				hint = what + write(text)
			}
		}
	case n.kind == stringNode && t.boolean:
		switch strings.ToLower(n.text) {
		case "true", "yes", "on", "y":
			hint = "write it without quotes: " + write("true")
		case "false", "no", "off", "n":
			hint = "write it without quotes: " + write("false")
		}
	case (n.kind == numberNode || n.kind == boolNode) && t.isDuration():
		if n.kind == numberNode && isPlain(n.text) && t.name != "Duration" {
			hint = fmt.Sprintf("write it with its unit: %s or %s", write(strconv.Quote(n.text+"h")), write(strconv.Quote(n.text+"d")))
		} else if n.kind == numberNode && isPlain(n.text) {
			hint = fmt.Sprintf("write it with its unit: %s or %s", write(strconv.Quote(n.text+"ms")), write(strconv.Quote(n.text+"s")))
		}
	case n.kind == numberNode && t.text != nil && len(t.text.values) == 0 && !t.text.date && t.name != "Address":
		hint = "write it in quotes: " + write(strconv.Quote(clip(n.text)))
	case n.kind == boolNode && t.text != nil && n.text == "false" && allowsValue(t.text, "off"):
		hint = "write " + write(`"off"`) + ", in quotes"
	case n.kind == boolNode && t.text != nil && n.text == "false" && allowsValue(t.text, "none"):
		hint = "write " + write(`"none"`)
	case n.kind == stringNode && t.list != nil && t.list.elem.text != nil && c.allows(t.list.elem.text, n.text):
		hint = "write a list: " + write("["+strconv.Quote(n.text)+"]")
	case n.kind == listNode && t.fields != nil && t.fields.elem != nil:
		hint = "write the names as labels: " + write(sample(label, t))
	case n.kind == stringNode && t.fields != nil && t.fields.elem == nil:
		for i := range t.fields.known {
			if k := &t.fields.known[i]; k.typ.text != nil && allowsValue(k.typ.text, n.text) {
				hint = "write " + write("{"+k.name+": "+strconv.Quote(n.text)+"}")
				break
			}
		}
	case n.kind == boolNode && t.fields != nil && n.text == "true":
		hint = "write " + write("{}")
	}
	c.fault(n.pos, hint, "%s is %s, not %s", at.subject(), kindOf(n), want(t))
}

func orLeave(at *spot) string {
	if at.needed {
		return ""
	}
	return ", or leave it out"
}

// kindOf names the kind of a value; true and false are told as they are.
func kindOf(n *node) string {
	if n.kind == boolNode {
		return n.text
	}
	return kindNames[n.kind]
}

func allowsValue(t *textType, s string) bool {
	for _, v := range t.values {
		if v == s {
			return true
		}
	}
	return false
}

// wrongNumber tells of a number that the type does not allow.
func (c *checker) wrongNumber(n *node, d decimal, t *valueType, at *spot) {
	text := clip(n.text)
	if t.name == "Percentage" && !d.neg && d.exp <= 1 { // above 0 and at most 1
		c.fault(n.pos, fmt.Sprintf("write %s: %s for %s %%, or %s: \"%s%%\" if that is meant", at.label(), d.shift(2), d.shift(2), at.label(), d.shift(0)),
			"%s is %s, which would be %s %%", at.subject(), text, d.shift(0))
		return
	}
	if t.name == "Percent" && d.isShare() {
		c.shareForPercent(n, d, text, at)
		return
	}
	r := &t.numbers[0]
	_, why := r.holds(d)
	switch {
	case why == notInteger && d.exp >= len(d.digits) && d.exp <= 15:
		c.fault(n.pos, "write "+at.label()+": "+d.shift(0), "%s is %s, a number with a fraction or an exponent; it must be a whole number", at.subject(), text)
	case why == notInteger:
		c.fault(n.pos, "write a whole number, as "+example(at.label(), t), "%s is %s, not a whole number", at.subject(), text)
	case t.name == "Percentage" || t.name == "Percent":
		c.fault(n.pos, "write a percentage from 0 to 100, as 99.9", "%s is %s, not a percentage", at.subject(), text)
	case why == tooSmall:
		c.fault(n.pos, bounds(r), "%s is %s, less than %s", at.subject(), text, plainBound(r.min))
	default:
		c.fault(n.pos, bounds(r), "%s is %s, more than %s", at.subject(), text, plainBound(r.max))
	}
}

func plainBound(s string) string {
	d, err := parseDecimal(s)
	if err != nil {
		return s
	}
	return d.shift(0)
}

func bounds(r *numberRange) string {
	what := "a number"
	if r.integer {
		what = "a whole number"
	}
	switch {
	case r.min != "" && r.max != "" && len(r.max) < 6:
		return fmt.Sprintf("write %s from %s to %s", what, plainBound(r.min), plainBound(r.max))
	case r.min != "":
		return fmt.Sprintf("write %s of at least %s and at most %s", what, plainBound(r.min), plainBound(r.max))
	}
	return "write " + what
}

// wrongText tells of a string that the type does not allow.
func (c *checker) wrongText(n *node, t *valueType, at *spot) {
	s := n.text
	label := at.label()
	write := func(v string) string {
		if at.field == "" {
			return strconv.Quote(v)
		}
		return label + ": " + strconv.Quote(v)
	}
	switch {
	case t.isDuration():
		c.wrongDuration(n, t, at, write)
	case t.name == "Percentage":
		hint := `write a number such as 99.95, or text such as "99.95%"`
		if d, err := parseDecimal(strings.TrimSpace(s)); err == nil {
			if ok, _ := t.numbers[0].holds(d); ok {
				hint = fmt.Sprintf("write it without quotes: %s: %s", label, strings.TrimSpace(s))
			}
		} else if r := strings.Replace(strings.Join(strings.Fields(s), ""), ",", ".", 1); c.allows(t.text, r) {
			hint = "did you mean " + write(r) + "?"
		}
		c.fault(n.pos, hint, "%s is %s, which is not a percentage", at.subject(), quote(s))
	case t.text.date:
		hint := `write year-month-day, as "2026-12-31"`
		for _, layout := range []string{"2006-1-2", "2006/1/2", "2006.1.2", "2.1.2006", "20060102", "January 2, 2006", "2 January 2006", "2 Jan 2006", time.RFC3339} {
			if day, err := time.Parse(layout, strings.TrimSpace(s)); err == nil {
				hint = "did you mean " + write(day.Format(dateLayout)) + "?"
				break
			}
		}
		c.fault(n.pos, hint, "%s is %s, which is not a day", at.subject(), quote(s))
	case len(t.text.values) > 0:
		hint := "write " + allowed(t)
		if v := nearestValue(s, t.text.values, synonymsOf(label, t)); v != "" {
			hint = "did you mean " + strconv.Quote(v) + "?"
			if len(t.text.values) <= 8 {
				hint += " It can be " + allowed(t)
			}
		}
		owner, path := at.names()
		switch {
		case at.field == "" || path == "":
			c.fault(n.pos, hint, "%s is %s, which is not known", at.subject(), quote(s))
		default:
			c.fault(n.pos, hint, "%sunknown %s %s", prefixed(owner), path, quote(s))
		}
	case s == "":
		v, _ := strconv.Unquote(sample(label, t))
		c.fault(n.pos, "write "+write(v)+orLeave(at), "%s is empty", at.subject())
	case hasLineBreakOrControl(s):
		c.fault(n.pos, "write it on one line, without control characters", "%s holds a line break or a control character", at.subject())
	default:
		hint := "remove the blanks"
		if trimmed := strings.TrimSpace(s); c.allows(t.text, trimmed) {
			hint = "write " + write(trimmed)
		}
		where := "at its ends"
		if t.name == "Address" {
			where = "in it"
		}
		c.fault(n.pos, hint, "%s is %s, with blanks %s", at.subject(), quote(s), where)
	}
}

func prefixed(owner string) string {
	if owner == "" {
		return ""
	}
	return owner + ": "
}

// allowed lists all that a string may be.
func allowed(t *valueType) string {
	s := either(t.text.values)
	if len(t.text.patterns) > 0 {
		s += `, or a duration, as "500ms"`
	}
	return s
}

func hasLineBreakOrControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' })
}

// badName tells of a label that can't be a name.
func (c *checker) badName(f *field, at *spot) {
	noun := noun(at.field)
	switch {
	case at.field == "placement":
		noun = "failure domain"
	case at.field == "links":
		noun = "link"
	case noun == "":
		noun = "field"
	}
	owner, _ := at.names()
	switch trimmed := strings.TrimFunc(f.name, unicode.IsSpace); {
	case trimmed == "":
		c.fault(f.pos, "give it a name", "%sa %s has an empty name", prefixed(owner), noun)
	case hasLineBreakOrControl(trimmed):
		c.fault(f.pos, "write it on one line, without control characters", "%sthe name of a %s, %s, holds a line break or a control character", prefixed(owner), noun, quote(f.name))
	case at.field == "policies" && strings.ContainsAny(trimmed, ",="):
		better := strings.Trim(strings.ReplaceAll(strings.NewReplacer(",", "-", "=", "-", " ", "-").Replace(trimmed), "--", "-"), "-")
		hint := "on the command line, these stand between names"
		if better != "" {
			hint = "write " + strconv.Quote(better) + ": " + hint
		}
		c.fault(f.pos, hint, "%sthe name of a policy, %s, holds a comma or a =", prefixed(owner), quote(f.name))
	default:
		c.fault(f.pos, "write "+strconv.Quote(trimmed), "%sthe name of a %s, %s, has blanks at its ends", prefixed(owner), noun, quote(f.name))
	}
}

// missing tells of a required field that is not there.
func (c *checker) missing(n *node, k *fieldType, at *spot) {
	pos := at.posOf(n)
	if at.in == nil {
		pos = Range{File: n.pos.File, StartLine: n.pos.StartLine, StartColumn: n.pos.StartColumn, EndLine: n.pos.StartLine, EndColumn: n.pos.StartColumn}
	}
	hint := "add "
	if k.typ.text != nil && len(k.typ.text.values) > 0 {
		hint += k.name + ": " + allowed(k.typ)
	} else {
		what, _, _ := strings.Cut(strings.ToLower(k.doc[:1])+k.doc[1:], ".")
		hint += what + ": " + example(k.name, k.typ)
	}
	c.fault(pos, hint, "%s has no %s", at.subject(), k.name)
}

// unknownField tells of a field that the struct does not have.
func (c *checker) unknownField(f *field, t *valueType, at *spot) {
	hint := fieldHint(f.name, t, at)
	what := "field"
	if t.name == "RuleSettings" {
		what = "rule"
	}
	c.fault(f.pos, hint, "%sunknown %s %s", at.prefix(), what, quote(f.name))
}

// repairDuration turns "5 minutes" and the like into a duration.
func repairDuration(s string) (string, bool) {
	s = strings.ToLower(strings.Join(strings.Fields(s), ""))
	s = strings.ReplaceAll(s, ",", ".")
	if strings.HasPrefix(s, ".") {
		s = "0" + s
	}
	i := 0
	for i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] == '.') {
		i++
	}
	if i == 0 || i > 9 || !utf8.ValidString(s) {
		return "", false
	}
	number, unit := s[:i], s[i:]
	if unit == "" {
		return "", false
	}
	for _, u := range [...]struct {
		unit  string
		names []string
	}{
		{"ms", []string{"ms", "msec", "msecs", "millis", "millisecond", "milliseconds"}},
		{"s", []string{"s", "sec", "secs", "second", "seconds"}},
		{"m", []string{"m", "min", "mins", "minute", "minutes"}},
		{"h", []string{"h", "hr", "hrs", "hour", "hours"}},
		{"d", []string{"d", "day", "days"}},
		{"us", []string{"us", "micros", "microsecond", "microseconds"}},
	} {
		for _, name := range u.names {
			if unit == name {
				return number + u.unit, true
			}
		}
	}
	switch unit {
	case "w", "week", "weeks":
		if n, err := strconv.Atoi(number); err == nil {
			return strconv.Itoa(7*n) + "d", true
		}
	}
	return "", false
}
