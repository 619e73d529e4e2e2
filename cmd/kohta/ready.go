package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// readyCmd asks a running desk whether it takes traffic, where there is no curl to do so: in a container, for instance.
type readyCmd struct {
	Listen string        `default:"127.0.0.1:8080" env:"KOHTA_LISTEN" help:"Address that the desk listens on."`
	Within time.Duration `default:"2s" help:"How long an answer is waited for."`

	Config kong.ConfigFlag `env:"KOHTA_CONFIG" help:"The desk's YAML file, for its address." placeholder:"FILE"`
}

const readySaid = 4 << 10 // of an answer, what is told

func (c *readyCmd) Run(ctx context.Context, p program) error {
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("ready: %q is not an address such as 127.0.0.1:8080", c.Listen)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost" // who listens everywhere listens there
	}
	ctx, cancel := context.WithTimeout(ctx, c.Within)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return fmt.Errorf("ready: %w", err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("the desk does not answer: %w", err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, readySaid))
	if err != nil {
		return fmt.Errorf("the desk does not answer: %w", err)
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the desk is not ready (%s): %s", answer.Status, strings.TrimSpace(string(said)))
	}
	fmt.Fprintln(p.stdout, "ready")
	return nil
}
