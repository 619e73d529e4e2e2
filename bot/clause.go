package bot

import (
	"slices"
	"strings"
	"unicode"

	"github.com/kohta/kohta/bot/understand"
)

// span is a place in a text, in bytes.
type span struct{ from, to int }

// questionWords begin a question in a language; verbs do where a pronoun follows them.
var questionWords = map[string][]string{
	"fi": {"mika", "mitka", "mita", "missa", "mista", "mihin", "minne", "milloin", "millon", "milla", "milta", "mille", "millainen", "millaisia", "minka", "miten", "miksi", "miks", "kuka", "ketka", "kenen", "koska",
		"kuinka", "montako", "monta", "monelta", "moneen", "paljonko", "paljon", "kauanko", "kauan", "kumpi", "mites"},
	"sv": {"vad", "vem", "vilken", "vilket", "vilka", "var", "vart", "nar", "hur", "varfor", "finns"},
	"en": {"what", "whats", "when", "where", "which", "who", "whose", "why", "how", "hows", "do", "does", "did", "is", "are", "can", "could", "would", "will", "should", "may"},
}

var (
	swedishVerbs    = []string{"kan", "har", "ar", "far", "gar", "vill", "ska", "skall", "kommer", "gor", "tar", "skickar", "saljer", "hyr", "maste", "behover", "kunde", "skulle", "hade", "bor"}
	swedishPronouns = []string{"man", "jag", "ni", "det", "du", "vi", "den", "de", "er", "min", "mitt"}
	notAsking       = []string{"runko", "aurinko", "melko", "salko", "jalko", "ketunko", "boks"} // that end like a question
	wantsToKnow     = []string{
		"haluan tietaa", "haluaisin tietaa", "haluaisin kysya", "haluan kysya", "kertoisitko", "kysyisin", "jag undrar", "jag vill veta", "jag skulle vilja veta", "i wonder", "i want to know", "i would like to know", "i d like to know",
	}
	beforeQuestion = []string{ // what may stand before a question
		"moi", "hei", "terve", "ja", "mutta", "enta", "niin", "no", "muuten", "viela", "anteeksi", "hej", "och", "men", "forresten", "hi", "hello", "and", "but", "so", "also", "sorry", "oh", "btw",
	}
)

// asks tells whether words are a question by their form: by its sign, or by how one of their clauses begins.
func asks(text, language string) bool {
	if strings.HasSuffix(strings.TrimRight(text, " \n.!)"), "?") {
		return true
	}
	for _, c := range clauses(text, nil) {
		if strings.HasPrefix(text[c.to:], "?") || beginsQuestion(text[c.from:c.to], language) {
			return true
		}
	}
	return false
}

func beginsQuestion(clause, language string) bool {
	var words []string
	for _, p := range cutPieces(clause) {
		if unicode.IsLetter(firstRune(p.text)) {
			words = append(words, p.text)
		}
	}
	for len(words) > 1 && slices.Contains(beforeQuestion, words[0]) {
		words = words[1:]
	}
	if len(words) == 0 {
		return false
	}
	first, all := words[0], strings.Join(words, " ")
	switch {
	case slices.ContainsFunc(wantsToKnow, func(w string) bool { return strings.HasPrefix(all, w) }):
		return true
	case slices.Contains(questionWords[language], first):
		return language != "en" || len(words) > 1
	case language == "fi":
		return len(first) >= 4 && !slices.Contains(notAsking, first) && !strings.HasSuffix(first, "kko") &&
			(strings.HasSuffix(first, "ko") || strings.HasSuffix(first, "ks") || strings.HasSuffix(first, "kos") || strings.HasSuffix(first, "kohan"))
	case language == "sv":
		return slices.Contains(swedishVerbs, first) && len(words) > 1 && slices.Contains(swedishPronouns, words[1])
	}
	return false
}

// wishes tells whether words begin like a wish: "haluan …", "jag vill …", "I'd like …".
func wishes(text, language string) bool {
	bare := foldWord(strings.TrimLeft(text, " ,.-"))
	for _, w := range wishWords[language] {
		if strings.HasPrefix(bare, w+" ") {
			return true
		}
	}
	return false
}

var wishWords = map[string][]string{
	"fi": {"haluan", "haluaisin", "haluisin", "tahdon", "tahtoisin", "mina haluan", "ma haluun", "haluun", "kerro", "kertokaa"},
	"sv": {"jag vill", "jag skulle vilja", "vill", "beratta"},
	"en": {"i want", "i would like", "i'd like", "id like", "tell me"},
}

// clauses cuts a text where a sentence or a part of it ends, and where a word joins two; never inside one of the spans.
func clauses(text string, spans []span) []span {
	var out []span
	from := 0
	flush := func(to, next int) {
		for from < to && !isContent(rune(text[from])) {
			from++
		}
		for to > from && !isContent(rune(text[to-1])) {
			to--
		}
		if to > from {
			out = append(out, span{from, to})
		}
		from = next
	}
	pieces := cutPieces(text)
	for i, p := range pieces {
		if i > 0 && strings.Contains(text[pieces[i-1].to:p.from], "\n") {
			flush(pieces[i-1].to, p.from)
		}
		switch {
		case slices.ContainsFunc(spans, func(s span) bool { return s.from <= p.from && p.from < s.to }):
		case slices.Contains(joinWords, p.text):
			flush(p.from, p.to)
		case strings.Contains(",;?!:", p.text), p.text == ".", p.text == "–", p.text == "—":
			if inNumber := p.close && i+1 < len(pieces) && pieces[i+1].close && pieces[i+1].number >= 0; !inNumber {
				flush(p.from, p.to)
			}
		}
	}
	flush(len(text), len(text))
	return out
}

var joinWords = []string{"ja", "seka", "mutta", "och", "samt", "men", "and", "but"}

// isContent tells whether a byte belongs to a word or a figure; each byte of a letter beyond ASCII does.
func isContent(r rune) bool {
	return r >= 0x80 || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '"' || r == '(' || r == ')' || r == '%' || r == '+'
}

// leftOver is what a message says besides the values at spans: its clauses without one; where there are none, the words
// around the values, without those that only announce them ("sähköposti on …"). alone tells the latter.
func leftOver(text string, spans []span) (rest string, alone bool) {
	var kept []span
	for _, c := range clauses(text, spans) {
		if slices.ContainsFunc(spans, func(s span) bool { return s.from < c.to && c.from < s.to }) || len(contentWords(text[c.from:c.to])) == 0 {
			continue
		}
		if n := len(kept); n > 0 && !slices.ContainsFunc(spans, func(s span) bool { return s.from >= kept[n-1].to && s.to <= c.from }) {
			kept[n-1].to = c.to
		} else {
			kept = append(kept, c)
		}
	}
	var parts []string
	for _, c := range kept {
		parts = append(parts, text[c.from:c.to])
	}
	if len(parts) > 0 {
		return strings.Join(parts, ", "), false
	}
	return strings.Join(contentWords(without(text, spans)), " "), true
}

// without is a text with its spans blanked.
func without(text string, spans []span) string {
	b := []byte(text)
	for _, s := range spans {
		for i := s.from; i < s.to; i++ {
			b[i] = ' '
		}
	}
	return string(b)
}

// contentWords are the words of a text between the first and the last that say more than that a value comes. Times of day
// are no such words.
func contentWords(text string) []string {
	var words []string
	from, to := -1, 0
	for _, w := range strings.Fields(text) {
		bare := strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if bare == "" {
			continue
		}
		words = append(words, strings.TrimRight(strings.TrimLeft(w, ",.;:!-–"), ",.;:!-–"))
		if says := strings.IndexFunc(bare, unicode.IsLetter) >= 0 && !slices.Contains(announcing, foldWord(bare)); says {
			if from < 0 {
				from = len(words) - 1
			}
			to = len(words)
		}
	}
	if from < 0 {
		return nil
	}
	return words[from:to]
}

// announcing are the words around a value that say nothing besides it, folded.
var announcing = strings.Fields(`
	sahkoposti sahkopostini sahkopostiosoite sahkopostiosoitteeni sposti s-posti meili meilini mailini maili email e-mail mail osoite osoitteeni puhelin puhelinnumero puhelinnumeroni puh
	numero numeroni nro tilaus tilausnumero tilausnumeroni tilauksen paiva paivaksi klo kello kl on se ja mun minun mulla tassa tuossa tama tuo olisi ois ovat toi aika ajan
	voin voisin voisinko voinko voitko voidaan saanko tuoda tuon tulla tulen tulisin tulla haen hakea vien vieda sopii sopisi sopiiko sopisiko kay kavisi kayko kavisiko onnistuu onnistuuko
	minulle mulle minua mua tavoittaa saa vastata vastaus kiitos joo juu kylla ok okei no niin siis ei eiku eikun kun ku vaan siita sita aamulla illalla aamupaivalla iltapaivalla viela vasta
	e-post e-posten epost epostadress mejl mejlen adress adressen telefon telefonnummer numret nummer nummret tel order ordernummer ordernumret bestallning bestallningsnummer
	ar det den min mitt och har jag kan kunde skulle komma lamna hamta passar gar galler heter pa till vid tack ja jo okej nej inte utan dag datum morgonen kvallen formiddagen eftermiddagen
	phone number order my is it its it's the a an and at on for you reach me here i i'm can could would come bring drop pick works suits fine please thanks yes yeah no not but date day morning evening afternoon address
	of to in be will by`)

// correction is what words put in the place of what was said: "ei kun etujarru", "nej, jag menade framhjulet". ok is false
// where they do not begin like one; sure, where they also name what is not meant, or may: "ei takajarru vaan etujarru".
func correction(text string) (rest string, sure, ok bool) {
	pieces := cutPieces(text)
	i := 0
	for i < len(pieces) && (slices.Contains(correcting, pieces[i].text) || !unicode.IsLetter(firstRune(pieces[i].text)) && pieces[i].number < 0) {
		i++
	}
	if i == 0 || i == len(pieces) {
		return "", false, false
	}
	for k := len(pieces) - 2; k >= i; k-- {
		if slices.Contains([]string{"vaan", "utan", "but"}, pieces[k].text) {
			i, sure = k+1, slices.Contains([]string{"ei", "inte", "not"}, pieces[0].text)
			break
		}
	}
	return strings.TrimSpace(text[pieces[i].from:]), sure, true
}

var correcting = strings.Fields(`ei eiku eikun eikus kun ku siis anteeksi sori oho hups tarkoitin tarkotin tarkoitan meinasin piti olla
	nej na nejda forlat oj hoppsan jag menar menade skulle vara det
	inte not no sorry oops whoops wait i meant mean actually it should be`)

// isSmallTalk tells whether words hold nothing but politeness, a yes or a no. Beside a greeting or thanks a few more words
// are an answer: "moi, ketju poikki".
func isSmallTalk(words string, talk understand.Talk) bool {
	if !talk.Only || !talk.Greets && !talk.Thanks && !talk.Bye {
		return talk.Only
	}
	return !slices.ContainsFunc(cutPieces(words), func(p piece) bool {
		return unicode.IsLetter(firstRune(p.text)) && !slices.Contains(polite, p.text)
	})
}

var polite = strings.Fields(`moi moikka moro hei heippa heissan terve huomenta paivaa iltaa hyvaa kiitos kiitti kiitoksia kiitoksena paljon etukateen nakemiin ok okei joo juu hienoa mahtavaa hyva
	hej hejsan tjena god morgon dag kvall tack tackar sa mycket forhand okej bra jattebra toppen
	hi hello hey good morning evening afternoon thanks thank you thx very much please cheers bye goodbye okay great`)
