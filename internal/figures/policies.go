//go:build unix

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"lintel/internal/generate"
)

// tenPolicies are such as teams write: of several kinds of selection, and with most demands. One can't be taken apart
// field by field, since its fields refer to each other.
const tenPolicies = `import "list"

lint: policies: {
	"critical-replicas": {modules: tier: <=1, require: facts: reliableReplicas: >=2}
	"web-never-sees-stores": {dependencies: {from: kind: "frontend" | "gateway", to: kind: "database"}, forbid: true}
	"teams-own-databases": {dependencies: {to: kind: "database", facts: sameTeam: false}, forbid: true}
	"critical-on-critical": {modules: tier: 0, neverReaches: tier: 3, via: {strength: "hard", when: "runtime"}}
	"contexts-are-independent": {modules: group: string, independent: "group"}
	"external-calls-guarded": {dependencies: {mode: "sync", to: kind: "external"}, require: {circuitBreaker: true, timeout: string}}
	"no-cycles": {modules: kind: "service", acyclic: true}
	"owners-differ": {dependencies: {from: team: string, to: team: !=from.team}, require: timeout: string}
	"few-queues": {modules: {kind: "queue", facts: dependents: list.MinItems(2)}, count: <=500}
	"journeys-survive": {journeys: slo: availability: >=99.9, require: facts: singlePoints: []}
}
`

// policies times ten policies over 2,000 modules, the whole process, and a design of 12 modules with and without a
// settings file of them.
func policies(dir, lintel string) error {
	work := filepath.Join(dir, "policies")
	beside := filepath.Join(work, "beside")
	if err := os.MkdirAll(beside, 0o777); err != nil {
		return err
	}
	for name, text := range map[string][]byte{
		"T2.cue":             generate.CUE(generate.Design(generate.T2, 1)),
		"T0.cue":             generate.CUE(generate.Design(generate.T0, 1)),
		"beside/T0.cue":      generate.CUE(generate.Design(generate.T0, 1)),
		"beside/T2.cue":      generate.CUE(generate.Design(generate.T2, 1)),
		"beside/.lintel.cue": []byte(tenPolicies),
	} {
		if err := os.WriteFile(filepath.Join(work, filepath.FromSlash(name)), text, 0o666); err != nil {
			return err
		}
	}
	fmt.Println("Ten policies in a settings file, whole process, median of 9 runs in turn:")
	for _, size := range []string{"T0", "T2"} {
		costs, err := sideBySide(work, 9,
			[]string{lintel, "check", "--only", "POL", "beside/" + size + ".cue"},
			[]string{lintel, "check", "beside/" + size + ".cue"},
			[]string{lintel, "check", size + ".cue"})
		if err != nil {
			return err
		}
		limit := ""
		if size == "T2" {
			limit = " (policies alone at most 1 s) " + verdict(costs[0].wall <= time.Second)
		}
		fmt.Printf("  %s: policies alone %7.1f ms, %d MB; all rules and policies %7.1f ms; all rules without policies %7.1f ms%s\n",
			size, milliseconds(costs[0].wall), costs[0].memory/megabyte, milliseconds(costs[1].wall), milliseconds(costs[2].wall), limit)
	}
	return nil
}
