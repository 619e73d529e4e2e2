package plan

// said is what the house itself says to customers, in one language.
type said struct {
	failed string // the bot broke down
	back   string // given back to the bot

	stand   string // still waiting, and no time can be told
	thanks  string // still waiting; a range follows
	here    string // somebody has come, after nobody was there; a range may follow
	past    string // what was told is over; a range follows
	late    string // a promise was not kept; when, then a range
	wait    string // two figures, minutes
	minute  string // about one minute
	unknown string // no range can be told

	nobodyUntil string // nobody is there; when people are
	nobody      string // nobody is there, at an hour when there should be
	helpLines   string // after the crisis card

	keepWaiting, leaveMessage, callBack, cancelCall string // buttons
	kept, cancelled, calledOff                      string

	address, email, message, wrongEmail string
	mailPromised                        string // when people are there
	mailWaiting                         string
	whenCall, number, phone, wrongPhone string
	call                                string // which hour

	silent, closing string // to who does not go on
}

var finnish = said{
	failed: "Haen ihmisen, koska en toimi nyt oikein.",
	back:   "Olen taas botti. Kirjoita, jos voin auttaa, tai pyydä ihmistä milloin vain.",

	stand:   "Kiitos, että odotat. Paikkasi jonossa on tallessa. Emme osaa vielä arvioida aikaa, mutta kerromme heti, kun osaamme.",
	thanks:  "Kiitos, että odotat. Paikkasi jonossa on tallessa.",
	here:    "Nyt täällä on ihminen. Paikkasi jonossa on tallessa.",
	past:    "Tämä kestää pidempään kuin arvioimme. Paikkasi jonossa on tallessa.",
	late:    "Lupasimme ottaa yhteyttä viimeistään %s, mutta emme ehtineet. Olemme pahoillamme.",
	wait:    "Vastaus noin %d–%d minuutin päästä.",
	minute:  "Vastaus noin minuutin päästä.",
	unknown: "Emme osaa nyt arvioida aikaa. Kerromme heti, kun osaamme.",

	nobodyUntil: "Juuri nyt paikalla ei ole ketään. Ihmiset palaavat %s.",
	nobody:      "Juuri nyt paikalla ei ole ketään. Paikkasi jonossa on tallessa.",
	helpLines:   "Yllä olevista numeroista saat apua heti.",

	keepWaiting: "Odotan tässä", leaveMessage: "Jätän viestin", callBack: "Soittakaa minulle", cancelCall: "Peru soitto",
	kept:      "Selvä. Paikkasi jonossa on tallessa.",
	cancelled: "Soitto on peruttu. Olet taas jonossa, ja paikkasi on tallessa.",
	calledOff: "Soitto on peruttu.",

	address: "Mihin osoitteeseen kerromme vastauksesta? Voit myös lisätä jotain, mitä meidän on hyvä tietää.",
	email:   "Sähköposti", message: "Mitä haluat kertoa?", wrongEmail: "Tarkista osoite, esimerkiksi marja@esimerkki.fi.",
	mailPromised: "Kiitos. Vastaamme, kun olemme taas paikalla: %s. Saat siitä viestin sähköpostiisi.",
	mailWaiting:  "Kiitos. Paikkasi jonossa on tallessa. Saat vastauksesta viestin sähköpostiisi, joten voit myös sulkea tämän.",
	whenCall:     "Milloin soitamme?",
	number:       "Mihin numeroon soitamme?", phone: "Puhelinnumero", wrongPhone: "Tarkista numero, esimerkiksi 040 123 4567.",
	call: "Soitamme %s. Voit perua soiton tästä.",

	silent:  "Oletko vielä siellä? Ei kiirettä, vastaa kun ehdit.",
	closing: "Suljemme tämän nyt, mutta mikään ei katoa. Kirjoita milloin vain, niin jatketaan tästä.",
}

var swedish = said{
	failed: "Jag hämtar en människa, för något är fel hos mig.",
	back:   "Nu är du hos chattboten igen. Skriv om jag kan hjälpa till, eller be om en människa när du vill.",

	stand:   "Tack för att du väntar. Din plats i kön finns kvar. Vi kan inte bedöma väntetiden än, men säger till så snart vi kan.",
	thanks:  "Tack för att du väntar. Din plats i kön finns kvar.",
	here:    "Nu är någon på plats. Din plats i kön finns kvar.",
	past:    "Det här tar längre tid än vi trodde. Din plats i kön finns kvar.",
	late:    "Vi lovade höra av oss senast %s, men hann inte. Vi beklagar.",
	wait:    "Svar om cirka %d–%d minuter.",
	minute:  "Svar om ungefär en minut.",
	unknown: "Vi kan inte bedöma väntetiden just nu. Vi säger till så snart vi kan.",

	nobodyUntil: "Just nu är ingen här. Vi är tillbaka %s.",
	nobody:      "Just nu är ingen här. Din plats i kön finns kvar.",
	helpLines:   "På numren ovan får du hjälp genast.",

	keepWaiting: "Jag väntar här", leaveMessage: "Jag lämnar ett meddelande", callBack: "Ring mig", cancelCall: "Avboka samtalet",
	kept:      "Bra. Din plats i kön finns kvar.",
	cancelled: "Samtalet är avbokat. Du är i kön igen, och din plats finns kvar.",
	calledOff: "Samtalet är avbokat.",

	address: "Till vilken adress ska vi meddela när vi har svarat? Du kan också lägga till något som vi bör veta.",
	email:   "E-post", message: "Vad vill du berätta?", wrongEmail: "Kontrollera adressen, till exempel marja@exempel.fi.",
	mailPromised: "Tack. Vi svarar när vi är här igen: %s. Du får ett meddelande om det till din e-post.",
	mailWaiting:  "Tack. Din plats i kön finns kvar. Du får ett meddelande om svaret till din e-post, så du kan också stänga det här.",
	whenCall:     "När ska vi ringa?",
	number:       "Vilket nummer ska vi ringa?", phone: "Telefonnummer", wrongPhone: "Kontrollera numret, till exempel 040 123 4567.",
	call: "Vi ringer %s. Du kan avboka här.",

	silent:  "Är du kvar? Ingen brådska, svara när du hinner.",
	closing: "Vi stänger det här nu, men ingenting försvinner. Skriv när du vill, så fortsätter vi härifrån.",
}

var english = said{
	failed: "I'm fetching a person because I'm not working.",
	back:   "You are with the bot again. Write if I can help, or ask for a person whenever you like.",

	stand:   "Thank you for waiting. Your place in the line is kept. We can't tell the wait yet, but we'll say as soon as we can.",
	thanks:  "Thank you for waiting. Your place in the line is kept.",
	here:    "Somebody is here now. Your place in the line is kept.",
	past:    "This is taking longer than we thought. Your place in the line is kept.",
	late:    "We promised to be in touch by %s and did not manage. We are sorry.",
	wait:    "An answer in about %d–%d minutes.",
	minute:  "An answer in about a minute.",
	unknown: "We can't tell the wait just now. We'll say as soon as we can.",

	nobodyUntil: "Nobody is here just now. People are back %s.",
	nobody:      "Nobody is here just now. Your place in the line is kept.",
	helpLines:   "The numbers above answer right away.",

	keepWaiting: "I'll wait here", leaveMessage: "Leave a message", callBack: "Call me back", cancelCall: "Cancel the call",
	kept:      "All right. Your place in the line is kept.",
	cancelled: "The call is cancelled. You are in the line again, at your old place.",
	calledOff: "The call is cancelled.",

	address: "Which address shall we write to when there is an answer? You can also add anything we should know.",
	email:   "Email", message: "What would you like to tell us?", wrongEmail: "Please check the address, for example marja@example.fi.",
	mailPromised: "Thank you. We'll answer when we are here again: %s. You'll get a message about it by email.",
	mailWaiting:  "Thank you. Your place in the line is kept. You'll get a message about the answer by email, so you can also close this.",
	whenCall:     "When shall we call?",
	number:       "Which number shall we call?", phone: "Phone number", wrongPhone: "Please check the number, for example 040 123 4567.",
	call: "We'll call %s. You can cancel here.",

	silent:  "Are you still there? No hurry, answer when you can.",
	closing: "We're closing this now, but nothing is lost. Write whenever you like and we'll go on from here.",
}

func words(language string) said {
	switch language {
	case "fi":
		return finnish
	case "sv":
		return swedish
	}
	return english
}
