package bot

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kohta/kohta/chat"
)

// workshop is a bicycle shop's folder in three languages: a form with words, a day that may be left out, and an address.
func workshop() fstest.MapFS {
	nlu := func(book, hours, rent string) string {
		out := "nlu:\n"
		for _, in := range [][2]string{{"book", book}, {"hours", hours}, {"rent", rent}} {
			out += "  - intent: " + in[0] + "\n    examples: |\n"
			for _, e := range strings.Split(in[1], "|") {
				out += "      - " + e + "\n"
			}
		}
		return out
	}
	answers := func(words ...string) string {
		out := ""
		for i, key := range []string{"start", "fault", "day", "address", "done", "hours", "rent", "bad_day"} {
			out += key + ": \"" + words[i] + "\"\n"
		}
		return out
	}
	f := fstest.MapFS{}
	for name, text := range map[string]string{
		"bot.yml": "languages: [fi, sv, en]\n",
		"nlu/fi/a.yml": nlu("haluan varata huollon|varaisin huoltoajan|pyörä pitäisi huoltaa|tarvitsisin ajan pyörälle|milloin pääsisi huoltoon|vaihteet rutisee, voiko tuoda",
			"milloin olette auki|mitkä on aukioloajat|mihin asti liike on auki|oletteko auki sunnuntaina|monelta suljette|oletteko auki huomenna",
			"mitä pyörän vuokra maksaa|voiko teiltä vuokrata pyörän|paljonko vuokra maksaa päivältä|onko sähköpyöriä vuokralle|haluan vuokrata pyörän|pyörän vuokraus"),
		"nlu/sv/a.yml": nlu("jag vill boka service|boka tid för service|cykeln behöver service|jag behöver en tid för cykeln|när kan jag komma på service",
			"när har ni öppet|vad har ni för öppettider|hur länge är butiken öppen|har ni öppet på söndag|när stänger ni",
			"vad kostar det att hyra en cykel|kan man hyra cykel hos er|hur mycket kostar hyran per dag|jag vill hyra en cykel|cykeluthyrning"),
		"nlu/en/a.yml": nlu("I want to book a service|book a repair for my bike|my bike needs a service|I need a time for my bike|when could I bring it for service",
			"when are you open|what are your opening hours|how late is the shop open|are you open on Sunday|when do you close",
			"what does it cost to rent a bike|can I rent a bike from you|how much is the rent per day|I want to rent a bike|bike rental"),
		"answers/fi.yml": answers("Varataan aika.", "Mikä pyörässä on vikana", "Päivä", "Sähköposti", "Varattu. {mail}", "Olemme auki 10–18.", "Vuokra on 25 euroa.", "Kirjoita päivä näin, 24.3.2026."),
		"answers/sv.yml": answers("Vi bokar en tid.", "Vad är det för fel på cykeln", "Dag", "E-post", "Bokat. {mail}", "Vi har öppet 10–18.", "Hyran är 25 euro.", "Skriv dagen så här, 24.3.2026."),
		"answers/en.yml": answers("Let's book a time.", "What is wrong with the bike", "Day", "Email", "Booked. {mail}", "We are open 10 to 6.", "The rent is 25 euros.", "Write the day like 24 March 2026."),
		"rules/a.yml": "rules:\n  - {intent: book, form: book}\n  - {intent: hours, say: hours}\n  - {intent: rent, say: rent}\nforms:\n  - id: book\n    say: start\n    fields:\n" +
			"      - {name: wrong, label: fault}\n      - {name: on, label: day, type: date, wrong: bad_day, required: false}\n      - {name: mail, label: address, type: email}\n    done: {say: done}\n",
	} {
		f[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return f
}

// speech is a conversation with a bot at noon of Wednesday 18 March 2026.
type speech struct {
	t        *testing.T
	bot      *Bot
	language string
	memory   chat.Memory
}

func (s *speech) says(text string) Output {
	s.t.Helper()
	out := s.bot.Reply(Input{Text: text, Language: s.language, Memory: s.memory, Now: time.Date(2026, 3, 18, 12, 0, 0, 0, time.UTC)})
	s.memory, s.language = out.Memory, out.Language
	return out
}

// shown is what a form shows, "wrong|on|mail"; "-" where none is.
func shown(out Output) string {
	if len(out.Say) == 0 || out.Say[len(out.Say)-1].Form == nil {
		return "-"
	}
	var values []string
	for _, f := range out.Say[len(out.Say)-1].Form.Fields {
		values = append(values, f.Value)
	}
	return strings.Join(values, "|")
}

// Words in the middle of a form: what is a question is answered, and the form comes back as it was; all else is taken.
func TestWordsInAForm(t *testing.T) {
	b := mustLoad(t, workshop())
	type turn struct{ text, says, form string }
	for name, turns := range map[string][]turn{
		"fi: a question where free words are missing": {{"haluan varata huollon", "Varataan aika.", "||"}, {"pekka@posti.example", "vielä nämä", "||pekka@posti.example"},
			{"paljonko vuokra maksaa", "Vuokra on 25 euroa. / Jatketaan siitä", "||pekka@posti.example"}, {"milloin olette auki?", "10–18. / Jatketaan", "||pekka@posti.example"}, {"takajarru vinkuu", "Varattu. pekka@posti.example", "-"}},
		"sv: a question where free words are missing": {{"jag vill boka service", "Vi bokar", "||"}, {"pekka@posti.example", "Jag behöver det här", "||pekka@posti.example"},
			{"vad kostar det att hyra", "Hyran är 25 euro. / Vi fortsätter", "||pekka@posti.example"}, {"bakbromsen gnisslar", "Bokat. pekka@posti.example", "-"}},
		"en: a question where free words are missing": {{"I want to book a service", "book a time", "||"}, {"pekka@posti.example", "still need", "||pekka@posti.example"},
			{"how much is the rent", "The rent is 25 euros. / Let's go on", "||pekka@posti.example"}, {"the rear brake squeals", "Booked. pekka@posti.example", "-"}},
		"fi: first words, then a day, then an address": {{"haluan varata huollon", "", "||"}, {"takajarru vinkuu", "vielä nämä", "takajarru vinkuu||"}, {"ensi tiistaina", "vielä", "takajarru vinkuu|24.3.2026|"}, {"pekka@posti.example", "Varattu", "-"}},
		"sv: first words, then a day, then an address": {{"jag vill boka service", "", "||"}, {"bakbromsen gnisslar", "", "bakbromsen gnisslar||"}, {"på tisdag kl. 10", "", "bakbromsen gnisslar|24.3.2026|"}, {"pekka@posti.example", "Bokat", "-"}},
		"en: first words, then a day, then an address": {{"I want to book a service", "", "||"}, {"the rear brake squeals", "", "the rear brake squeals||"}, {"the day after tomorrow", "", "the rear brake squeals|20 March 2026|"}, {"pekka@posti.example", "Booked", "-"}},
		"fi: all in one message":                       {{"haluan varata huollon", "", "||"}, {"vaihteet rutisee, pekka@posti.example, to 26.3.", "Kirjasin nämä:\nMikä pyörässä on vikana: vaihteet rutisee\nPäivä: 26.3.2026\nSähköposti: pekka@posti.example / Varattu", "-"}},
		"sv: all in one message":                       {{"jag vill boka service", "", "||"}, {"växlarna skrapar och jag kan komma i morgon, min e-post är pekka@posti.example", "Jag skrev upp det här:\nVad är det för fel på cykeln: växlarna skrapar\nDag: 19.3.2026\nE-post: pekka@posti.example / Bokat", "-"}},
		"en: all in one message":                       {{"I want to book a service", "", "||"}, {"the gears grind, I can come tomorrow, my email is pekka@posti.example", "I noted this:\nWhat is wrong with the bike: the gears grind\nDay: 19 March 2026\nEmail: pekka@posti.example / Booked", "-"}},
		"values beside words that only announce them":  {{"haluan varata huollon", "", "||"}, {"sähköposti on pekka@posti.example", "", "||pekka@posti.example"}, {"huomenna klo 10 sopii", "", "|19.3.2026|pekka@posti.example"}, {"ketju hyppii", "Varattu", "-"}},
		"a day in the first message":                   {{"haluan varata huollon huomiseksi", "", "|19.3.2026|"}},
		"a day that belongs to a question":             {{"haluan varata huollon", "", "||"}, {"oletteko auki huomenna?", "10–18. / Jatketaan", "||"}, {"huomenna", "", "|19.3.2026|"}},
		"a value and a question":                       {{"haluan varata huollon", "", "||"}, {"ketju hyppii", "", "ketju hyppii||"}, {"pekka@posti.example, paljonko vuokra maksaa?", "Vuokra on 25 euroa. / Varattu. pekka@posti.example", "-"}},
		"corrections, in the form and after it": {{"haluan varata huollon", "", "||"}, {"takajarru vinkuu", "", "takajarru vinkuu||"}, {"ei kun etujarru", "", "etujarru||"}, {"ei etujarru vaan molemmat", "", "molemmat||"},
			{"pekka@posti.example", "Varattu", "-"}, {"ei kun ketju", "Mikä pyörässä on vikana: ketju", "-"}},
		"a question that nobody answers is no booking": {{"haluan varata huollon", "", "||"}, {"pekka@posti.example", "", "||pekka@posti.example"}, {"kuinka vanha sinä olet?", "Onko kaikki oikein?", "kuinka vanha sinä olet?||pekka@posti.example"}, {"en", "Jatketaan", "||pekka@posti.example"}, {"ketju hyppii", "Varattu", "-"}},
		"what was asked about is confirmed":            {{"jag vill boka service", "", "||"}, {"pekka@posti.example", "", "||pekka@posti.example"}, {"varför skramlar den så?", "Stämmer allt?", "varför skramlar den så?||pekka@posti.example"}, {"ja", "Bokat", "-"}},
		"politeness is no answer, words beside it are": {{"haluan varata huollon", "", "||"}, {"kiitos", "", "||"}, {"moi, ketju poikki", "", "moi, ketju poikki||"}},
		"a day that the calendar has not":              {{"haluan varata huollon", "", "||"}, {"31.2.", "Kirjoita päivä näin", "||"}, {"24.3", "", "|24.3.2026|"}},
		"figures in words are no day":                  {{"haluan varata huollon", "", "||"}, {"28 tuuman rengas puhki", "", "28 tuuman rengas puhki||"}},
		"a statement that reads like another matter":   {{"haluan varata huollon", "", "||"}, {"vuokra pyörän vaihteet jumissa", "", "vuokra pyörän vaihteet jumissa||"}},
		"a wish for another matter is one":             {{"haluan varata huollon", "", "||"}, {"haluan vuokrata pyörän", "Vuokra on 25 euroa. / Jatketaan", "||"}},
		"the same words again are what was asked for":  {{"haluan varata huollon", "", "||"}, {"haluan vuokrata pyörän", "Vuokra on", "||"}, {"haluan vuokrata pyörän", "vielä nämä", "haluan vuokrata pyörän||"}},
		"are you a bot": {{"haluan varata huollon", "", "||"}, {"pekka@posti.example", "", "||pekka@posti.example"}, {"oletko sinä robotti", "Olen botti.", "||pekka@posti.example"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := &speech{t, b, name[:2], nil}
			if !strings.Contains(name[:4], ":") {
				s.language = "fi"
			}
			for _, u := range turns {
				out := s.says(u.text)
				if !strings.Contains(allSaid(out), u.says) || shown(out) != u.form || out.Escalate != nil {
					t.Fatalf("%q: says %q with %s, want %q with %s, %+v", u.text, allSaid(out), shown(out), u.says, u.form, out.Escalate)
				}
			}
		})
	}
}

// A day is kept as it is written for machines, whatever words it came in, and shown as the language writes it.
func TestADayIsKeptPlain(t *testing.T) {
	f := workshop()
	f["answers/fi.yml"].Data = append(f["answers/fi.yml"].Data, "done_on: \"Nähdään {on}\"\n"...)
	for _, lang := range []string{"sv", "en"} {
		f["answers/"+lang+".yml"].Data = append(f["answers/"+lang+".yml"].Data, "done_on: \"{on}\"\n"...)
	}
	f["rules/a.yml"].Data = []byte(strings.Replace(string(f["rules/a.yml"].Data), "done: {say: done}", "done: {action: look}", 1) +
		"actions:\n  - id: look\n    url: '{base}/free/{on}?mail={mail}'\n    cases: [{when: 'status == 200', say: done_on}, {say: done}]\n")
	b := mustLoad(t, f)
	for _, words := range []string{"ensi tiistaina", "24.3.", "24.3.2026"} {
		s := &speech{t, b, "fi", nil}
		s.says("haluan varata huollon")
		s.says("ketju hyppii")
		s.says("pekka@posti.example")
		s = &speech{t, b, "fi", nil}
		s.says("haluan varata huollon")
		out := s.says("ketju hyppii, " + words + ", pekka@posti.example")
		if out.Action == nil || out.Action.URL != "{base}/free/2026-03-24?mail=pekka%40posti.example" || out.Fields["on"] != "2026-03-24" {
			t.Fatalf("%s: %+v %v", words, out.Action, out.Fields)
		}
		out = b.Reply(Input{Result: &chat.ActionResult{Status: 200, Body: "{}"}, Language: "fi", Memory: out.Memory})
		if allSaid(out) != "Nähdään 24.3.2026" {
			t.Errorf("%s: says %q", words, allSaid(out))
		}
	}
	submitted := &speech{t, b, "fi", nil}
	submitted.says("haluan varata huollon")
	out := b.Reply(Input{Fields: map[string]string{"wrong": "x", "on": "ylihuomenna", "mail": "a@b.example"}, Language: "fi", Memory: submitted.memory, Now: time.Date(2026, 3, 18, 12, 0, 0, 0, time.UTC)})
	if out.Fields["on"] != "2026-03-20" {
		t.Errorf("submitted: %v", out.Fields)
	}
}

// Two fields of one type take two values in order, and one value fills one of them.
func TestTwoDays(t *testing.T) {
	f := workshop()
	f["rules/a.yml"].Data = []byte(strings.Replace(string(f["rules/a.yml"].Data), "      - {name: wrong, label: fault}\n", "      - {name: back, label: fault, type: date}\n", 1))
	b := mustLoad(t, f)
	s := &speech{t, b, "fi", nil}
	s.says("haluan varata huollon")
	if out := s.says("24.3.–26.3."); shown(out) != "24.3.2026|26.3.2026|" {
		t.Errorf("a span: %s", shown(out))
	}
	s = &speech{t, b, "fi", nil}
	if out := s.says("haluan varata huollon huomiseksi"); shown(out) != "19.3.2026||" {
		t.Errorf("one day: %s", shown(out))
	}
}

// Questions in a form do not count as getting nowhere, however many there are, and neither does a form of many fields.
func TestAFormIsNotTheSameAnswerAgain(t *testing.T) {
	f := workshop()
	f["rules/a.yml"].Data = []byte(strings.Replace(string(f["rules/a.yml"].Data), "      - {name: mail", "      - {name: more, label: fault}\n      - {name: still, label: fault}\n      - {name: mail", 1))
	s := &speech{t, mustLoad(t, f), "fi", nil}
	for _, text := range []string{"haluan varata huollon", "ketju hyppii", "paljonko vuokra maksaa", "jarru vinkuu", "milloin olette auki", "satula natisee"} {
		if out := s.says(text); out.Escalate != nil {
			t.Fatalf("%q: %+v", text, out.Escalate)
		}
	}
	if out := s.says("pekka@posti.example"); !strings.Contains(allSaid(out), "Varattu") {
		t.Errorf("%q", allSaid(out))
	}
}

// An article answers a question in the middle of a form; what is told of the fault does not bring its advice.
func TestAnArticleInAForm(t *testing.T) {
	f := workshop()
	f["articles/fi/akku.md"] = &fstest.MapFile{Data: []byte("# Sähköpyörän akku\n\nSäilytä akku talvella sisällä puoliksi ladattuna.\n")}
	b := mustLoad(t, f)
	s := &speech{t, b, "fi", nil}
	s.says("haluan varata huollon")
	if out := s.says("miten sähköpyörän akku säilytetään talvella?"); !strings.Contains(allSaid(out), "puoliksi ladattuna") || shown(out) != "||" {
		t.Errorf("says %q with %s", allSaid(out), shown(out))
	}
	if out := s.says("sähköpyörän akku hyytyy talvella"); shown(out) != "sähköpyörän akku hyytyy talvella||" {
		t.Errorf("says %q with %s", allSaid(out), shown(out))
	}
}
