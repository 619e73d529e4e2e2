package understand

import (
	"math"
	"slices"
	"sync"
)

// reading is what the lexicons say about one message.
type reading struct {
	level [tags]float64 // how surely each tag holds, 0 to 1
	hits  []hit         // what still counts, with its final weight
	not   [tags]bool    // what was said not to be: denied, or only seemed so
	shout bool          // mostly capitals
	marks int           // signs like !! and ??
}

// reader is the working memory of one reading.
type reader struct {
	analysis analysis
	sight    sight
	features []uint32
	hits     []hit
	reading  reading
}

var readers = sync.Pool{New: func() any { return new(reader) }}

// read finds out what a message carries. language may be "" where it is not clear.
func (l *lexicon) read(rd *reader, language string) {
	a, out := &rd.analysis, &rd.reading
	rd.sight.look(a, l.words)
	hits := l.find(&rd.sight, rd.hits[:0])
	rd.hits = hits
	*out = reading{hits: out.hits[:0]}
	out.shout, out.marks = loudness(a)
	l.cancel(hits)
	for _, h := range hits {
		p := &l.patterns[h.pattern]
		switch { // what looks like a wish or a danger and is none
		case h.gone:
			out.not[p.tag] = true
		case p.spares == tagWish || p.spares == tagRefuse || p.spares == tagCrisis:
			out.not[p.spares] = true
		}
		if h.gone || p.tag == tagHarmless || p.tag == tagNot || p.tag == tagVery || p.tag == tagLess {
			continue
		}
		if language != "" && p.lang != language && p.lang != everywhere && h.to-h.from == 1 {
			h.weight *= 0.5 // a short word may mean another thing in another language
		}
		weight := l.scoped(a, hits, h)
		out.not[p.tag] = out.not[p.tag] || p.file == "feelings" && weight < 0.5*h.weight
		out.keep(l, weight, h)
	}
	for _, h := range out.hits {
		t := l.patterns[h.pattern].tag
		if h.weight < 0 { // a pleasure denied
			t, h.weight = tagFrustrated, -h.weight
		}
		out.level[t] = either(out.level[t], min(h.weight, 0.98))
	}
	out.raiseVoice()
}

// everywhere is the name of the lexicon that holds in all languages.
const everywhere = "all"

func either(a, b float64) float64 { return 1 - (1-a)*(1-b) }

// cancel marks the hits that do not count: first those that a harmless phrase of the same file covers, then wishes
// that a refusal, or a question about the bot, covers.
func (l *lexicon) cancel(hits []hit) {
	for i := range hits {
		hits[i].gone = l.covered(hits, i, func(p, q *pattern) bool { return q.tag == tagHarmless && p.tag == q.spares && q.file == p.file })
	}
	for i := range hits {
		if l.patterns[hits[i].pattern].tag == tagWish && !hits[i].gone {
			hits[i].gone = l.covered(hits, i, func(_, q *pattern) bool { return q.tag == tagRefuse || q.tag == tagBot })
		}
	}
}

func (l *lexicon) covered(hits []hit, i int, by func(p, q *pattern) bool) bool {
	h := hits[i]
	for _, o := range hits {
		if !o.gone && o.from < h.to && h.from < o.to && by(&l.patterns[h.pattern], &l.patterns[o.pattern]) {
			return true
		}
	}
	return false
}

// scoped weighs h by what stands before it in its clause: a negation, a strengthening or a weakening word.
func (l *lexicon) scoped(a *analysis, hits []hit, h hit) float64 {
	p := &l.patterns[h.pattern]
	w := h.weight
	if p.file != "feelings" && p.file != "crisis" {
		return w
	}
	for _, o := range hits {
		q := &l.patterns[o.pattern]
		near := (q.lang == p.lang || p.lang == everywhere) && o.to <= h.from && h.from-o.to <= 2 && !a.clauseBetween(o.to, h.from)
		switch {
		case q.tag == tagVery && (near || q.lang == p.lang && o.from == h.to):
			w *= 1 + 0.35*o.weight
		case q.tag == tagLess && near:
			w *= 0.6
		case q.tag == tagNot && near && p.tag == tagJoy:
			w = -0.6 * math.Abs(w)
		case q.tag == tagNot && near && p.tag != tagRepeat && p.tag != tagSarcastic:
			w *= 0.3
		}
	}
	return w
}

func (a *analysis) clauseBetween(i, j int) bool {
	for ; i < j; i++ {
		if a.parts(i) {
			return true
		}
	}
	return false
}

// keep adds h unless a heavier one of the same tag covers its words; then the heavier stays.
func (r *reading) keep(l *lexicon, weight float64, h hit) {
	h.weight = weight
	t := l.patterns[h.pattern].tag
	for i, o := range r.hits {
		if l.patterns[o.pattern].tag == t && o.from < h.to && h.from < o.to {
			if math.Abs(weight) > math.Abs(o.weight) {
				r.hits[i] = h
			}
			return
		}
	}
	r.hits = append(r.hits, h)
}

// raiseVoice lets capitals and repeated marks strengthen what is felt, and show a little of their own.
func (r *reading) raiseVoice() {
	if !r.shout && r.marks == 0 {
		return
	}
	factor := 1.0
	if r.shout {
		factor += 0.3
	}
	factor += 0.12 * float64(min(r.marks, 3))
	for _, t := range [...]tag{tagAngry, tagFrustrated, tagSad, tagFear, tagUrgent} {
		r.level[t] = min(r.level[t]*factor, 0.98)
	}
	if r.shout && r.level[tagJoy] < 0.3 {
		r.level[tagAngry] = either(r.level[tagAngry], 0.3)
	}
	if r.marks > 0 && r.level[tagJoy] < 0.3 && r.level[tagThanks] == 0 {
		r.level[tagFrustrated] = either(r.level[tagFrustrated], 0.08*float64(min(r.marks, 3)))
	}
}

// loudness tells whether a message is mostly in capitals, and how often it repeats ! or ?.
func loudness(a *analysis) (shout bool, marks int) {
	upper, all := 0, 0
	for i, t := range a.toks {
		if t.kind == word && t.letter {
			n := t.hi - t.lo
			all += n
			if t.upper && n > 2 {
				upper += n
			}
		}
		if i > 0 && t.kind == mark && a.toks[i-1].kind == mark {
			c, d := a.folded[t.a], a.folded[a.toks[i-1].a]
			if (c == '!' || c == '?') && (d == '!' || d == '?') {
				marks++
			}
		}
	}
	return all >= 8 && upper*10 >= all*7, marks
}

// words returns the message's own words that carry a tag, "" if none do: the heaviest of them.
func (r *reading) words(a *analysis, l *lexicon, wanted ...tag) string {
	best := -1
	for i, h := range r.hits {
		if slices.Contains(wanted, l.patterns[h.pattern].tag) && (best < 0 || math.Abs(h.weight) > math.Abs(r.hits[best].weight)) {
			best = i
		}
	}
	if best < 0 {
		return ""
	}
	return a.text(r.hits[best].from, r.hits[best].to)
}
