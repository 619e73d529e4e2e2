package eval

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
)

var calibrationPart = Part{
	Name:    "What a confidence means",
	Needs:   slices.Concat(scopePart.Needs, intentPart.Needs),
	Measure: measureCalibration,
}

// measureCalibration counts how often the best intent is right, by the confidence it was given with, over sets of
// different sizes. Lines out of scope count as wrong.
func measureCalibration(_ context.Context, d *Data) (Section, error) {
	_, _, _, val, err := d.clinc()
	if err != nil {
		return Section{}, err
	}
	var all []answer
	for _, c := range []struct {
		model, val string
	}{{"clinc Full", ""}, {"banking77.train.tsv", "banking77.val.tsv"}, {"banking77.train10.tsv", "banking77.val.tsv"}, {"hwu64.train.tsv", "hwu64.val.tsv"}, {"hwu64.train10.tsv", "hwu64.val.tsv"}} {
		lines := val
		if c.val != "" {
			if lines, err = d.Lines(c.val); err != nil {
				return Section{}, err
			}
		}
		t, ok := d.models[c.model]
		if !ok {
			return Section{}, fmt.Errorf("the model %q is not trained", c.model)
		}
		all = append(all, ask(t.model, lines)...)
	}
	var b strings.Builder
	b.WriteString("| said | messages | right |\n|---|---|---|\n")
	off := 0.0
	for k := range 10 {
		n, right, said := 0, 0, 0.0
		for _, a := range all {
			if min(int(a.confidence*10), 9) == k {
				n++
				said += a.confidence
				if a.right && !a.nobodys {
					right++
				}
			}
		}
		if n > 0 {
			fmt.Fprintf(&b, "| %.2f | %d | %.2f |\n", said/float64(n), n, ratio(right, n))
			off += math.Abs(said-float64(right)) / float64(len(all))
		}
	}
	return Section{
		Text:    "Over CLINC150 Full with its out-of-scope lines, and Banking77 and HWU64 with all examples and with ten an intent; messages by tenths of confidence.\n\n" + b.String(),
		Figures: []Figure{{Name: "mean distance between said and right (ECE)", Value: off, Digits: 3, Target: None, Stretch: None, Less: true}},
	}, nil
}
