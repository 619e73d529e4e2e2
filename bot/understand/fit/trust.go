package main

import (
	"bytes"
	"fmt"
	"io"
	"math"

	"github.com/kohta/kohta/bot/understand"
)

// observed is a message as an engine saw it that had not learned from it.
type observed struct {
	x       []float64
	right   bool // the best intent is the message's
	inScope bool
	weight  float64
}

// A trial is a bot made of a part of a set, and messages to try it on.
type trial struct {
	train, try []line
	weight     float64
}

// trials are bots of many sizes: the public sets as they are, and each with a part of its intents, few and many
// examples, with and without examples of what is nobody's. What such a bot hears of the intents that it was not told
// of is out of its scope.
func (d *data) trials() []trial {
	clinc := d.sets[0]
	full := append(append([]line{}, clinc.train...), d.clincNone...)
	try := append(append([]line{}, clinc.val...), d.clincOther...)
	out := []trial{{full, try, 4}, {d.small, try, 4}, {d.missTrain, d.missTry, 4}}
	for i, s := range d.sets {
		if i > 0 {
			few := append(append([]line{}, s.val...), most(d.clincOther, 60)...)
			out = append(out, trial{s.train, few, 1}, trial{most(s.train, 10), few, 1}, trial{most(s.train, 5), few, 1})
		}
		for round := range 16 {
			each, parts := []int{5, 10, 20, 60}[round%4], uint32(6)
			if round >= 8 {
				each, parts = []int{5, 10, 15, 20}[round%4], 24 // a bot of a handful of intents
			}
			out = append(out, d.part(s, uint32(100*i+round), each, parts, round/4%2 == 1))
		}
	}
	return out
}

// part makes a bot of about three of so many parts of a set's intents, by the round's dice.
func (d *data) part(s set, round uint32, each int, parts uint32, none bool) trial {
	group := func(l line) uint32 { return hash(fmt.Sprint(round, l.label)) % parts }
	known := func(l line) bool { return group(l) < 3 }
	t := trial{train: most(keep(s.train, known), each), weight: 1}
	if none { // what its author has seen, but of other intents than are tried
		seen := keep(s.train, func(l line) bool { return group(l) == 3 && hash(l.text)%7 == 0 })
		far := keep(d.clincNone, func(l line) bool { return hash(l.text)%2 == 0 })
		t.train = append(append(t.train, asNobodys(most(seen, 8))...), far...)
	}
	t.try = append(keep(s.val, known), asNobodys(keep(s.val, func(l line) bool { return group(l) > parts/2 && group(l) < parts/2+3 }))...)
	t.try = append(t.try, d.clincOther...)
	return t
}

// How much messages out of scope count in a trial, beside one for those in scope: while their order is learned, and
// while it is learned how often the best intent is right. The latter is as many as a desk may hear.
const (
	outShare  = 0.5
	outHeard  = 0.2
	lessHeard = outHeard / outShare
)

func (t trial) observe(language string, with *understand.Shipped) ([]observed, error) {
	m, err := understand.TrainWith([]understand.Set{{Language: language, Intents: intents(t.train)}}, understand.DefaultThresholds, with)
	if err != nil {
		return nil, err
	}
	var out []observed
	in, outside := 0.0, 0.0
	for _, l := range t.try {
		s := m.Sample(language, l.text)
		o := observed{x: s.Signals, inScope: inScope(l), right: inScope(l) && s.Intent == l.label}
		if o.inScope {
			in++
		} else {
			outside++
		}
		out = append(out, o)
	}
	for i := range out {
		if out[i].weight = t.weight / in; !out[i].inScope {
			out[i].weight = t.weight * outShare / outside
		}
	}
	return out, nil
}

// makeTrust fits the weights of the confidence, for languages with shipped vectors and for those without.
func makeTrust(d *data, with *understand.Shipped, log io.Writer) ([]byte, error) {
	var weights [2][]float64
	for i, language := range []string{"en", "xx"} {
		var all []observed
		for k, t := range d.trials() {
			o, err := t.observe(language, with)
			if err != nil {
				return nil, err
			}
			all = append(all, o...)
			fmt.Fprintf(log, "%s: trial %d, %d messages\n", language, k+1, len(o))
		}
		weights[i] = fitTrust(all)
	}
	var b bytes.Buffer
	b.WriteString("# How much each signal of an engine counts in its confidence: where the language has shipped vectors, and where not.\n# Made by bot/understand/fit; see docs/data.md.\n")
	for i, name := range append([]string{"bias"}, understand.SignalNames()...) {
		fmt.Fprintf(&b, "%-13s %8.4f %8.4f\n", name, weights[0][i], weights[1][i])
	}
	return b.Bytes(), nil
}

// wrongCounts is how far a message in scope that is taken for another intent counts as one to trust, while the order
// of messages is learned: most of what a person must answer is out of scope, and the order is to show that first.
const wrongCounts = 0.5

// fitTrust fits in two steps: first the order of messages, then, along that order, how often the best intent is
// right. So the confidence sorts well and means what it says. The bias comes first.
func fitTrust(all []observed) []float64 {
	n := len(all[0].x)
	mean, spread := moments(all, n)
	rows := make([][]float64, len(all))
	order, right, weight := make([]float64, len(all)), make([]float64, len(all)), make([]float64, len(all))
	for i, o := range all {
		rows[i] = make([]float64, n)
		for j, x := range o.x {
			if spread[j] > 0 {
				rows[i][j] = (x - mean[j]) / spread[j]
			}
		}
		switch {
		case o.right:
			order[i], right[i] = 1, 1
		case o.inScope:
			order[i] = wrongCounts
		}
		weight[i] = o.weight
	}
	w := logistic(rows, order, weight, 1500)
	along := make([][]float64, len(all))
	for i := range rows {
		along[i] = []float64{score(w, rows[i])}
	}
	for i, o := range all {
		if !o.inScope {
			weight[i] *= lessHeard
		}
	}
	slope := logistic(along, right, weight, 1500)
	out := make([]float64, n+1)
	out[0] = slope[0] + float64(slope[1]*w[0])
	for j := range n {
		if spread[j] > 0 {
			out[1+j] = slope[1] * w[1+j] / spread[j]
			out[0] -= float64(out[1+j] * mean[j])
		}
	}
	return out
}

func moments(all []observed, n int) (mean, spread []float64) {
	mean, spread = make([]float64, n), make([]float64, n)
	for _, o := range all {
		for j, x := range o.x {
			mean[j] += x / float64(len(all))
		}
	}
	for _, o := range all {
		for j, x := range o.x {
			spread[j] += float64((x-mean[j])*(x-mean[j])) / float64(len(all))
		}
	}
	for j := range spread {
		spread[j] = math.Sqrt(spread[j])
		if spread[j] < 1e-9 {
			spread[j] = 0
		}
	}
	return mean, spread
}

// score is w[0] plus the sum of the rest of w times x.
func score(w, x []float64) float64 {
	z := w[0]
	for j, y := range x {
		z += float64(w[1+j] * y)
	}
	return z
}

// logistic fits by gradient descent with momentum; the problem is convex and small.
func logistic(rows [][]float64, want, weight []float64, steps int) []float64 {
	n := len(rows[0])
	w, speed, g := make([]float64, n+1), make([]float64, n+1), make([]float64, n+1)
	total := 0.0
	for _, x := range weight {
		total += x
	}
	for range steps {
		clear(g)
		for i, x := range rows {
			d := weight[i] / total * (1/(1+math.Exp(-score(w, x))) - want[i])
			g[0] += d
			for j, y := range x {
				g[1+j] += float64(d * y)
			}
		}
		for j := range w {
			if j > 0 {
				g[j] += float64(1e-4 * w[j])
			}
			speed[j] = float64(0.95*speed[j]) - float64(0.5*g[j])
			w[j] += speed[j]
		}
	}
	return w
}
