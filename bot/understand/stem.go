package understand

import (
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/swedish"
)

// Stemmer brings the forms of a word together. It is used by one at a time.
type Stemmer struct {
	language string
	env      *snowballstem.Env
}

// NewStemmer returns the stemmer of a language; of one that it does not know it leaves words as they are.
func NewStemmer(language string) *Stemmer {
	return &Stemmer{language, snowballstem.NewEnv("")}
}

// Language is the one of NewStemmer.
func (s *Stemmer) Language() string { return s.language }

// Stem returns the stem of a word that is folded: in small letters, without dots and accents.
func (s *Stemmer) Stem(word string) string {
	if len(word) < 4 || word[0] >= '0' && word[0] <= '9' {
		return word
	}
	s.env.SetCurrent(word)
	switch s.language {
	case "fi":
		finnishStem(s.env)
	case "sv":
		swedish.Stem(s.env)
		return strings.TrimSuffix(strings.TrimSuffix(s.env.Current(), "e"), "s") // leverans, leveransen
	case "en":
		english.Stem(s.env)
	}
	return s.env.Current()
}

// irregular are stems, as they come out below, of common Finnish words that change more than gradation explains.
var irregular = map[string]string{
	"ves": "vesi", "vet": "vesi", "ved": "vesi", "mak": "maku", "maus": "maku", "mau": "maku", "maun": "maku",
	"aik": "aika", "haun": "haku", "hak": "haku", "uus": "uusi", "uut": "uusi", "jauhat": "jauh", "jauhet": "jauh", "pakastin": "pakast",
	"kuukaut": "kuuk", "kuukaus": "kuuk", "kas": "kasi", "vuos": "vuosi", "ov": "ovi", "ove": "ovi", "ap": "apu", "jas": "jasen", "jases": "jasen", "pies": "pien",
	"vah": "vahink", "run": "runk", "pyyhk": "pyyh", "tyon": "tyo", "tyot": "tyo", "toit": "tyo", "kort": "kor", "salas": "salasan", "paatos": "paat", "paatoks": "paat",
	"hammas": "ham", "teht": "teh", "tehd": "teh",
}

// strong are the beginnings of common words whose k falls, or whose s is a d, in the weak grade: beside them, what they are
// in the strong one. Before these endings alone, because others stand behind the strong one.
var strong = [...]struct{ weak, full string }{
	{"reia", "reika"}, {"aja", "aika"}, {"poja", "poika"}, {"luvu", "luku"}, {"puvu", "puku"}, {"suvu", "suku"}, {"kyvy", "kyky"}, {"joe", "joke"}, {"ruoa", "ruoka"},
	{"ruua", "ruoka"}, {"via", "vika"}, {"tue", "tuke"}, {"lai", "laki"}, {"teo", "teko"}, {"jala", "jalka"}, {"naha", "nahka"}, {"kurje", "kurke"}, {"jarje", "jarke"},
	{"jalje", "jalke"}, {"polu", "polku"}, {"vela", "velka"}, {"nao", "nako"}, {"pelo", "pelko"}, {"uha", "uhka"}, {"avu", "apu"}, {"vuoa", "vuoka"}, {"kade", "kase"}, {"sude", "suse"}, {"vuode", "vuose"},
}

// hidden are words in a form that hides which word it is.
var hidden = map[string]string{"vuotta": "vuose", "kuukautta": "kuukause", "katta": "kase", "sutta": "suse", "lakana": "lakanan", "salasana": "salasanan", "peruna": "perunan", "porkkana": "porkkanan", "ikkuna": "ikkunan", "aurinko": "auringon", "ihmista": "ihmisen"}

var weakEndings = [...]string{"n", "t", "lla", "lta", "lle", "ssa", "sta", "ksi"}

// inStrongGrade is a word with its weak grade made strong, if it is one of those; also at the end of a compound.
func inStrongGrade(word string) string {
	if full, ok := hidden[word]; ok {
		return full
	}
	for _, end := range weakEndings {
		root, ok := strings.CutSuffix(word, end)
		if !ok {
			continue
		}
		for _, g := range strong {
			if before, ok := strings.CutSuffix(root, g.weak); ok && (before == "" || len(before) >= 4 && len(g.weak) >= 4) {
				return before + g.full + end
			}
		}
	}
	return word
}

// finnishStem is Snowball's stem, brought to one form over consonant gradation and the changes of -us, -nen, -in, -as and
// verbs: tilaus and tilauksen, hinta and hinnan, reikä and reiän, avain and avaimen, säilytys and säilyttää meet.
func finnishStem(env *snowballstem.Env) bool {
	env.SetCurrent(nominative(inStrongGrade(env.Current())))
	finnish.Stem(env)
	w := strings.TrimRight(env.Current(), "aeiouyj")
	if r, ok := irregular[w]; ok {
		env.SetCurrent(r)
		return true
	}
	if len(w) < 3 {
		return true
	}
	w = gradeless(nameless(w))
	if r, ok := irregular[w]; ok {
		w = r
	}
	env.SetCurrent(w)
	return true
}

// nameless leaves off the end of a stem that stands in the nominative alone, or in the other cases alone: vieras and
// vieraan, kaunis and kauniin, avain and avaimen.
func nameless(w string) string {
	for _, end := range [...]string{"as", "is", "im", "in"} {
		if root, ok := strings.CutSuffix(w, end); ok && len(root) >= 3 && (end[1] != 's' || strings.IndexByte("aom", root[len(root)-1]) < 0) {
			return root
		}
	}
	return w
}

// nominative undoes what Snowball mistakes for another ending: tilauksemme, tilausta and tilausten are of tilaus,
// toinen is of toise-.
func nominative(word string) string {
	for _, mark := range [...]string{"ukse", "uksi", "ykse", "yksi", "okse"} {
		if i := strings.LastIndex(word, mark); i >= 3 && len(word)-i <= 11 {
			return word[:i+1] + "s"
		}
	}
	for _, end := range [...]string{"usta", "ysta", "usten", "ysten"} {
		if i := len(word) - len(end); i >= 3 && strings.HasSuffix(word, end) && (strings.IndexByte("aeiotnk", word[i-1]) >= 0 || i > 4 && word[i-1] == 'm') {
			return word[:i+2]
		}
	}
	if strings.HasSuffix(word, "nkaan") && len(word) <= 8 || strings.HasSuffix(word, "kkaan") { // renkaan, rikkaan: of a word in -as
		return word[:len(word)-2]
	}
	if len(word) <= 6 && strings.HasSuffix(word, "nkin") { // pankin, not "pan too"
		return word[:len(word)-2]
	}
	if len(word) > 5 && strings.HasSuffix(word, "nen") {
		return word[:len(word)-3] + "s"
	}
	return word
}

// gradeless writes the end of a stem in one grade, and leaves a verb's or its noun's ending off.
func gradeless(w string) string {
	for _, end := range [...]string{"mis", "tais", "nais", "lais", "tus", "tys"} {
		if len(w) > 6 && strings.HasSuffix(w, end) {
			keep := len(w) - len(end)
			if end != "mis" {
				keep++ // its consonant
			}
			w = strings.TrimRight(w[:keep], "aeiouy")
			break
		}
	}
	for _, g := range [...]struct{ end, one string }{
		{"uud", "uus"}, {"uut", "uus"}, {"yyd", "yys"}, {"yyt", "yys"}, {"rtt", "r"}, {"ntt", "n"}, {"ltt", "l"},
		{"nt", "n"}, {"nn", "n"}, {"lt", "l"}, {"ll", "l"}, {"rt", "r"}, {"rr", "r"}, {"mp", "m"}, {"mm", "m"}, {"ng", "nk"},
		{"kk", "k"}, {"pp", "p"}, {"tt", "t"}, {"ss", "s"}, {"d", "t"}, {"v", "p"},
	} {
		if strings.HasSuffix(w, g.end) && len(w) > len(g.end)+1 {
			return w[:len(w)-len(g.end)] + g.one
		}
	}
	return w
}
