package cutsets

import (
	"bytes"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func sample() *Target {
	set := Set{Order: 3, Events: []string{"x/10", "x/2"}, Number: big.NewInt(12), Probability: math.NaN(), Choose: []Choice{
		{Group: 7, Count: 2, Of: [][]string{{"a/4"}, {"a/2"}, {"a/3"}, {"a/1"}}},
		{Group: 7, Count: 1, Of: [][]string{{"h/4"}, {"h/2"}, {"h/3"}, {"h/1"}}},
		{Group: 9, Count: 1, Of: [][]string{{"p", "q"}, {"r"}}},
	}}
	set.Sort()
	return &Target{Name: "pay \x1b[31m", ByOrder: []*big.Int{new(big.Int), new(big.Int), big.NewInt(1), big.NewInt(1234567)}, Counted: 3, SetsTo: 3,
		Best: Exactly(1e-5), Worst: Probability{Low: 0.1, High: 0.3, Method: "simulated", Confidence: 0.99}, Unknown: []string{"x"},
		Sets: slices.Values([]Set{set, set})}
}

func TestText(t *testing.T) {
	var b bytes.Buffer
	w := NewText(&b, Report{System: "s", Path: "s.cue", Limit: 1, Pessimistic: 99}, 200, false, nil)
	if err := w.Target(sample()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"minimal cut sets: 1 of order 2, 1,234,567 of order 3; those of more events than 3 could not be counted within the limits of time and memory\n",
		"unknown parts perfect: fails with probability 1e-05 (99.9990 % available)\n",
		"unknown parts at 99 %: fails with probability about 0.2 (99 % sure of 0.1 to 0.3) (70.0 % to 90.0 % available)\n",
		"      3      unknown  x/2 + x/10 + any 2 of a/1 … a/4 + any other 1 of h/1 … h/4 + any 1 of (p + q), r (12)\n      …  more\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	if strings.Contains(b.String(), "\x1b") {
		t.Errorf("a name steers the terminal:\n%q", b.String())
	}
}

func TestJSON(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("../../../docs/schemas/cutsets.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	simulated := sample()
	simulated.Unknown, simulated.Best = nil, simulated.Worst
	module := sample()
	module.Kind = Module
	for _, list := range [][]*Target{nil, {sample()}, {sample(), simulated, module}, {module}} {
		var b bytes.Buffer
		w := NewJSON(&b, Report{Limit: 5, Pessimistic: 99})
		for _, g := range list {
			if err := w.Target(g); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.End(); err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(b.Bytes()))
		if err == nil {
			err = schema.Validate(value)
		}
		if err != nil {
			t.Errorf("%v\n%s", err, b.String())
		}
	}
}

func TestFigures(t *testing.T) {
	for _, test := range []struct {
		p                float64
		figure, leftOver string
	}{
		{0, "0", "100 %"}, {1, "1", "0 %"}, {0.25, "0.25", "75.0 %"}, {0.9999, "0.9999", "0.0100 %"}, {0.0123456, "0.0123", "98.8 %"},
		{2.1e-5, "2.1e-05", "99.9979 %"}, {1e-13, "1e-13", "over 99.9999999999 %"}, {math.NaN(), "unknown", ""},
	} {
		if got := figure(test.p); got != test.figure {
			t.Errorf("figure(%v) is %s, want %s", test.p, got, test.figure)
		}
		if test.leftOver != "" && percent(test.p) != test.leftOver {
			t.Errorf("percent(%v) is %s, want %s", test.p, percent(test.p), test.leftOver)
		}
	}
	if got := (Probability{Low: 0.12341, High: 0.12342, Method: "interval"}).String(); got != "between 0.12341 and 0.12342" {
		t.Error(got)
	}
	for p, want := range map[Probability]string{
		{Low: 0.6, High: 0.60001}:    "39.999 % to 40.000 %",
		{Low: 0.1, High: 0.3}:        "70.0 % to 90.0 %",
		{Low: 1e-5, High: 1.0001e-5}: "99.9989999 % to 99.9990000 %",
		{Low: 1e-14, High: 2e-14}:    "over 99.9999999999 %",
		{Low: 0.25, High: 0.25}:      "75.0 %",
	} {
		if got := available(p); got != want {
			t.Errorf("%v to %v: %s, want %s", p.Low, p.High, got, want)
		}
	}
	if got := (Probability{Low: 0.50001, High: 0.50002, Method: "simulated", Confidence: 0.99}).String(); got != "about 0.5 (99 % sure of 0.50001 to 0.50002)" {
		t.Error(got)
	}
}
