package bench

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"
)

// resident is the resident memory of the process of Options.PID in KB; 0 if there is none.
func (r *run) resident() float64 {
	if r.PID == 0 {
		return 0
	}
	kb, err := residentOf(r.PID)
	if err != nil {
		r.note("the memory of process %d cannot be read: %v", r.PID, err)
	}
	return kb
}

func residentOf(pid int) (kb float64, err error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, after, ok := strings.Cut(string(status), "VmRSS:")
	if !ok {
		return 0, fmt.Errorf("process %d has no resident memory", pid)
	}
	_, err = fmt.Sscan(after, &kb)
	return kb, err
}

// resident notes how much memory there is, and how much of it came with each connection.
func (r *Report) resident(before, now float64, connections int) {
	r.ResidentKB = now
	r.ResidentPerConnection = round(max(0, now-before) / float64(max(1, connections)))
}

// calmDown is how long a desk has to put away what its connections needed to be made.
const calmDown = 500 * time.Millisecond

// idle connects visitors who each say one thing, hear the answer, and stay.
func (r *run) idle(ctx context.Context) (Report, error) {
	r.Visitors, r.Agents, r.Posts = r.Idle, 0, 0
	before := r.resident()
	if err := r.arrive(ctx, dialers); err != nil {
		return Report{}, err
	}
	if err := pause(ctx, calmDown); err != nil {
		return Report{}, err
	}
	now := r.resident()
	r.note("%d connections; they stay for %v", r.Idle, r.Duration)
	if err := pause(ctx, r.Duration); err != nil {
		return Report{}, err
	}
	later := r.resident()
	for _, v := range r.visitors {
		select {
		case <-v.client.Ended():
			r.cut(v.client.CloseCode())
		default:
		}
	}
	report := r.report(r.Duration)
	report.Name = fmt.Sprintf("bench/idle/%d", r.Idle)
	report.ReceivedPerConnection = perConnection(r.read.Load(), r.Idle)
	report.SentPerConnection = perConnection(r.wrote.Load(), r.Idle)
	report.resident(before, now, r.Idle)
	report.LaterPerConnection = round(max(0, later-before) / float64(r.Idle))
	return report, nil
}

// arrive connects the visitors, and has each say one thing and hear the answer.
func (r *run) arrive(ctx context.Context, dialers int) error {
	within, cancel := context.WithTimeoutCause(ctx, connectAll, fmt.Errorf("not everybody was connected within %v", connectAll))
	defer cancel()
	for i := range r.Visitors {
		r.visitors = append(r.visitors, r.newVisitor(i))
	}
	err := each(within, r.Visitors, dialers, func(ctx context.Context, i int) error {
		if err := r.visitors[i].connect(ctx); err != nil {
			return err
		}
		return r.visitors[i].greet()
	})
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	if !until(ctx, settleAll, func() bool { return r.answered.Load() >= int64(r.Visitors) }) {
		return fmt.Errorf("of %d first messages %d were acknowledged and %d answered; errors: %v",
			r.Visitors, r.acked.Load(), r.answered.Load(), r.errors)
	}
	return nil
}
