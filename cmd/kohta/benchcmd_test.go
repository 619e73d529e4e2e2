package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kohta/kohta/cmd/kohta/bench"
)

// TestBench has the load generator find nothing wrong with a real desk, in each kind of run. No time is asserted.
func TestBench(t *testing.T) {
	t.Parallel()
	desk := startDesk(t, t.TempDir(), "127.0.0.1:0", "--demo", "--limits", "off")
	again := freeAddress(t)
	for _, c := range []struct {
		name  string
		flags []string
		acks  int64
	}{
		{"open", []string{"--url", desk.base, "--visitors", "12", "--agents", "2", "--rate", "200", "--count", "150", "--duration", "1m", "--posts", "4"}, 150},
		{"closed", []string{"--url", desk.base, "--visitors", "12", "--closed", "--count", "150", "--duration", "1m", "--posts", "4"}, 150},
		{"idle", []string{"--url", desk.base, "--idle", "30", "--duration", "0s", "--pid", fmt.Sprint(desk.cmd.Process.Pid)}, 30},
		{"storm", []string{"--url", "http://" + again, "--storm", "30", "--serve", strings.Join([]string{builtBinary(t), "serve", "--limits", "off", "--demo",
			"--listen", again, "--data", filepath.Join(t.TempDir(), "storm"), "--log-level", "error"}, " ")}, 30},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, errs, status := runKohta(t, "", append([]string{"bench"}, c.flags...)...)
			var r bench.Report
			if err := json.Unmarshal([]byte(out), &r); err != nil {
				t.Fatalf("%v: %s\n%s", err, out, errs)
			}
			if status != 0 || r.Acknowledged != c.acks || r.Answered != c.acks || r.HandedOver != 0 {
				t.Errorf("status %d\n%s\n%s", status, out, errs)
			}
		})
	}
}

func TestBenchRefusesAnotherMachine(t *testing.T) {
	t.Parallel()
	out, errs, status := runKohta(t, "", "bench", "--url", "http://192.0.2.1")
	if status != 1 || out != "" || !strings.Contains(errs, "loopback") {
		t.Errorf("status %d\n%s\n%s", status, out, errs)
	}
}
