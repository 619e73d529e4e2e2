package check

import (
	"fmt"
	"slices"
)

// views: what a participant has on the screen is what is there, and theirs.
func (j *judge) views(p *Participant) {
	all := j.Logs
	if !p.Agent {
		all = p.Final
		j.customer(p)
	}
	for _, id := range sorted(p.Shown) {
		if _, there := all[id]; !there {
			j.breach(Misdelivered, "view "+p.ID+id, "%s was shown conversation %s, which is not theirs or is not there", p.Name, id)
			continue
		}
		j.positions(p.Name, id, p.Shown[id])
		j.same(p, id, p.Shown[id], all[id])
	}
	for _, words := range p.Strays {
		j.breach(Misdelivered, "stray "+p.ID+words, "%s %s", p.Name, words)
	}
	for _, id := range p.Current {
		if have, want := len(p.Shown[id]), len(all[id]); have < want {
			j.breach(Lost, "view "+p.ID+id, "%s was connected at the end and has %d of %d events of conversation %s", p.Name, have, want, id)
		}
	}
}

// same holds what was shown against what is there, position by position, as far as it goes.
func (j *judge) same(p *Participant, id string, shown, there []Event) {
	for i, e := range shown {
		subject := fmt.Sprint("event ", p.ID, id, e.Seq)
		switch {
		case i >= len(there):
			j.breach(Lost, subject, "%s was shown %s %s at %d of conversation %s, and it is not there", p.Name, e.Kind, e.Key, e.Seq, id)
		case there[i] == e:
		case slices.ContainsFunc(there, func(o Event) bool { o.Seq = e.Seq; return o == e }):
			j.breach(Reordered, subject, "%s was shown %s %s at %d of conversation %s, and it stands elsewhere", p.Name, e.Kind, e.Key, e.Seq, id)
		default:
			j.breach(Misdelivered, subject, "%s was shown %s %s %q at %d of conversation %s, where %s %s %q stands", p.Name, e.Kind, e.Key, e.Text, e.Seq, id, there[i].Kind, there[i].Key, there[i].Text)
		}
	}
}

// customer: what a customer gets of a conversation is what agents see of it, less what is not for them.
func (j *judge) customer(p *Participant) {
	for _, id := range sorted(p.Final) {
		final := p.Final[id]
		j.positions(p.Name, id, final)
		log, there := j.Logs[id]
		if !there {
			j.breach(Lost, "conversation "+id, "%s has conversation %s, and agents see nothing of it", p.Name, id)
			continue
		}
		j.compare(p, id, messages(final), messages(log))
		for _, e := range final {
			if e.Role == "visitor" && e.From != p.ID {
				j.breach(Misdelivered, "view "+p.ID+id, "%s gets conversation %s, in which %s writes", p.Name, id, e.From)
			}
		}
	}
	for _, id := range sorted(j.Logs) {
		if _, has := p.Final[id]; !has && slices.ContainsFunc(j.Logs[id], func(e Event) bool { return e.Role == "visitor" && e.From == p.ID }) {
			j.breach(Lost, "view "+p.ID+id, "%s wrote in conversation %s, and gets nothing of it", p.Name, id)
		}
	}
}

// compare holds the messages that a customer gets against those that agents see.
func (j *judge) compare(p *Participant, id string, have, want []Event) {
	for _, w := range want {
		if !slices.Contains(have, w) {
			j.breach(Lost, "message "+w.From+w.Key, "agents see message %s of conversation %s, and %s does not", w.Key, id, p.Name)
		}
	}
	for _, h := range have {
		if !slices.Contains(want, h) {
			j.breach(Lost, "message "+h.From+h.Key, "%s sees message %s of conversation %s, and agents do not", p.Name, h.Key, id)
		}
	}
	if len(have) != len(want) {
		return
	}
	for i, h := range have {
		if h != want[i] && slices.Contains(want, h) {
			j.breach(Reordered, "message "+h.From+h.Key, "%s sees message %s of conversation %s in another place than agents", p.Name, h.Key, id)
		}
	}
}

// messages are those of customers and agents, without their numbers, which each audience has of its own.
func messages(log []Event) (list []Event) {
	for _, e := range log {
		if sent(e) {
			e.Seq = 0
			list = append(list, e)
		}
	}
	return list
}
