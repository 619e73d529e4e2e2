package routing

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Bounds of what a Pace remembers.
const (
	maxOutcomes = 128            // the newest
	maxWaited   = 24 * time.Hour // of one outcome
)

// Pace is what became lately of those who stood in one team's line. It is a value of bounded size: its methods change
// nothing of what they are called on, so any number of goroutines may use it. The zero Pace knows nothing. As JSON it
// can be kept over a restart.
//
// It goes by the times that it is told, and holds when a clock jumps: jumping ahead makes it forget, jumping back makes
// it take what seems to lie in the future for new.
type Pace struct {
	outcomes []outcome // in the order in which they were told, the newest last
}

// outcome is how one wait ended.
type outcome struct {
	at     int64 // milliseconds since 1970
	waited int64 // milliseconds
	left   bool  // gave up; otherwise was given to an agent
}

// Served returns p with one more who was given to an agent at a time, after having stood in the line for waited.
func (p Pace) Served(at time.Time, waited time.Duration) Pace { return p.with(at, waited, false) }

// Left returns p with one more who left the line at a time without having met an agent: gave up, or left a message.
func (p Pace) Left(at time.Time, waited time.Duration) Pace { return p.with(at, waited, true) }

func (p Pace) with(at time.Time, waited time.Duration, left bool) Pace {
	o := outcome{at.UnixMilli(), min(max(waited, 0), maxWaited).Milliseconds(), left}
	keep := p.outcomes[max(0, len(p.outcomes)-maxOutcomes+1):]
	return Pace{append(append(make([]outcome, 0, len(keep)+1), keep...), o)}
}

// Merge returns what p and q know together: the newest of both, each once. It joins what two nodes saw, or one node
// before and after a restart.
func (p Pace) Merge(q Pace) Pace {
	all := slices.Concat(p.outcomes, q.outcomes)
	slices.SortFunc(all, func(a, b outcome) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.waited, b.waited), cmp.Compare(number(a.left), number(b.left)))
	})
	all = slices.Compact(all)
	return Pace{all[max(0, len(all)-maxOutcomes):]}
}

// Equal tells whether p and q know the same, told in the same order.
func (p Pace) Equal(q Pace) bool { return slices.Equal(p.outcomes, q.outcomes) }

// paceJSON is a Pace as it is kept: outcomes as [at, waited, left], times in milliseconds, left as 0 or 1.
type paceJSON struct {
	Outcomes [][3]int64 `json:"outcomes"`
}

// MarshalJSON implements json.Marshaler.
func (p Pace) MarshalJSON() ([]byte, error) {
	kept := paceJSON{Outcomes: make([][3]int64, len(p.outcomes))}
	for i, o := range p.outcomes {
		kept.Outcomes[i] = [3]int64{o.at, o.waited, number(o.left)}
	}
	return json.Marshal(kept)
}

// UnmarshalJSON implements json.Unmarshaler. What is not a Pace gives an error and leaves p as it was; figures that
// cannot be are brought within bounds.
func (p *Pace) UnmarshalJSON(b []byte) error {
	var kept paceJSON
	if err := json.Unmarshal(b, &kept); err != nil {
		return fmt.Errorf("read the pace of a line: %w", err)
	}
	var read Pace
	for _, o := range kept.Outcomes[max(0, len(kept.Outcomes)-maxOutcomes):] {
		read = read.with(time.UnixMilli(o[0]), time.Duration(min(max(o[1], 0), maxWaited.Milliseconds()))*time.Millisecond, o[2] != 0)
	}
	*p = read
	return nil
}

func number(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}
