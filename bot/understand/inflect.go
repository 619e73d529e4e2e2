package understand

import "strings"

// Bits of the languages that words are inflected in, as in spoken.
const (
	inFinnish uint8 = 1 << iota
	inSwedish
	inEnglish
)

// endings are what may follow a stem, folded.
var endings = map[uint8]map[string]bool{
	inFinnish: finnishEndings(),
	inSwedish: setOf(`s n ns en ens et ets t ts a as ar ars er ers or r are aren arens ares arna arnas erna ernas orna ornas na nas
 e ed d de dde te tt des ades ad ade at ats ast aste ande andet ning ningen igt ig iga`),
	inEnglish: setOf(`s es ed d r er ers ing ings ly y ies ied ier iest est ness ment ments`),
}

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// finnishEndings puts together case, possessive and clitic, of one and of many, spoken forms too.
func finnishEndings() map[string]bool {
	cases := strings.Fields(`n t a ta tta en an in on un hen han hin hon hun seen ssa sta lla lta lle na ksi tta s l
 ia ja oja eja oita eita ita ien jen ojen iden oiden itten issa ista iin ihin oissa oista oihin illa ilta ille oilla oilta oille ina oina iksi oiksi
 ee aa ii oo uu ksee kse n`)
	owners := []string{"", "ni", "si", "nsa", "an", "en", "mme", "nne", "s"}
	clitics := []string{"", "kin", "kaan", "kaa", "han", "ko", "kos", "pa", "pas"}
	set := map[string]bool{}
	for _, c := range append(cases, "") {
		for _, o := range owners {
			for _, k := range clitics {
				set[c+o+k] = true
			}
		}
	}
	return set
}

// isEnding tells whether rest is an ending of a language.
func isEnding(language uint8, rest []byte) bool { return endings[language][string(rest)] }

// stems returns the stems that a word has when it is inflected, the word itself among them.
func stems(language uint8, w string) []string {
	switch language {
	case inFinnish:
		return finnishStems(w)
	case inEnglish:
		out := []string{w}
		if n := len(w); n > 3 && (w[n-1] == 'e' || w[n-1] == 'y') {
			out = append(out, w[:n-1])
		}
		return out
	}
	out := []string{w}
	if n := len(w); n > 3 && (w[n-1] == 'a' || w[n-1] == 'e') {
		out = append(out, w[:n-1])
	}
	return out
}

// changes are how the end of a Finnish nominative looks in other cases.
var changes = [...]struct{ from, to string }{
	{"inen", "ise"}, {"inen", "is"}, {"nen", "se"}, {"nen", "s"},
	{"uus", "uude"}, {"uus", "uut"}, {"yys", "yyde"}, {"yys", "yyt"}, {"us", "ukse"}, {"us", "uks"}, {"ys", "ykse"}, {"ys", "yks"}, {"os", "okse"}, {"os", "oks"}, {"is", "ikse"},
	{"es", "ehe"}, {"es", "est"}, {"ies", "iehe"}, {"as", "aa"}, {"ton", "ttoma"}, {"ton", "tont"}, {"in", "ime"}, {"in", "int"},
	{"ut", "ue"}, {"ut", "utt"}, {"yt", "ye"}, {"e", "ee"}, {"e", "ett"}, {"si", "de"}, {"si", "te"}, {"si", "tt"}, {"i", "e"},
	{"a", "o"}, {"a", ""}, {"i", ""}, {"ja", "jo"}, {"ia", "io"},
}

// weak are the grades of consonants: strong to weak.
var weak = [...]struct{ from, to string }{
	{"kk", "k"}, {"pp", "p"}, {"tt", "t"}, {"nt", "nn"}, {"nk", "ng"}, {"mp", "mm"}, {"lt", "ll"}, {"rt", "rr"},
	{"ht", "hd"}, {"t", "d"}, {"p", "v"}, {"lk", "l"}, {"rk", "r"}, {"k", ""},
}

func finnishStems(w string) []string {
	out := []string{w}
	for _, c := range changes {
		if root, ok := strings.CutSuffix(w, c.from); ok && len(root) >= 2 && len(root)+len(c.to) >= 3 {
			out = append(out, root+c.to)
		}
	}
	for _, s := range out[:len(out):len(out)] {
		if g := weakGrade(s); g != "" {
			out = append(out, g)
		}
	}
	return out
}

// weakGrade returns a stem with the consonants before its last vowels in the weak grade, "" where they have none.
func weakGrade(s string) string {
	end := len(s)
	for end > 0 && strings.IndexByte("aeiou", s[end-1]) >= 0 || end > 0 && s[end-1] == 'y' {
		end--
	}
	if end == len(s) || end < 2 {
		return ""
	}
	for _, g := range weak {
		root, ok := strings.CutSuffix(s[:end], g.from)
		if ok && len(root) >= 2 && len(root)+len(g.to)+len(s)-end >= 4 {
			return root + g.to + s[end:]
		}
	}
	return ""
}
