package understand

import (
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// The sets in testdata/people were written by somebody who had not seen the lexicons. A line whose hash is even is
// open: who writes lexicons may read it. A line whose hash is odd is closed: only the figures over all of them are
// looked at. So the figures of the closed half say how well unseen lines are understood.
var showMisses = flag.Bool("misses", false, "print the open lines that are misunderstood")

type half int

const (
	open half = iota
	closed
)

func (h half) String() string { return [...]string{"open", "closed"}[h] }

func halfOf(text string) half {
	h := fnv.New32a()
	h.Write([]byte(text))
	return half(h.Sum32() % 2)
}

type blindLine struct{ text, label string }

func blindLines(t testing.TB, name string, h half) []blindLine {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "people", name))
	if err != nil {
		t.Fatal(err)
	}
	var out []blindLine
	for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		text, label, ok := strings.Cut(line, "\t")
		if !ok {
			t.Fatalf("%s: a line without a label", name)
		}
		if halfOf(text) == h {
			out = append(out, blindLine{text, label})
		}
	}
	return out
}

// tally counts labels given and labels right.
type tally struct{ hit, said, real map[string]int }

func newTally() *tally {
	return &tally{hit: map[string]int{}, said: map[string]int{}, real: map[string]int{}}
}

func (c *tally) add(want, got string) {
	c.real[want]++
	c.said[got]++
	if want == got {
		c.hit[want]++
	}
}

// macroF1 is the mean over the labels of 2·right/(given+real).
func (c *tally) macroF1() float64 {
	sum := 0.0
	for l, n := range c.real {
		sum += 2 * float64(c.hit[l]) / float64(n+c.said[l])
	}
	return sum / float64(len(c.real))
}

func (c *tally) String() string {
	var labels []string
	for l := range c.real {
		labels = append(labels, l)
	}
	sort.Strings(labels)
	var b strings.Builder
	for _, l := range labels {
		fmt.Fprintf(&b, " %s %d/%d(%d)", l, c.hit[l], c.real[l], c.said[l])
	}
	return b.String()
}

func score(t testing.TB, name string, h half, label func(Result) string) *tally {
	m, err := Train(nil, DefaultThresholds)
	if err != nil {
		t.Fatal(err)
	}
	c := newTally()
	for _, l := range blindLines(t, name, h) {
		r := m.Understand(Query{Text: l.text})
		got := label(r)
		c.add(l.label, got)
		if got != l.label && h == open && *showMisses {
			fmt.Printf("%-14s %-14s %s   %s\n", l.label, got, l.text, evidence(r))
		}
	}
	return c
}

func evidence(r Result) string {
	var b strings.Builder
	for _, x := range r.Because {
		fmt.Fprintf(&b, "[%s %.2f]", x.Evidence, x.Weight)
	}
	return b.String()
}

func crisisLabel(r Result) string {
	if r.Crisis {
		return "crisis"
	}
	return "other"
}

func wishOf(r Result) string {
	switch {
	case r.AsksHuman:
		return "wish"
	case r.RefusesHuman:
		return "refuse"
	}
	return "neither"
}

// What must be reached on the closed half, somewhat below what is.
var blindFloors = map[string]struct {
	macroF1                               float64
	crisis, falseAlarms, wishes, refusals int
	turns                                 int
}{
	"fi": {0.83, 18, 5, 19, 11, 4},
	"sv": {0.80, 16, 3, 17, 11, 3},
	"en": {0.82, 18, 2, 13, 10, 4},
}

func TestBlindSets(t *testing.T) {
	for _, lang := range spoken {
		for _, h := range []half{open, closed} {
			e := score(t, "emotion."+lang+".tsv", h, labelOf)
			t.Logf("%s %-6s macro-F1 %.3f:%s", lang, h, e.macroF1(), e)
			c := score(t, "crisis."+lang+".tsv", h, crisisLabel)
			t.Logf("%s %-6s %s", lang, h, c)
			w := score(t, "wish."+lang+".tsv", h, wishOf)
			t.Logf("%s %-6s %s", lang, h, w)
			right, gti, all := turnScore(t, "handoff."+lang+".jsonl", h)
			t.Logf("%s %-6s right turn %d of %d, GT-I %.3f", lang, h, right, all, gti)
			f := blindFloors[lang]
			alarms := c.said["crisis"] - c.hit["crisis"]
			if h == closed && (e.macroF1() < f.macroF1 || c.hit["crisis"] < f.crisis || alarms > f.falseAlarms ||
				w.hit["wish"] < f.wishes || w.hit["refuse"] < f.refusals || right < f.turns) {
				t.Errorf("%s: below the floor %+v", lang, f)
			}
		}
	}
}

// turnScore is how many dialogues are handed over at the right turn, and GT-I.
func turnScore(t testing.TB, name string, h half) (right int, gti float64, all int) {
	raw, err := os.ReadFile(filepath.Join("testdata", "people", name))
	if err != nil {
		t.Fatal(err)
	}
	m, err := Train(nil, DefaultThresholds)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		var d struct {
			ID    string
			Turns []Turn
			At    *int `json:"handoff_at"`
		}
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			t.Fatal(err)
		}
		if halfOf(d.ID) != h {
			continue
		}
		all++
		want, got, turn := -1, -1, 0
		why := ""
		for i, u := range d.Turns {
			if u.Role != "user" {
				continue
			}
			if d.At != nil && *d.At == i {
				want = turn
			}
			if got < 0 {
				if r := m.Understand(Query{Text: u.Text, Before: d.Turns[:i]}); r.Handoff {
					got, why = turn, strings.ReplaceAll(r.Because[max(0, len(r.Because)-2)].Rule+"/"+r.Because[len(r.Because)-1].Rule, " ", "_")+" "+evidence(r)
				}
			}
			turn++
		}
		if *showMisses {
			fmt.Println(h, "want", want < 0, "kind", kindOf(want, got), strings.SplitN(why+" ", " ", 2)[0])
		}
		if want == got {
			right++
		} else if h == open && *showMisses {
			fmt.Println(d.ID, "want", want, "got", got, why)
		}
		switch {
		case want < 0 && got < 0:
			gti++
		case want >= 0 && got >= 0:
			gti += math.Exp(-float64((want-got)*(want-got)) / 2)
		}
	}
	return right, gti / float64(all), all
}

func kindOf(want, got int) string {
	switch {
	case want == got:
		return "right"
	case want < 0:
		return "needless"
	case got < 0:
		return "missed"
	case got < want:
		return "early"
	}
	return "late"
}
