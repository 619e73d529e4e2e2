package sqlstore

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/kohta/kohta/chat"
)

// work is what one caller wants written. It runs with the committer's connection within a transaction that it shares with
// others, perhaps several times: when the transaction had to be given up because of another, it runs again in one of its
// own. It may refuse, with an error made by refuse, as long as it leaves no trace in the transaction; any other error
// takes all of the transaction back.
type work func(w *writer) error

// refusal is an error of a work that left nothing behind.
type refusal struct{ err error }

func (r *refusal) Error() string { return r.err.Error() }
func (r *refusal) Unwrap() error { return r.err }

func refuse(err error) error { return &refusal{err} }

// committer does works in transactions that those share who wait at the same time (see batcher); each is answered when
// its transaction is durable.
type committer struct {
	*batcher[work]
	open   func() (*writer, error)
	commit func(*writer) error // COMMIT; tests put a failing one here
	writer *writer             // nil after its connection was given up
	broken chan error
	ailing atomic.Bool // the last transaction did not get through
	lost   bool        // nothing is written any more
}

// newCommitter opens its connection. The caller closes it.
func newCommitter(open func() (*writer, error)) (*committer, error) {
	w, err := open()
	if err != nil {
		return nil, err
	}
	c := &committer{open: open, commit: commit, writer: w, broken: make(chan error, 1)}
	c.batcher = newBatcher(newHand(c.settle, c.panicked))
	return c, nil
}

func commit(w *writer) error {
	_, err := w.exec(`COMMIT`)
	return err
}

// panicked follows a panic in a work: nobody can say what stands in the transaction, so it is given up with its connection.
func (c *committer) panicked() {
	if c.writer != nil {
		c.giveUp()
	}
}

// close ends the committer after the batch that is under way, and closes its connection.
func (c *committer) close() error {
	if !c.batcher.close() || c.writer == nil {
		return nil
	}
	return c.writer.close()
}

// tries is how often a work is done that others on the same database were in the way of.
const tries = 3

// settle does a batch in one transaction and gives each job its answer. A job whose failing is its own has the batch
// taken back and all of it done again, each in a transaction of its own.
func (c *committer) settle(batch []*job[work]) {
	if len(batch) > 1 {
		err := c.try(batch)
		if m := meaningOf(err, false); err == nil || m == away || m == gone || c.lost {
			answer(batch, err)
			return
		}
	}
	for i, j := range batch {
		err := c.try(batch[i : i+1])
		for n := 1; n < tries && (meaningOf(err, false) == clashed || meaningOf(err, false) == duplicate); n++ {
			err = c.try(batch[i : i+1])
		}
		if err != nil {
			j.err = err
		}
	}
}

// answer gives a batch that could not be done its error; with nil, each job has its answer already.
func answer(batch []*job[work], err error) {
	for _, j := range batch {
		if err != nil {
			j.err = err
		}
	}
}

// try does a batch in one transaction. With nil, each job has its own answer; with an error, nothing was stored, or
// the store is lost.
func (c *committer) try(batch []*job[work]) error {
	if err := c.begin(); err != nil {
		return err
	}
	for _, j := range batch {
		var no *refusal
		if j.err = j.what(c.writer); errors.As(j.err, &no) {
			j.err = no.err
		} else if j.err != nil {
			err := j.err
			if refusesWrites(err) {
				c.giveUp() // another server may take them by now
			} else {
				c.rollback()
			}
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

// begin begins a transaction. A connection that ended while nobody used it is opened anew.
func (c *committer) begin() error {
	if c.lost {
		return chat.Errorf(chat.Unavailable, "the store is broken, and writes nothing until it is opened anew")
	}
	if c.writer != nil {
		err := c.writer.begin()
		if err == nil {
			return nil
		}
		c.giveUp()
		if meaningOf(err, false) != gone {
			return c.failed(fmt.Errorf("begin: %w", err), false)
		}
	}
	w, err := c.open()
	if err != nil {
		return c.failed(fmt.Errorf("open database: %w", err), false)
	}
	c.writer = w
	if err := w.begin(); err != nil {
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
	switch m := meaningOf(err, committing); {
	case m == lost:
		c.lost = true
		c.broken <- fmt.Errorf("the database can no longer be trusted to keep what it acknowledges: %w", err)
		return notKnown(err)
	case m == gone && committing:
		return notKnown(err)
	case m == gone, m == away, m == clashed, m == blocked:
		return notStored(err)
	}
	return err
}

func notStored(err error) error {
	return fmt.Errorf("%w (%w)", &chat.Error{Kind: chat.Unavailable, Words: "nothing was stored"}, err)
}

func notKnown(err error) error {
	return fmt.Errorf("%w (%w)", &chat.Error{Kind: chat.Unavailable, Words: "whether it was stored is not known"}, err)
}
