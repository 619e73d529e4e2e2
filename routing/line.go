package routing

import (
	"context"
	"math"
	"time"

	"github.com/kohta/kohta/chat"
)

// How long a claim may stand before it is appended to the store.
const (
	Lease    = 10 * time.Second // where the Taker says nothing
	MaxLease = time.Hour
)

// Unlimited is the Free of an agent who takes by hand.
const Unlimited = math.MaxInt32

// MaxList is the most that List and Heads return at once.
const MaxList = 1000

// LookAhead is how many tickets of a class Claim looks at when those before except the taker.
const LookAhead = 16

// Line is where conversations wait for a person, one line for each team, in the order of Compare. It is an index: it
// may lose everything at any time, and then Reconcile brings it back; whoever acts on a claim appends to the store
// under its condition, and the store decides.
//
// A ticket in the line is waiting or held by one agent. All methods may be called at once from any number of
// goroutines and, where the line is shared, of nodes; each of them but Reconcile is atomic. Times of leases go by the
// line's own clock. Errors are of kind Invalid (the same again will fail again) or Unavailable (the line is away;
// the call may or may not have been done, and may be repeated).
type Line interface {
	// Put adds a ticket, waiting. Putting again is harmless: the ticket is renewed by Merge, so that its place never
	// gets worse, and a held one stays held. A conversation that moves to another team is put there and dropped here;
	// in between it stands in both, which the store resolves.
	Put(ctx context.Context, t Ticket) error

	// Claim holds the first waiting ticket of a team that the taker can serve. A ticket that the taker cannot serve, or
	// that excepts them, is passed over; of each Class, LookAhead tickets are looked at, so that a claim costs the same
	// however many wait. ok is false when there is none, or when that first one weighs more than the taker has room for
	// beside what they hold in this team already. No ticket is held by two agents.
	Claim(ctx context.Context, team string, by Taker) (t Ticket, ok bool, err error)

	// ClaimTicket holds a given ticket, wherever it stands and whoever can serve it, under the same limit of weight. ok
	// is false when it is not in the line or held by somebody else; what the agent holds already is renewed and given
	// again.
	ClaimTicket(ctx context.Context, team, conversation string, by Taker) (t Ticket, ok bool, err error)

	// Renew lets the agent's claim stand for lease from now on: an offer lasts longer than a claim. ok is false when
	// the agent does not hold it any more.
	Renew(ctx context.Context, team, conversation, agent string, lease time.Duration) (ok bool, err error)

	// Release puts what the agent holds back at its old place. It does nothing when the agent does not hold it.
	// A claim whose lease has ended is put back in the same way, without any call.
	Release(ctx context.Context, team, conversation, agent string) error

	// Drop takes a ticket out, waiting or held: it was assigned, closed or moved. It does nothing when it is not there.
	Drop(ctx context.Context, team, conversation string) error

	// Place returns where a ticket stands, from 1, among all of its team, and how many they are. Held ones count, and have
	// a place: an offer that comes to nothing moves nobody back. place is 0 for what is not in the line.
	Place(ctx context.Context, team, conversation string) (place, total int, err error)

	// List returns the first waiting tickets of a team, next first, at most limit and MaxList, and how many wait in all,
	// without those that are held.
	List(ctx context.Context, team string, limit int) (first []Ticket, total int, err error)

	// Heads returns the first waiting tickets of each Class of a team, at most n of each and MaxList in all, next first.
	// Every class is among them while there are at most MaxList classes. They are what Round needs: nobody stands
	// behind another's ticket that nobody can serve.
	Heads(ctx context.Context, team string, n int) ([]Ticket, error)

	// Reconcile makes the line of a team equal to what read hands to add: all that wait there according to the store,
	// in parts of any size, so that no node needs to hold a long line in memory. What is missing is added, what is too
	// many is dropped, what differs is replaced; a held ticket stays held. What was put or dropped while Reconcile runs
	// is left alone, since read may or may not have seen it. It works in bounded batches, so others go on meanwhile.
	// read is called once, and returns the error of add as it is; when it fails nothing is dropped.
	Reconcile(ctx context.Context, team string, read func(ctx context.Context, add func([]Ticket) error) error) (Repairs, error)

	// Ping tells whether the line can be reached and written to.
	Ping(ctx context.Context) error
}

// Taker is the agent for whom a ticket is claimed.
type Taker struct {
	Agent      string
	Teams      []string // Claim gives what is theirs, or open to one of them
	Skills     []string
	Languages  []string // none: all
	Supervisor bool
	Free       int           // hundredths of a usual conversation that the agent has room for; claims held in the same line count against it
	Lease      time.Duration // how long the claim stands; 0 is Lease, at most MaxLease
}

// Serves tells whether the taker can serve t.
func (by Taker) Serves(t Ticket) bool {
	return t.Serves(&Candidate{Teams: by.Teams, Skills: by.Skills, Languages: by.Languages, Supervisor: by.Supervisor})
}

// Check refuses, with an error of kind Invalid, a taker whom no line can serve.
func (by Taker) Check() error {
	switch {
	case by.Agent == "" || len(by.Agent) > maxID:
		return chat.Errorf(chat.Invalid, "who takes is an agent's id of 1 to %d bytes, not %q", maxID, by.Agent)
	case by.Lease < 0 || by.Lease > MaxLease:
		return chat.Errorf(chat.Invalid, "a lease is from 0 to %s, not %s", MaxLease, by.Lease)
	}
	return nil
}

// For is how long the claim stands.
func (by Taker) For() time.Duration {
	if by.Lease == 0 {
		return Lease
	}
	return by.Lease
}

// Repairs counts what Reconcile had to mend.
type Repairs struct {
	Added, Dropped, Changed int
}

// Sum is the number of all repairs.
func (r Repairs) Sum() int { return r.Added + r.Dropped + r.Changed }
