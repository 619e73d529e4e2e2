package check

import (
	"fmt"
	"maps"
	"slices"
)

// maxTold is how many breaches of a kind are told in words.
const maxTold = 100

// judge is a history that is being judged.
type judge struct {
	History
	names   map[string]string        // of participants, by id
	places  map[string]map[place]int // in Logs: index of the message that a sender sent under a key, by conversation
	seen    map[string]bool          // breaches so far: each is counted once
	verdict Verdict
}

// place names a frame.
type place struct{ from, key string }

// Judge counts what must never happen. It looks at everything in a fixed order, so that the same history has the same verdict.
func Judge(h History) Verdict {
	j := &judge{History: h, names: map[string]string{}, places: map[string]map[place]int{}, seen: map[string]bool{}}
	for _, p := range h.Participants {
		j.names[p.ID] = p.Name
	}
	for _, id := range sorted(h.Logs) {
		j.log(id, h.Logs[id])
	}
	for _, words := range h.Missing {
		j.breach(Lost, "missing "+words, "%s", words)
	}
	j.once()
	for i := range h.Participants {
		p := &h.Participants[i]
		j.posts(p)
		j.order(p)
		j.views(p)
	}
	j.rows()
	j.owners()
	j.waits()
	return j.verdict
}

// breach counts what is about a subject once, however many ways it shows in.
func (j *judge) breach(k Kind, subject, words string, args ...any) {
	if j.seen[string(k)+" "+subject] {
		return
	}
	j.seen[string(k)+" "+subject] = true
	n := j.verdict.Counts.of(k)
	if *n++; *n <= maxTold {
		j.verdict.Breaches = append(j.verdict.Breaches, Breach{k, fmt.Sprintf(words, args...)})
	}
}

func (c *Counts) of(k Kind) *int {
	switch k {
	case Lost:
		return &c.Lost
	case Doubled:
		return &c.Doubled
	case Reordered:
		return &c.Reordered
	case Misdelivered:
		return &c.Misdelivered
	case DoubleOwned:
		return &c.DoubleOwned
	}
	return &c.Starved
}

// log checks one conversation as agents see it, and notes where its messages stand.
func (j *judge) log(id string, events []Event) {
	j.positions("agents", id, events)
	where := map[place]int{}
	for i, e := range events {
		if sent(e) {
			where[place{e.From, e.Key}] = i
			j.body(id, e)
		}
	}
	j.places[id] = where
}

// sent tells whether an event is a message of a customer or an agent.
func sent(e Event) bool { return e.Kind == "message" && (e.Role == "visitor" || e.Role == "agent") }

// positions: 1, 2, 3 … without a hole.
func (j *judge) positions(who, id string, events []Event) {
	want := int64(1)
	for _, e := range events {
		switch {
		case e.Seq > want:
			j.breach(Lost, fmt.Sprint("position ", who, id, want), "%s of conversation %s have nothing at %d, and %d comes next", who, id, want, e.Seq)
		case e.Seq < want:
			j.breach(Doubled, fmt.Sprint("position ", who, id, e.Seq), "%s of conversation %s have position %d twice", who, id, e.Seq)
		}
		want = max(want, e.Seq) + 1
	}
}

// body checks that a message is what its sender wrote, and where they meant it to go. A customer's word may go to another
// conversation of theirs, when the one that it was meant for was closed.
func (j *judge) body(id string, e Event) {
	b, err := Read(e.Text)
	switch {
	case err != nil:
		j.breach(Misdelivered, "body "+id+e.Key, "message %s of conversation %s is not what was sent: %v", e.Key, id, err)
	case b.Sender != j.names[e.From]:
		j.breach(Misdelivered, "body "+id+e.Key, "message %s of conversation %s stands as from %s, and %s wrote it", e.Key, id, j.names[e.From], b.Sender)
	case e.Role == "agent" && b.Conversation != Tag(id):
		j.breach(Misdelivered, "body "+id+e.Key, "%s wrote message %s into another conversation than %s", b.Sender, e.Key, id)
	}
}

// once: nothing stands in two places, and each conversation has one customer.
func (j *judge) once() {
	frames, bodies := map[place]string{}, map[Body]string{}
	for _, id := range sorted(j.Logs) {
		customer := ""
		for _, e := range j.Logs[id] {
			if !sent(e) {
				continue
			}
			at := fmt.Sprintf("%d of conversation %s", e.Seq, id)
			if first, twice := frames[place{e.From, e.Key}]; twice {
				j.breach(Doubled, "message "+e.From+e.Key, "message %s stands at %s and at %s", e.Key, first, at)
			}
			frames[place{e.From, e.Key}] = at
			if b, err := Read(e.Text); err == nil {
				b.Conversation = ""
				if first, twice := bodies[b]; twice {
					j.breach(Doubled, "message "+e.From+e.Key, "what %s wrote as number %d stands at %s and at %s", b.Sender, b.Number, first, at)
				}
				bodies[b] = at
			}
			if e.Role == "visitor" {
				if customer != "" && customer != e.From {
					j.breach(Misdelivered, "customer "+id, "conversation %s has words of %s and of %s", id, j.names[customer], j.names[e.From])
				}
				customer = e.From
			}
		}
	}
}

// waits: nobody waits whom somebody could serve, and every frame was answered.
func (j *judge) waits() {
	for _, id := range j.Waiting {
		j.breach(Starved, "waiting "+id, "conversation %s waits at the end, and there is an agent with room", id)
	}
	for _, id := range sorted(j.Logs) {
		if words := owed(j.Logs[id]); words != "" {
			j.breach(Starved, "waiting "+id, "conversation %s %s at the end", id, words)
		}
	}
	for _, p := range j.Participants {
		for _, f := range p.Posts {
			if f.Acked == 0 && f.Refused == "" {
				j.breach(Starved, "answer "+p.ID+f.Key, "%s never got an answer to %s", p.Name, f.Key)
			}
		}
	}
}

// owed is what a customer still waits for when all is over, by the log alone: an agent, or an answer of the one they have.
func owed(log []Event) string {
	waits, owner, last := false, false, ""
	for _, e := range log {
		switch e.Kind {
		case "escalated", "unassigned", "transferred":
			waits, owner = true, false
		case "assigned":
			waits, owner = false, true
		case "closed", "returned":
			waits, owner = false, false
		case "message":
			last = e.Role
		}
	}
	switch {
	case waits:
		return "waits for an agent"
	case owner && last == "visitor":
		return "has an agent who did not answer"
	}
	return ""
}

// rows: the database holds what participants see, and no more.
func (j *judge) rows() {
	held := map[Row]bool{}
	for _, r := range j.Rows {
		held[r] = true
		if _, there := j.places[r.Conversation][place{r.From, r.Key}]; !there {
			j.breach(Lost, "message "+r.From+r.Key, "message %s of %s is in the database, and nobody is shown it", r.Key, j.names[r.From])
		}
	}
	for _, id := range sorted(j.Logs) {
		for _, e := range j.Logs[id] {
			if sent(e) && !held[Row{id, e.Role, e.From, e.Key}] {
				j.breach(Lost, "message "+e.From+e.Key, "message %s of %s is shown, and is not in the database", e.Key, j.names[e.From])
			}
		}
	}
}

func sorted[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }
