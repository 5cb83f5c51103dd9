package faulttree_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"lintel/analyzer/faulttree"
	"lintel/analyzer/faulttree/openpsa"
)

// TestSmallTrees compares the trees of testdata/faulttrees with what going through all states gave, independently of this
// package and of the reader.
func TestSmallTrees(t *testing.T) {
	const folder = "../../testdata/faulttrees"
	for _, row := range table(t, filepath.Join(folder, "expected.tsv")) {
		name, sets := row[0], row[2]
		t.Run(name, func(t *testing.T) {
			want, err := strconv.ParseFloat(row[3], 64)
			if err != nil {
				t.Fatal(err)
			}
			m := readModel(t, filepath.Join(folder, name+".xml"))
			if p, ok := m.Probability(faulttree.Budget{}); !ok || math.Abs(p-want) > 1e-12*want {
				t.Errorf("probability %v, want %v", p, want)
			}
			if low, high := m.Bounds(1, nil); low > want*(1+1e-12) || high < want*(1-1e-12) {
				t.Errorf("%v to %v, and it is %v", low, high, want)
			}
			count, ok := m.CountByOrder(0, faulttree.Budget{})
			var by []string
			for k, n := range count {
				if n.Sign() > 0 {
					by = append(by, fmt.Sprintf("%d:%v", k, n))
				}
			}
			if got := strings.Join(by, ","); !ok || got != sets {
				t.Errorf("cut sets by order %s, want %s", got, sets)
			}
		})
	}
}

// TestLowOrders compares the low orders, found without the rest, with the same ones out of all, for the trees of a folder
// that LINTEL_FAULT_TREES names; what all are is a test of the reader. Of one tree nobody knows all.
func TestLowOrders(t *testing.T) {
	folder := os.Getenv("LINTEL_FAULT_TREES")
	if folder == "" {
		t.Skip("LINTEL_FAULT_TREES names no folder of fault trees")
	}
	for _, row := range table(t, filepath.Join(folder, "expected.tsv")) {
		name := row[0]
		t.Run(name, func(t *testing.T) {
			m := readModel(t, filepath.Join(folder, name+".xml"))
			few, ok := m.CountByOrder(3, faulttree.Budget{})
			if !ok {
				t.Fatal("the low orders are not known")
			}
			if name == "nus9601" {
				low, high := m.Bounds(0, nil)
				if fmt.Sprint(few) != "[0 0 0 10]" || low < 9.93e-6 || high > 2.72e-2 || low > high {
					t.Errorf("%v sets, between %v and %v", few, low, high)
				}
				return
			}
			count, ok := readModel(t, filepath.Join(folder, name+".xml")).CountByOrder(0, faulttree.Budget{})
			if !ok {
				t.Fatal("not all are known")
			}
			for k := range min(len(few), len(count)) {
				if few[k].Cmp(count[k]) != 0 {
					t.Errorf("%v sets of order %d without the rest, and %v with it", few[k], k, count[k])
				}
			}
		})
	}
}

// table reads the rows of a file of columns, but for the first one.
func table(t *testing.T, name string) (rows [][]string) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
		rows = append(rows, strings.Split(line, "\t"))
	}
	return rows
}

func readModel(t *testing.T, name string) *faulttree.Model {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	trees, err := openpsa.Read(f)
	if err != nil || len(trees) != 1 {
		t.Fatalf("%d trees, %v", len(trees), err)
	}
	m, err := faulttree.New(trees[0])
	if err != nil {
		t.Fatal(err)
	}
	return m
}
