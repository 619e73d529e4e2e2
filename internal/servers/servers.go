// Package servers runs what Kohta stands on when it has many nodes, Postgres and Redis: each a process of its own, in a
// folder of its own, on loopback alone. It is for tests and for the chaos run, which also stop, kill and restart them.
// What is not installed is an error that says what to install.
package servers

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// startWithin is how long a server may take until it answers; the machine may be busy.
const startWithin = 60 * time.Second

var errEnded = errors.New("ended at once")

// FreePort is a port of loopback that nobody listens on at the moment.
func FreePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// process is a server that runs, or has run.
type process struct {
	name string
	args []string
	as   *syscall.Credential // nil: the user who runs this
	log  string              // file that it writes to

	mu    sync.Mutex
	cmd   *exec.Cmd
	ended chan struct{} // closed when cmd has
}

// begin starts the process, and returns when answers does without an error.
func (p *process) begin(ctx context.Context, answers func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	if err := p.spawn(); err != nil {
		return err
	}
	for again := time.NewTicker(5 * time.Millisecond); ; {
		err := answers(ctx)
		if err == nil {
			again.Stop()
			return nil
		}
		select {
		case <-again.C:
		case <-p.ended:
			return fmt.Errorf("%s %w; the end of its log: %s", filepath.Base(p.name), errEnded, p.lastWords())
		case <-ctx.Done():
			p.end(syscall.SIGKILL)
			return fmt.Errorf("%s does not answer: %w; the end of its log: %s", filepath.Base(p.name), err, p.lastWords())
		}
	}
}

func (p *process) spawn() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(p.name, p.args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = filepath.Dir(p.log), log, log
	cmd.SysProcAttr = dieTogether(p.as)
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	p.cmd, p.ended = cmd, ended
	go func() {
		_ = cmd.Wait() // it is stopped and killed as the test goes
		close(ended)
	}()
	return nil
}

// end sends a signal and waits until the process has ended, at most for startWithin; then it is killed.
func (p *process) end(s syscall.Signal) {
	p.mu.Lock()
	cmd, ended := p.cmd, p.ended
	p.mu.Unlock()
	if cmd == nil {
		return
	}
	_ = cmd.Process.Signal(s) // it may have ended
	select {
	case <-ended:
	case <-time.After(startWithin):
		_ = cmd.Process.Kill()
		<-ended
	}
}

// Ended tells whether the process has ended, by itself or not.
func (p *process) Ended() bool {
	p.mu.Lock()
	ended := p.ended
	p.mu.Unlock()
	select {
	case <-ended:
		return true
	default:
		return ended == nil
	}
}

// Pid is the number of the process, to be stopped or killed by.
func (p *process) Pid() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cmd.Process.Pid
}

// Pause stops the process where it is, until Resume.
func (p *process) Pause() error { return syscall.Kill(p.Pid(), syscall.SIGSTOP) }

// Resume lets a paused process go on.
func (p *process) Resume() error { return syscall.Kill(p.Pid(), syscall.SIGCONT) }

func (p *process) lastWords() string {
	text, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-2000):])
}

// find is the path of a program, in PATH or in one of the folders, the last in their order first.
func find(program, install string, folders string) (string, error) {
	if path, err := exec.LookPath(program); err == nil {
		return path, nil
	}
	found, err := filepath.Glob(filepath.Join(folders, program))
	if err != nil || len(found) == 0 {
		return "", fmt.Errorf("%s is not installed, and this needs it: apt-get install %s", program, install)
	}
	slices.SortFunc(found, func(a, b string) int { return versionOf(b) - versionOf(a) })
	return found[0], nil
}

// versionOf is the number in a path such as /usr/lib/postgresql/17/bin/initdb.
func versionOf(path string) int {
	n, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	if err != nil {
		return 0
	}
	return n
}
