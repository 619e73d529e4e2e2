package understand

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The public sets are not part of this project; docs/data.md says where they are. Whoever has them runs
//
//	go test ./bot/understand -run xxx -bench 'Accuracy|Train|Understand' -data DIR
//
// and, for the whole table, kohta bot eval --data DIR.
var dataDir = flag.String("data", "", "folder of the public sets, for the benchmarks that need them")

type labelled struct{ text, label string }

func readLines(tb testing.TB, name string) []labelled {
	if *dataDir == "" {
		tb.Skip("give -data DIR with the public sets")
	}
	raw, err := os.ReadFile(filepath.Join(*dataDir, name))
	if err != nil {
		tb.Fatal(err)
	}
	var out []labelled
	for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		f := strings.Split(line, "\t")
		out = append(out, labelled{f[0], f[1]})
	}
	return out
}

// asIntents groups lines by label, keeping the labels for which keep holds.
func asIntents(lines []labelled, most int, keep func(string) bool) []Intent {
	var order []string
	by := map[string]*Intent{}
	for _, l := range lines {
		if !keep(l.label) {
			continue
		}
		in := by[l.label]
		if in == nil {
			in = &Intent{Name: l.label}
			by[l.label] = in
			order = append(order, l.label)
		}
		if most == 0 || len(in.Examples) < most {
			in.Examples = append(in.Examples, l.text)
		}
	}
	var out []Intent
	for _, n := range order {
		out = append(out, *by[n])
	}
	return out
}

func everything(string) bool { return true }

// closedSet is the share of in-scope lines whose best class is right.
func closedSet(e *engine, lines []labelled) float64 {
	right, all := 0, 0
	var a analysis
	var s scored
	for _, l := range lines {
		if strings.HasPrefix(l.label, "oos") {
			continue
		}
		all++
		a.read(l.text)
		e.classify(&a, &s)
		if e.names[s.order[0]] == l.label {
			right++
		}
	}
	return float64(right) / float64(all)
}

func BenchmarkAccuracy(b *testing.B) {
	for _, c := range []struct {
		name, train, val string
		most             int
	}{
		{"banking/5", "banking77.train5.tsv", "banking77.val.tsv", 0},
		{"banking/10", "banking77.train10.tsv", "banking77.val.tsv", 0},
		{"banking/full", "banking77.train.tsv", "banking77.val.tsv", 0},
		{"hwu/10", "hwu64.train10.tsv", "hwu64.val.tsv", 0},
		{"hwu/full", "hwu64.train.tsv", "hwu64.val.tsv", 0},
		{"clinc/10", "clinc150.train.tsv", "clinc150.val.tsv", 10},
		{"clinc/full", "clinc150.train.tsv", "clinc150.val.tsv", 0},
	} {
		b.Run(c.name, func(b *testing.B) {
			train, val := readLines(b, c.train), readLines(b, c.val)
			var e *engine
			for b.Loop() {
				e, _ = trainEngine("en", asIntents(train, c.most, everything), shipped(b))
			}
			b.ReportMetric(100*closedSet(e, val), "%right")
		})
	}
}

func shipped(tb testing.TB) *Shipped {
	s, err := builtIn()
	if err != nil {
		tb.Fatal(err)
	}
	return s
}
