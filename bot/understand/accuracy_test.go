package understand

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// The public sets are not part of this project. Whoever has them runs
//
//	go test ./bot/understand -run xxx -bench 'Accuracy|Fit' -benchtime 1x -data DIR
//
// BenchmarkFit prints the weights of the confidence anew; they are shipped in engine.go.
var dataDir = flag.String("data", "", "folder of the public sets, for BenchmarkAccuracy and BenchmarkFit")

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
				e = trainEngine("en", asIntents(train, c.most, everything))
			}
			b.ReportMetric(100*closedSet(e, val), "%right")
		})
	}
	b.Run("clinc/rejection", func(b *testing.B) {
		train, val := readLines(b, "clinc150.train.tsv"), readLines(b, "clinc150.val.tsv")
		var e *engine
		for b.Loop() {
			e = trainEngine("en", asIntents(train, 0, everything))
		}
		for _, at := range []float64{DefaultThresholds.Clarify, 0.45, DefaultThresholds.Answer} {
			in, oos, roc := rejection(e, val, at)
			b.ReportMetric(100*in, fmt.Sprintf("%%in@%.2f", at))
			b.ReportMetric(100*oos, fmt.Sprintf("%%oos@%.2f", at))
			b.ReportMetric(roc, "auroc")
		}
	})
}

// rejection gives in-scope accuracy and out-of-scope recall at a threshold, and the area under
// the curve of the confidence.
func rejection(e *engine, lines []labelled, at float64) (in, oos, roc float64) {
	var a analysis
	var s scored
	var ins, outs []float64
	right, found := 0, 0
	for _, l := range lines {
		a.read(l.text)
		e.classify(&a, &s)
		if strings.HasPrefix(l.label, "oos") {
			outs = append(outs, s.confidence)
			if s.confidence < at {
				found++
			}
			continue
		}
		ins = append(ins, s.confidence)
		if e.names[s.order[0]] == l.label && s.confidence >= at {
			right++
		}
	}
	sort.Float64s(outs)
	for _, c := range ins {
		roc += float64(sort.SearchFloat64s(outs, c)) / float64(len(outs))
	}
	return float64(right) / float64(len(ins)), float64(found) / float64(len(outs)), roc / float64(len(ins))
}

type sample struct {
	x      signals
	y      float64
	weight float64
}

// BenchmarkFit fits the confidence on bots of several sizes and prints its weights.
func BenchmarkFit(b *testing.B) {
	var samples []sample
	sets := []struct{ train, val string }{
		{"clinc150.train.tsv", "clinc150.val.tsv"}, {"hwu64.train.tsv", "hwu64.val.tsv"}, {"banking77.train.tsv", "banking77.val.tsv"},
	}
	far := append(readLines(b, "clinc150.oosplus-extra.tsv"), only(readLines(b, "clinc150.val.tsv"), "oos")...)
	for si, set := range sets {
		train, val := readLines(b, set.train), readLines(b, set.val)
		for round := range 12 {
			part := 2 + round%4 // one intent in part is known
			most := []int{5, 10, 20, 100}[round%4]
			keep := func(l string) bool { return l != "oos" && hashString(uint64(round*7919+si), l)%uint64(part) == 0 }
			samples = append(samples, gather(trainEngine("en", asIntents(train, most, keep)), val, far, keep)...)
		}
		all := func(l string) bool { return l != "oos" }
		samples = append(samples, gather(trainEngine("en", asIntents(train, 0, all)), val, far, all)...)
	}
	clinc := readLines(b, "clinc150.train.tsv")
	samples = append(samples, gather(trainEngine("en", asIntents(clinc, 0, everything)), readLines(b, "clinc150.val.tsv"), far, func(l string) bool { return l != "oos" })...)
	for b.Loop() {
		bias, w := logistic(samples)
		fmt.Printf("%.3f, signals{", bias)
		for _, x := range w {
			fmt.Printf("%.3f, ", x)
		}
		fmt.Println("}")
		printCalibration(samples, bias, w)
	}
}

func only(lines []labelled, label string) []labelled {
	var out []labelled
	for _, l := range lines {
		if l.label == label {
			out = append(out, l)
		}
	}
	return out
}

// gather weighs lines so that in and out of scope count the same in each bot.
func gather(e *engine, val, far []labelled, keep func(string) bool) []sample {
	var in, out []sample
	var a analysis
	var s scored
	v := newVectorizer(len(e.space.idf))
	scores := make([]float32, e.classes)
	look := func(l labelled) sample {
		a.read(l.text)
		e.classify(&a, &s)
		cells := v.vector(e.space, &a)
		e.sum(cells, scores)
		smp := sample{x: e.signals(v, cells, scores, &s)}
		if keep(l.label) && e.names[s.order[0]] == l.label {
			smp.y = 1
		}
		return smp
	}
	for _, l := range val {
		if l.label == "oos" {
			continue
		}
		if keep(l.label) {
			in = append(in, look(l))
		} else if hashString(1, l.text)%8 == 0 {
			out = append(out, look(l))
		}
	}
	for _, l := range far {
		out = append(out, look(l))
	}
	for i := range in {
		in[i].weight = 1 / float64(len(in))
	}
	for i := range out {
		out[i].weight = 0.6 / float64(len(out))
	}
	return append(in, out...)
}

// logistic fits by gradient descent with momentum; the problem is convex and small.
func logistic(samples []sample) (float64, signals) {
	var w, vw signals
	bias, vb, total := 0.0, 0.0, 0.0
	for _, s := range samples {
		total += s.weight
	}
	for range 4000 {
		var g signals
		gb := 0.0
		for _, s := range samples {
			z := bias
			for i := range w {
				z += w[i] * s.x[i]
			}
			d := s.weight * (1/(1+math.Exp(-z)) - s.y) / total
			gb += d
			for i := range w {
				g[i] += d * s.x[i]
			}
		}
		vb = 0.95*vb - 0.3*gb
		bias += vb
		for i := range w {
			vw[i] = 0.95*vw[i] - 0.3*(g[i]+1e-5*w[i])
			w[i] += vw[i]
		}
	}
	return bias, w
}

func printCalibration(samples []sample, bias float64, w signals) {
	var n, right, said [10]float64
	for _, s := range samples {
		z := bias
		for i := range w {
			z += w[i] * s.x[i]
		}
		p := 1 / (1 + math.Exp(-z))
		k := min(int(p*10), 9)
		n[k] += s.weight
		right[k] += s.weight * s.y
		said[k] += s.weight * p
	}
	for k := range n {
		fmt.Printf("said %.2f right %.2f of %.3f\n", said[k]/n[k], right[k]/n[k], n[k])
	}
}
