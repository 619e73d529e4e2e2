package understand

import (
	"bytes"
	"strings"
)

// Languages that the house speaks. Messages in others are understood by their examples alone.
var spoken = [...]string{"fi", "sv", "en"}

// Words that tell a language, folded. A word in several lists tells nothing.
var functionWords = map[string]string{
	"fi": `no ja on ei se en mun sun mita mika missa miten milloin koska onko olen olet ole olis oliko voinko voisko voiko voisin
 haluan haluaisin haluun tama tan taa tata taalla siella mutta kun niin jos tai myos minun minulla mulla sinun teidan meidan teilta
 joka jotka jo viela nyt kiitos kiitti moi moikka hei terve paljonko kuinka kauan miksi miks mulle minulle teille ette ettekö ovat oli ollut
 saako saanko tilaus tilauksen pitaa pitais ollenkaan kuka kenen jonkun joku ihan vaan vain eika enka siis joo juu kyllä eiku sen sita siita
 mua sua han te me ma sa eli kans kanssa asti voitko voisitko voitteko voisitteko suomeksi suomea vastata olisiko pystytko haluaisitteko kertoa sanoa auttaa apua takaisin pois kuin nain noin tuo toi nuo tuota just`,
	"sv": `och jag det att ar inte som en ett den har hur vad nar var varfor kan ni du vi min mitt mina din ditt er era pa med for till av om
 fran finns vill skulle behover maste tack hej tjena men eller ocksa nu redan aldrig alltid blir blev vara varit mig dig sig oss dem
 ska hade fick far gor gora vilken vilket vilka nagon nagot nagra ingen inget detta denna dar hit dit mycket bara kommer kunde bestallning
 bestallningen nej ja juh jo mej dej oxa sa ju vem vems hela allt alla utan under efter innan svenska engelska kunna alltsa ocksa sager fraga svara i int just`,
	"en": `the and i you is are my your to of it that this what when where how why can could would do does did not have has with for
 from on at be was were me we they an or but if please thanks thank hello hi there want need get got im ive dont cant isnt whats order
 will just still about any some no yes where's which who whose been being our us them by up out back its it's does doesnt wont am english finnish swedish please answer speak us`,
}

// tongues say in which languages a word is used: by everybody, and by a bot's examples. A set of languages is a bit for
// each of spoken.
type tongues struct {
	at   growingTable
	ids  []uint64
	sets []tongue
}

type tongue struct{ common, examples uint8 }

// newTongues knows the words that everybody uses.
func newTongues() *tongues {
	t := &tongues{at: growingTable{table: newTable(1024)}}
	var a analysis
	for i, l := range spoken {
		for _, w := range strings.Fields(functionWords[l]) {
			if a.read(w); len(a.toks) == 1 {
				t.of(wordID(a.fold(0))).common |= 1 << i
			}
		}
	}
	return t
}

// learn remembers in which language a bot's examples use a word.
func (t *tongues) learn(language string, v *vocabulary) {
	bit := languageBit(language)
	if bit == 0 {
		return
	}
	for k := range v.cuts {
		if c := &v.cuts[k]; c.said && c.letter && len(c.folded) > 2 {
			t.of(v.ids[k]).examples |= bit
		}
	}
}

// of is what is known of a word by its wordID, to be changed.
func (t *tongues) of(id uint64) *tongue {
	k := t.at.find(id)
	if k < 0 {
		k = int32(len(t.ids))
		t.ids, t.sets = append(t.ids, id), append(t.sets, tongue{})
		t.at.put(t.ids)
	}
	return &t.sets[k]
}

func (t *tongues) find(w []byte) tongue {
	if k := t.at.find(wordID(w)); k >= 0 {
		return t.sets[k]
	}
	return tongue{}
}

// piece is a part of words that tells a language.
type piece struct {
	text  string
	end   bool // it stands at the end
	lang  uint8
	score float64
}

// Pieces of words that tell a language: at least three letters of the folded word, or its end.
var pieces = [...]piece{
	{"ssa", true, 0, 1}, {"ksi", true, 0, 0.8}, {"tko", true, 0, 1}, {"mme", true, 0, 0.8}, {"sta", true, 0, 0.5}, {"lla", true, 0, 1}, {"lta", true, 0, 1}, {"lle", true, 0, 0.8}, {"ko", true, 0, 0.5},
	{"nen", true, 0, 0.8}, {"isin", true, 0, 1}, {"taan", true, 0, 1}, {"uu", false, 0, 0.8}, {"yy", false, 0, 1}, {"aa", false, 0, 0.6},
	{"ii", false, 0, 0.6}, {"kk", false, 0, 0.4}, {"uo", false, 0, 0.5}, {"yo", false, 0, 0.4}, {"ie", false, 0, 0.1}, {"tta", true, 0, 0.5},
	{"iin", true, 0, 0.8}, {"een", true, 0, 0.4}, {"ui", false, 0, 0.2}, {"ai", false, 0, 0.2}, {"tus", true, 0, 0.5}, {"vat", true, 0, 0.4},
	{"sk", false, 1, 0.3}, {"ck", false, 1, 0.2}, {"fj", false, 1, 0.8}, {"tj", false, 1, 0.8}, {"sj", false, 1, 0.6}, {"lj", false, 1, 0.4},
	{"ning", true, 1, 0.6}, {"ade", true, 1, 0.6}, {"arna", true, 1, 1.2}, {"erna", true, 1, 1.2}, {"orna", true, 1, 1.2}, {"igt", true, 1, 0.8}, {"het", true, 1, 0.6},
	{"ligen", true, 1, 0.8}, {"bet", false, 1, 0.3}, {"forst", false, 1, 0.6}, {"gg", false, 1, 0.2}, {"dd", false, 1, 0.1}, {"ar", true, 1, 0.3}, {"et", true, 1, 0.3},
	{"th", false, 2, 0.9}, {"wh", false, 2, 1}, {"ing", true, 2, 0.6}, {"ed", true, 2, 0.5}, {"tion", true, 2, 0.5}, {"w", false, 2, 0.6}, {"ay", false, 2, 0.5},
	{"ey", false, 2, 0.4}, {"ou", false, 2, 0.5}, {"ly", true, 2, 0.6}, {"ght", false, 2, 1.2}, {"sh", false, 2, 0.6}, {"ea", false, 2, 0.4}, {"ck", false, 2, 0.3},
	{"q", false, 2, 0.4}, {"ch", false, 2, 0.3}, {"oo", false, 2, 0.3}, {"ce", true, 2, 0.5}, {"ve", true, 2, 0.4}, {"y", true, 2, 0.4},
}

// piecesAt are the pieces by the byte that they end with.
var piecesAt = func() (at [256][]piece) {
	for _, p := range pieces {
		last := p.text[len(p.text)-1]
		at[last] = append(at[last], p)
	}
	return at
}()

// detect returns the language of a message, "" where it is not clear. prior is the conversation's language: it decides
// in doubt, and another must be clearly better to win over it.
func detect(a *analysis, prior string, known *tongues) string {
	best, lead := lead(a, known)
	need := clearLead
	if prior != "" && prior != best {
		need = 1.8 // sticky
	}
	if lead >= need {
		return best
	}
	return prior
}

// lean returns the language that a message is likelier in than in others, however little; "" if none.
func lean(a *analysis, known *tongues) string {
	if best, lead := lead(a, known); lead > 0 {
		return best
	}
	return ""
}

// leaning is the lead from which a message is taken to be in a language where nothing else tells it.
const leaning = 0.3

// tongue is the language of a message for those who answer it. Somebody in danger is in the language of their own words,
// whatever the conversation's was; else it is what the words lean to, where detect is in doubt.
func (m *Model) tongue(rd *reader, res *Result) string {
	own, lead := lead(&rd.analysis, m.words)
	heaviest := 0.0
	heard := ""
	for _, h := range rd.reading.hits {
		p := &m.lexicon.patterns[h.pattern]
		if (p.tag == tagCrisis || p.tag == tagWish || p.tag == tagRefuse) && p.lang != everywhere && h.weight > heaviest {
			heard, heaviest = p.lang, h.weight
		}
	}
	switch {
	case lead >= clearLead:
		return own
	case heard != "":
		return heard
	case res.Language == "" && lead >= leaning:
		return own
	}
	return res.Language
}

// clearLead is the lead that leaves no doubt.
const clearLead = 0.6

// maxToldBy is how many words tell the language of a message.
const maxToldBy = 200

// lead returns the likeliest language of a message, and by how much it is likelier than the next.
func lead(a *analysis, known *tongues) (string, float64) {
	var score [len(spoken)]float64
	words := 0
	for i := 0; i < len(a.toks) && words < maxToldBy; i = a.after(i) {
		if a.toks[i].kind == word && a.toks[i].letter {
			scoreWord(a, i, known, &score)
			words++
		}
	}
	best, second := 0, -1
	for l := 1; l < len(score); l++ {
		if score[l] > score[best] {
			best = l
		}
	}
	for l := range score {
		if l != best && (second < 0 || score[l] > score[second]) {
			second = l
		}
	}
	return spoken[best], score[best] - score[second]
}

func scoreWord(a *analysis, i int, known *tongues, score *[len(spoken)]float64) {
	w := a.fold(i)
	if in := known.find(w); in.common != 0 {
		addShared(score, in.common, 1.5)
	} else if in.examples != 0 {
		addShared(score, in.examples, 1)
	}
	if raw := a.raw[a.toks[i].lo:a.toks[i].hi]; len(raw) != len(w) {
		if strings.Contains(raw, "å") {
			score[1]++
		}
		if strings.ContainsAny(raw, "äö") {
			score[0] += 0.2
			score[1] += 0.2
		}
	}
	if len(w) < 3 {
		return
	}
	sum := sumPieces(w)
	for l := range sum {
		score[l] += float64(min(sum[l], 1.2) * 0.6)
	}
}

// sumPieces adds up what the pieces of a folded word speak for; a piece that stands in it twice counts once.
func sumPieces(w []byte) (sum [len(spoken)]float64) {
	for j := range w {
		for _, p := range piecesAt[w[j]] {
			from := j + 1 - len(p.text)
			if from < 0 || p.end && j != len(w)-1 || string(w[from:j+1]) != p.text {
				continue
			}
			if !p.end && bytes.Contains(w[:j], w[from:j+1]) {
				continue
			}
			sum[p.lang] += p.score
		}
	}
	return sum
}

// addShared gives points to the languages in a set, the fewer the more they are; a word of all tells nothing.
func addShared(score *[len(spoken)]float64, in uint8, points float64) {
	switch in {
	case 1, 2, 4:
	case 7:
		return
	default:
		points /= 3
	}
	for l := range score {
		if in&(1<<l) != 0 {
			score[l] += points
		}
	}
}

func languageBit(language string) uint8 {
	for i, l := range spoken {
		if l == language {
			return 1 << i
		}
	}
	return 0
}
