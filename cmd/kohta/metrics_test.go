package main

import (
	"strings"
	"testing"
)

// TestMetricsTellHowTheLineStands has a customer of the demo wait, and reads what operators are told.
func TestMetricsTellHowTheLineStands(t *testing.T) {
	t.Parallel()
	metrics := freeAddress(t)
	p := startDesk(t, t.TempDir(), "127.0.0.1:0", "--demo", "--metrics-listen", metrics)
	before := read(t, "http://"+metrics+"/metrics")
	for _, line := range []string{
		`kohta_waiting{team="`, "kohta_raised 0", `kohta_longest_wait_seconds{team="`, "kohta_longest_silence_seconds ", "kohta_crisis_silence_seconds 0",
		"kohta_offers_missed_total 0", "kohta_promises_kept_total 0", "kohta_promises_broken_total 0", "kohta_letters_total 0", "kohta_sockets ",
	} {
		if !strings.Contains(before, "\n"+line) {
			t.Errorf("there is no %s in\n%s", line, before)
		}
	}
	if status := p.stop(); status != 0 {
		t.Errorf("status %d after SIGTERM", status)
	}
}
