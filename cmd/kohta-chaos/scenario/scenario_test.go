package scenario

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/kohta/kohta/cmd/kohta-chaos/run"
)

// notes writes what happens into the test's log.
type notes struct{ t *testing.T }

func (n notes) Write(p []byte) (int, error) {
	n.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

func built(t *testing.T) (ctx context.Context, binary string) {
	t.Helper()
	if testing.Short() {
		t.Skip("three nodes over Postgres and Redis")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	t.Cleanup(cancel)
	binary, err := run.Build(ctx, t.TempDir(), false)
	if err != nil {
		t.Fatal(err)
	}
	return ctx, binary
}

func TestScenarios(t *testing.T) {
	t.Parallel()
	ctx, binary := built(t)
	all, err := Play(ctx, binary, false, notes{t})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range all {
		if o.Failed != "" {
			t.Errorf("scenario %d, %s: %s", o.Number, o.Name, o.Failed)
		}
	}
	if len(all) != len(scenes(false)) {
		t.Errorf("%d of %d were played", len(all), len(scenes(false)))
	}
}

func TestFullDisk(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("a small disk is mounted by root alone")
	}
	t.Parallel()
	ctx, binary := built(t)
	for _, o := range []Outcome{FullDisk(ctx, binary, notes{t}), FullPostgres(ctx, binary, notes{t})} {
		if o.Failed != "" {
			t.Errorf("%s: %s", o.Name, o.Failed)
		}
	}
}
