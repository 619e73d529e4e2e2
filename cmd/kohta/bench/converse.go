package bench

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// converse lets visitors talk with the bot while agents watch.
func (r *run) converse(ctx context.Context) (Report, error) {
	if err := r.gather(ctx); err != nil {
		return Report{}, err
	}
	living, end := context.WithCancel(ctx)
	var clients sync.WaitGroup
	defer clients.Wait()
	defer end()
	for _, v := range r.visitors {
		clients.Go(func() { v.live(living) })
	}
	for _, a := range r.agents {
		clients.Go(func() { a.live(living) })
	}
	r.note("%d visitors and %d agents talk for %v", r.Visitors, r.Agents, r.Duration)
	warm, read, wrote := r.posted.Load(), r.read.Load(), r.wrote.Load()
	rss := r.resident()
	begun := time.Now()
	r.drive(ctx)
	took := time.Since(begun)
	acked := r.acked.Load() - warm // of what the clock saw; later acks are in the totals alone
	r.settle(ctx)
	r.verify(ctx)
	r.close()

	report := r.report(took)
	report.Name = r.name()
	report.SentPerS = rate(r.posted.Load()-warm, took)
	report.AcknowledgedPerS = rate(acked, took)
	report.ReceivedPerConnection = perConnection(r.read.Load()-read, r.Clients())
	report.SentPerConnection = perConnection(r.wrote.Load()-wrote, r.Clients())
	report.resident(rss, r.resident(), r.Clients())
	return report, nil
}

func (r *run) name() string {
	if r.Closed {
		return fmt.Sprintf("bench/closed/%d", r.Visitors)
	}
	return fmt.Sprintf("bench/open/%g", r.Rate)
}

// gather connects everybody, and opens each visitor's conversation with a first message, before the clock runs.
func (r *run) gather(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, connectAll, fmt.Errorf("not everybody was connected within %v", connectAll))
	defer cancel()
	if err := r.signIn(ctx); err != nil {
		return err
	}
	if err := each(ctx, r.Agents, dialers, func(ctx context.Context, i int) error { return r.agents[i].connect(ctx) }); err != nil {
		return fmt.Errorf("connect agents: %w", err)
	}
	for i := range r.Visitors {
		r.visitors = append(r.visitors, r.newVisitor(i))
	}
	if err := each(ctx, r.Visitors, dialers, func(ctx context.Context, i int) error { return r.visitors[i].connect(ctx) }); err != nil {
		return fmt.Errorf("connect visitors: %w", err)
	}
	if err := each(ctx, r.Visitors, dialers, func(ctx context.Context, i int) error { return r.visitors[i].greet() }); err != nil {
		return err
	}
	if !until(ctx, settleAll, func() bool { return r.answered.Load() >= int64(r.Visitors) && r.watching() }) {
		return fmt.Errorf("of %d first messages %d were acknowledged and %d answered; errors: %v",
			r.Visitors, r.acked.Load(), r.answered.Load(), r.errors)
	}
	return nil
}

// greet sends a first message, whose times are not measured.
func (v *visitor) greet() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.sendPost(false)
	return nil
}

func (r *run) watching() bool {
	for _, a := range r.agents {
		if !a.checked() {
			return false
		}
	}
	return true
}

// until looks again and again until done, or for so long.
func until(ctx context.Context, within time.Duration, done func() bool) bool {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	for !done() {
		if pause(ctx, 20*time.Millisecond) != nil {
			return done()
		}
	}
	return true
}

// drive lets the visitors post until the time is over, or all has been said.
func (r *run) drive(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, r.Duration)
	defer cancel()
	if r.Closed {
		for _, v := range r.visitors {
			v.post()
		}
		for !r.over.Load() && pause(ctx, 10*time.Millisecond) == nil {
		}
	} else {
		r.pace(ctx)
	}
	r.over.Store(true)
}

// pace has the visitors post in turn at a fixed rate, whatever comes back.
func (r *run) pace(ctx context.Context) {
	begun := time.Now()
	for n := 0; !r.over.Load(); n++ {
		due := begun.Add(time.Duration(float64(n) / r.Rate * float64(time.Second)))
		if d := time.Until(due); d > 0 && pause(ctx, d) != nil || ctx.Err() != nil {
			return
		}
		r.visitors[n%len(r.visitors)].post()
	}
}

// settle waits for the last answers.
func (r *run) settle(ctx context.Context) {
	until(ctx, r.patience, func() bool {
		sent, failed := r.posted.Load(), r.failed.Load()
		return r.acked.Load()+failed >= sent && r.answered.Load()+failed >= sent && (r.Agents == 0 || r.shown.Load()+failed >= sent)
	})
}

// verify asks for everything that should have come: what comes now was lost on its way.
func (r *run) verify(ctx context.Context) {
	r.checking.Store(true)
	for _, v := range r.visitors {
		v.mu.Lock()
		v.check()
		v.mu.Unlock()
	}
	for _, a := range r.agents {
		a.check()
	}
	until(ctx, r.patience, func() bool {
		for _, v := range r.visitors {
			if !v.checked() {
				return false
			}
		}
		return r.watching()
	})
}
