package knowledge

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/kohta/kohta/bot/understand"
)

// Weights of the places where a word may stand in a section, of BM25's saturation, and bounds of a question.
const (
	titleWeight   = 2.0
	headingWeight = 2.5
	keywordWeight = 2.5
	saturation    = 0.5  // k1 of BM25 (Robertson and Zaragoza, 2009)
	lengthShare   = 0.4  // b of BM25
	unknownShare  = 0.75 // of the weight of the rarest word: what stands nowhere may be a way of asking
	siblingShare  = 0.4  // of a word that stands in another section of the article
	maxQuestion   = 32   // different words
	maxQuestionIn = 4 << 10
)

// Threshold is the score from which a section answers a question: on the questions of testdata/questions.tsv it parts
// what the articles answer from what they do not (TestQuestions prints both sides).
const Threshold = 0.34

// Index finds sections. Immutable; safe for concurrent use.
type Index struct {
	shelves map[string]*shelf
}

// shelf is the sections of one language.
type shelf struct {
	sections []indexed
	postings map[string][]posting // by stem
	stems    []string             // sorted
	idf      map[string]float64
	unknown  float64 // weight of a word that stands nowhere
}

type indexed struct {
	article *Article
	section int
}

type posting struct {
	section int32
	weight  float32 // saturated, at most 1
	named   bool    // it stands in a title, a heading or the keywords
}

// Build makes an index of articles.
func Build(articles []Article) *Index {
	x := &Index{shelves: map[string]*shelf{}}
	for i := range articles {
		a := &articles[i]
		s := x.shelves[a.Language]
		if s == nil {
			s = &shelf{postings: map[string][]posting{}, idf: map[string]float64{}}
			x.shelves[a.Language] = s
		}
		for n := range a.Sections {
			s.sections = append(s.sections, indexed{a, n})
		}
	}
	for language, s := range x.shelves {
		s.fill(understand.NewStemmer(language))
	}
	return x
}

// tally counts the words of one section.
type tally struct {
	weight map[string]float64
	named  map[string]bool
	length int
}

func (t *tally) add(st *understand.Stemmer, text string, weight float64, named bool) {
	words(text, func(w string, _, _ int) {
		t.length++
		if isStop(st.Language(), w) {
			return
		}
		stem := st.Stem(w)
		t.weight[stem] += weight
		t.named[stem] = t.named[stem] || named
	})
}

func (s *shelf) fill(st *understand.Stemmer) {
	tallies := make([]tally, len(s.sections))
	total := 0
	for i, at := range s.sections {
		t := tally{weight: map[string]float64{}, named: map[string]bool{}}
		sec := &at.article.Sections[at.section]
		for _, b := range sec.Blocks {
			t.add(st, b, 1, false)
		}
		total += t.length
		share := 1.0
		if at.section > 0 {
			share = 0.6 // what an article is called says most about its beginning
		}
		t.add(st, at.article.Title, titleWeight*share, true)
		t.add(st, sec.Heading, headingWeight, true)
		for _, k := range at.article.Keywords {
			t.add(st, k, keywordWeight*share, true)
		}
		tallies[i] = t
	}
	mean := max(float64(total)/float64(len(tallies)), 1)
	s.shareOut(tallies)
	for i, t := range tallies {
		for stem, w := range t.weight {
			norm := 1 - lengthShare + float64(lengthShare*float64(t.length)/mean)
			full := w / (w + float64(saturation*norm))
			s.postings[stem] = append(s.postings[stem], posting{int32(i), float32(full), t.named[stem]})
		}
	}
	n := float64(len(s.sections))
	for stem, list := range s.postings {
		s.stems = append(s.stems, stem)
		df := float64(len(list))
		s.idf[stem] = math.Log(1 + (n-df+0.5)/(df+0.5))
	}
	slices.Sort(s.stems)
	s.unknown = unknownShare * math.Log(1+(n+0.5)/0.5)
}

// shareOut lets each section know a little of what the others of its article say.
func (s *shelf) shareOut(tallies []tally) {
	own := make([]map[string]float64, len(tallies))
	for i := range tallies {
		own[i] = maps.Clone(tallies[i].weight)
	}
	for i := range tallies {
		for j := range tallies {
			if i == j || s.sections[i].article != s.sections[j].article {
				continue
			}
			for stem := range own[j] {
				if own[i][stem] == 0 {
					tallies[i].weight[stem] = siblingShare
				}
			}
		}
	}
}

// Hit is a section that answers a question.
type Hit struct {
	Article *Article
	Section *Section
	Score   float64  // 0 to 1: how much of the question it covers
	Words   []string // the question's own words that met it, in order

	stems map[string]bool
	st    *understand.Stemmer
}

// asked is a word of the question.
type asked struct {
	word string
	stem string
}

// Find returns the section that covers most of a question, ok false when there is none in the language or the best
// covers less than Threshold. Of equals the first article's first section wins.
func (x *Index) Find(language, question string) (Hit, bool) {
	h, ok := x.Best(language, question)
	return h, ok && h.Score >= Threshold
}

// Best is Find without the threshold.
func (x *Index) Best(language, question string) (Hit, bool) {
	s := x.shelves[language]
	if s == nil {
		return Hit{}, false
	}
	st := understand.NewStemmer(language)
	question = strings.ToValidUTF8(question[:min(len(question), maxQuestionIn)], " ")
	var list []asked
	words(question, func(w string, from, to int) {
		if isStop(language, w) || len(list) >= maxQuestion {
			return
		}
		stem := st.Stem(w)
		if !slices.ContainsFunc(list, func(a asked) bool { return a.stem == stem }) {
			list = append(list, asked{question[from:to], stem})
		}
	})
	if len(list) == 0 {
		return Hit{}, false
	}
	return s.rank(list, st)
}

// rank adds up, for each section, the weights of the question's words that it holds, over the weight of all of them.
func (s *shelf) rank(list []asked, st *understand.Stemmer) (Hit, bool) {
	score := make([]float64, len(s.sections))
	named := make([]bool, len(s.sections))
	met := make([][]string, len(s.sections))
	stems := make([]map[string]bool, len(s.sections))
	total := 0.0
	for _, q := range list {
		like := s.like(q.stem, st.Language())
		weight := s.unknown
		if len(like) > 0 {
			weight = 0
			for _, l := range like {
				weight = max(weight, s.idf[l.stem])
			}
		}
		total += weight
		best := map[int32]float64{}
		for _, l := range like {
			for _, p := range s.postings[l.stem] {
				if gain := weight * l.share * float64(p.weight); gain > best[p.section] {
					best[p.section] = gain
				}
				named[p.section] = named[p.section] || p.named && l.share > 0.5
				if stems[p.section] == nil {
					stems[p.section] = map[string]bool{}
				}
				stems[p.section][l.stem] = true
			}
		}
		for section, gain := range best {
			score[section] += gain
			met[section] = append(met[section], q.word)
		}
	}
	top := -1
	for i := range score {
		if score[i] > 0 && (named[i] || len(met[i]) > 1) && (top < 0 || score[i] > score[top]+1e-9) {
			top = i
		}
	}
	if top < 0 {
		return Hit{}, false
	}
	at := s.sections[top]
	h := Hit{Article: at.article, Section: &at.article.Sections[at.section], Words: met[top], stems: stems[top], st: st}
	h.Score = math.Round(score[top]/total*10000) / 10000
	return h, true
}

// kin is a stem of the shelf that a question's stem may mean, and how surely.
type kin struct {
	stem  string
	share float64
}

// like returns the stems that a question's stem meets: itself, else its compounds and parts, else what is one slip of
// the keys away.
func (s *shelf) like(stem, language string) []kin {
	if _, ok := s.postings[stem]; ok {
		return []kin{{stem, 1}}
	}
	var out []kin
	for _, other := range s.stems {
		if share := kinship(stem, other, language); share > 0 {
			out = append(out, kin{other, share})
		}
	}
	slices.SortStableFunc(out, func(a, b kin) int { return cmp.Compare(b.share, a.share) })
	return out[:min(len(out), 6)]
}

// kinship is how much of b's meaning a carries: 0.8 for a slip of the keys, 0.7 for the first part of a compound, 0.6 for
// its last part.
func kinship(a, b, language string) float64 {
	short, long := a, b
	if len(short) > len(long) {
		short, long = long, short
	}
	compounds := language == "fi" || language == "sv"
	switch {
	case len(short) >= 6 && oneSlip(short, long):
		return 0.8
	case len(short) >= 5 && strings.HasPrefix(long, short) && (compounds || len(long)-len(short) <= 4):
		return 0.7
	case compounds && len(short) >= 4 && len(long)-len(short) >= 4 && strings.HasSuffix(long, short):
		return 0.6
	}
	return 0
}

// oneSlip tells whether one letter more, less, other, or two letters swapped make one of the other.
func oneSlip(short, long string) bool {
	if len(long)-len(short) > 1 {
		return false
	}
	i := 0
	for i < len(short) && short[i] == long[i] {
		i++
	}
	if i < 2 {
		return false // the first letters are rarely wrong
	}
	if len(short) < len(long) {
		return short[i:] == long[i+1:]
	}
	if i == len(short) || short[i+1:] == long[i+1:] {
		return true
	}
	return i+1 < len(short) && short[i] == long[i+1] && short[i+1] == long[i] && short[i+2:] == long[i+2:]
}
