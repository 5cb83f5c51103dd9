package cutsets

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"strconv"
	"strings"
)

// JSON writes targets as docs/schemas/cutsets.schema.json has it: all journeys and trees first, then all modules.
type JSON struct {
	w       io.Writer
	r       Report
	state   int // lists that were begun
	written int // targets in the list that is open
}

// NewJSON prepares for writing.
func NewJSON(w io.Writer, r Report) *JSON { return &JSON{w: w, r: r} }

// lists are the names of the lists of targets, in their order.
var lists = [...]string{"journeys", "modules"}

// open begins the lists up to the one of number n.
func (j *JSON) open(n int) error {
	var b strings.Builder
	if j.state == 0 {
		fmt.Fprintf(&b, "{\n  \"schemaVersion\": 1,\n  \"system\": %s,\n  \"path\": %s,\n", text(j.r.System), text(j.r.Path))
	}
	for ; j.state <= n; j.state++ {
		if j.state > 0 {
			b.WriteString(j.closing() + ",\n")
		}
		fmt.Fprintf(&b, "  %q: [", lists[j.state])
		j.written = 0
	}
	_, err := io.WriteString(j.w, b.String())
	return err
}

func (j *JSON) closing() string {
	if j.written > 0 {
		return "\n  ]"
	}
	return "]"
}

// Target writes one target. It takes no more of its sets than it shows.
func (j *JSON) Target(g *Target) error {
	list := 0
	if g.Kind == Module {
		list = 1
	}
	if list < j.state-1 {
		return fmt.Errorf("%s %q comes after those of %s", lists[list], g.Name, lists[j.state-1])
	}
	if err := j.open(list); err != nil {
		return err
	}
	var b strings.Builder
	if j.written > 0 {
		b.WriteByte(',')
	}
	j.written++
	field := func(name, value string) { fmt.Fprintf(&b, "\n      %q: %s,", name, value) }
	b.WriteString("\n    {")
	field("name", text(g.Name))
	field("count", decimal(g.Count()))
	counted, upTo := "null", 0
	switch {
	case g.Counted >= 0:
		upTo = g.Counted
		counted = strconv.Itoa(upTo)
	case j.r.MaxOrder > 0:
		upTo = j.r.MaxOrder
		counted = strconv.Itoa(upTo)
	}
	field("countByOrder", byOrder(g.ByOrder, upTo))
	field("countedToOrder", counted)
	if len(g.Unknown) == 0 {
		probability := "null"
		if g.Best.Method == "" {
			probability = number(g.Best.Low)
		}
		field("probability", probability)
	} else {
		field("probability", "null")
	}
	field("exact", strconv.FormatBool(g.Exact()))
	if len(g.Unknown) == 0 {
		if g.Best.Method != "" {
			field("method", text(g.Best.Method))
			field("low", number(g.Best.Low))
			field("high", number(g.Best.High))
			if g.Best.Method == "simulated" {
				field("confidence", number(g.Best.Confidence))
				field("certainLow", number(g.Best.Certain[0]))
				field("certainHigh", number(g.Best.Certain[1]))
			}
		}
	} else {
		if g.Kind != Tree {
			field("best", bounded(g.Best))
			field("worst", bounded(g.Worst))
			field("pessimistic", number(j.r.Pessimistic))
		}
		names, _ := json.Marshal(g.Unknown)
		field("unknown", string(names))
	}
	b.WriteString("\n      \"cutSets\": [")
	if _, err := io.WriteString(j.w, b.String()); err != nil {
		return err
	}
	return j.sets(g)
}

func (j *JSON) sets(g *Target) error {
	shown, lines := new(big.Int), 0
	if j.r.Limit != 0 && g.Sets != nil {
		for s := range g.Sets {
			if j.r.Limit > 0 && lines == j.r.Limit {
				break
			}
			line, err := json.Marshal(setOf(s))
			if err != nil {
				return err
			}
			lead := ",\n        "
			if lines == 0 {
				lead = lead[1:]
			}
			if _, err := io.WriteString(j.w, lead+string(line)); err != nil {
				return err
			}
			lines++
			shown.Add(shown, s.Number)
		}
	}
	left := g.Count()
	if left != nil {
		left.Sub(left, shown)
	}
	end := "]"
	if lines > 0 {
		end = "\n      ]"
	}
	_, err := fmt.Fprintf(j.w, "%s,\n      \"notShown\": %s\n    }", end, decimal(left))
	return err
}

// End closes what is open.
func (j *JSON) End() error {
	if err := j.open(len(lists) - 1); err != nil {
		return err
	}
	_, err := io.WriteString(j.w, j.closing()+"\n}\n")
	return err
}

type setJSON struct {
	Order       int             `json:"order"`
	Events      []string        `json:"events"`
	Choose      []choiceJSON    `json:"choose"`
	Number      string          `json:"number"`
	Probability json.RawMessage `json:"probability"`
}

type choiceJSON struct {
	Group int   `json:"group"`
	Count int   `json:"count"`
	Of    []any `json:"of"` // names, or lists of names
}

func setOf(s Set) setJSON {
	out := setJSON{Order: s.Order, Events: append([]string{}, s.Events...), Choose: []choiceJSON{}, Number: s.Number.String(), Probability: json.RawMessage(number(s.Probability))}
	group := map[int]int{}
	for _, c := range s.Choose {
		if _, ok := group[c.Group]; !ok {
			group[c.Group] = len(group) + 1
		}
		x := choiceJSON{Group: group[c.Group], Count: c.Count}
		for _, events := range c.Of {
			if len(events) == 1 {
				x.Of = append(x.Of, events[0])
			} else {
				x.Of = append(x.Of, events)
			}
		}
		out.Choose = append(out.Choose, x)
	}
	return out
}

// text gives a string of JSON.
func text(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string can always be encoded
	return strings.TrimSuffix(b.String(), "\n")
}

// number gives a number of JSON, null where it is not known.
func number(p float64) string {
	if unknown(p) {
		return "null"
	}
	return strconv.FormatFloat(p, 'g', -1, 64)
}

// decimal gives a whole number as a string, since those of JSON lose digits; null where it is not known.
func decimal(n *big.Int) string {
	if n == nil {
		return "null"
	}
	return strconv.Quote(n.String())
}

func byOrder(list []*big.Int, upTo int) string {
	const most = 100 // of orders that are asked for and that no set has
	last := max(len(list)-1, min(upTo, most))
	var parts []string
	for order := range last + 1 {
		n := new(big.Int)
		if order < len(list) {
			n = list[order]
		}
		if n.Sign() > 0 || order > 0 {
			parts = append(parts, fmt.Sprintf(`"%d": "%s"`, order, n))
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// bounded gives a probability with how it is known.
func bounded(p Probability) string {
	if p.Method == "" {
		return fmt.Sprintf(`{"probability": %s, "exact": true}`, number(p.Low))
	}
	confidence := ""
	if p.Method == "simulated" {
		confidence = `, "confidence": ` + number(p.Confidence)
	}
	return fmt.Sprintf(`{"probability": null, "exact": false, "method": %q, "low": %s, "high": %s%s}`, p.Method, number(p.Low), number(p.High), confidence)
}
