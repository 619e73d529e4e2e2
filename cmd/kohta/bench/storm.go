package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// storm connects visitors who each say one thing; then the desk is killed and started again on the same data, and all
// of them come back at once. Each claims not to have the last event, so that a resume is a read of the log and not a
// comparison of numbers: it is back when it is welcomed, has got that event again, and has heard that this was all.
func (r *run) storm(ctx context.Context) (Report, error) {
	r.Visitors, r.Agents, r.Posts = r.Storm, 0, 0
	desk := &served{words: r.Serve, notes: r.Notes}
	defer desk.kill()
	if err := desk.start(ctx); err != nil {
		return Report{}, err
	}
	if err := r.upWithin(ctx); err != nil {
		return Report{}, err
	}
	if err := r.arrive(ctx, dialers); err != nil {
		return Report{}, err
	}
	begun, err := r.restart(ctx, desk)
	if err != nil {
		return Report{}, err
	}
	took, retries, err := r.comeBack(ctx, begun)
	if err != nil {
		return Report{}, err
	}
	all := time.Since(begun)
	report := r.report(all)
	report.Name = fmt.Sprintf("bench/storm/%d", r.Storm)
	report.AllMS, report.Retries = millis(all), retries
	report.BackP50, _, report.BackP99 = spread(took)
	return report, nil
}

// upWithin waits until the desk takes connections.
func (r *run) upWithin(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	v := r.newVisitor(0)
	for {
		err := v.connect(ctx)
		if err == nil {
			v.close()
			return nil
		}
		if pause(ctx, retryEvery) != nil {
			return fmt.Errorf("the desk takes no connections: %w", err)
		}
	}
}

// restart has the desk killed and started again, and returns when that was. Without a command it waits for somebody to
// do it: the clock then runs from the first connection that is lost.
func (r *run) restart(ctx context.Context, desk *served) (begun time.Time, err error) {
	r.checking.Store(false)
	clients := make([]<-chan struct{}, len(r.visitors))
	for i, v := range r.visitors {
		v.mu.Lock()
		clients[i] = v.client.Ended()
		v.back = 1
		v.mu.Unlock()
	}
	if len(r.Serve) > 0 {
		desk.kill()
	} else {
		r.note("%d clients are connected: kill the desk and start it again, within %v", len(clients), r.Duration)
	}
	waiting, cancel := context.WithTimeout(ctx, max(r.Duration, settleAll))
	defer cancel()
	select {
	case <-clients[0]:
	case <-waiting.Done():
		return begun, errors.New("the desk was not killed")
	}
	begun = time.Now()
	for i, ended := range clients {
		select {
		case <-ended:
		case <-waiting.Done():
			return begun, fmt.Errorf("client %d is still connected", i)
		}
	}
	if len(r.Serve) > 0 {
		begun = time.Now()
		err = desk.start(ctx)
	}
	return begun, err
}

// comeBack connects everybody again, and tells how long after the restart each was back.
func (r *run) comeBack(ctx context.Context, begun time.Time) (took []time.Duration, retries int64, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, connectAll, fmt.Errorf("not everybody was back within %v", connectAll))
	defer cancel()
	var failed atomic.Int64
	took = make([]time.Duration, len(r.visitors))
	err = each(ctx, len(r.visitors), stormers, func(ctx context.Context, i int) error {
		for r.visitors[i].connect(ctx) != nil {
			failed.Add(1)
			if err := pause(ctx, retryEvery); err != nil {
				return err
			}
		}
		took[i] = time.Since(begun)
		return nil
	})
	return took, failed.Load(), err
}

// served is the desk, if bench is to start and to kill it.
type served struct {
	words []string
	notes io.Writer
	mu    sync.Mutex
	cmd   *exec.Cmd
}

func (s *served) start(context.Context) error {
	if len(s.words) == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cmd = exec.Command(s.words[0], slices.Clone(s.words[1:])...)
	s.cmd.Stderr = s.notes
	if err := s.cmd.Start(); err != nil {
		s.cmd = nil
		return fmt.Errorf("start the desk: %w", err)
	}
	return nil
}

// kill ends the desk at once, as a power cut would.
func (s *served) kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	s.cmd = nil
}
