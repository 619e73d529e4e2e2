package main

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/kohta/kohta/desk"
	"github.com/kohta/kohta/gateway"
)

// TestMetricsTellHowTheLineStands has a customer of the demo wait, and reads what operators are told.
func TestMetricsTellHowTheLineStands(t *testing.T) {
	t.Parallel()
	metrics := freeAddress(t)
	p := startDesk(t, t.TempDir(), "127.0.0.1:0", "--demo", "--metrics-listen", metrics)
	before := read(t, "http://"+metrics+"/metrics")
	for _, line := range []string{
		`kohta_waiting{team="`, "kohta_raised 0", `kohta_longest_wait_seconds{team="`, "kohta_longest_silence_seconds ", "kohta_crisis_silence_seconds 0",
		`kohta_down{harmless="false",part="database"} 0`, "kohta_offers_missed_total 0", "kohta_promises_kept_total 0", "kohta_promises_broken_total 0", "kohta_letters_total 0", "kohta_sockets ",
	} {
		if !strings.Contains(before, "\n"+line) {
			t.Errorf("there is no %s in\n%s", line, before)
		}
	}
	if status := p.stop(); status != 0 {
		t.Errorf("status %d after SIGTERM", status)
	}
}

// gathered are the values that a registry tells, by name and labels.
func gathered(t *testing.T, r *prometheus.Registry) map[string]float64 {
	t.Helper()
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			name := f.GetName()
			for _, l := range m.GetLabel() {
				name += " " + l.GetName() + "=" + l.GetValue()
			}
			values[name] = m.GetGauge().GetValue()
		}
	}
	return values
}

// Who was owed an answer when the database went away is owed it still, and longer: no alert about them ends by that. Who
// was not is not.
func TestSilenceGoesOnWhileTheDatabaseIsAway(t *testing.T) {
	now, asked, away := time.Now(), 0, error(errors.New("away"))
	s := &standing{now: func() time.Time { return now }, log: zap.NewNop(), gauges: func(context.Context) (desk.Gauges, error) {
		asked++
		if away != nil {
			return desk.Gauges{}, away
		}
		return desk.Gauges{Waiting: map[string]int{"support": 2}, Longest: map[string]time.Duration{"support": 40 * time.Second}, Raised: 1, LongestOwed: 50 * time.Second}, nil
	}}
	r := prometheus.NewRegistry()
	r.MustRegister(s)
	if got := gathered(t, r); len(got) != 0 {
		t.Errorf("nothing was read yet, and %v is told", got)
	}
	want := map[string]float64{
		"kohta_waiting team=support": 2, "kohta_longest_wait_seconds team=support": 40, "kohta_raised": 1,
		"kohta_longest_silence_seconds": 50, "kohta_crisis_silence_seconds": 0,
	}
	away, now = nil, now.Add(standingEvery)
	if got := gathered(t, r); !maps.Equal(got, want) {
		t.Errorf("told %v, want %v", got, want)
	}
	away, now = errors.New("away again"), now.Add(time.Hour)
	want["kohta_longest_wait_seconds team=support"], want["kohta_longest_silence_seconds"] = 3640, 3650
	if got := gathered(t, r); !maps.Equal(got, want) {
		t.Errorf("an hour without the database: told %v, want %v", got, want)
	}
	if gathered(t, r); asked != 3 {
		t.Errorf("a store that is away was asked %d times, want 3", asked)
	}
}

// What /readyz names is told, whether it is known here or not; what it does not name is told as well.
func TestPartsThatAreDownAreTold(t *testing.T) {
	r := prometheus.NewRegistry()
	watchParts(r, func(ctx context.Context) []gateway.Down {
		if _, bounded := ctx.Deadline(); !bounded {
			t.Error("the look at the parts has no end")
		}
		return []gateway.Down{{Part: "database"}, {Part: "line", Harmless: true}, {Part: "new"}}
	})
	got := gathered(t, r)
	for name, want := range map[string]float64{
		"harmless=false part=database": 1, "harmless=true part=database": 0, "harmless=true part=line": 1, "harmless=false part=line": 0,
		"harmless=false part=new": 1, "harmless=false part=redis": 0, "harmless=true part=mail": 0,
	} {
		if value, is := got["kohta_down "+name]; !is || value != want {
			t.Errorf("%s is %v (%t), want %v", name, value, is, want)
		}
	}
}
