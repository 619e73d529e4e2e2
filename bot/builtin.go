package bot

import (
	"sync"

	"github.com/kohta/kohta/bot/understand"
)

// BuiltIn is the bot that serves where none is given: it greets, says that it is a bot, and hands over what it is
// asked, in Finnish, Swedish and English.
func BuiltIn() *Bot { return builtInBot() }

var builtInBot = sync.OnceValue(func() *Bot {
	model, err := understand.Train(nil, understand.DefaultThresholds)
	if err != nil {
		panic(err) // the lexicons are compiled in and tested
	}
	b := &Bot{
		version: "built-in", name: map[string]string{"fi": "Botti", "sv": "Chattbot", "en": "Bot"}, languages: []string{"fi", "sv", "en"},
		thresholds: understand.DefaultThresholds, model: model, finder: understand.NewFinder(nil, nil, nil),
		answers: map[string]map[string][]template{}, handsOver: true,
	}
	for _, l := range b.languages {
		b.answers[l] = builtInAnswers(l)
	}
	return b
})
