package understand

import "strconv"

// Limits over which feelings bring a person, each between 0 and 1.
const (
	limitAngry      = 0.55
	limitDistressed = 0.55
	limitFrustrated = 0.68
	limitRising     = 0.40 // when it was felt before
	limitFirst      = 0.90 // of frustration, before the bot has said anything
	LimitGrave      = 0.70
	LimitUrgent     = 0.75 // of what the bot cannot answer
	limitWaiting    = 0.54 // of urgency, when the bot has not settled it
	felt            = 0.30 // from here on a feeling is there
)

// Moment is whether a message brings a person in, and why now.
type Moment struct {
	Reason  string // asked, feeling, crisis, complex or stuck; "" when the bot goes on
	Rule    string // what decided, in words
	Earlier string // why not earlier; "" at the first message
}

// Now decides, over the course so far, whether the message r brings a person in. It is pure. confident tells whether
// the bot has an answer that fits.
func (c Course) Now(r Result, confident bool) Moment {
	m := Moment{Earlier: c.Near}
	switch refused := r.RefusesHuman || c.Refused && !r.AsksHuman; {
	case r.Crisis:
		m.Reason, m.Rule = "crisis", "crisis"
	case r.AsksHuman:
		m.Reason, m.Rule = "asked", "wish for a person"
	case refused:
	case r.Talk.Solved || r.Talk.Thanks && r.Talk.Only:
	case r.Grave >= LimitGrave:
		m.Reason, m.Rule = "complex", "a grave matter"
	case c.tooStrong(r):
		m.Reason, m.Rule = "feeling", "feeling over its limit"
	case r.Urgent >= LimitUrgent && !confident:
		m.Reason, m.Rule = "complex", "urgent, and the bot has no answer"
	case r.Urgent >= limitWaiting && c.Replies > 0 && !confident:
		m.Reason, m.Rule = "complex", "urgent, and the bot has not settled it"
	default:
		m.Rule = c.stuck(r)
		if m.Rule != "" {
			m.Reason = "stuck"
		}
	}
	return m
}

// tooStrong tells whether a feeling is so strong that a person is needed. What was felt before lowers the limit.
func (c Course) tooStrong(r Result) bool {
	rising := c.Upset >= felt && r.Intensity >= limitRising && c.Answered
	switch {
	case r.Aside || c.Aside && !r.Talk.ToDesk: // it is not the desk that has upset them
		return r.Feeling == "distressed" && r.Intensity >= limitDistressed
	case r.Feeling == "angry":
		return r.Intensity >= limitAngry || rising
	case r.Feeling == "distressed":
		return r.Intensity >= limitDistressed || rising
	case r.Sarcastic && (c.Replies >= 2 || c.Replies == 1 && (c.Upset >= felt || c.Unmet > 0)):
		return true
	case r.Feeling == "frustrated" && c.Replies == 0:
		return r.Intensity >= limitFirst || r.Intensity >= limitFrustrated && r.Talk.Repeats
	case r.Feeling == "frustrated":
		return r.Intensity >= limitFrustrated || rising
	}
	return false
}

// stuck names the way in which the bot gets nowhere, "" if it does not.
func (c Course) stuck(r Result) string {
	switch {
	case c.Misses >= 2:
		return "the bot has not understood twice"
	case c.Misses == 1 && (r.Talk.NoHelp || r.Feeling == "frustrated"):
		return "the bot has not understood, and that is felt"
	case c.Answered && r.Talk.NoHelp:
		return "that did not help"
	case c.Repeated:
		return "the bot has given the same answer twice"
	case c.Unmet >= 2 && r.unmet(), c.Unmet == 1 && (r.Talk.NoHelp || r.Talk.Corrects || r.Talk.Repeats || r.Feeling == "frustrated"):
		return "the answers do not meet the question"
	}
	return ""
}

// unmet tells whether a message says that what the bot said before it did not settle the matter.
func (r Result) unmet() bool {
	return r.Talk.NoHelp || r.Talk.Corrects || r.Talk.Repeats || r.Talk.Again || r.Sarcastic || r.Feeling == "frustrated"
}

// decide says whether the message brings a person in, and why.
func (m *Model) decide(q Query, rd *reader, res *Result) {
	now := m.lookBack(q).Now(*res, res.Confidence >= m.thresholds.Answer)
	if now.Reason == "" {
		return
	}
	res.Handoff, res.Reason = true, now.Reason
	evidence := res.Quote
	if w := rd.reading.words(&rd.analysis, m.lexicon, reasonTags[now.Reason]...); w != "" {
		evidence = w
	}
	if evidence == "" {
		evidence = q.Text
	}
	if now.Reason == "asked" || now.Reason == "complex" || now.Reason == "stuck" {
		res.Quote = evidence
	}
	res.Because = append(res.Because, Because{"handoff: " + now.Rule, cut(evidence, 200), 1})
	if now.Earlier != "" {
		res.Because = append(res.Because, Because{"not earlier", now.Earlier, 0})
	}
}

var reasonTags = map[string][]tag{
	"asked": {tagWish}, "crisis": {tagCrisis}, "complex": {tagGrave, tagUrgent}, "stuck": {tagNoHelp, tagRepeat, tagAgain},
}

// lacked says in a few words what a message lacked for a person to be brought in.
func (c Course) lacked(r Result) string {
	what := "calm"
	switch {
	case c.Refused:
		what = "no person was wanted"
	case r.Aside && r.Feeling != "calm":
		what = r.Feeling + " with somebody else"
	case r.Feeling == "angry" || r.Feeling == "distressed" || r.Feeling == "frustrated":
		what = r.Feeling + " " + strconv.FormatFloat(r.Intensity, 'f', 2, 64) + ", below the limit"
	case r.Sarcastic:
		what = "sarcastic before the bot had answered"
	case r.Feeling == "urgent":
		what = "urgent " + strconv.FormatFloat(r.Intensity, 'f', 2, 64) + ", the bot had yet to answer"
	case r.Feeling == "pleased":
		what = "pleased"
	}
	if c.Misses > 0 {
		what += ", not understood " + strconv.Itoa(c.Misses)
	}
	return "message " + strconv.Itoa(c.Turns) + ": " + what
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
