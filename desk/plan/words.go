package plan

import (
	"fmt"

	"github.com/kohta/kohta/chat"
)

// said is what the house itself says to customers, in one language.
type said struct {
	failed string // the bot broke down
	back   string // given back to the bot
	stand  string // still waiting, and no time can be told
	wait   string // still waiting; two figures, minutes
	minute string // still waiting, about one minute
}

var finnish = said{
	failed: "Haen ihmisen, koska en toimi nyt oikein.",
	back:   "Olen taas botti. Kirjoita, jos voin auttaa, tai pyydä ihmistä milloin vain.",
	stand:  "Kiitos, että odotat. Paikkasi jonossa on tallessa. Emme osaa vielä arvioida aikaa, mutta kerromme heti, kun osaamme.",
	wait:   "Kiitos, että odotat. Paikkasi jonossa on tallessa. Vastaus noin %d–%d minuutin päästä.",
	minute: "Kiitos, että odotat. Paikkasi jonossa on tallessa. Vastaus noin minuutin päästä.",
}

var swedish = said{
	failed: "Jag hämtar en människa, för något är fel hos mig.",
	back:   "Nu är du hos chattboten igen. Skriv om jag kan hjälpa till, eller be om en människa när du vill.",
	stand:  "Tack för att du väntar. Din plats i kön finns kvar. Vi kan inte bedöma väntetiden än, men säger till så snart vi kan.",
	wait:   "Tack för att du väntar. Din plats i kön finns kvar. Svar om cirka %d–%d minuter.",
	minute: "Tack för att du väntar. Din plats i kön finns kvar. Svar om ungefär en minut.",
}

var english = said{
	failed: "I'm fetching a person because I'm not working.",
	back:   "You are with the bot again. Write if I can help, or ask for a person whenever you like.",
	stand:  "Thank you for waiting. Your place in the line is kept. We can't tell the wait yet, but we'll say as soon as we can.",
	wait:   "Thank you for waiting. Your place in the line is kept. An answer in about %d–%d minutes.",
	minute: "Thank you for waiting. Your place in the line is kept. An answer in about a minute.",
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

// Stand tells a waiting customer how things stand. A wait of nil says honestly that it cannot be told.
func Stand(language string, wait *chat.Wait) string {
	w := words(language)
	if wait == nil {
		return w.stand
	}
	low, high := max(1, wait.Low/60), max(1, (wait.High+59)/60)
	if high == 1 {
		return w.minute
	}
	if low == high {
		high++
	}
	return fmt.Sprintf(w.wait, low, high)
}
