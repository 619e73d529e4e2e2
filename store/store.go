// Package store is the contract of everything that Kohta keeps: conversations with their logs, visitors, the people
// who answer, their sessions, settings, and the audit of what they did.
//
// The store is the truth. What it acknowledged is on the disk, and survives the crash of the process and of the
// machine; what it did not acknowledge changed nothing, unless an error says that the outcome is unknown. Everything
// else (the line, presence, the bus) can be rebuilt from here.
//
// Every method may be called from any number of goroutines at once. Errors have one of the kinds of package chat:
//
//   - not found: there is no such row;
//   - conflict: things have moved on, or a name is taken;
//   - unavailable: the disk is full, the database is busy, closed or gone. Nothing was acknowledged; the same call may
//     be made again. A write whose outcome cannot be known ends so, too, and the store is broken from then on (see
//     [Store.Broken]);
//   - invalid: the arguments contradict one another. This is a mistake of the caller's.
//
// What has no kind is internal. A context bounds the waiting alone: a write that has been taken into a commit is
// answered with what became of it, however long ago its context ended.
//
// Times are UTC in whole milliseconds; what is finer is cut off. Ids are UUIDs in text, and come from the caller.
//
// Implementations hold to the suite in store/storetest.
package store

import "context"

// Store is all of it.
type Store interface {
	Conversations
	Visitors
	Links
	Staff
	Sessions
	Settings
	Audit

	// Ping tells whether the store can be read and written right now, without writing anything. Its error is of the
	// kind unavailable.
	Ping(ctx context.Context) error

	// Broken is a channel that gets one error, and no more, when the store can no longer be trusted to keep what it
	// acknowledges: a commit's outcome is unknown, or the disk failed. Every write fails from then on. The process
	// has to end; opening the store anew recovers what was acknowledged.
	Broken() <-chan error

	// Close waits for the writes that have been taken, refuses the rest with the kind unavailable, and frees what the
	// store holds. A second call does nothing.
	Close() error
}
