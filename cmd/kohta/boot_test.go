package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// buildDir is where the program is built, removed when all tests have ended.
var buildDir = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "kohta-test-") })

// binary builds the program once for all tests of this package: as `make build` does, so that what that has compiled is
// only linked here.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := buildDir()
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "kohta")
	cmd := exec.Command("go", "build", "-buildvcs=false", "-trimpath", "-o", path, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %v\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := buildDir(); err == nil {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

func builtBinary(t testing.TB) string {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// process is a desk that runs as its users run it: the real binary, stopped by its pid.
type process struct {
	t      testing.TB
	cmd    *exec.Cmd
	base   string // http://127.0.0.1:port
	stderr *bytes.Buffer
	ended  chan error
}

// startDesk starts `kohta serve` with flags and waits until it says where it listens and is ready.
func startDesk(t testing.TB, dir, listen string, flags ...string) *process {
	t.Helper()
	args := append([]string{"serve", "--listen", listen, "--data", dir, "--log-level", "warn"}, flags...)
	return startProcess(t, exec.Command(builtBinary(t), args...))
}

// startProcess starts a desk by its command.
func startProcess(t testing.TB, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{t: t, cmd: cmd, stderr: &bytes.Buffer{}, ended: make(chan error, 1)}
	p.cmd.Stderr = p.stderr
	p.cmd.Env = []string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		err := p.cmd.Wait()
		t.Fatalf("the desk said nothing and ended with %v:\n%s", err, p.stderr)
	}
	_, p.base, _ = strings.Cut(lines.Text(), "http://")
	p.base = "http://" + p.base
	go func() {
		for lines.Scan() { // drained, so that it never blocks
		}
		p.ended <- p.cmd.Wait()
	}()
	t.Cleanup(p.kill)
	p.waitReady()
	return p
}

// patience is how long a test waits for what takes a moment, before it calls it missing: a machine may be slow, and what
// is too slow is measured elsewhere.
const patience = time.Minute

func (p *process) waitReady() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for ctx.Err() == nil {
		r, err := http.NewRequestWithContext(ctx, "GET", p.base+"/readyz", nil)
		if err != nil {
			p.t.Fatal(err)
		}
		if answer, err := http.DefaultClient.Do(r); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	p.t.Fatalf("the desk is not ready:\n%s", p.stderr)
}

// kill ends the process at once, as a power cut would.
func (p *process) kill() {
	if p.ended == nil {
		return
	}
	_ = p.cmd.Process.Kill()
	<-p.ended
	p.ended = nil
}

// stop asks the process to end, and returns its exit status.
func (p *process) stop() int {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.t.Fatal("the desk does not end after SIGTERM")
	}
	p.ended = nil
	return p.cmd.ProcessState.ExitCode()
}

// runKohta runs a command to its end.
func runKohta(t testing.TB, stdin string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	return runProgram(t, stdin, builtBinary(t), args...)
}

func runProgram(t testing.TB, stdin, path string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, args...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errs
	cmd.Env = []string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}
	err := cmd.Run()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}
