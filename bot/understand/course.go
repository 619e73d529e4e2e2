package understand

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxBefore is how many turns are looked back at.
const maxBefore = 16

// Course is a conversation so far, in what matters for the moment to hand over. It is a plain value that grows by Heard
// and Said, and can be kept as JSON.
type Course struct {
	Turns    int     `json:"t,omitempty"` // messages of the visitor
	Replies  int     `json:"r,omitempty"` // what the bot said since the matter was last settled
	Misses   int     `json:"m,omitempty"` // turns of the bot in a row that did not answer
	Asked    bool    `json:"q,omitempty"` // the bot's last turn asked which was meant
	Answered bool    `json:"a,omitempty"` // the bot's last turn was an answer
	Repeated bool    `json:"e,omitempty"` // and the same as one before
	Unmet    int     `json:"u,omitempty"` // messages in a row that said so
	Refused  bool    `json:"n,omitempty"` // a person is not wanted
	Aside    bool    `json:"o,omitempty"` // they are upset with somebody who is not the desk
	Upset    float64 `json:"f,omitempty"` // the strongest feeling against the desk so far, fading
	Last     string  `json:"l,omitempty"` // what the bot said last, its beginning
	Near     string  `json:"w,omitempty"` // why the last message did not bring a person in
}

// Heard returns the course after a message of the visitor.
func (c Course) Heard(r Result) Course {
	c.Turns++
	c.Upset *= 0.9
	switch {
	case r.AsksHuman:
		c.Refused = false
	case r.RefusesHuman:
		c.Refused = true
	}
	switch {
	case r.Talk.Solved || r.Talk.Thanks && !r.unmet():
		c.Upset, c.Unmet, c.Misses, c.Replies, c.Repeated = c.Upset*0.3, 0, 0, 0, false
	case c.Replies > 0 && r.unmet():
		c.Unmet++
	case c.Replies > 0:
		c.Unmet = 0
	}
	c.Aside = r.Aside && r.Feeling != "calm" || c.Aside && !r.Talk.ToDesk
	if !c.Aside && (r.Feeling == "angry" || r.Feeling == "frustrated" || r.Feeling == "distressed" || r.Sarcastic) {
		c.Upset = max(c.Upset, r.Intensity)
	}
	c.Near = c.lacked(r)
	return c
}

// maxLast is how many bytes of the bot's words are kept to know them again.
const maxLast = 80

// Said returns the course after words of the bot: answer, clarify or fallback.
func (c Course) Said(text, outcome string) Course {
	c.Replies++
	c.Answered = outcome == "answer" || outcome == ""
	asks := outcome == "clarify"
	switch {
	case c.Answered:
		c.Misses = 0
	case !asks || c.Asked: // to ask once is no failure
		c.Misses++
	}
	c.Asked = asks
	now := beginning(text)
	c.Repeated = c.Repeated && now == c.Last || now != "" && c.Last != "" && (strings.HasPrefix(now, c.Last) || strings.HasPrefix(c.Last, now))
	c.Last = now
	return c
}

// beginning returns the first words of the bot, so that the same again is known even with more behind.
func beginning(text string) string {
	b := make([]byte, 0, maxLast+utf8.UTFMax+1)
	space := false
	for _, r := range text[:min(len(text), 4*maxLast)] {
		if unicode.IsSpace(r) {
			space = len(b) > 0
			continue
		}
		if space {
			b, space = append(b, ' '), false
		}
		if b = utf8.AppendRune(b, unicode.ToLower(r)); len(b) >= maxLast {
			break
		}
	}
	return strings.ToValidUTF8(string(b[:min(len(b), maxLast)]), "")
}

// lookBack folds what was said before a message into its course.
func (m *Model) lookBack(q Query) Course {
	var c Course
	if len(q.Before) == 0 {
		return c
	}
	turns := q.Before[max(0, len(q.Before)-maxBefore):]
	rd := readers.Get().(*reader)
	defer readers.Put(rd)
	for _, t := range turns {
		switch t.Role {
		case "visitor", "user":
			r := Result{Language: q.Language}
			rd.analysis.read(t.Text)
			m.lexicon.read(rd, q.Language)
			m.feel(rd, &r)
			c = c.Heard(r)
		case "bot":
			c = c.Said(t.Text, t.Outcome)
		}
	}
	return c
}
