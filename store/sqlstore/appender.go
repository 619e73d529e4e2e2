package sqlstore

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kohta/kohta/store"
)

// appender stores the appends that wait at the same time (see batcher) in one statement, which is one transaction: steps
// whose conditions do not hold are passed over in it, all others are stored. Two nodes that do so at once lock the
// conversations in the same order, so they wait for one another and never in a circle.
type appender struct {
	connect func(context.Context) (*pgx.Conn, error)
	conn    *pgx.Conn       // nil before the first batch, and after the connection was given up
	ready   map[string]bool // names of the statements that it has prepared
	ailing  atomic.Bool     // the last batch did not get through
}

// newAppender makes one that connects by connect when it is needed. The caller closes it.
func newAppender(connect func(context.Context) (*pgx.Conn, error)) *appender {
	return &appender{connect: connect}
}

// appending connects for appends. The statement has lists of any length for arguments, so a plan for all of them is made
// once, and none for each.
func appending(config *pgx.ConnConfig) func(context.Context) (*pgx.Conn, error) {
	config = config.Copy()
	config.RuntimeParams["lock_timeout"] = "2s" // the batch waits with it
	for _, name := range []string{"enable_seqscan", "enable_hashjoin", "enable_mergejoin"} {
		config.RuntimeParams[name] = "off" // rows are found by their keys, also in tables that the server believes to be small
	}
	config.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	return func(ctx context.Context) (*pgx.Conn, error) { return pgx.ConnectConfig(ctx, config) }
}

// close closes the appender's connection. Nobody may use it any more.
func (a *appender) close() error {
	if a.conn == nil {
		return nil
	}
	a.hurry()
	return a.conn.Close(context.Background())
}

func (a *appender) giveUp() {
	if a.conn == nil {
		return
	}
	ctx, done := context.WithCancel(context.Background())
	done()            // it is not waited for
	a.conn.Close(ctx) //nolint:errcheck // it is given up because it does not answer
	a.conn = nil
}

// settle gives each step its answer. What stands in the way of one another in one statement goes in several, in the order
// of coming.
func (a *appender) settle(batch []*job[*step]) {
	for len(batch) > 0 {
		now, later := apart(batch)
		a.store(now)
		batch = later
	}
}

// apart takes out of a batch, in order, what one statement can decide: of a conversation, of a visitor, of a key and of an
// agent's capacity each step has to see what the one before it did.
func apart(batch []*job[*step]) (now, later []*job[*step]) {
	if len(batch) == 1 {
		return batch, nil
	}
	type claim struct{ what, id, key string }
	claimed := make(map[claim]bool, 4*len(batch))
	for _, j := range batch {
		claims := []claim{{what: "conversation", id: j.what.Next.ID}, {"visitor", j.what.Next.Visitor, j.what.Next.Site}}
		for _, k := range j.what.Keys {
			claims = append(claims, claim{"key", k.Sender, k.Key})
		}
		if h := j.what.Holds; h != nil {
			claims = append(claims, claim{what: "capacity", id: h.Agent})
		}
		free := !slices.ContainsFunc(claims, func(c claim) bool { return claimed[c] })
		for _, c := range claims {
			claimed[c] = true // also of one that waits: who comes after it waits behind it
		}
		if free {
			now = append(now, j)
		} else {
			later = append(later, j)
		}
	}
	return now, later
}

// store stores steps that are apart, and gives each its answer. When others on the same database were in the way of the
// whole, each is tried alone.
func (a *appender) store(batch []*job[*step]) {
	if len(batch) <= few && !slices.ContainsFunc(batch, func(j *job[*step]) bool { return j.what.events == 0 }) {
		stored, err := a.try(batch, a.runEach)
		if m := meaningOf(err, false); m == away || m == gone || m == blocked && len(batch) == 1 {
			answerSteps(batch, err)
			return
		}
		batch = slices.DeleteFunc(slices.Clone(batch), func(j *job[*step]) bool { return stored[j.what.Next.ID] })
	}
	if len(batch) == 0 {
		return
	}
	err := a.settled(batch)
	m := meaningOf(err, false)
	if err == nil || m == away || m == gone || len(batch) == 1 && m != clashed && m != duplicate {
		answerSteps(batch, err)
		return
	}
	for i := range batch {
		alone := batch[i : i+1]
		err := a.settled(alone)
		for n := 1; n < tries && (meaningOf(err, false) == clashed || meaningOf(err, false) == duplicate); n++ {
			err = a.settled(alone)
		}
		if meaningOf(err, false) == duplicate {
			err = store.ErrMoved // its key, or the visitor's open conversation, comes and goes
		}
		answerSteps(alone, err)
	}
}

// settled stores steps by one statement, and gives those that were not stored their answer.
func (a *appender) settled(batch []*job[*step]) error {
	stored, err := a.try(batch, a.runMany)
	if err == nil {
		a.explain(batch, stored)
	}
	return err
}

// answerSteps gives the steps the error that all of them failed with; with nil, each has its answer.
func answerSteps(batch []*job[*step], err error) {
	for _, j := range batch {
		switch meaningOf(err, false) {
		case gone:
			j.err = notKnown(err)
		case away, clashed, blocked:
			j.err = notStored(err)
		default:
			if err != nil {
				j.err = err
			}
		}
	}
}

// try stores steps in one transaction, by run, and returns the conversations of those that were stored. With an error
// none was, unless it means that the connection ended.
func (a *appender) try(batch []*job[*step], run func([]*job[*step]) (map[string]bool, error)) (map[string]bool, error) {
	fresh, err := a.connected()
	if err != nil {
		return nil, err
	}
	stored, err := run(batch)
	if !fresh && neverSent(err) {
		a.giveUp() // it ended while nobody used it
		if _, err = a.connected(); err == nil {
			stored, err = run(batch)
		}
	}
	a.ailing.Store(err != nil && meaningOf(err, false) != clashed && meaningOf(err, false) != duplicate)
	if meaningOf(err, false) == gone || refusesWrites(err) || a.conn != nil && a.conn.IsClosed() {
		a.giveUp()
	}
	return stored, err
}

// connected sees to a connection that answers in time from now on, and tells whether it is a new one.
func (a *appender) connected() (fresh bool, err error) {
	if a.conn != nil {
		a.hurry()
		return false, nil
	}
	ctx, done := postgres.within(context.Background())
	defer done()
	conn, err := a.connect(ctx)
	if err != nil {
		a.ailing.Store(true)
		return true, err
	}
	a.conn, a.ready = conn, map[string]bool{}
	a.hurry()
	return true, nil
}

// hurry bounds how long the connection may take for what follows. A context would do the same, for a tenth of the processor
// time that a message takes here.
func (a *appender) hurry() {
	a.conn.PgConn().Conn().SetDeadline(time.Now().Add(postgres.patience)) //nolint:errcheck // one that is closed says so when it is used
}

// runMany stores steps whose conditions hold by one statement.
func (a *appender) runMany(batch []*job[*step]) (stored map[string]bool, err error) {
	var all pgx.Batch
	l := listsOf(batch)
	// Locks are taken by statements before, for what a statement sees is settled when it begins.
	if len(l.begins) > 0 {
		all.Queue(lockVisitors, l.begins)
	}
	if len(l.agents) > 0 {
		all.Queue(lockAgents, l.agents)
	}
	if l.plain() {
		all.Queue(appendMessages, l.arguments()[:ofMessages]...)
	} else {
		all.Queue(appendSteps, l.arguments()...)
	}
	return a.send(&all)
}

// send has statements done in one transaction and one way to the server and back, and returns the conversations that they
// give.
func (a *appender) send(all *pgx.Batch) (map[string]bool, error) {
	results := a.conn.SendBatch(context.Background(), all)
	stored := map[string]bool{}
	var failed error
	for n := all.Len(); n > 0 && failed == nil; n-- {
		rows, err := results.Query()
		if err == nil {
			for rows.Next() {
				stored[string(rows.RawValues()[0])] = true // of the locks: nothing that is a conversation
			}
			err = rows.Err()
		}
		failed = err
	}
	if err := errors.Join(failed, results.Close()); err != nil { // the transaction ends with Close
		return nil, err
	}
	return stored, nil
}

// explain finds out why steps were passed over: a key was known, or a condition did not hold.
func (a *appender) explain(batch []*job[*step], stored map[string]bool) {
	if a.conn != nil {
		a.hurry()
	}
	for _, j := range batch {
		if j.err = nil; stored[j.what.Next.ID] {
			continue
		}
		j.err = store.ErrMoved
		for _, k := range j.what.Keys {
			if a.conn == nil {
				j.err = notStored(errConnectionEnded)
				break
			}
			err := a.conn.QueryRow(context.Background(), ackOf, k.Sender, k.Key).Scan(&k.Ack.Conversation, &k.Ack.Seq)
			if err == nil {
				j.err = &store.Known{Key: k}
				break
			}
			if !errors.Is(err, pgx.ErrNoRows) {
				j.err = notStored(err)
				break
			}
		}
	}
}

var errConnectionEnded = errors.New("the connection ended before it could be asked why")

// Whoever begins a conversation holds off an erasure of its visitor, which takes the same lock for itself alone, so that
// it sees the conversation or the conversation sees it.
const lockVisitors = `SELECT pg_advisory_xact_lock_shared(hashtextextended(visitor, 0)) FROM (SELECT unnest($1::text[]) AS visitor ORDER BY 1) AS visitors`

// Whoever counts what an agent holds does so alone.
const lockAgents = `SELECT pg_advisory_xact_lock(hashtextextended(agent, 1)) FROM (SELECT unnest($1::text[]) AS agent ORDER BY 1) AS agents`

// neverSent tells whether the same can be sent again after a connection ended: nothing had reached the server, or it had
// ended the connection while nobody used it, and said so.
func neverSent(err error) bool {
	var server *pgconn.PgError
	return pgconn.SafeToRetry(err) || errors.As(err, &server) && strings.HasPrefix(server.Code, "57P")
}
