// Package insight is what the logs of conversations tell about experience: whether what customers were told came true.
// It is pure. It reads events as they are stored, also those whose contents were erased, for it needs none of them.
package insight

import (
	"time"

	"github.com/kohta/kohta/chat"
)

// Ending is how a wait ended.
type Ending string

// The endings. Whoever did not get to an agent might have had to wait for longer than they did.
const (
	Served  Ending = "served"   // an agent took over
	GaveUp  Ending = "gave_up"  // closed before that
	PutOff  Ending = "put_off"  // asked to be called, or left a message
	Waiting Ending = "waiting"  // goes on
	Other   Ending = "returned" // went back to the bot
)

// Verdict is how what was told compares with what came.
type Verdict string

// The verdicts. A wait that was longer than told is After, however it ended; one that ended otherwise than by an agent
// before that is Unknown.
const (
	Before  Verdict = "before" // an agent came before the low end
	Inside  Verdict = "inside"
	After   Verdict = "after" // the high end passed, and no agent had come
	Unknown Verdict = "unknown"
)

// Wait is a range that a customer was told, with what came.
type Wait struct {
	Conversation string
	Team         string // whose line it was told of
	At           time.Time
	Low, High    time.Duration
	Waited       time.Duration // from At until it ended, or until now
	Ending       Ending
}

// Verdict compares what was told with what came.
func (w Wait) Verdict() Verdict {
	switch {
	case w.Waited > w.High:
		return After
	case w.Ending != Served:
		return Unknown
	case w.Waited < w.Low:
		return Before
	}
	return Inside
}

// Waits are the ranges that the customer of one conversation was told, in order. log is the whole of it, from the first
// event on.
func Waits(conversation string, log []chat.Event, now time.Time) []Wait {
	f := waits{conversation: conversation}
	for _, e := range log {
		f.add(e)
	}
	f.end(now, Waiting)
	return f.told
}

// waits folds a log. Those of told from ended on have not ended yet.
type waits struct {
	conversation, team string
	told               []Wait
	ended              int
}

func (f *waits) add(e chat.Event) {
	if e.Detail.Team != "" { // opened, escalated, transferred
		f.team = e.Detail.Team
	}
	switch e.Kind {
	case chat.KindEscalated, chat.KindPromised:
		if w := e.Detail.Wait; w != nil {
			f.told = append(f.told, Wait{
				Conversation: f.conversation, Team: f.team, At: e.At,
				Low: time.Duration(w.Low) * time.Second, High: time.Duration(w.High) * time.Second,
			})
		}
	case chat.KindAssigned:
		f.end(e.At, Served)
	case chat.KindClosed:
		f.end(e.At, GaveUp)
	case chat.KindSnoozed:
		f.end(e.At, PutOff)
	case chat.KindReturned:
		f.end(e.At, Other)
	}
}

func (f *waits) end(at time.Time, how Ending) {
	for i := f.ended; i < len(f.told); i++ {
		f.told[i].Waited, f.told[i].Ending = max(0, at.Sub(f.told[i].At)), how
	}
	f.ended = len(f.told)
}
