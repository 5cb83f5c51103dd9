package schema

import (
	"fmt"
	"strconv"
	"strings"
)

// isDuration reports whether a value of the type is a duration.
func (t *valueType) isDuration() bool {
	return t.name == "Duration" || t.name == "LongDuration" || t.name == "TimeBetweenFailures"
}

// wrongDuration tells of a string that a type of durations does not allow; write gives the field with another value.
func (c *checker) wrongDuration(n *node, t *valueType, at *spot, write func(v string) string) {
	s := n.text
	if t.name == "TimeBetweenFailures" && c.allows(typeLongDuration.text, s) {
		if d, err := parseDuration(s); err == nil && d > 0 {
			c.fault(n.pos, "write "+write(FormatDuration(d)), "%s is %s, which begins with a zero", at.subject(), quote(s))
			return
		}
		c.fault(n.pos, "write how long it is up between two failures, as "+write("90d")+"; what is never up has availability: 0",
			"%s is %s: what fails without ever being up has no time between failures", at.subject(), quote(s))
		return
	}
	if limit := tooLong(s, t); limit != "" {
		c.fault(n.pos, limit, "%s is %s, which is too long", at.subject(), quote(s))
		return
	}
	hint := `write a number and a unit, as "500ms", "1.5s", "2m", "24h" or "7d"`
	if t.name != "Duration" {
		hint = `write a number and a unit, as "30m", "24h", "90d" or "1200000h"`
	}
	if d, ok := repairDuration(s); ok && c.allows(t.text, d) {
		hint = "did you mean " + write(d) + "?"
	} else if isPlain(s) && c.allows(t.text, s+"s") {
		hint = fmt.Sprintf("write it with its unit: %s or %s", write(s+"ms"), write(s+"s"))
	} else if strings.HasPrefix(strings.TrimSpace(s), "-") {
		hint = "a duration is not negative"
	}
	c.fault(n.pos, hint, "%s is %s, which is not a duration", at.subject(), quote(s))
}

// tooLong gives the limits where s is a duration in hours or days, but one that is too long for its type, else "".
func tooLong(s string, t *valueType) string {
	number, ok := strings.CutSuffix(s, "h")
	if !ok {
		number, ok = strings.CutSuffix(s, "d")
	}
	if !ok || strings.Trim(number, "0123456789.") != "" {
		return ""
	}
	if x, err := strconv.ParseFloat(number, 64); err != nil || x < 10_000 {
		return "" // its length is not what is wrong
	}
	if t.name == "Duration" {
		return `a duration is at most "99999h" or "9999d"`
	}
	return `such a time is at most "2499999h" or "104166d", in whole hours or days`
}
