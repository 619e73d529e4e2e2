package scenario

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/kohta/kohta/cmd/kohta-chaos/check"
	"github.com/kohta/kohta/cmd/kohta-chaos/crowd"
	"github.com/kohta/kohta/cmd/kohta-chaos/fleet"
)

// What the small disks are like, and who writes on them. Postgres' has its log of writes in it, which takes the most.
const (
	diskSize     = "24m"
	postgresSize = "160m"
	writers      = 10
	fullFor      = 5 * time.Second
	recoversIn   = 30 * time.Second
)

// FullDisk plays a disk that is full for some seconds, under one node with its embedded database. It needs root, to mount a small
// tmpfs.
func FullDisk(ctx context.Context, binary string, notes io.Writer) Outcome {
	return onSmallDisk(ctx, "the disk is full", diskSize, notes, func(dir, disk string) fleet.Options {
		return fleet.Options{Binary: binary, Nodes: 1, SQLite: true, Dir: dir, Data: filepath.Join(disk, "data")}
	})
}

// FullPostgres is FullDisk with two nodes over a Postgres whose disk is full. If Postgres cannot go on it is started again when
// there is room, as its operator would.
func FullPostgres(ctx context.Context, binary string, notes io.Writer) Outcome {
	return onSmallDisk(ctx, "Postgres' disk is full", postgresSize, notes, func(dir, disk string) fleet.Options {
		return fleet.Options{Binary: binary, Nodes: 2, Dir: dir, Disk: disk, Settings: []string{"max_wal_size=48MB", "min_wal_size=32MB"}}
	})
}

// onSmallDisk plays a full disk under the fleet that build says.
func onSmallDisk(ctx context.Context, name, size string, notes io.Writer, build func(dir, disk string) fleet.Options) Outcome {
	begun := time.Now()
	o := Outcome{Number: 13, Name: name}
	figures, err := fullDisk(ctx, size, build)
	if o.Figures = figures; err != nil {
		o.Failed = err.Error()
	}
	o.Seconds = time.Since(begun).Seconds()
	o.tell(notes)
	return o
}

func fullDisk(ctx context.Context, size string, build func(dir, disk string) fleet.Options) (figures string, err error) {
	if os.Getuid() != 0 {
		return "", errors.New("a small disk is mounted by root alone: run this as root")
	}
	dir, err := os.MkdirTemp("", "kohta-disk")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	disk := filepath.Join(dir, "disk")
	if err := errors.Join(os.Chmod(dir, 0o755), os.Mkdir(disk, 0o755)); err != nil {
		return "", err
	}
	if out, err := exec.CommandContext(ctx, "mount", "-t", "tmpfs", "-o", "size="+size, "tmpfs", disk).CombinedOutput(); err != nil {
		return "", fmt.Errorf("mount a small disk: %w: %s", err, out)
	}
	defer func() { err = errors.Join(err, syscall.Unmount(disk, 0)) }()
	options := build(dir, disk)
	options.Agents, options.Capacity = agents, writers
	f, err := fleet.Start(ctx, options)
	if err != nil {
		return "", err
	}
	defer f.Close()
	var emails []string
	for i := range agents {
		emails = append(emails, fleet.Agent(i))
	}
	c, err := crowd.Gather(ctx, crowd.Options{
		Address: f.Balancer.Address(), Site: fleet.Site, Customers: writers, Agents: emails, Watcher: fleet.Watcher,
		Password: fleet.Password, Seed: 13, Rest: 50 * time.Millisecond,
	})
	if err != nil {
		return "", err
	}
	defer c.Leave()
	return fillAndFree(ctx, f, c, filepath.Join(disk, "ballast"))
}

// fillAndFree has everybody write while the disk fills up, is full, and has room again.
func fillAndFree(ctx context.Context, f *fleet.Fleet, c *crowd.Crowd, ballast string) (string, error) {
	c.Talk(ctx)
	if err := until(ctx, func() bool { return c.Acks() >= 200 }); err != nil {
		return "", fmt.Errorf("before the disk is full: %w", err)
	}
	if err := fill(ballast); err != nil {
		return "", err
	}
	all := func(status int) func() bool {
		return func() bool {
			return !slices.ContainsFunc(f.Nodes, func(n *fleet.Node) bool { return ready(ctx, n) != status })
		}
	}
	says := func() bool { return all(http.StatusServiceUnavailable)() && c.Later("unavailable") > 0 }
	if err := until(ctx, says); err != nil {
		return "", fmt.Errorf("the disk is full, and the desk says nothing of it: /readyz %d, %d posts put off: %w", ready(ctx, f.Nodes[0]), c.Later("unavailable"), err)
	}
	full := c.Acks()
	wait(ctx, fullFor)
	if err := until(ctx, says); err != nil {
		return "", fmt.Errorf("the disk is still full, and the desk does not say so any more: %w", err)
	}
	during := c.Acks() - full
	if err := os.Remove(ballast); err != nil {
		return "", err
	}
	begun := time.Now()
	ended := f.Postgres != nil && f.Postgres.Ended()
	if ended {
		if err := f.Postgres.Start(ctx); err != nil {
			return "", err
		}
	}
	room := c.Acks()
	within, cancel := context.WithTimeout(ctx, recoversIn)
	defer cancel()
	if err := until(within, func() bool { return c.Acks() >= room+200 && all(http.StatusOK)() }); err != nil {
		return "", fmt.Errorf("there is room again, and the desk does not recover: %w", err)
	}
	took := time.Since(begun)
	c.Silence()
	c.Settle(ctx, time.Second, time.Minute)
	if _, err := c.Drain(ctx, time.Minute); err != nil {
		return "", err
	}
	rows, err := f.Rows(ctx)
	if err != nil {
		return "", err
	}
	h, err := c.History(ctx, rows)
	if err != nil {
		return "", err
	}
	if v := check.Judge(h); v.Counts.Sum() > 0 {
		return "", fmt.Errorf("%+v: %v", v.Counts, v.Breaches)
	}
	figures := fmt.Sprintf("full for %.0f s: %d posts put off, %d acknowledged meanwhile, ready again and 200 acks after %.1f s, nothing lost of %d",
		fullFor.Seconds(), c.Later("unavailable"), during, took.Seconds(), c.Acks())
	if ended {
		figures += "; Postgres ended, and was started again"
	}
	return figures, f.Doctor(ctx)
}

// fill writes until the disk is full, to the last byte.
func fill(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	for size := 1 << 20; size > 0; {
		if _, err := file.Write(make([]byte, size)); err != nil {
			if !errors.Is(err, syscall.ENOSPC) {
				return err
			}
			size /= 2
		}
	}
	return nil
}

// ready is what a node says of itself; 0 if it does not answer.
func ready(ctx context.Context, n *fleet.Node) int {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+n.Address+"/readyz", nil)
	if err != nil {
		return 0
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0
	}
	answer.Body.Close()
	return answer.StatusCode
}

const untilWithin = time.Minute

// until looks again and again.
func until(ctx context.Context, is func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, untilWithin)
	defer cancel()
	for !is() {
		if wait(ctx, 50*time.Millisecond); ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
