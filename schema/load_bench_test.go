package schema

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// moduleLines is a design of n modules with five dependencies each, as CUE text.
func moduleLines(n int) string {
	var b strings.Builder
	b.WriteString("system: \"bench\"\nmodules: {\n")
	for i := range n {
		fmt.Fprintf(&b, "\t\"m%d\": {\n\t\tkind:     \"service\"\n\t\treplicas: %d\n\t\tteam:     \"team-%d\"\n\t\tdependsOn: {\n", i, 1+i%3, i%7)
		for k := 1; k <= 5; k++ {
			if i+k < n {
				fmt.Fprintf(&b, "\t\t\t\"m%d\": {protocol: \"grpc\", timeout: \"%dms\"}\n", i+k, 100*k)
			}
		}
		b.WriteString("\t\t}\n\t}\n")
	}
	b.WriteString("}\n")
	return b.String()
}

func benchmarkLoad(b *testing.B, name, text string, files int) {
	dir := b.TempDir()
	for i := range files {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d%s", i, name)), []byte(text), 0o666); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(files * len(text)))
	b.ReportAllocs()
	for b.Loop() {
		list, err := Load(LoadOptions{Dir: dir}, ".")
		if err != nil || len(list) != files {
			b.Fatal(len(list), err)
		}
	}
}

func BenchmarkLoadLiteral12(b *testing.B)   { benchmarkLoad(b, ".cue", moduleLines(12), 1) }
func BenchmarkLoadLiteral1000(b *testing.B) { benchmarkLoad(b, ".cue", moduleLines(1000), 1) }

// The same design, with a template: it goes through the evaluator.
func BenchmarkLoadEvaluated12(b *testing.B) {
	benchmarkLoad(b, ".cue", moduleLines(12)+"modules: [string]: tier: 1\n", 1)
}

func BenchmarkLoadEvaluated1000(b *testing.B) {
	benchmarkLoad(b, ".cue", moduleLines(1000)+"modules: [string]: tier: 1\n", 1)
}

// The same design, with parts of the schema in use: it is held to the schema itself as well.
func BenchmarkLoadWithSchema12(b *testing.B) {
	benchmarkLoad(b, ".cue", "import \"lintel.arch/schema\"\n"+moduleLines(12)+"modules: [string]: schema.#Module\n", 1)
}

func BenchmarkLoad200Files(b *testing.B) { benchmarkLoad(b, ".cue", moduleLines(12), 200) }

func BenchmarkLoadJSON1000(b *testing.B) {
	var w strings.Builder
	w.WriteString(`{"system": "bench", "modules": {`)
	for i := range 1000 {
		if i > 0 {
			w.WriteString(",\n")
		}
		fmt.Fprintf(&w, `"m%d": {"kind": "service", "replicas": 2, "dependsOn": ["m%d"]}`, i, (i+1)%1000)
	}
	w.WriteString("}}")
	benchmarkLoad(b, ".json", w.String(), 1)
}

func BenchmarkLoadYAML1000(b *testing.B) {
	var w strings.Builder
	w.WriteString("system: bench\nmodules:\n")
	for i := range 1000 {
		fmt.Fprintf(&w, "  m%d:\n    kind: service\n    replicas: 2\n    dependsOn: [m%d]\n", i, (i+1)%1000)
	}
	benchmarkLoad(b, ".yaml", w.String(), 1)
}
