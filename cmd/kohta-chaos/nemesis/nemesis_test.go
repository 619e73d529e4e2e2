package nemesis

import (
	"context"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/kohta/kohta/cmd/kohta-chaos/check"
	"github.com/kohta/kohta/cmd/kohta-chaos/fleet"
)

// What Postgres answers, as it stands on the wire.
const (
	idle   = "Z\x00\x00\x00\x05I"
	inside = "Z\x00\x00\x00\x05T"
	failed = "E\x00\x00\x00\x10SERROR\x00"
	done   = "2\x00\x00\x00\x04C\x00\x00\x00\x0dSELECT 1\x00"
)

func TestCommitting(t *testing.T) {
	allowed := true
	h := Committing(check.Mark, func() bool { return allowed })
	text := check.Write("Hei", check.Body{Sender: "visitor1", Conversation: check.NoTag, Number: 1})
	if !h.Ask([]byte("B\x00\x00INSERT "+text)) || h.Ask([]byte("SELECT 1")) {
		t.Error("the question is not known by its words")
	}
	for answer, want := range map[string]bool{
		done + idle: true, "C\x00\x00\x00\x0bCOMMIT\x00" + idle: true,
		done + inside: false, done: false, failed + idle: false, "": false,
	} {
		if got := h.Swallow([]byte(answer)); got != want {
			t.Errorf("%q: %v", answer, got)
		}
	}
	allowed = false
	if h.Swallow([]byte(done + idle)) {
		t.Error("swallowed though it may not")
	}
}

func TestFaultsHaveNames(t *testing.T) {
	names, words := All()
	sorted := slices.Sorted(slices.Values(names))
	if len(slices.Compact(sorted)) != len(names) || len(words) != len(names) || slices.Contains(names, "") || slices.Contains(words, "") {
		t.Errorf("%v", names)
	}
	if err := Check(names); err != nil {
		t.Error(err)
	}
	if Check([]string{"earthquake"}) == nil {
		t.Error("an earthquake is a fault")
	}
}

// TestNothingIsDoneThatCannotBe: a fleet without Redis and Postgres has none of their faults.
func TestNothingIsDoneThatCannotBe(t *testing.T) {
	bare := &fleet.Fleet{}
	for _, f := range faults() {
		of := f.name[:min(5, len(f.name))]
		if (of == "redis" || of == "postg" || f.name == "commit-lost" || f.name == "clock" || f.name == "deploy") && f.can(bare) {
			t.Errorf("%s is done to a fleet that has not what it needs", f.name)
		}
	}
	n := &Nemesis{Fleet: bare, Rand: rand.New(rand.NewPCG(1, 1)), Notes: io.Discard, Done: map[string]int{}, Faults: []string{"redis-kill", "deploy"}}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := n.Run(ctx); err != nil || len(n.Done) != 0 {
		t.Errorf("%v, %v", n.Done, err)
	}
}
