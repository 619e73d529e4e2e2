package fleet

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/kohta/kohta/cmd/kohta-chaos/proxy"
	"github.com/kohta/kohta/internal/servers"
)

// Node is one desk of several: a process that can be killed, stopped and started, always at the same address. A process that
// ends by itself is started again, as an operator's supervisor would; Ended tells of it. All methods may be called at once.
type Node struct {
	Name    string
	Address string       // of its own
	Door    *proxy.Proxy // in front of it
	// Behind it; nil where the fleet has none.
	ToPostgres, ToRedis *proxy.Proxy

	binary  string
	beside  string // what Swap puts in its place
	args    []string
	env     []string
	metrics string
	log     string
	clock   string // file that its clock follows; "" if it cannot be set

	mu     sync.Mutex
	cmd    *exec.Cmd
	ended  chan struct{} // closed when cmd has
	wanted bool          // somebody wants it to run
	deaths []string      // of those that ended by themselves
	guards sync.WaitGroup
}

// startWithin is how long a node may take until it is ready; stopWithin is what the contract gives it to stop.
const (
	startWithin = 60 * time.Second
	stopWithin  = 30 * time.Second
)

// newNode makes a node that does not run yet. What it stands on is reached by proxies of its own.
func (f *Fleet) newNode(i int) (n *Node, err error) {
	n = &Node{Name: fmt.Sprintf("node%d", i), binary: f.Binary, env: f.environment()}
	if f.Beside != "" {
		n.beside = f.Beside
		if i%2 == 1 {
			n.Swap()
		}
	}
	n.log = filepath.Join(f.Dir, n.Name+".log")
	ports := [2]int{}
	if f.Clocks {
		n.clock = filepath.Join(f.Dir, n.Name+".clock")
		n.env = append(n.env, ClockFile+"="+n.clock)
	}
	for i := range ports {
		if ports[i], err = servers.FreePort(); err != nil {
			return nil, err
		}
	}
	n.Address, n.metrics = fmt.Sprintf("127.0.0.1:%d", ports[0]), fmt.Sprintf("127.0.0.1:%d", ports[1])
	n.args = []string{"serve", "--listen", n.Address, "--metrics-listen", n.metrics, "--limits", "off", "--log-level", "warn", "--data", f.data(i)}
	if f.Postgres != nil {
		if n.ToPostgres, err = proxy.Listen(fmt.Sprintf("127.0.0.1:%d", f.Postgres.Port())); err != nil {
			return n, err
		}
		n.args = append(n.args, "--database", "postgres://postgres@"+n.ToPostgres.Address()+"/"+f.database+"?sslmode=disable")
	}
	if f.Redis != nil {
		if n.ToRedis, err = proxy.Listen(f.Redis.Address()); err != nil {
			return n, err
		}
		n.args = append(n.args, "--redis", "redis://"+n.ToRedis.Address()+"/0")
	}
	n.Door, err = proxy.Listen(n.Address)
	return n, err
}

// Swap has the node run the other version from its next start on, where the fleet has two.
func (n *Node) Swap() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.beside != "" {
		n.binary, n.beside = n.beside, n.binary
	}
}

// Start starts the node, and returns when it is ready.
func (n *Node) Start(ctx context.Context) error {
	if err := n.Launch(); err != nil {
		return err
	}
	return n.Ready(ctx)
}

// Launch starts the node and does not wait.
func (n *Node) Launch() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.wanted = true
	return n.spawn()
}

// spawn starts the process. The caller holds mu.
func (n *Node) spawn() error {
	log, err := os.OpenFile(n.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(n.binary, n.args...)
	cmd.Stdout, cmd.Stderr, cmd.Env, cmd.SysProcAttr = log, log, n.env, dieTogether()
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", n.Name, err)
	}
	ended := make(chan struct{})
	n.cmd, n.ended = cmd, ended
	n.guards.Go(func() {
		_ = cmd.Wait() // how it ended is in its state
		close(ended)
		n.guard(cmd)
	})
	return nil
}

// pauseBeforeAgain is how long a supervisor waits.
const pauseBeforeAgain = 200 * time.Millisecond

// guard starts a process again that ended by itself.
func (n *Node) guard(cmd *exec.Cmd) {
	n.mu.Lock()
	own := n.wanted && n.cmd == cmd
	n.mu.Unlock()
	if !own {
		return
	}
	time.Sleep(pauseBeforeAgain)
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.wanted || n.cmd != cmd {
		return
	}
	n.deaths = append(n.deaths, fmt.Sprintf("%s ended by itself (%s): %s", n.Name, cmd.ProcessState, n.lastWords()))
	if err := n.spawn(); err != nil {
		n.deaths = append(n.deaths, err.Error())
	}
}

// Ready waits until the node itself says that it is ready.
func (n *Node) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	client := http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for every := time.NewTicker(10 * time.Millisecond); ; {
		r, err := client.Get("http://" + n.Address + "/readyz")
		if err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				every.Stop()
				return nil
			}
			err = errors.New(r.Status)
		}
		select {
		case <-every.C:
		case <-ctx.Done():
			every.Stop()
			return fmt.Errorf("%s is not ready: %w; it last said: %s", n.Name, err, n.lastWords())
		}
	}
}

// ClockFile is the variable that names a file with the seconds by which a node's wall clock is off.
const ClockFile = "KOHTA_CHAOS_CLOCK"

// Step sets the node's wall clock off by so much, whole seconds, from one moment to the next. The time that passes is not changed.
func (n *Node) Step(by time.Duration) error {
	next := n.clock + ".next"
	if err := os.WriteFile(next, []byte(strconv.FormatInt(int64(by/time.Second), 10)), 0o644); err != nil {
		return err
	}
	return os.Rename(next, n.clock)
}

// end sends a signal that ends the node, and returns when it has.
func (n *Node) end(s syscall.Signal) *os.ProcessState {
	n.mu.Lock()
	n.wanted = false
	cmd, ended := n.cmd, n.ended
	n.mu.Unlock()
	if cmd == nil {
		return nil
	}
	_ = cmd.Process.Signal(s) // it may have ended
	if s != syscall.SIGKILL {
		_ = cmd.Process.Signal(syscall.SIGCONT)
	}
	select {
	case <-ended:
	case <-time.After(stopWithin):
		_ = cmd.Process.Kill()
		<-ended
	}
	return cmd.ProcessState
}

// Kill ends the node as a crash would.
func (n *Node) Kill() { n.end(syscall.SIGKILL) }

// Dead tells whether the node was killed or stopped.
func (n *Node) Dead() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return !n.wanted
}

// Stop asks the node to end, and returns how long that took. The error says that it did not, in time or in peace.
func (n *Node) Stop() (time.Duration, error) {
	begun := time.Now()
	state := n.end(syscall.SIGTERM)
	took := time.Since(begun)
	if state == nil || !state.Success() {
		return took, fmt.Errorf("%s does not end as it should: %v after %v; it last said: %s", n.Name, state, took, n.lastWords())
	}
	return took, nil
}

// Pause stops the process where it is, until Resume.
func (n *Node) Pause() { n.signal(syscall.SIGSTOP) }

// Resume lets a paused process go on.
func (n *Node) Resume() { n.signal(syscall.SIGCONT) }

func (n *Node) signal(s syscall.Signal) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.cmd != nil {
		_ = n.cmd.Process.Signal(s) // it may have ended
	}
}

// Ended are the processes of this node that ended by themselves, in words.
func (n *Node) Ended() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]string(nil), n.deaths...)
}

// proxies are the ways to and from the node.
func (n *Node) proxies() (all []*proxy.Proxy) {
	for _, p := range []*proxy.Proxy{n.Door, n.ToPostgres, n.ToRedis} {
		if p != nil {
			all = append(all, p)
		}
	}
	return all
}

// close kills the node and ends what stands around it.
func (n *Node) close() {
	n.Kill()
	n.guards.Wait()
	for _, p := range n.proxies() {
		p.Close()
	}
}

const lastBytes = 600

func (n *Node) lastWords() string {
	text, err := os.ReadFile(n.log)
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(text[max(0, len(text)-lastBytes):]))
}

// Errors are how many lines of a node's log are errors.
func (n *Node) Errors() int {
	text, err := os.ReadFile(n.log)
	if err != nil {
		return 0
	}
	return strings.Count(string(text), `"level":"error"`)
}

// Usage is what a node takes of the machine.
type Usage struct {
	Goroutines int   `json:"goroutines"`
	Files      int   `json:"open_files"`
	Heap       int64 `json:"heap_bytes"`
	Resident   int64 `json:"resident_bytes"`
}

// Usage asks the node itself.
func (n *Node) Usage(ctx context.Context) (u Usage, err error) {
	values, err := n.Metrics(ctx)
	if err != nil {
		return u, err
	}
	return Usage{
		Goroutines: int(values["go_goroutines"]), Files: int(values["process_open_fds"]),
		Heap: int64(values["go_memstats_heap_inuse_bytes"]), Resident: int64(values["process_resident_memory_bytes"]),
	}, nil
}

// Metrics are the node's figures by name; those with labels have them in their names.
func (n *Node) Metrics(ctx context.Context) (map[string]float64, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+n.metrics+"/metrics", nil)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	values := map[string]float64{}
	for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
		name, value, found := strings.Cut(lines.Text(), " ")
		if v, err := strconv.ParseFloat(value, 64); found && err == nil {
			values[name] = v
		}
	}
	return values, nil
}
