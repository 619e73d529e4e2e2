package sqlstore

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/kohta/kohta/chat"
)

const (
	batchMax  = 256  // writes in one commit
	queueRoom = 1024 // writes that wait for their commit; the rest wait outside
)

// work is what one caller wants written. It runs in the committer's goroutine within a transaction that it shares with
// others, perhaps twice: when the transaction had to be given up because of another, it runs again in one of its own.
// It may refuse, with an error made by refuse, as long as it leaves no trace in the transaction; any other error takes
// all of the transaction back.
type work func(w *writer) error

// refusal is an error of a work that left nothing behind.
type refusal struct{ err error }

func (r *refusal) Error() string { return r.err.Error() }
func (r *refusal) Unwrap() error { return r.err }

func refuse(err error) error { return &refusal{err} }

// job is a work on its way. Who wins its place from waiting decides: the committer takes it, or the caller goes away.
type job struct {
	do    work
	place atomic.Int32
	err   error
	done  chan struct{} // closed when err is there
}

const (
	waiting int32 = iota
	taken
	left
)

// committer has one batch written at a time: what waits, at most batchMax, goes into one transaction, and all of it is
// answered when that is durable. There is no timer: a lone write is committed at once, and under load the batches grow
// by themselves.
//
// Who comes while nothing is written has the turn and writes it itself, which spares two changes of goroutines; who
// comes meanwhile is left to the goroutine of run.
type committer struct {
	open    func() (driver.Conn, error)
	commit  func(*writer) error // COMMIT; tests put a failing one here
	writer  *writer             // nil after its connection was given up
	turn    chan struct{}       // full while a batch is written; who has put something in has the writer
	in      chan *job
	wake    chan struct{} // says that there is something in in
	stop    chan struct{} // closed by close
	ended   chan struct{} // closed by run
	broken  chan error
	stopped atomic.Bool
	ailing  atomic.Bool // the last transaction did not get through
	lost    bool        // nothing is written any more
}

func newCommitter(open func() (driver.Conn, error)) (*committer, error) {
	conn, err := open()
	if err != nil {
		return nil, err
	}
	c := &committer{open: open, commit: commit, writer: newWriter(conn), turn: make(chan struct{}, 1), in: make(chan *job, queueRoom), wake: make(chan struct{}, 1),
		stop: make(chan struct{}), ended: make(chan struct{}), broken: make(chan error, 1)}
	go c.run()
	return c, nil
}

func commit(w *writer) error {
	_, err := w.exec(`COMMIT`)
	return err
}

var errClosed error = &chat.Error{Kind: chat.Unavailable, Words: "the store is closed"}

// write has a work done and returns what became of it: nil when it is durable. The context bounds the wait until the
// work is taken; from then on there is an answer without it.
func (c *committer) write(ctx context.Context, do work) error {
	if ctx.Err() != nil {
		return notWaitedFor(ctx)
	}
	j := &job{do: do, done: make(chan struct{})}
	if c.mine(j) {
		return j.err
	}
	select {
	case c.in <- j:
	case <-c.stop:
		return errClosed
	case <-ctx.Done():
		return notWaitedFor(ctx)
	}
	select {
	case c.wake <- struct{}{}:
	default: // it is awake
	}
	select {
	case <-j.done:
		return j.err
	case <-c.ended:
	case <-ctx.Done():
	}
	if j.place.CompareAndSwap(waiting, left) {
		if ctx.Err() != nil {
			return notWaitedFor(ctx)
		}
		return errClosed
	}
	<-j.done
	return j.err
}

// mine writes a job in the caller's goroutine, unless a batch is under way or somebody came before.
func (c *committer) mine(j *job) bool {
	if c.stopped.Load() || len(c.in) > 0 {
		return false
	}
	select {
	case c.turn <- struct{}{}:
	default:
		return false
	}
	if c.stopped.Load() { // close waits for the turn, and then for nobody
		<-c.turn
		return false
	}
	j.place.Store(taken)
	c.do([]*job{j})
	return true
}

// do writes a batch, answers it, and gives the turn back. After a panic, which is a mistake of a work's, nobody can say
// what stands in the transaction: it is given up with its connection.
func (c *committer) do(batch []*job) {
	whole := false
	defer func() {
		if !whole && c.writer != nil {
			c.giveUp()
		}
		<-c.turn
	}()
	c.settle(batch)
	for _, j := range batch {
		close(j.done)
	}
	whole = true
}

func notWaitedFor(ctx context.Context) error {
	return chat.Errorf(chat.Unavailable, "the store was not waited for, and nothing was stored: %v", context.Cause(ctx))
}

// close ends the committer after the batch that is under way, and waits for it.
func (c *committer) close() error {
	if c.stopped.Swap(true) {
		<-c.ended
		return nil
	}
	close(c.stop)
	<-c.ended
	c.turn <- struct{}{}
	if c.writer == nil {
		return nil
	}
	return c.writer.close()
}

func (c *committer) run() {
	defer close(c.ended)
	batch := make([]*job, 0, batchMax)
	for {
		select {
		case <-c.stop:
			return
		case <-c.wake:
		}
		for len(c.in) > 0 && !c.stopped.Load() {
			c.turn <- struct{}{}
			batch = c.gather(batch[:0])
			c.do(batch)
			clear(batch)
		}
	}
}

// gather takes the jobs that wait.
func (c *committer) gather(batch []*job) []*job {
	for len(batch) < batchMax {
		select {
		case j := <-c.in:
			if j.place.CompareAndSwap(waiting, taken) {
				batch = append(batch, j)
			}
		default:
			return batch
		}
	}
	return batch
}

// settle does a batch in one transaction and gives each job its answer. A job whose failing is its own has the batch
// taken back and all of it done again, each in a transaction of its own.
func (c *committer) settle(batch []*job) {
	err := c.try(batch)
	if err == nil {
		return
	}
	if meaningOf(err, false) == away || c.lost || len(batch) == 1 {
		for _, j := range batch {
			j.err = err
		}
		return
	}
	for i := range batch {
		batch[i].err = nil
		c.settle(batch[i : i+1])
	}
}

// try does a batch in one transaction. With nil, each job has its own answer; with an error, nothing was stored, or
// the store is lost.
func (c *committer) try(batch []*job) error {
	if len(batch) == 0 {
		return nil
	}
	if err := c.begin(); err != nil {
		return err
	}
	for _, j := range batch {
		var no *refusal
		if j.err = j.do(c.writer); errors.As(j.err, &no) {
			j.err = no.err
		} else if j.err != nil {
			err := j.err
			c.rollback()
			return c.failed(err, false)
		}
	}
	if err := c.commit(c.writer); err != nil {
		c.rollback()
		return c.failed(fmt.Errorf("commit: %w", err), true)
	}
	c.ailing.Store(false)
	return nil
}

func (c *committer) begin() error {
	if c.lost {
		return chat.Errorf(chat.Unavailable, "the store is broken, and writes nothing until it is opened anew")
	}
	if c.writer == nil {
		conn, err := c.open()
		if err != nil {
			return c.failed(fmt.Errorf("open database: %w", err), false)
		}
		c.writer = newWriter(conn)
	}
	if err := c.writer.begin(); err != nil {
		c.giveUp()
		return c.failed(fmt.Errorf("begin: %w", err), false)
	}
	return nil
}

// rollback takes the transaction back. The database may have done so by itself; a connection that does not say where
// it stands is given up.
func (c *committer) rollback() {
	if _, err := c.writer.exec(`ROLLBACK`); err != nil {
		c.giveUp()
	}
}

// giveUp closes the connection, which takes back what it had begun. The next batch opens another.
func (c *committer) giveUp() {
	c.writer.close() //nolint:errcheck // it is given up because it does not answer
	c.writer = nil
}

// failed turns a driver's error into what callers get, and notices when the store is lost.
func (c *committer) failed(err error, committing bool) error {
	c.ailing.Store(true)
	switch meaningOf(err, committing) {
	case lost:
		c.lost = true
		c.broken <- fmt.Errorf("the database can no longer be trusted to keep what it acknowledges: %w", err)
		return fmt.Errorf("%w (%w)", &chat.Error{Kind: chat.Unavailable, Words: "whether it was stored is not known"}, err)
	case away:
		return fmt.Errorf("%w (%w)", &chat.Error{Kind: chat.Unavailable, Words: "nothing was stored"}, err)
	}
	return err
}
