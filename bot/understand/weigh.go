package understand

import "math"

// What the lines must say before they change what the lexicons name. Chosen by cross-validation over the lines of all
// three languages, with an eye on how often ordinary lines are misheard: BenchmarkOrdinary counts that.
const (
	enoughDanger = 0.60 // the share of lines from which danger is heard, whatever else is likelier
	leastDanger  = 0.15 // below it, danger that the lexicons name is taken back
	leastPerson  = 0.45 // of a wish for a person, or a refusal, that the lexicons do not name
	leastShare   = 0.25 // of any other label but calm
	denied       = 0.3  // so much more, where the lexicons know it for what only looks so
	hasty        = 0.3  // and so much more of a message of one or two words
	calmWeight   = 0.7  // less than 1: a feeling heard where there is none costs less than one that is not heard
	nameWeight   = 2.0  // what the lexicons name is so much likelier
)

// Of the labels, those that the weighing treats apart.
var calmLabel, wishLabel, refuseLabel, dangerLabel = lineLabel("calm"), lineLabel("human_request"), lineLabel("human_refuse"), lineLabel("crisis")

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
	language := res.Language
	if language == "" {
		language = lean(&rd.analysis, m.words)
	}
	lines := m.lexicon.lines(language)
	if lines == nil || !rd.sight.speaks() {
		return Because{}, false
	}
	rd.features = m.lexicon.lineFeatures(rd, rd.features[:0])
	shares := lines.shares(rd.features)
	said := res.label()
	best := rd.reading.choose(&shares, said, len(rd.sight.places) < 3)
	if best == said || res.Talk.Only && best < wishLabel {
		return Because{}, false
	}
	rd.reading.become(lineLabels[best].tag, shares[best])
	words := lines.carried(&rd.analysis, best)
	return Because{"like lines that are " + lineLabels[best].name, words, shares[best]}, true
}

// choose returns the label of a message of which the lexicons said one.
func (r *reading) choose(shares *[len(lineLabels)]float64, said int, short bool) int {
	more := 0.0
	if short {
		more = hasty
	}
	danger := shares[dangerLabel] - more
	if r.not[tagCrisis] {
		danger -= denied
	}
	if danger >= enoughDanger || said == dangerLabel && shares[dangerLabel] >= leastDanger {
		return dangerLabel
	}
	best, most := calmLabel, -1.0
	for k, share := range shares {
		if k == dangerLabel || k == calmLabel && r.sure(said) {
			continue
		}
		if (k == said || k == calmLabel || share >= r.least(k)+more) && share*favour(k, said) > most {
			best, most = k, share*favour(k, said)
		}
	}
	return best
}

// sure tells whether the lexicons are sure of what they said, so that it is not taken for nothing.
func (r *reading) sure(said int) bool {
	return said != calmLabel && said != dangerLabel && r.level[lineLabels[said].tag] >= surely
}

// favour is how much likelier a label is than its share says.
func favour(k, said int) float64 {
	switch {
	case k == said && k != calmLabel:
		return nameWeight
	case k == calmLabel:
		return calmWeight
	}
	return 1
}

// least is the share that a label must have which the lexicons do not name.
func (r *reading) least(k int) float64 {
	switch {
	case lineLabels[k].tag == tagSarcastic && r.level[tagThanks] >= 0.5: // thanks are mostly meant
		return leastShare + denied
	case k != wishLabel && k != refuseLabel:
		return leastShare
	case k == wishLabel && r.level[tagGrave] >= LimitGrave: // "my lawyer will be in touch": that brings a person by itself
		return 1
	case r.not[lineLabels[k].tag], k == wishLabel && r.level[tagBot] >= 0.5:
		return leastPerson + denied
	}
	return leastPerson
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
	atMost(0.59, tagCrisis)
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
		v[t] = max(v[t], 0.3+0.4*share)
	case tagUrgent:
		v[t] = max(v[t], 0.5+0.3*share)
	default:
		v[t] = max(v[t], 0.45, 0.4+0.3*share)
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
