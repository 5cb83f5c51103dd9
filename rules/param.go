package rules

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Param is a setting of a rule.
type Param struct {
	Name    string
	Default any      // int64, float64, bool, string or []string; it fixes the type
	Doc     string   // one sentence
	Source  string   // where the default comes from, for thresholds
	Min     float64  // of a number, inclusive
	Max     float64  // of a number, inclusive; 0 means no bound
	Allowed []string // of a string or of the elements of a list; nil allows any
}

func (r *Rule) param(name string) (*Param, bool) {
	i := slices.IndexFunc(r.Params, func(p Param) bool { return p.Name == name })
	if i < 0 {
		return nil, false
	}
	return &r.Params[i], true
}

// read gives v in the type of the default, or says what is wrong with it. A whole number will do
// where a fraction is asked for, and a fraction without a remainder for a whole number.
func (p *Param) read(v any) (any, error) {
	switch p.Default.(type) {
	case int64:
		if f, ok := v.(float64); ok && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
			v = int64(f)
		}
		if n, ok := v.(int64); ok {
			return n, p.inBounds(float64(n))
		}
	case float64:
		if n, ok := v.(int64); ok {
			v = float64(n)
		}
		if f, ok := v.(float64); ok && !math.IsNaN(f) {
			return f, p.inBounds(f)
		}
	case bool:
		if b, ok := v.(bool); ok {
			return b, nil
		}
	case string:
		if s, ok := v.(string); ok {
			return s, p.allows(s)
		}
	case []string:
		if list, ok := v.([]string); ok {
			for _, s := range list {
				if err := p.allows(s); err != nil {
					return nil, err
				}
			}
			return list, nil
		}
	}
	return nil, fmt.Errorf("%s is not %s", p.format(v), p.Type())
}

func (p *Param) inBounds(f float64) error {
	switch {
	case f < p.Min:
		return fmt.Errorf("%s is less than %s", formatNumber(f), formatNumber(p.Min))
	case p.Max != 0 && f > p.Max:
		return fmt.Errorf("%s is more than %s", formatNumber(f), formatNumber(p.Max))
	}
	return nil
}

func (p *Param) allows(s string) error {
	if p.Allowed == nil || slices.Contains(p.Allowed, s) {
		return nil
	}
	return fmt.Errorf("%q is not one of %s%s", s, strings.Join(p.Allowed, ", "), didYouMean(s, p.Allowed))
}

// Type names the type of the parameter in words.
func (p *Param) Type() string {
	switch p.Default.(type) {
	case int64:
		return "a whole number"
	case float64:
		return "a number"
	case bool:
		return "true or false"
	case string:
		return "a string"
	}
	return "a list of strings"
}

// format gives a value as CUE writes it.
func (p *Param) format(v any) string {
	switch v := v.(type) {
	case float64:
		return formatNumber(v)
	case string:
		return strconv.Quote(v)
	case []string:
		quoted := make([]string, len(v))
		for i, s := range v {
			quoted[i] = strconv.Quote(s)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	}
	return fmt.Sprint(v)
}

func formatNumber(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
