package baton

import "github.com/kohta/kohta/chat"

// words are what a baton says in one language. Quotation marks are the language's own.
type words struct {
	answered, asked, open, close, twice, noHelp string
	formOpen, lookup, failed, callBack          string
	order, promised                             string
	suggestion                                  map[string]string
}

func wordsOf(language string) words {
	switch language {
	case "fi":
		return finnish
	case "sv":
		return swedish
	}
	return english
}

var finnish = words{
	answered: "Botti vastasi: ", asked: "Botti kysyi: ", open: "”", close: "”", twice: ", useammin kuin kerran", noHelp: ", ei auttanut",
	formOpen: "Lomake jäi kesken: ", lookup: "Haku on kesken", failed: "Haku tai botti ei toiminut", callBack: "Takaisinsoitto luvattu: ",
	order: "Katson tätä tilausta:", promised: "Näen myös, mitä sinulle on luvattu.",
	suggestion: map[string]string{
		chat.ReasonAsked:     "Hei. Luin koko keskustelun, ja hoidan tämän kanssasi.",
		chat.ReasonFeeling:   "Hei. Luin koko keskustelun. Olen pahoillani, että tästä on ollut harmia. Hoidan tämän nyt.",
		chat.ReasonCrisis:    "Hei. Olen ihminen, luin viestisi ja olen tässä. Oletko nyt turvassa?",
		chat.ReasonComplex:   "Hei. Luin koko keskustelun, ja selvitän tämän kanssasi.",
		chat.ReasonStuck:     "Hei. Luin koko keskustelun, sinun ei tarvitse toistaa mitään. Olen pahoillani, ettei botti osannut auttaa.",
		chat.ReasonRule:      "Hei. Luin koko keskustelun. Tämän hoidan minä.",
		chat.ReasonBotFailed: "Hei. Luin koko keskustelun. Meillä meni jotain vikaan, ja hoidan tämän nyt.",
	},
}

var swedish = words{
	answered: "Botten svarade: ", asked: "Botten frågade: ", open: "”", close: "”", twice: ", mer än en gång", noHelp: ", det hjälpte inte",
	formOpen: "Formuläret blev inte klart: ", lookup: "Sökningen pågår", failed: "Sökningen eller botten fungerade inte", callBack: "Samtal utlovat: ",
	order: "Jag tittar på den här beställningen:", promised: "Jag ser också vad du har blivit lovad.",
	suggestion: map[string]string{
		chat.ReasonAsked:     "Hej. Jag har läst hela samtalet och hjälper dig med det här.",
		chat.ReasonFeeling:   "Hej. Jag har läst hela samtalet. Jag är ledsen att det har krånglat. Jag tar hand om det nu.",
		chat.ReasonCrisis:    "Hej. Jag är en människa, jag har läst det du skrev och jag är här. Är du i säkerhet just nu?",
		chat.ReasonComplex:   "Hej. Jag har läst hela samtalet och reder ut det här med dig.",
		chat.ReasonStuck:     "Hej. Jag har läst hela samtalet, du behöver inte upprepa något. Jag är ledsen att botten inte kunde hjälpa.",
		chat.ReasonRule:      "Hej. Jag har läst hela samtalet. Det här tar jag hand om.",
		chat.ReasonBotFailed: "Hej. Jag har läst hela samtalet. Något gick fel hos oss, och jag tar hand om det nu.",
	},
}

var english = words{
	answered: "The bot answered: ", asked: "The bot asked: ", open: "“", close: "”", twice: ", more than once", noHelp: ", which did not help",
	formOpen: "The form was not finished: ", lookup: "The look-up is under way", failed: "The look-up or the bot did not work", callBack: "A call was promised: ",
	order: "I'm looking at this order:", promised: "I can also see what you have been promised.",
	suggestion: map[string]string{
		chat.ReasonAsked:     "Hello. I've read the whole conversation and will sort this out with you.",
		chat.ReasonFeeling:   "Hello. I've read the whole conversation. I'm sorry this has been a nuisance. I'll take care of it now.",
		chat.ReasonCrisis:    "Hello. I'm a person, I've read what you wrote and I'm here. Are you safe right now?",
		chat.ReasonComplex:   "Hello. I've read the whole conversation and will work this out with you.",
		chat.ReasonStuck:     "Hello. I've read the whole conversation, so you needn't repeat anything. I'm sorry the bot couldn't help.",
		chat.ReasonRule:      "Hello. I've read the whole conversation. I'll take care of this one.",
		chat.ReasonBotFailed: "Hello. I've read the whole conversation. Something went wrong at our end, and I'll take care of this now.",
	},
}
