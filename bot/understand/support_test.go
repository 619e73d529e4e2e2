package understand

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// labelOf reads the nine labels of support messages out of a result, first that fits.
func labelOf(r Result) string {
	switch {
	case r.Crisis:
		return "crisis"
	case r.AsksHuman:
		return "human_request"
	case r.RefusesHuman:
		return "human_refuse"
	case r.Feeling == "urgent":
		return "urgent"
	case r.Feeling == "angry":
		return "angry"
	case r.Feeling == "distressed":
		return "sad"
	case r.Sarcastic:
		return "sarcastic"
	case r.Feeling == "frustrated":
		return "frustrated"
	}
	return "calm"
}

// BenchmarkSupport measures the lexicons on the development lines: macro-F1 of the nine labels, crisis found and
// falsely found, wishes found, refusals overruled, the turn of the handover. With -v the misses are printed.
func BenchmarkSupport(b *testing.B) {
	m, err := Train(nil, DefaultThresholds)
	if err != nil {
		b.Fatal(err)
	}
	for _, lang := range []string{"fi", "en"} {
		b.Run(lang, func(b *testing.B) {
			lines := readLines(b, "support-emotion."+lang+".tsv")
			for b.Loop() {
			}
			hit, said, real := map[string]float64{}, map[string]float64{}, map[string]float64{}
			overruled := 0
			for _, l := range lines {
				r := m.Understand(Query{Text: l.text})
				got := labelOf(r)
				said[got]++
				real[l.label]++
				if got == l.label {
					hit[got]++
				} else if testing.Verbose() {
					fmt.Printf("%-14s %-14s %s\n", l.label, got, l.text)
				}
				if l.label == "human_refuse" && r.Handoff {
					overruled++
				}
			}
			f1 := 0.0
			for l := range real {
				f1 += 2 * hit[l] / (said[l] + real[l]) / float64(len(real))
			}
			b.ReportMetric(f1, "macroF1")
			b.ReportMetric(hit["crisis"], "crisis")
			b.ReportMetric(said["crisis"]-hit["crisis"], "falsecrisis")
			b.ReportMetric(hit["human_request"], "wishes")
			b.ReportMetric(float64(overruled), "overruled")
			right, gti := dialogues(b, m, lang)
			b.ReportMetric(right, "rightturn")
			b.ReportMetric(gti, "GT-I")
		})
	}
}

func dialogues(b *testing.B, m *Model, lang string) (right, gti float64) {
	raw, err := os.ReadFile(filepath.Join(*dataDir, "support-handoff."+lang+".jsonl"))
	if err != nil {
		b.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	for _, line := range lines {
		var d struct {
			ID    string
			Turns []Turn
			At    *int `json:"handoff_at"`
		}
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			b.Fatal(err)
		}
		want, got, turn := -1, -1, 0
		for i, t := range d.Turns {
			if t.Role != "user" {
				continue
			}
			if d.At != nil && *d.At == i {
				want = turn
			}
			if got < 0 && m.Understand(Query{Text: t.Text, Before: d.Turns[:i]}).Handoff {
				got = turn
			}
			turn++
		}
		if want == got {
			right++
		} else if testing.Verbose() {
			fmt.Println(d.ID, "want", want, "got", got)
		}
		switch {
		case want < 0 && got < 0:
			gti++
		case want >= 0 && got >= 0:
			gti += math.Exp(-float64((want-got)*(want-got)) / 2)
		}
	}
	return right, gti / float64(len(lines))
}
