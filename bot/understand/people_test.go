package understand

import (
	"strings"
	"testing"
)

func trained(t *testing.T) *Model {
	t.Helper()
	m, err := Train(nil, DefaultThresholds)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Somebody in danger is found whatever the wording; figures of speech and products are not mistaken for it.
func TestCrisis(t *testing.T) {
	m := trained(t)
	for _, text := range []string{
		"en jaksa enää elää", "mä tapan itteni", "ajattelen itsemurhaa joka päivä", "mun olis parempi olla kuolleena", "otin purkillisen unilääkkeitä",
		"haluaisin vaan kuolla pois", "mun mies hakkaa mua", "kirjoitin jo hyvästijättökirjeen, kukaan ei jäis kaipaamaan", "aattelin hypätä sillalta",
		"siskoni yritti itsemurhaa", "en näe enää syytä elää", "viiltelin eilen taas", "HALUAN KUOLLA", "se uhkaa tappaa mut",
		"i dont want to live anymore", "going to kill myself tonight", "I took all my pills", "my boyfriend hits me", "everyone would be better off without me",
		"i keep thinking about suicide", "there's no point in living", "I want to end it all", "my sister tried to kill herself", "ive been self harming again",
		"he said he will kill me", "I'm going to jump off the bridge", "i cant go on living like this", "no reason to be alive",
		"my husband beats me", "he beats me up", "he locks us in the cellar", "he hit my head against the wall", "i'll kill myself if my order isn't here",
		"i just want to die lol", "i want to kill my wife", "my daughter cuts herself", "someone is beating a woman outside", "i'm having a stroke",
		"jag vill inte leva längre", "jag tänker ta livet av mig", "jag vill bara dö", "min man slår mig", "jag har tagit alla tabletter", "jag skar mig igen i natt",
		"ingen skulle sakna mig", "det finns ingen mening med att leva", "tänker hoppa framför tåget", "jag har självmordstankar", "han hotar att döda mig", "min bror försökte ta sitt liv",
	} {
		if r := m.Understand(Query{Text: text}); !r.Crisis || r.Reason != "crisis" {
			t.Errorf("%q is not taken as a crisis: %v", text, r.Because)
		}
	}
	for _, text := range []string{
		"kuolen nauruun", "akku kuoli kahdessa päivässä", "kahvinkeitin kuoli", "tappaako kuuma vesi bakteerit", "onko teillä kirjoja itsemurhasta", "olin kuolla nälkään",
		"hätäkeskuksen numero?", "tää jono tappaa mut", "lopetan tilaukseni", "haluan lopettaa jäsenyyteni", "päätin tilata elämäni kahvit",
		"my phone died", "these shoes are killing my feet", "the deadline is killing me", "this coffee is to die for", "I died laughing", "how do I kill the process",
		"I want to end my subscription", "end my contract please", "can I cut my order in half", "I'd kill for a coffee", "is it dead or just charging",
		"beats me", "she beat me at chess", "my wife's going to murder me for the mud", "nearly had a stroke at the price", "will it hurt my credit score",
		"batteriet dog", "jag dog av skratt", "hur dödar man bakterier i maskinen", "jag vill avsluta min prenumeration", "jag dör för en kopp kaffe", "telefonen är död",
	} {
		if r := m.Understand(Query{Text: text}); r.Crisis {
			t.Errorf("%q is taken as a crisis: %v", text, r.Because)
		}
	}
}

// A wish for a person counts in any wording; a question whether this is a bot, and a refusal, are none.
func TestWishesAndRefusals(t *testing.T) {
	m := trained(t)
	for _, text := range []string{
		"haluan puhua ihmisen kanssa", "saisko ihmisen langan päähän", "voinko jutella asiakaspalvelijan kanssa", "yhdistäkää aspaan", "ihminen kiitos", "haluun ihmisen",
		"onko siellä ketään ihmistä", "en halua puhua botille", "pääsiskö jonkun oikean ihmisen juttusille", "voiko joku soittaa mulle", "anna mulle joku oikea ihminen", "haluan puhuu ihmiselle",
		"asiakaspalvelija", "aspa", "esimies tänne", "voisko joku ihminen auttaa", "tahdon keskustella työntekijän kanssa", "ihmsen kanssa haluan puhua",
		"I want to talk to a human", "can I speak to someone", "agent please", "human", "real person", "let me speak to your manager", "connect me to customer service", "is there anyone I can talk to",
		"I don't want a bot, I want a person", "give me a human being", "could somebody call me back", "transfer me to an agent", "stop, I need a person", "customer service", "speak to a representative", "no more bots",
		"jag vill prata med en människa", "kan jag få prata med någon", "koppla mig till kundtjänst", "människa tack", "handläggare", "finns det någon riktig person där", "jag vill inte prata med en bot",
		"kan ni ringa upp mig", "hämta en människa", "får jag tala med er chef", "kundtjänst", "vill ha en riktig människa", "prata med nån",
	} {
		if r := m.Understand(Query{Text: text}); !r.AsksHuman || r.Reason != "asked" {
			t.Errorf("%q is not taken as a wish for a person: %v", text, r.Because)
		}
	}
	for _, text := range []string{
		"en halua ihmistä", "ei tarvii ihmistä", "älä yhdistä", "ei aspaa kiitos", "hoidetaan tää ilman ihmistä", "en jaksa puhua kenenkään kanssa", "botti riittää", "älkää soittako", "en tarvitse asiakaspalvelua",
		"no human please", "I don't want to talk to a person", "don't transfer me", "please don't call me", "no need for an agent", "I'd rather not speak to anyone", "the bot is fine", "without talking to anyone",
		"jag vill inte ha en människa", "ingen människa tack", "koppla mig inte", "det behövs ingen handläggare", "jag vill inte prata med någon", "ring mig inte", "boten räcker",
	} {
		if r := m.Understand(Query{Text: text}); r.AsksHuman || !r.RefusesHuman || r.Handoff {
			t.Errorf("%q is not taken as a refusal: asks %v, refuses %v: %v", text, r.AsksHuman, r.RefusesHuman, r.Because)
		}
	}
	for _, text := range []string{
		"oletko ihminen vai botti?", "ootko sä robotti", "puhunko ihmiselle?", "onko tää botti", "are you a robot?", "are you human?", "am I talking to a real person?", "is this a bot",
		"är du en robot?", "är du en människa", "pratar jag med en bot?",
	} {
		if r := m.Understand(Query{Text: text}); r.AsksHuman || !r.Talk.AsksBot {
			t.Errorf("%q: asks for a person %v, asks about the bot %v: %v", text, r.AsksHuman, r.Talk.AsksBot, r.Because)
		}
	}
	for _, text := range []string{
		"montako henkilöä mahtuu pöytään", "voinko lähettää lahjan toiselle henkilölle", "joku oli jo käyttänyt koodin", "minkä ihmisten kahvi tää on", "asiakaspalvelun aukioloajat?",
		"can I send a gift to someone", "my travel agent told me to ask you", "do you sell human sized mugs", "how many people can book", "someone used my code already",
		"kan jag skicka en present till någon", "hur många personer får plats", "någon har använt koden", "vilken person gjorde kaffet",
	} {
		if r := m.Understand(Query{Text: text}); r.AsksHuman || r.RefusesHuman || r.Handoff {
			t.Errorf("%q brings a person in: %v", text, r.Because)
		}
	}
}

func TestFeelings(t *testing.T) {
	m := trained(t)
	for _, c := range []struct {
		text, feeling string
		handoff       bool
	}{
		{"tää on jo kolmas kerta kun kysyn, ihan surkeeta", "frustrated", true},
		{"ihan paska palvelu", "angry", true},
		{"OLEN TODELLA VIHAINEN", "angry", true},
		{"en ole vihainen, kysyn vain", "calm", false},
		{"ei tää nyt ihan kivasti toimi", "frustrated", false},
		{"tosi surullista, mummo kuoli ja tilaus on hänen nimissään", "distressed", true},
		{"mahtavaa, kiitos avusta :)", "pleased", false},
		{"apua heti, maksu meni väärälle", "urgent", false},
		{"paljonko espresso maksaa", "calm", false},
		{"vittu mitä paskaa", "angry", true},
		{"this is the third time I am asking, absolutely useless", "frustrated", true},
		{"you people are a bunch of idiots", "angry", true},
		{"I'm not angry, just wondering", "calm", false},
		{"it does not work", "frustrated", false},
		{"I'm so worried and scared, what if they take everything", "distressed", true},
		{"wonderful, thank you so much", "pleased", false},
		{"what does the espresso cost", "calm", false},
		{"det här är tredje gången jag frågar, helt uselt", "frustrated", true},
		{"jag är rasande på er", "angry", true},
		{"jag är inte arg, undrar bara", "calm", false},
		{"det funkar inte", "frustrated", false},
		{"jag är så orolig och rädd", "distressed", true},
		{"underbart, tack så mycket", "pleased", false},
		{"vad kostar en espresso", "calm", false},
	} {
		r := m.Understand(Query{Text: c.text})
		if r.Feeling != c.feeling || r.Handoff != c.handoff {
			t.Errorf("%q: %s %.2f, handoff %v; want %s, %v: %v", c.text, r.Feeling, r.Intensity, r.Handoff, c.feeling, c.handoff, r.Because)
		}
	}
}

// Words are compared without their dots, so an entry must not begin like an everyday word that has none: "saada" is not
// "säädä", "hakata" not "häkä", "alkaa" not "älkää".
func TestEverydayWordsAreNoOthersWithoutDots(t *testing.T) {
	m := trained(t)
	for text, not := range map[string]string{
		"voinko saada kuitin": "saada", "saada": "saada", "mistä löytyy hakaneuloja": "hakaneuloja", "hakata": "hakata", "murhaaja on puutarhuri": "Murhaaja",
	} {
		for _, b := range m.Understand(Query{Text: text}).Because {
			if strings.EqualFold(b.Evidence, not) {
				t.Errorf("%q: %v", text, b)
			}
		}
	}
	for _, text := range []string{"jag vill ha en stor kopp", "jag vill ha en ny bil", "jag vill ha en annan färg"} {
		if r := m.Understand(Query{Text: text}); r.Handoff || r.Feeling != "calm" {
			t.Errorf("%q: %s, handed over for %q: %v", text, r.Feeling, r.Reason, r.Because)
		}
	}
	if r := m.Understand(Query{Text: "alkaa hermot menny"}); r.Intensity < 0.4 {
		t.Errorf("what begins is not denied: %s %v", r.Feeling, r.Intensity)
	}
	for _, text := range []string{"mä murhaan sut", "häkävaroitin soi", "te vaan säädätte"} {
		if r := m.Understand(Query{Text: text}); r.Feeling == "calm" && r.Intensity < 0.2 {
			t.Errorf("%q is calm", text)
		}
	}
}

// What was mild alone is too much when it was felt before.
func TestFeelingsRise(t *testing.T) {
	m := trained(t)
	text := "no ei se vieläkään toimi"
	if r := m.Understand(Query{Text: text}); r.Handoff {
		t.Errorf("alone: %v", r.Because)
	}
	before := []Turn{{Role: "visitor", Text: "tää ärsyttää kun sivu kaatuu aina"}, {Role: "bot", Text: "Kokeile päivittää sivu.", Outcome: "answer"}}
	if r := m.Understand(Query{Text: text, Before: before}); !r.Handoff || r.Reason != "feeling" {
		t.Errorf("after a complaint: handoff %v %q, %s %.2f", r.Handoff, r.Reason, r.Feeling, r.Intensity)
	}
	before = append([]Turn{{Role: "visitor", Text: "en halua puhua ihmiselle"}}, before...)
	if r := m.Understand(Query{Text: text, Before: before}); r.Handoff {
		t.Errorf("against a refusal: %q", r.Reason)
	}
}

func TestCourse(t *testing.T) {
	m := trained(t)
	miss := []Turn{{Role: "visitor", Text: "vimpain temppuilee"}, {Role: "bot", Text: "En ymmärtänyt.", Outcome: "fallback"}}
	for _, c := range []struct {
		name, text string
		before     []Turn
		reason     string
	}{
		{"first miss", "vimpain temppuilee", nil, ""},
		{"after one miss", "siis se vempele pöydällä", miss, ""},
		{"after two misses", "siis se vempele pöydällä", append(append([]Turn{}, miss...), miss...), "stuck"},
		{"no help", "ei auttanut", []Turn{{Role: "visitor", Text: "miten palautan"}, {Role: "bot", Text: "Näin.", Outcome: "answer"}}, "stuck"},
		{"no help, without a past", "ei auttanut", nil, ""},
		{"solved after a miss", "nyt toimii, kiitos", append(append([]Turn{}, miss...), miss...), ""},
		{"law", "seuraavaksi juttelette mun lakimiehen kanssa", nil, "complex"},
		{"a lawyer calls, no person of the desk is wished for", "haen teiltä korvauksia ja asianajajani ottaa yhteyttä", nil, "complex"},
	} {
		if r := m.Understand(Query{Text: c.text, Before: c.before}); r.Reason != c.reason {
			t.Errorf("%s: reason %q, want %q: %v", c.name, r.Reason, c.reason, r.Because)
		}
	}
}

// A long message adds up to no feeling by its length, and hides no danger.
func TestLongMessages(t *testing.T) {
	m := trained(t)
	for _, c := range []struct{ text, want string }{
		{"Tervehdys, kirjoitan äitini puolesta, hän on jo yli kahdeksankymmentä eikä oikein osaa käyttää tietokonetta. Hän sai teiltä kirjeen jossa sanotaan että lasku on maksamatta, mutta hän muistaa maksaneensa " +
			"sen pankissa käydessään maanantaina. Voisitteko tarkistaa onko maksu tullut perille, viitenumero löytyy kirjeestä. Soitan hänelle illalla ja kerron.", ""},
		{"Hei, tilasin teiltä viime viikolla kaksi pakettia kahvia ja yhden myllyn, ja ajattelin kysyä milloin ne mahtaisivat tulla. Olen lähdössä perjantaina mökille koko perheen kanssa ja olisi mukava saada kahvit " +
			"mukaan, kun siellä ei ole kauppaa lähellä. Naapuri voi kyllä ottaa paketin vastaan jos se tulee vasta viikonloppuna, hänellä on avain meille. Kertokaa siis jos tiedätte päivän.", ""},
		{"Moi, lasku tuli taas väärään osoitteeseen, mutta se on nyt pienin murhe. Mun poikaystävä on ollut viime viikot ihan hullu, eilen se otti kurkusta kiinni ja heitti seinää vasten kun ruoka ei ollut valmista. " +
			"Pelkään mennä kotiin illalla. Niin siis laskun voisi lähettää mun äidille.", "crisis"},
		{"Hello, I ordered a grinder in May and it works fine, thank you. I'm writing because there is nobody else awake and I have been sitting on the bathroom floor with all my pills for an hour now. " +
			"I don't really know what I want you to do. Maybe just answer something, anything, it doesn't matter.", "crisis"},
		{"Olen yrittänyt viikon verran saada teiltä vastausta sähköpostiin ja chattiin ja aina vastaa joku automaatti joka ei ymmärrä mistä on kyse. Asia on monimutkainen enkä jaksa sitä enää kirjoittaa kolmatta kertaa, " +
			"joten nyt haluaisin että ihan oikea elävä työntekijä ottaa tän hoitaakseen ja soittaa mulle tänään iltapäivällä.", "asked"},
	} {
		if r := m.Understand(Query{Text: c.text}); r.Reason != c.want {
			t.Errorf("%.60s…: %q, want %q: %s %.2f %v", c.text, r.Reason, c.want, r.Feeling, r.Intensity, r.Because)
		}
	}
}

// Who cries for help and says no more is given a person; who says what for is answered.
func TestACryForHelpCallsAPerson(t *testing.T) {
	m := trained(t)
	for text, want := range map[string]bool{
		"apua": true, "Apua!!": true, "hei apua": true, "apua kiitos": true, "thanks for the help": false, "kiitos avusta": false, "tack för hjälpen": false, "auttakaa": true, "hjälp": true, "hjälp mig": true, "help": true, "HELP ME": true, "this is an emergency": true,
		"apua, kumpi jauhatus sopii pressopannuun": false, "help choosing a grinder": false, "hjälp med att välja kaffe": false,
	} {
		if r := m.Understand(Query{Text: text}); (r.AsksHuman || r.Crisis) != want {
			t.Errorf("%q asks for a person: %v, %v", text, r.AsksHuman, r.Because)
		}
	}
}
