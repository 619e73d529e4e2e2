package understand

import "math"

// How much the lexicons weigh against the lines that people wrote: each level, and what they name in the end. Fitted by
// cross-validation over the lines of all three languages.
const (
	weightLevel  = 2
	weightName   = 2
	sureLevel    = 0.70 // of what the lexicons name, so that the lines have no say
	enoughDanger = 0.72 // the share of lines from which danger is heard, whatever else is likelier
	leastShare   = 0.22 // of a label that no word of the lexicons speaks for
)

// What the lines must say at least before they alone bring a person in, keep one out, or cry danger.
// So high that ordinary lines are heard so no more often than by the entries alone: BenchmarkOrdinary counts them.
var leastAlone = map[tag]float64{tagWish: 0.65, tagRefuse: 0.7, tagCrisis: 0.72}

// label is the index in lineLabels of what a result says, first that fits.
func (r *Result) label() int {
	name := "calm"
	switch {
	case r.Crisis:
		name = "crisis"
	case r.AsksHuman:
		name = "human_request"
	case r.RefusesHuman:
		name = "human_refuse"
	case r.Feeling == "urgent", r.Feeling == "angry":
		name = r.Feeling
	case r.Feeling == "distressed":
		name = "sad"
	case r.Sarcastic:
		name = "sarcastic"
	case r.Feeling == "frustrated":
		name = r.Feeling
	}
	return lineLabel(name)
}

// weigh compares what the lexicons found with the lines, and changes the levels where the lines have the better of it.
func (m *Model) weigh(rd *reader, res *Result) (Because, bool) {
	lines := m.lexicon.lines(res.Language)
	if n := &rd.reading.not; n[tagAngry] || n[tagSad] || n[tagFear] || n[tagUrgent] { // "I am not angry"
		return Because{}, false
	}
	if lines == nil || res.Crisis || res.Talk.Only || len(rd.sight.places) < 3 {
		return Because{}, false
	}
	rd.features = lineFeatures(&rd.analysis, rd.features[:0])
	shares := lines.shares(rd.features)
	said := res.label()
	if t := lineLabels[said].tag; t != tagNone && rd.reading.level[t] >= sureLevel {
		return Because{}, false
	}
	best, most := said, math.Inf(-1)
	if k := lineLabel("crisis"); shares[k] >= enoughDanger && !rd.reading.not[tagCrisis] { // rather one too many
		best, most = k, math.Inf(1)
	}
	for k, l := range lineLabels {
		level := rd.reading.level[l.tag]
		if l.tag == tagSad {
			level = max(level, rd.reading.level[tagFear])
		}
		if l.tag == tagNone {
			level = 0
		}
		score := math.Log(max(shares[k], 1e-9)) + weightLevel*level
		if k == said && said != 0 {
			score += weightName
		}
		if k != said && (rd.reading.not[l.tag] || shares[k] < leastAlone[l.tag] || level < felt && shares[k] < leastShare) {
			continue
		}
		if score > most {
			best, most = k, score
		}
	}
	if best == said {
		return Because{}, false
	}
	rd.reading.become(lineLabels[best].tag, shares[best])
	words := lines.carried(&rd.analysis, best)
	return Because{"like lines that are " + lineLabels[best].name, words, shares[best]}, true
}

// become sets the levels so that one tag is named.
func (r *reading) become(t tag, share float64) {
	v := &r.level
	atMost := func(limit float64, tags ...tag) {
		for _, t := range tags {
			v[t] = min(v[t], limit)
		}
	}
	atMost(0.44, tagWish, tagRefuse)
	switch t {
	case tagWish, tagRefuse:
		v[t] = max(v[t], 0.5+0.4*share)
		return
	case tagCrisis:
		v[t] = max(v[t], 0.6+0.3*share)
		return
	}
	atMost(0.44, tagAngry, tagUrgent, tagSarcastic)
	atMost(0.39, tagSad, tagFear)
	switch t {
	case tagNone:
		atMost(0.28, tagAngry, tagFrustrated, tagSad, tagFear)
	case tagSarcastic:
		v[tagSarcastic] = max(v[tagSarcastic], 0.5+0.2*share)
		v[tagFrustrated] = either(v[tagFrustrated], 0.3)
	case tagFrustrated:
		v[t] = max(v[t], 0.3+0.2*share)
	case tagUrgent:
		v[t] = max(v[t], 0.5+0.1*share)
	default:
		v[t] = max(v[t], 0.45+0.15*share)
	}
}

// carried returns the words of a message that speak most for a label.
func (m *lineModel) carried(a *analysis, label int) string {
	best, most := 0, math.MinInt
	for i := range a.toks {
		if a.toks[i].kind != word {
			continue
		}
		w := a.fold(i)
		sum := m.weight(lineSlot('w', w), label) + m.weight(lineSlot('s', w[:min(len(w), stemLength)]), label)
		if sum > most {
			best, most = i, sum
		}
	}
	from, to := max(0, best-1), min(len(a.toks), best+2)
	return a.text(from, to)
}
