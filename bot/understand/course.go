package understand

import "strings"

// Limits over which feelings bring a person, each between 0 and 1.
const (
	limitAngry      = 0.55
	limitDistressed = 0.55
	limitFrustrated = 0.68
	limitRising     = 0.40 // when it was felt before
	LimitGrave      = 0.70
	LimitUrgent     = 0.75 // of what the bot cannot answer
	felt            = 0.30 // from here on a feeling is there
	maxBefore       = 12   // turns looked back
)

// feel names the feeling of the message from what the lexicons found.
func (m *Model) feel(rd *reader, res *Result) {
	r, a := &rd.reading, &rd.analysis
	v := &r.level
	res.Sarcastic = v[tagSarcastic] >= 0.5 || v[tagJoy] >= 0.4 && max(v[tagRepeat], v[tagFrustrated]) >= felt && v[tagThanks] == 0 && v[tagSolved] == 0
	if res.Sarcastic {
		v[tagFrustrated] = either(v[tagFrustrated], 0.4)
		v[tagJoy] *= 0.3
	}
	v[tagFrustrated] = either(v[tagFrustrated], 0.9*v[tagRepeat])
	if v[tagSolved] >= 0.5 {
		v[tagFrustrated], v[tagAngry] = v[tagFrustrated]*0.4, v[tagAngry]*0.6
	}
	res.Feelings = Feelings{Anger: v[tagAngry], Frustration: v[tagFrustrated], Sadness: v[tagSad], Fear: v[tagFear], Joy: v[tagJoy]}
	res.Negative = 1 - (1-v[tagAngry])*(1-0.7*v[tagFrustrated])*(1-v[tagSad])*(1-v[tagFear])*(1-0.8*v[tagCrisis])*(1-0.2*v[tagUrgent])
	res.Grave, res.Urgent = v[tagGrave], v[tagUrgent]
	res.Crisis = v[tagCrisis] >= 0.6
	res.AsksHuman = v[tagWish] >= 0.5 && !(v[tagRefuse] >= 0.5 && r.lastOf(m.lexicon, tagRefuse) > r.lastOf(m.lexicon, tagWish))
	res.RefusesHuman = v[tagRefuse] >= 0.5 && !res.AsksHuman
	m.nameFeeling(rd, res)
	res.Talk = m.talk(a, r)
	for _, h := range r.hits {
		p := &m.lexicon.patterns[h.pattern]
		if p.file != "talk" && len(res.Because) < 8 {
			res.Because = append(res.Because, Because{p.file + " " + p.lang + ": " + p.source, a.text(h.from, h.to), max(h.weight, -h.weight)})
		}
	}
}

// lastOf returns the last token that carries t.
func (r *reading) lastOf(l *lexicon, t tag) int {
	last := -1
	for _, h := range r.hits {
		if l.patterns[h.pattern].tag == t {
			last = max(last, h.to)
		}
	}
	return last
}

func (m *Model) nameFeeling(rd *reader, res *Result) {
	r, a := &rd.reading, &rd.analysis
	v := &r.level
	low := max(v[tagSad], v[tagFear])
	switch {
	case res.Crisis:
		res.Feeling, res.Intensity = "crisis", v[tagCrisis]
		res.Quote = r.words(a, m.lexicon, tagCrisis)
	case v[tagUrgent] >= 0.5 && v[tagAngry] < 0.7:
		res.Feeling, res.Intensity = "urgent", v[tagUrgent]
		res.Quote = r.words(a, m.lexicon, tagUrgent)
	case v[tagAngry] >= 0.45 && v[tagAngry] >= low-0.1:
		res.Feeling, res.Intensity = "angry", either(v[tagAngry], 0.3*v[tagFrustrated])
		res.Quote = r.words(a, m.lexicon, tagAngry)
	case low >= 0.4:
		res.Feeling, res.Intensity = "distressed", either(v[tagSad], v[tagFear])
		res.Quote = r.words(a, m.lexicon, tagSad, tagFear)
	case v[tagFrustrated] >= felt || v[tagAngry] >= felt:
		res.Feeling, res.Intensity = "frustrated", either(v[tagFrustrated], 0.6*v[tagAngry])
		res.Quote = r.words(a, m.lexicon, tagFrustrated, tagRepeat, tagSarcastic, tagAngry)
	case v[tagJoy] >= 0.4:
		res.Feeling, res.Intensity = "pleased", v[tagJoy]
		res.Quote = r.words(a, m.lexicon, tagJoy)
	default:
		res.Feeling, res.Intensity = "calm", max(low, v[tagFrustrated], v[tagAngry])
	}
	if res.Quote == "" && res.Feeling != "calm" {
		res.Quote = a.raw
	}
}

// talk says what the message does besides asking. It is Only small talk when its phrases cover all but two words.
func (m *Model) talk(a *analysis, r *reading) Talk {
	v := &r.level
	t := Talk{
		Greets: v[tagGreet] >= 0.5, Thanks: v[tagThanks] >= 0.5, Bye: v[tagBye] >= 0.5, AsksBot: v[tagBot] >= 0.5,
		Leaves: v[tagLeave] >= 0.5, NoHelp: v[tagNoHelp] >= 0.5, Corrects: v[tagCorrect] >= 0.5, Solved: v[tagSolved] >= 0.5,
		Repeats: v[tagRepeat] >= 0.4, Yes: v[tagYes] >= 0.5, No: v[tagNo] >= 0.5,
	}
	words, covered := 0, 0
	for i := range a.toks {
		if a.toks[i].kind != word {
			continue
		}
		words++
		for _, h := range r.hits {
			if p := &m.lexicon.patterns[h.pattern]; (p.file == "talk" || p.tag == tagJoy || p.tag == tagSolved) && h.from <= i && i < h.to {
				covered++
				break
			}
		}
	}
	left := words - covered
	t.Only = covered > 0 && (left == 0 || left == 1 && covered > 1 || left <= 2 && words <= 4 && (t.Thanks || t.Greets || t.Bye))
	return t
}

// past is what came before a message, in short.
type past struct {
	misses   int  // turns of the bot in a row that did not answer
	answered bool // the bot's last turn was an answer
	repeated bool // the bot said the same twice running
	refused  bool // the customer does not want a person
	upset    float64
	asked    string // the customer's last words
}

func (m *Model) lookBack(turns []Turn) past {
	var p past
	if len(turns) > maxBefore {
		turns = turns[len(turns)-maxBefore:]
	}
	rd := readers.Get().(*reader)
	defer readers.Put(rd)
	lastBot := ""
	for _, t := range turns {
		switch t.Role {
		case "visitor", "user":
			rd.analysis.read(t.Text)
			m.lexicon.read(rd, "")
			v := &rd.reading.level
			p.upset = max(p.upset*0.9, v[tagAngry], v[tagFrustrated], v[tagSad], v[tagFear], v[tagRepeat])
			if v[tagWish] >= 0.5 {
				p.refused = false
			} else if v[tagRefuse] >= 0.5 {
				p.refused = true
			}
			p.asked = t.Text
		case "bot":
			p.answered = t.Outcome == "answer" || t.Outcome == ""
			if p.answered {
				p.misses = 0
			} else {
				p.misses++
			}
			p.repeated = lastBot != "" && strings.EqualFold(strings.TrimSpace(t.Text), lastBot)
			lastBot = strings.TrimSpace(t.Text)
		}
	}
	return p
}

// decide says whether the message brings a person in, and why.
func (m *Model) decide(q Query, rd *reader, res *Result) {
	p := m.lookBack(q.Before)
	refused := res.RefusesHuman || p.refused && !res.AsksHuman
	reason, rule := "", ""
	switch {
	case res.Crisis:
		reason, rule = "crisis", "crisis"
	case res.AsksHuman:
		reason, rule = "asked", "wish for a person"
	case refused:
	case Strong(*res, p.upset):
		reason, rule = "feeling", "feeling over its limit"
	case res.Grave >= LimitGrave:
		reason, rule = "complex", "a grave matter"
	case res.Urgent >= LimitUrgent && res.Confidence < m.thresholds.Answer:
		reason, rule = "complex", "urgent, and the bot has no answer"
	case stuck(p, res):
		reason, rule = "stuck", "the bot is getting nowhere"
	}
	if reason == "" {
		return
	}
	res.Handoff, res.Reason = true, reason
	evidence := res.Quote
	if w := rd.reading.words(&rd.analysis, m.lexicon, reasonTags[reason]...); w != "" {
		evidence = w
	}
	if evidence == "" {
		evidence = q.Text
	}
	if reason == "asked" || reason == "complex" || reason == "stuck" {
		res.Quote = evidence
	}
	res.Because = append(res.Because, Because{"handoff: " + rule, cut(evidence, 200), 1})
}

var reasonTags = map[string][]tag{
	"asked": {tagWish}, "crisis": {tagCrisis}, "complex": {tagGrave, tagUrgent}, "stuck": {tagNoHelp, tagRepeat},
}

// Strong tells whether a feeling is so strong that a person is needed; upset is how strong the customer's earlier ones
// were, and lowers the limit.
func Strong(r Result, upset float64) bool {
	rising := upset >= felt && r.Intensity >= limitRising
	switch r.Feeling {
	case "angry":
		return r.Intensity >= limitAngry || rising
	case "distressed":
		return r.Intensity >= limitDistressed || rising
	case "frustrated":
		return r.Intensity >= limitFrustrated || rising
	}
	return false
}

func stuck(p past, res *Result) bool {
	if res.Talk.Solved || res.Talk.Thanks && res.Talk.Only {
		return false
	}
	switch {
	case p.misses >= 2:
		return true
	case p.misses == 1 && (res.Talk.NoHelp || res.Feeling == "frustrated" && res.Confidence < 0.5):
		return true
	case p.answered && res.Talk.NoHelp:
		return true
	case p.repeated && !res.Talk.Thanks:
		return true
	}
	return false
}

// cut returns the first n characters of s.
func cut(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// Parts cuts a message into the clauses that may each ask for something, at most eight, none shorter than two words.
func Parts(text string) []string {
	var a analysis
	a.read(text)
	var out []string
	from, words := 0, 0
	flush := func(to int) {
		if words >= 2 && len(out) < 8 {
			out = append(out, a.text(from, to))
		}
		from, words = to+1, 0
	}
	for i := range a.toks {
		if a.toks[i].kind == word {
			switch string(a.fold(i)) {
			case "ja", "seka", "och", "samt", "and", "also", "lisaksi", "dessutom":
				flush(i)
			default:
				words++
			}
		} else if a.parts(i) {
			flush(i)
		}
	}
	if from < len(a.toks) {
		flush(len(a.toks))
	}
	return out
}
