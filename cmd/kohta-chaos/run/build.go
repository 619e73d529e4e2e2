package run

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// build builds cmd/kohta of the module that this is run in.
func build(ctx context.Context, path string, tags []string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-tags", strings.Join(tags, ","), "-o", path, "github.com/kohta/kohta/cmd/kohta")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build kohta: %w: %s", err, out)
	}
	return path, nil
}
