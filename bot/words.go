package bot

// The keys of answers that every bot has without writing them; a bot's own of the same key come before.
const (
	keyGreeting      = "bot_greeting"
	keyHello         = "bot_hello" // said before the first answer
	keyAreYouABot    = "bot_are_you_a_bot"
	keyNotUnderstood = "bot_not_understood"
	keyWhichOne      = "bot_which_one"
	keyFailed        = "bot_failed"
	keyCrisis        = "bot_crisis"
	keyThanks        = "bot_thanks"
	keyBye           = "bot_bye"
	keyNeverMind     = "bot_never_mind"
	keyYes           = "bot_yes"
	keyRefused       = "bot_refused"
	keyRefusedStuck  = "bot_refused_stuck"
	keyFormAgain     = "bot_form_again"
	keyFormGiven     = "bot_form_given"
	keyFormCheck     = "bot_form_check"
	keyFormTaken     = "bot_form_taken"
	keyWrong         = "bot_wrong"
	keyPerson        = "bot_option_person"
	keyWhichOf       = "bot_which_of" // of three
	keyNoneOfThese   = "bot_option_none"
	keyFromArticle   = "bot_from_article" // {title}
)

// fetching is the key of what is said when a person is fetched for a reason.
var fetching = map[string]string{
	"asked": "bot_fetching_asked", "feeling": "bot_fetching_feeling", "crisis": keyCrisis, "complex": "bot_fetching_complex",
	"stuck": "bot_fetching_stuck", "rule": "bot_fetching_rule", "bot_failed": keyFailed,
}

var builtIn = map[string]map[string]string{
	"fi": {
		keyGreeting:            "Hei. Olen botti, en ihminen. Mitä asiasi koskee?",
		keyHello:               "Hei. Olen botti, en ihminen.",
		keyAreYouABot:          "Olen botti. Vastaan siihen, mihin osaan, ja haen ihmisen aina kun haluat.",
		keyNotUnderstood:       "En ihan ymmärtänyt. Kertoisitko toisin sanoin? Voin myös hakea ihmisen.",
		keyWhichOne:            "Kumpaa tarkoitat?",
		"bot_fetching_asked":   "Haen ihmisen, koska pyysit.",
		"bot_fetching_feeling": "Haen ihmisen, koska tästä on ollut sinulle harmia.",
		"bot_fetching_money":   "Haen ihmisen, koska kyse on rahasta.",
		"bot_fetching_complex": "Haen ihmisen, koska tämä kuuluu ihmiselle.",
		"bot_fetching_stuck":   "Haen ihmisen, koska en osannut auttaa.",
		"bot_fetching_rule":    "Haen ihmisen, koska tämän hoitaa aina ihminen.",
		keyFailed:              "Haen ihmisen, koska en toimi nyt oikein.",
		keyCrisis:              "Kiitos, että kirjoitit tämän. Pyydän ihmistä tähän ennen kaikkia muita. Jos olet vaarassa, soita 112. Voit soittaa myös Kriisipuhelimeen, 09 2525 0111.",
		keyThanks:              "Ole hyvä. Kerro, jos tulee muuta.",
		keyBye:                 "Hei sitten. Voit kirjoittaa tähän milloin vain.",
		keyNeverMind:           "Selvä, jätetään se. Kerro, jos tulee muuta.",
		keyYes:                 "Hyvä. Kerro, jos tulee muuta.",
		keyRefused:             "Selvä, jatketaan tässä.",
		keyRefusedStuck:        "En osaa auttaa tässä. Saat ihmisen, jos muutat mielesi.",
		keyFormAgain:           "Jatketaan siitä, mihin jäätiin.",
		keyFormGiven:           "Kiitos. Tarvitsen vielä nämä.",
		keyFormCheck:           "Kirjasin sen näin. Onko kaikki oikein?",
		keyFormTaken:           "Kirjasin nämä:",
		keyWrong:               "Tarkistaisitko tämän?",
		keyPerson:              "Haluan ihmisen",
		keyWhichOf:             "Mitä näistä tarkoitat?",
		keyNoneOfThese:         "Jotain muuta",
		keyFromArticle:         "Ohjeessa ”{title}” sanotaan:",
	},
	"sv": {
		keyGreeting:            "Hej. Jag är en chattbot, ingen människa. Vad gäller det?",
		keyHello:               "Hej. Jag är en chattbot, ingen människa.",
		keyAreYouABot:          "Jag är en chattbot. Jag svarar på det jag kan och hämtar en människa när du vill.",
		keyNotUnderstood:       "Jag förstod inte riktigt. Kan du säga det på ett annat sätt? Jag kan också hämta en människa.",
		keyWhichOne:            "Vilket menar du?",
		"bot_fetching_asked":   "Jag hämtar en människa, för du bad om det.",
		"bot_fetching_feeling": "Jag hämtar en människa, för det här har krånglat.",
		"bot_fetching_money":   "Jag hämtar en människa, för det gäller pengar.",
		"bot_fetching_complex": "Jag hämtar en människa, för det här är en sak för en människa.",
		"bot_fetching_stuck":   "Jag hämtar en människa, för jag kunde inte hjälpa.",
		"bot_fetching_rule":    "Jag hämtar en människa, för det här sköts alltid av en människa.",
		keyFailed:              "Jag hämtar en människa, för något är fel hos mig.",
		keyCrisis:              "Tack för att du skrev det här. Jag ber en människa komma hit före alla andra. Är du i fara, ring 112. Du kan också ringa Kristelefonen, 09 2525 0112.",
		keyThanks:              "Varsågod. Säg till om det är något mer.",
		keyBye:                 "Hej då. Du kan skriva här när du vill.",
		keyNeverMind:           "Okej, vi lämnar det. Säg till om det är något mer.",
		keyYes:                 "Bra. Säg till om det är något mer.",
		keyRefused:             "Okej, vi fortsätter här.",
		keyRefusedStuck:        "Det här kan jag inte hjälpa till med. Du får en människa om du ändrar dig.",
		keyFormAgain:           "Vi fortsätter där vi var.",
		keyFormGiven:           "Tack. Jag behöver det här också.",
		keyFormCheck:           "Jag skrev upp det så här. Stämmer allt?",
		keyFormTaken:           "Jag skrev upp det här:",
		keyWrong:               "Kan du kontrollera det här?",
		keyPerson:              "Jag vill ha en människa",
		keyWhichOf:             "Vilket av de här menar du?",
		keyNoneOfThese:         "Något annat",
		keyFromArticle:         "I artikeln ”{title}” står det:",
	},
	"en": {
		keyGreeting:            "Hello. I'm a bot, not a person. What is it about?",
		keyHello:               "Hello. I'm a bot, not a person.",
		keyAreYouABot:          "I'm a bot. I answer what I can and fetch a person whenever you like.",
		keyNotUnderstood:       "I didn't quite follow. Could you put it another way? I can also fetch a person.",
		keyWhichOne:            "Which one do you mean?",
		"bot_fetching_asked":   "I'm fetching a person because you asked.",
		"bot_fetching_feeling": "I'm fetching a person because this has been a nuisance.",
		"bot_fetching_money":   "I'm fetching a person because it's about money.",
		"bot_fetching_complex": "I'm fetching a person because this needs one.",
		"bot_fetching_stuck":   "I'm fetching a person because I couldn't help.",
		"bot_fetching_rule":    "I'm fetching a person because a person always takes care of this.",
		keyFailed:              "I'm fetching a person because I'm not working.",
		keyCrisis:              "Thank you for writing this. I'm asking for a person, ahead of everybody else. If you're in danger, call 112. You can also call the Crisis Helpline, 09 2525 0113.",
		keyThanks:              "You're welcome. Tell me if there is anything else.",
		keyBye:                 "Goodbye. You can write here whenever you like.",
		keyNeverMind:           "All right, let's leave it. Tell me if there is anything else.",
		keyYes:                 "Good. Tell me if there is anything else.",
		keyRefused:             "All right, let's go on here.",
		keyRefusedStuck:        "I can't help with this one. You can have a person if you change your mind.",
		keyFormAgain:           "Let's go on where we were.",
		keyFormGiven:           "Thank you. I still need these.",
		keyFormCheck:           "I put it down like this. Is everything right?",
		keyFormTaken:           "I noted this:",
		keyWrong:               "Could you check this?",
		keyPerson:              "I want a person",
		keyWhichOf:             "Which of these do you mean?",
		keyNoneOfThese:         "Something else",
		keyFromArticle:         "The article “{title}” says:",
	},
}

// builtInAnswers are a language's own copies of the words above, English for a language that the house does not speak.
func builtInAnswers(language string) map[string][]template {
	words := builtIn[language]
	if words == nil {
		words = builtIn["en"]
	}
	out := make(map[string][]template, len(words))
	for k, v := range words {
		out[k] = []template{builtInTemplate(v)}
	}
	return out
}

// builtInTemplate is a text of the house; only that of articles has a variable.
func builtInTemplate(text string) template {
	t, err := parseTemplate(text)
	if err != nil {
		return plain(text) // which a test keeps from happening
	}
	return t
}

// isTalkIntent tells whether an intent is small talk that every bot answers by itself.
func isTalkIntent(name string) bool {
	switch name {
	case "greet", "greeting", "hello", "goodbye", "bye", "thanks", "thank_you", "bot_challenge", "are_you_a_bot", "affirm", "deny", "yes", "no":
		return true
	}
	return false
}
