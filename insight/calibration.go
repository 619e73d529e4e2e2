package insight

import (
	"maps"
	"slices"
	"time"
)

// Tally counts what became of ranges that were told.
type Tally struct {
	Told    int `json:"told"`
	Before  int `json:"before"`
	Inside  int `json:"inside"`
	After   int `json:"after"`
	GaveUp  int `json:"gave_up"` // these and the next ended, or go on, within the range: what would have come is not known
	PutOff  int `json:"put_off"` // returned to the bot among them
	Waiting int `json:"waiting"` // still
}

// Add counts one.
func (t *Tally) Add(w Wait) {
	t.Told++
	switch v := w.Verdict(); {
	case v == Before:
		t.Before++
	case v == Inside:
		t.Inside++
	case v == After:
		t.After++
	case w.Ending == GaveUp:
		t.GaveUp++
	case w.Ending == Waiting:
		t.Waiting++
	default:
		t.PutOff++
	}
}

// Known is how many are known to have been right or wrong.
func (t Tally) Known() int { return t.Before + t.Inside + t.After }

// Fates counts what became of promises.
type Fates struct {
	Made      int `json:"made"`
	Kept      int `json:"kept"`
	Broken    int `json:"broken"`
	TakenBack int `json:"cancelled"`
	Pending   int `json:"open"`
}

// Add counts one.
func (f *Fates) Add(p Promise) {
	f.Made++
	switch p.Fate {
	case Kept:
		f.Kept++
	case Broken:
		f.Broken++
	case TakenBack:
		f.TakenBack++
	case Pending:
		f.Pending++
	}
}

// Calibration holds what customers were told against what came.
type Calibration struct {
	All      Tally
	Hours    [24]Tally        // by the hour of the day at which it was told
	Teams    map[string]Tally // by the team whose line it was told of
	Promises map[string]Fates // by channel
}

// Add counts what the logs of conversations told. The hour of the day is that of zone.
func (c *Calibration) Add(waits []Wait, promises []Promise, zone *time.Location) {
	if c.Teams == nil {
		c.Teams, c.Promises = map[string]Tally{}, map[string]Fates{}
	}
	for _, w := range waits {
		c.All.Add(w)
		c.Hours[w.At.In(zone).Hour()].Add(w)
		t := c.Teams[w.Team]
		t.Add(w)
		c.Teams[w.Team] = t
	}
	for _, p := range promises {
		f := c.Promises[p.Channel]
		f.Add(p)
		c.Promises[p.Channel] = f
	}
}

// TeamNames are the teams that something was told of, in order.
func (c Calibration) TeamNames() []string { return slices.Sorted(maps.Keys(c.Teams)) }

// Channels are the channels by which something was promised, in order.
func (c Calibration) Channels() []string { return slices.Sorted(maps.Keys(c.Promises)) }
