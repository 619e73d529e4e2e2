package sim

import (
	"os"
	"testing"
)

// Mistakes of each kind are found in a few schedules. `kohta sim --bugs` makes all of them.
func TestMistakesAreFound(t *testing.T) {
	some := []string{
		"a stale fence is let through", "ack before commit", "capacity is no condition", "requeued at the tail",
		"no deadline after an assignment", "given to who is away", "resumed by time",
		"a crisis counts as any other", "whoever asks may read", "whoever names it may write",
	}
	if os.Getenv("ALL") != "" {
		some = Bugs
	}
	for _, bug := range some {
		t.Run(bug, func(t *testing.T) {
			n, found := Catch(t.Context(), bug)
			if n == 0 {
				t.Fatal("not found")
			}
			t.Log(n, found)
		})
	}
}
