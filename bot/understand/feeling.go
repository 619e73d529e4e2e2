package understand

import "slices"

// feel names the feeling of the message from what the lexicons found, and, where they are silent or in doubt, from
// what people wrote who felt so.
func (m *Model) feel(rd *reader, res *Result) {
	r, a := &rd.reading, &rd.analysis
	r.settle()
	m.name(rd, res)
	res.Talk = m.talk(a, r)
	m.explain(rd, res)
	cries := res.Talk.Only && r.level[tagCry] >= 0.5
	switch {
	case cries:
		res.Because = append(res.Because, Because{"cries for help", cut(a.raw, 200), 1})
	case res.Talk.AsksBot:
		res.Because = append(res.Because, Because{"asks whether it is a bot", r.words(a, m.lexicon, tagBot), 1})
	case res.Talk.Only:
		res.Because = append(res.Because, Because{"small talk", cut(a.raw, 200), 1})
	}
	if why, ok := m.weigh(rd, res); ok {
		m.name(rd, res)
		res.Because = append(res.Because, why)
	}
	if cries { // what for they have not said, so a bot can only guess
		res.AsksHuman, res.RefusesHuman = true, false
	}
	v := &r.level
	res.Aside = v[tagOther] >= 0.5 && v[tagYou] < 0.5
	res.Feelings = Feelings{Anger: v[tagAngry], Frustration: v[tagFrustrated], Sadness: v[tagSad], Fear: v[tagFear], Joy: v[tagJoy]}
	res.Negative = 1 - (1-v[tagAngry])*(1-0.7*v[tagFrustrated])*(1-v[tagSad])*(1-v[tagFear])*(1-0.8*v[tagCrisis])*(1-0.2*v[tagUrgent])
	res.Grave, res.Urgent = v[tagGrave], v[tagUrgent]
}

// settle lets what was found change each other: praise beside a fault, a complaint made again, a matter that is solved.
func (r *reading) settle() {
	v := &r.level
	if v[tagSarcastic] < 0.5 && v[tagJoy] >= 0.4 && max(v[tagRepeat], v[tagFrustrated]) >= felt && v[tagThanks] == 0 && v[tagSolved] == 0 {
		v[tagSarcastic] = 0.5
	}
	if v[tagSarcastic] >= 0.5 {
		v[tagFrustrated] = either(v[tagFrustrated], 0.4)
		v[tagJoy] *= 0.3
	}
	v[tagFrustrated] = either(v[tagFrustrated], 0.9*v[tagRepeat])
	if v[tagSolved] >= 0.5 {
		v[tagFrustrated], v[tagAngry] = v[tagFrustrated]*0.4, v[tagAngry]*0.6
	}
}

// explain names the words that carried what was found.
func (m *Model) explain(rd *reader, res *Result) {
	for _, h := range rd.reading.hits {
		p := &m.lexicon.patterns[h.pattern]
		if p.file != "talk" && p.tag != tagOther && p.tag != tagYou && len(res.Because) < 8 {
			res.Because = append(res.Because, Because{p.rule, rd.analysis.text(h.from, h.to), max(h.weight, -h.weight)})
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

// name reads the result's fields from the levels.
func (m *Model) name(rd *reader, res *Result) {
	r, a := &rd.reading, &rd.analysis
	v := &r.level
	res.Sarcastic = v[tagSarcastic] >= 0.5
	res.Crisis = v[tagCrisis] >= 0.6
	res.AsksHuman = v[tagWish] >= 0.5 && !(v[tagRefuse] >= 0.5 && r.lastOf(m.lexicon, tagRefuse) > r.lastOf(m.lexicon, tagWish))
	res.RefusesHuman = v[tagRefuse] >= 0.5 && !res.AsksHuman
	res.Quote = ""
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
		Repeats: v[tagRepeat] >= 0.4, Again: v[tagAgain] >= 0.5, ToDesk: v[tagYou] >= 0.5, Yes: v[tagYes] >= 0.5, No: v[tagNo] >= 0.5,
	}
	words, covered := 0, 0
	for i := range a.toks {
		if a.toks[i].kind != word {
			continue
		}
		words++
		if m.smallTalk(r, i) {
			covered++
		}
		if words-covered > 2 {
			return t
		}
	}
	left := words - covered
	t.Only = covered > 0 && (left == 0 || left == 1 && covered > 1 || left <= 2 && words <= 4 && (t.Thanks || t.Greets || t.Bye))
	return t
}

// smallTalk tells whether token i belongs to a phrase that asks nothing.
func (m *Model) smallTalk(r *reading, i int) bool {
	return slices.ContainsFunc(r.hits, func(h hit) bool {
		p := &m.lexicon.patterns[h.pattern]
		return (p.file == "talk" || p.tag == tagJoy || p.tag == tagSolved) && h.from <= i && i < h.to
	})
}
