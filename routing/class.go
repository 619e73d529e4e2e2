package routing

import (
	"encoding/hex"
	"slices"
	"strings"
)

// Serves tells whether an agent has what the ticket asks for: one of its teams, its language, all of its skills, and a
// supervisor's role if it was raised. An agent who names no languages writes all of them. It says nothing about whether
// the agent is there, free, or excepted. Who serves one ticket of a class serves all of them.
func (t *Ticket) Serves(a *Candidate) bool {
	return (!t.Raised || a.Supervisor) && t.ofTeam(a.Teams) && Asked{t.Language, t.Skills}.by(a)
}

func (t *Ticket) ofTeam(teams []string) bool {
	return slices.Contains(teams, t.Team) ||
		slices.ContainsFunc(t.Also, func(also string) bool { return slices.Contains(teams, also) })
}

// Class is what the ticket asks of an agent, as one word: "supervisors|language|skills|other teams", the lists in order,
// each of their words followed by a comma: "0|fi|billing,vip,|" or "1|||sales,". Tickets of one team and class can be
// served by the same agents, so a line keeps each class by itself and looks at its head alone.
func (t Ticket) Class() string {
	var b strings.Builder
	b.Grow(24)
	if t.Raised {
		b.WriteString("1|")
	} else {
		b.WriteString("0|")
	}
	b.WriteString(Word(t.Language))
	b.WriteByte('|')
	words(&b, t.Skills)
	b.WriteByte('|')
	words(&b, t.Also)
	return b.String()
}

func words(b *strings.Builder, list []string) {
	if len(list) > 1 {
		list = slices.Compact(slices.Sorted(slices.Values(list)))
	}
	for _, w := range list {
		b.WriteString(Word(w))
		b.WriteByte(',')
	}
}

// Word is s as it stands in a Class: itself, if it is a slug or empty, else in letters that no slug has, so that nothing that
// comes in can look like something else.
func Word(s string) string {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' && c != '.' && c != '-' {
			return "~" + hex.EncodeToString([]byte(s))
		}
	}
	return s
}

// ParseClass returns a ticket that asks for what those of the class ask for, but for the team, which a Class does not tell.
// ok is false for what is no Class.
func ParseClass(class string) (t Ticket, ok bool) {
	part := strings.Split(class, "|")
	if len(part) != 4 || part[0] != "0" && part[0] != "1" {
		return Ticket{}, false
	}
	language, ok1 := unword(part[1])
	skills, ok2 := unwords(part[2])
	also, ok3 := unwords(part[3])
	return Ticket{Raised: part[0] == "1", Language: language, Skills: skills, Also: also}, ok1 && ok2 && ok3
}

func unword(w string) (string, bool) {
	code, coded := strings.CutPrefix(w, "~")
	if !coded {
		return w, true
	}
	b, err := hex.DecodeString(code)
	return string(b), err == nil
}

func unwords(list string) (all []string, ok bool) {
	for w := range strings.SplitSeq(strings.TrimSuffix(list, ","), ",") {
		if w == "" {
			continue
		}
		s, ok := unword(w)
		if !ok {
			return nil, false
		}
		all = append(all, s)
	}
	return all, true
}
